//! What in a collection contradicts its name or itself.

use std::fs;

use super::collection_reader::{At, CollectionReader};
use crate::archive::packed::{self, Member};
use crate::disk::{Action, AtPath};
use crate::query::known::KnownIds;
use crate::row::Field;
use crate::shape::{Diagnostics, RowError};
use crate::value::collection::Collection;
use crate::value::human_format::grouped;

/// What was found among the pictures. Holds 16 bytes for each.
pub struct Contradictions<'a> {
    name: &'a Collection,
    seen: KnownIds,
    /// Pictures that are there more than once.
    again: Group,
    creator: Group,
    quality: Group,
    format: Group,
}

/// Pictures with one contradiction: their number, and the first of them with its value.
#[derive(Default)]
struct Group {
    count: u64,
    first: String,
}

impl Group {
    fn add(&mut self, member: &Member, value: Option<&str>) {
        self.count += 1;
        if self.count == 1 {
            self.first = match value {
                Some(value) => format!("'{}' has '{value}'", member.name),
                None => format!("'{}'", member.name),
            };
        }
    }
}

impl<'a> Contradictions<'a> {
    pub fn new(name: &'a Collection) -> Contradictions<'a> {
        let [again, creator, quality, format] = Default::default();
        Contradictions { name, seen: KnownIds::default(), again, creator, quality, format }
    }

    /// Takes a picture; returns whether it is the first with its id.
    pub fn add(&mut self, member: &Member) -> bool {
        let Collection { user, quality, is_webp } = self.name;
        let other = |field, wanted: &str| {
            member.row.get(field).filter(|value| *value != wanted && !value.is_empty())
        };
        if let Some(creator) = other(Field::CreatorUsername, user) {
            self.creator.add(member, Some(creator));
        }
        if let Some(quality) = other(Field::Quality, quality.word()) {
            self.quality.add(member, Some(quality));
        }
        if member.name.to_ascii_lowercase().ends_with(".webp") != *is_webp {
            self.format.add(member, None);
        }
        let is_new = member.row.get(Field::ImgId).is_none_or(|id| self.seen.insert(id));
        if !is_new {
            self.again.add(member, None);
        }
        is_new
    }

    /// Reports what was found.
    pub fn warn(&self, notes: &dyn Diagnostics) {
        let Collection { user, quality, is_webp } = self.name;
        let format = if *is_webp { "WebP" } else { "JPEG" };
        for (group, what) in [
            (&self.creator, format!("pictures are not of '{user}'")),
            (&self.quality, format!("pictures are not of the quality {quality}")),
            (&self.format, format!("pictures are not {format}")),
            (&self.again, "pictures are there more than once and counted once".to_string()),
        ] {
            if group.count > 0 {
                let (count, first) = (grouped(group.count), &group.first);
                notes.warn(&format!("'{}': {count} {what}: {first}", self.name));
            }
        }
    }
}

/// Checks that each index has its tar, and each tar all that its index lists.
///
/// # Errors
/// What is missing.
pub fn check_tars(source: &CollectionReader<'_>) -> Result<(), RowError> {
    let lost = packed::lost_tars(source.folder).at_path(Action::ReadFolder, source.folder)?;
    if let Some(tar) = lost.first() {
        let why = "is missing, though its index or its manifest is there";
        return Err(format!("'{}' {why}: verify-archive says what is lost", tar.display()).into());
    }
    let mut ends = vec![0; source.tars.len()];
    source.each_member(|(tar, _): At, member| {
        let end = &mut ends[tar as usize];
        *end = member.offset.saturating_add(member.bytes).max(*end);
        Ok(())
    })?;
    for (tar, end) in source.tars.iter().zip(ends).filter(|(tar, _)| packed::has_index(tar)) {
        let bytes = fs::metadata(tar).at_path(Action::Read, tar)?.len();
        if bytes < end {
            let why = format!("has {bytes} bytes, and its index lists pictures up to {end}");
            return Err(
                format!("'{}' {why}: verify-archive says what is lost", tar.display()).into()
            );
        }
    }
    Ok(())
}

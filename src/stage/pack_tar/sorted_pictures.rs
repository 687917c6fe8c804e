//! The pictures to pack, in a temporary file, sorted by group and by name in the tar.

mod taken_names;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::row_decision::PackDecision;
use super::sidecar::key_of;
use super::{FatalError, PackOptions, naming};
use crate::archive::packed::{Part, Source};
use crate::disk::locked_file::{Identity, identity_of};
use crate::disk::record_fields::Fields;
use crate::disk::record_sorter::RecordSorter;
use crate::disk::{Action, AtPath};
use crate::photo::row_store::temporary;
use crate::photo::stated::Stated;
use crate::photo::taken::taken_ms;
use crate::row::{Field, Row};
use crate::shape::RowError;
pub use taken_names::settle;

/// A row whose picture is to be packed.
#[derive(Debug, Clone, Copy)]
pub struct New {
    pub row: u32,
    /// Whether the file is the WebP beside the path of the row.
    is_webp: bool,
    identity: Identity,
}

/// A row in its group.
#[derive(Debug, Clone, Copy)]
pub struct Enlisted<'a> {
    pub group: &'a str,
    /// The unique part of the name in the tar: without the extension if a sidecar has the same stem.
    key: &'a str,
    /// The rest of the name, after the key.
    ending: &'a str,
    pub new: New,
}

/// Adds a row to its group, or returns why it cannot be packed.
///
/// # Errors
/// Of the temporary file.
pub fn enlist(
    settings: &PackOptions,
    at: usize,
    row: &Row,
    file: &Path,
    enlisted: &mut RecordSorter,
) -> Result<Option<PackDecision>, FatalError> {
    let (group, name, identity) = match named(settings, row, file) {
        Ok(named) => named,
        Err(what) => return Ok(Some(PackDecision::Failed(what.to_string()))),
    };
    let key = if settings.webdataset { key_of(&name) } else { &*name };
    let is_webp = row.get(Field::Path) != file.to_str();
    // Row numbers fit into four bytes.
    let new = New { row: at as u32, is_webp, identity };
    let (group, ending) = (&*group, &name[key.len()..]);
    let record = Enlisted { group, key, ending, new }.to_record();
    enlisted.push(&record).map_err(temporary)?;
    Ok(None)
}

/// The group, the name in its tar, and the current identity of the file.
fn named(
    settings: &PackOptions,
    row: &Row,
    file: &Path,
) -> Result<(String, String, Identity), RowError> {
    let group = naming::group(settings.by, row)?;
    let name = naming::member_in(settings.naming(), &group, row, file)?;
    let identity = identity_of(file).at_path(Action::Open, file)?;
    Stated::of_file(row, file, settings.force)?.check_len(file, identity.len())?;
    taken_ms(row)?;
    Ok((group, name, identity))
}

impl<'a> Enlisted<'a> {
    /// A record, which sorts by the group, the key and the row. Neither text has a NUL: names have no control characters,
    /// and a group is a date or a part of the name.
    fn to_record(self) -> Vec<u8> {
        let New { row, is_webp, identity } = self.new;
        let (row, identity) = (row.to_be_bytes(), identity.to_bytes());
        let texts = [self.group.as_bytes(), &[0], self.key.as_bytes(), &[0]];
        [&texts.concat()[..], &row, &[is_webp.into()], &identity, self.ending.as_bytes()].concat()
    }

    /// Parses a record; `None` if another process changed the file.
    pub fn from_record(record: &'a [u8]) -> Option<Enlisted<'a>> {
        let mut fields = Fields(record);
        let (group, key) = (fields.text()?, fields.text()?);
        let (row, is_webp) = (fields.u32()?, fields.u8()? == 1);
        let new = New { row, is_webp, identity: Identity::from_bytes(&fields.bytes()?) };
        Some(Enlisted { group, key, ending: fields.last_text()?, new })
    }

    /// The name in the tar.
    fn name(&self) -> String {
        [self.key, self.ending].concat()
    }
}

impl New {
    pub fn file(&self, row: &Row) -> PathBuf {
        let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
        if self.is_webp { path.with_extension("webp") } else { path }
    }

    pub fn part(&self, settings: &PackOptions, group: &str, row: Row) -> Result<Part, RowError> {
        let file = self.file(&row);
        let name = naming::member_in(settings.naming(), group, &row, &file)?;
        let modified_s = taken_ms(&row)?.unwrap_or(0).div_euclid(1000);
        let sha256 = Stated::of_file(&row, &file, settings.force)?.sha256;
        let (bytes, source) = (self.identity.len(), Source::File(file, self.identity));
        let (row, number) = (Arc::new(row), Some(self.row));
        Ok(Part { name, bytes, modified_s, source, sha256, row, number })
    }
}

#[cfg(test)]
mod tests;

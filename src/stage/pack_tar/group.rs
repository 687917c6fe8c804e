//! The pictures of each group, enlisted by the names that they get in its tars.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::row_decision::PackDecision;
use super::sidecar::key_of;
use super::{FatalError, PackOptions, PackTar, naming};
use crate::archive::packed::{Part, Source};
use crate::disk::locked_file::{Identity, identity_of};
use crate::disk::{Action, AtPath};
use crate::photo::row_store::RowCursor;
use crate::photo::taken::taken_ms;
use crate::row::{Field, Row};
use crate::shape::RowError;

/// Groups by name.
pub type Groups = BTreeMap<String, PackGroup>;

/// The pictures of a group by what must be theirs alone: the name in the tar,
/// without its ending where that of the sidecar takes its place.
#[derive(Default)]
pub struct PackGroup(pub BTreeMap<Box<str>, New>);

/// A row that becomes a member.
pub struct New {
    pub row: u32,
    /// Whether it is the WebP beside the path of the row.
    is_webp: bool,
    pub identity: Identity,
}

/// Puts a row under its group, unless its name is taken there.
///
/// # Errors
/// Of the temporary file.
pub fn enlist(
    tool: &PackTar,
    at: usize,
    row: &Row,
    file: &Path,
    groups: &mut Groups,
) -> Result<PackDecision, FatalError> {
    let settings = &tool.settings;
    let (group, name, identity) = match named(settings, row, file) {
        Ok(named) => named,
        Err(what) => return Ok(PackDecision::Failed(what.to_string())),
    };
    let key = if settings.webdataset { key_of(&name) } else { &*name };
    let PackGroup(group) = groups.entry(group).or_default();
    let Some(first) = group.get(key) else {
        let is_webp = row.get(Field::Path) != file.to_str();
        // No more rows than a number of four bytes tells.
        group.insert(key.into(), New { row: at as u32, is_webp, identity });
        return Ok(PackDecision::Waiting);
    };
    let first_file = first.file(&RowCursor::default().get(&tool.rows, first.row as usize)?);
    if first_file == file {
        return Ok(PackDecision::Same(first.row as usize));
    }
    let taken = format!("its name '{name}' in the tar is taken by '{}'", first_file.display());
    Ok(PackDecision::Failed(taken))
}

/// The group, the name in its tar, and the file as it is now.
fn named(
    settings: &PackOptions,
    row: &Row,
    file: &Path,
) -> Result<(String, String, Identity), RowError> {
    let group = naming::group(settings.by, row)?;
    let name = name_in(settings, &group, row, file)?;
    let identity = identity_of(file).at_path(Action::Open, file)?;
    taken_ms(row)?;
    Ok((group, name, identity))
}

fn name_in(
    settings: &PackOptions,
    group: &str,
    row: &Row,
    file: &Path,
) -> Result<String, RowError> {
    let name = naming::member(settings.by, group, row, file)?;
    Ok(if settings.webdataset { naming::with_plain_stem(&name) } else { name })
}

impl New {
    pub fn file(&self, row: &Row) -> PathBuf {
        let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
        if self.is_webp { path.with_extension("webp") } else { path }
    }

    pub fn part(&self, settings: &PackOptions, group: &str, row: Row) -> Result<Part, RowError> {
        let file = self.file(&row);
        let name = name_in(settings, group, &row, &file)?;
        let modified_s = taken_ms(&row)?.unwrap_or(0).div_euclid(1000);
        let (bytes, source) = (self.identity.len(), Source::File(file, self.identity));
        Ok(Part { name, bytes, modified_s, source, sha256: None, row: Arc::new(row) })
    }
}

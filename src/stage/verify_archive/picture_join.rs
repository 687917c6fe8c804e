//! Finds the pictures of a list: joins the ids of the list, of the tars and of the names of loose pictures. All three are
//! sorted by id in a temporary file, so only the lines of one id are held.

use std::borrow::Cow;
use std::path::Path;

use crate::disk::PathError;
use crate::disk::record_fields::Fields;
use crate::disk::record_sorter::{RecordCursor, RecordSorter, SortedRecords};

/// Gathers the ids.
pub struct PictureJoin {
    by_id: RecordSorter,
    found: RecordSorter,
    /// Number of loose pictures so far.
    loose: u64,
}

/// Something to check: a loose picture, or a row without a picture.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'a> {
    pub line: Line,
    pub id: &'a str,
    /// `None` if there is no picture.
    pub path: Option<&'a str>,
}

/// The source of its id, in output order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A row of the list, by its number from 0.
    Listed(u64),
    /// Only the name of a loose picture contains the id.
    Named,
    /// A loose picture without an id in its name.
    Unknown,
}

/// The sources of an id, in sort order.
mod by {
    pub const TAR: u8 = 0;
    pub const LIST: u8 = 1;
    pub const NAME: u8 = 2;
}

const NAMED: u64 = u64::MAX - 1;
const UNKNOWN: u64 = u64::MAX;

impl PictureJoin {
    /// The temporary files will be in this folder.
    pub fn new(folder: &Path) -> PictureJoin {
        let [by_id, found] = [folder; 2].map(RecordSorter::new);
        PictureJoin { by_id, found, loose: 0 }
    }

    /// Adds the id of a picture in a tar.
    ///
    /// # Errors
    /// Errors of the temporary file; so for the other methods.
    pub fn in_tar(&mut self, id: &str) -> Result<(), PathError> {
        self.push(id, by::TAR, 0, "")
    }

    /// Adds the id of a line of the list.
    pub fn listed(&mut self, line: u64, id: &str) -> Result<(), PathError> {
        self.push(id, by::LIST, line, "")
    }

    /// Adds a loose picture, with the id in its name if there is one. Those without come out in reverse order.
    pub fn loose(&mut self, id: Option<&str>, path: &Path) -> Result<(), PathError> {
        self.loose += 1;
        let (path, order) = (path.to_string_lossy(), u64::MAX - self.loose);
        match id {
            Some(id) => self.push(id, by::NAME, order, &path),
            None => add(&mut self.found, (UNKNOWN, order), "", Some(&path)),
        }
    }

    fn push(&mut self, id: &str, by: u8, order: u64, path: &str) -> Result<(), PathError> {
        let key = key(id);
        let order = order.to_be_bytes();
        let record = [key.as_bytes(), &[0, by], &order, path.as_bytes()].concat();
        self.by_id.push(&record)
    }

    /// Returns what to check. A loose picture is checked once; one that is only in a tar is checked there.
    pub fn finish(mut self) -> Result<SortedRecords, PathError> {
        let by_id = self.by_id.finish()?;
        let mut cursor = RecordCursor::default();
        let (mut of_id, mut number) = (OfId::default(), 0);
        while let Some(record) = cursor.next(&by_id)? {
            let mut fields = Fields(record);
            // If another process changed the file, at most the counts are wrong.
            let (Some(id), Some(by), Some(order)) = (fields.text(), fields.u8(), fields.u64())
            else {
                continue;
            };
            if of_id.id != id {
                of_id.end(&mut self.found)?;
                of_id = OfId { id: id.to_string(), ..OfId::default() };
            }
            match by {
                by::TAR => of_id.is_found = true,
                by::LIST => of_id.lines.push(order),
                _ => {
                    number += 1;
                    of_id.is_found = true;
                    let line = of_id.lines.first().copied().unwrap_or(NAMED);
                    add(&mut self.found, (line, number), id, fields.last_text())?;
                }
            }
        }
        of_id.end(&mut self.found)?;
        self.found.finish()
    }
}

/// The rows of one id.
#[derive(Default)]
struct OfId {
    id: String,
    lines: Vec<u64>,
    is_found: bool,
}

impl OfId {
    fn end(&self, found: &mut RecordSorter) -> Result<(), PathError> {
        let missing = self.lines.iter().filter(|_| !self.is_found);
        missing.copied().try_for_each(|line| add(found, (line, 0), &self.id, None))
    }
}

fn add(
    found: &mut RecordSorter,
    (line, order): (u64, u64),
    id: &str,
    path: Option<&str>,
) -> Result<(), PathError> {
    let (line, order) = (line.to_be_bytes(), order.to_be_bytes());
    let (id, path) = (id.as_bytes(), path.map(str::as_bytes));
    let has_path = [path.is_some().into()];
    found.push(&[&line, &order, id, &[0], &has_path, path.unwrap_or_default()].concat())
}

impl<'a> Found<'a> {
    /// Parses a record; `None` if another process changed the file.
    pub fn from_record(record: &'a [u8]) -> Option<Found<'a>> {
        let mut fields = Fields(record);
        let line = match (fields.u64()?, fields.u64()?).0 {
            NAMED => Line::Named,
            UNKNOWN => Line::Unknown,
            line => Line::Listed(line),
        };
        let (id, has_path) = (fields.text()?, fields.u8()? == 1);
        let path = fields.last_text()?;
        Some(Found { line, id, path: has_path.then_some(path) })
    }

    /// Whether it has this id.
    pub fn has_id(&self, id: Option<&str>) -> bool {
        id.is_some_and(|id| key(id) == self.id)
    }
}

/// The id with NUL escaped, because NUL ends it in a record. Different ids have different keys; a number is its own key.
fn key(id: &str) -> Cow<'_, str> {
    if id.contains(['\0', '\u{1}']) {
        id.replace('\u{1}', "\u{1}\u{2}").replace('\0', "\u{1}\u{1}").into()
    } else {
        id.into()
    }
}

#[cfg(test)]
mod tests;

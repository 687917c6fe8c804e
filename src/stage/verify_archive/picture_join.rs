//! Finds the pictures of a list: joins the ids of the list, of the tars and of the names of loose pictures. All three are
//! sorted by id in a temporary file, so only the lines of one id are held. Rows without an id go by their path.

mod id_and_quality;
mod path_join;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

pub use id_and_quality::PictureId;
use id_and_quality::{is_for, quality_bit};
use path_join::PathJoin;
pub use path_join::StatedPlace;

use super::listing::list_of;
use super::stated::{Stated, file_name};
use crate::disk::PathError;
use crate::disk::record_fields::Fields;
use crate::disk::record_sorter::{RecordCursor, RecordSorter, SortedRecords};
use crate::row::Row;

/// Gathers the ids.
pub struct PictureJoin {
    by_id: RecordSorter,
    by_path: PathJoin,
    found: RecordSorter,
    /// Number of loose pictures so far.
    loose: u64,
}

/// Something to check: a loose picture, or a row without a picture.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'a> {
    pub line: Line,
    pub id: &'a str,
    /// `None` if there is no loose picture.
    pub path: Option<&'a str>,
    /// Where the picture of a row without an id should be.
    pub missing_at: Option<&'a str>,
    /// Whether a tar has a picture with the id and the file name, but with other bytes.
    pub is_other: bool,
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
        PictureJoin { by_id, by_path: PathJoin::new(folder), found, loose: 0 }
    }

    /// Adds the id of a picture in a tar, and what is stated of its bytes.
    ///
    /// # Errors
    /// Errors of the temporary file; so for the other methods.
    pub fn in_tar(&mut self, id: PictureId, stated: &NamedBytes) -> Result<(), PathError> {
        self.push(id, by::TAR, 0, &stated.0)
    }

    /// Adds the path of a picture in a tar. Needed only if a row goes by its path, and after those rows.
    pub fn path_in_tar(&mut self, member: &Path) -> Result<(), PathError> {
        if self.by_path.has_rows() { self.by_path.in_tar(member) } else { Ok(()) }
    }

    /// Adds the id of a line of the list, and what it states of the bytes of its picture.
    pub fn listed(
        &mut self,
        line: u64,
        id: PictureId,
        stated: &NamedBytes,
    ) -> Result<(), PathError> {
        self.push(id, by::LIST, line, &stated.0)
    }

    /// Adds a line of the list without an id.
    pub fn listed_path(&mut self, line: u64, place: &StatedPlace) -> Result<(), PathError> {
        self.by_path.listed(line, place)
    }

    /// Adds a loose picture after all rows, with the id in its name if there is one, and its path below the folder.
    /// Those that no row has and without an id come out in reverse order.
    pub fn loose(
        &mut self,
        id: Option<PictureId>,
        path: &Path,
        below: &Path,
    ) -> Result<(), PathError> {
        self.loose += 1;
        let order = u64::MAX - self.loose;
        if self.by_path.has_rows() {
            self.by_path.loose(order, below, path, id.is_some())?;
        }
        match id {
            Some(id) => self.push(id, by::NAME, order, &path.to_string_lossy()),
            None if self.by_path.has_rows() => Ok(()),
            None => {
                let path = path.to_string_lossy();
                add(&mut self.found, (UNKNOWN, order), "", what::LOOSE, &path)
            }
        }
    }

    fn push(&mut self, id: PictureId, by: u8, order: u64, path: &str) -> Result<(), PathError> {
        let key = key(id.id);
        let order = order.to_be_bytes();
        let quality = quality_bit(id.quality);
        let record = [key.as_bytes(), &[0, by], &order, &[quality], path.as_bytes()].concat();
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
            let Some(quality) = fields.u8() else { continue };
            if of_id.id != id {
                of_id.end(&mut self.found)?;
                of_id = OfId { id: id.to_string(), ..OfId::default() };
            }
            let text = fields.last_text().unwrap_or_default();
            match by {
                by::TAR => {
                    of_id.qualities |= quality;
                    of_id.packed.push(NamedBytes(text.to_string()));
                }
                by::LIST => of_id.lines.push((order, quality, NamedBytes(text.to_string()))),
                _ => {
                    number += 1;
                    of_id.qualities |= quality;
                    let lines = of_id.lines.iter().filter(|line| is_for(line.1, quality));
                    // The first one that says something of the bytes, if any does.
                    let line = lines.min_by_key(|(_, _, stated)| stated.0.is_empty());
                    let line = line.map_or(NAMED, |(line, ..)| *line);
                    add(&mut self.found, (line, number), id, what::LOOSE, text)?;
                }
            }
        }
        of_id.end(&mut self.found)?;
        self.by_path.finish(&mut self.found)?;
        self.found.finish()
    }
}

/// What is stated of the bytes of a picture, with its file name: size, digest and name, or nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct NamedBytes(String);

impl NamedBytes {
    pub fn of(row: &Row) -> NamedBytes {
        let Stated { bytes, sha256 } = Stated::of(row);
        let name = file_name(row).filter(|_| bytes.or(sha256).is_some());
        let cell = |cell: Option<&str>| cell.unwrap_or("-").trim().to_ascii_lowercase();
        let text =
            |name: &OsStr| format!("{} {} {}", cell(bytes), cell(sha256), name.to_string_lossy());
        NamedBytes(name.map(text).unwrap_or_default())
    }

    fn cells(&self) -> Option<[&str; 3]> {
        let mut cells = self.0.splitn(3, ' ');
        Some([cells.next()?, cells.next()?, cells.next()?])
    }

    /// Whether both have one name; and if so, whether nothing that both state differs.
    fn agrees_with(&self, other: &NamedBytes) -> Option<bool> {
        let ([bytes, sha256, name], [other_bytes, other_sha256, other_name]) =
            (self.cells()?, other.cells()?);
        let agree = |one: &str, other: &str| one == other || one == "-" || other == "-";
        (name == other_name).then_some(agree(bytes, other_bytes) && agree(sha256, other_sha256))
    }
}

/// The rows of one id.
#[derive(Default)]
struct OfId {
    id: String,
    /// With the bit of their quality.
    lines: Vec<(u64, u8, NamedBytes)>,
    packed: Vec<NamedBytes>,
    /// Of the pictures that are there.
    qualities: u8,
}

impl OfId {
    fn end(&self, found: &mut RecordSorter) -> Result<(), PathError> {
        for (at, listed) in self.lines.iter().enumerate() {
            let (line, quality, _) = listed;
            let Some(fault) = self.fault(listed) else { continue };
            // What is at fault in several lists is told once.
            let is_told = self.lines[..at].iter().any(|before| {
                list_of(before.0) < list_of(*line)
                    && is_for(*quality, before.1)
                    && self.fault(before) == Some(fault)
            });
            if !is_told {
                add(found, (*line, 0), &self.id, fault, "")?;
            }
        }
        Ok(())
    }

    fn fault(&self, (_, quality, stated): &(u64, u8, NamedBytes)) -> Option<u8> {
        if is_for(*quality, self.qualities) {
            self.is_other(stated).then_some(what::OTHER)
        } else {
            Some(what::MISSING)
        }
    }

    /// Whether tars have pictures of this name, but none with these bytes.
    fn is_other(&self, stated: &NamedBytes) -> bool {
        let mut agree =
            self.packed.iter().filter_map(|packed| stated.agrees_with(packed)).peekable();
        agree.peek().is_some() && !agree.any(|agrees| agrees)
    }
}

/// What is in a record of the result.
mod what {
    pub const MISSING: u8 = 0;
    pub const LOOSE: u8 = 1;
    pub const OTHER: u8 = 2;
}

fn add(
    found: &mut RecordSorter,
    (line, order): (u64, u64),
    id: &str,
    what: u8,
    path: &str,
) -> Result<(), PathError> {
    let (line, order) = (line.to_be_bytes(), order.to_be_bytes());
    found.push(&[&line, &order, id.as_bytes(), &[0, what], path.as_bytes()].concat())
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
        let (id, what, path) = (fields.text()?, fields.u8()?, fields.last_text()?);
        let missing_at = (what == what::MISSING && !path.is_empty()).then_some(path);
        let path = (what == what::LOOSE).then_some(path);
        Some(Found { line, id, path, missing_at, is_other: what == what::OTHER })
    }

    /// Whether it has this id, or none either.
    pub fn has_id(&self, id: Option<&str>) -> bool {
        id.map_or(self.id.is_empty(), |id| key(id) == self.id)
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

//! Finds the pictures of rows without an id, by their paths. What is there is sorted by file name in a temporary file, so only
//! the lines of one path are held.

use std::path::{Path, PathBuf};

use super::{UNKNOWN, add, key, list_of, what};
use crate::disk::PathError;
use crate::disk::record_fields::Fields;
use crate::disk::record_sorter::{RecordCursor, RecordSorter};

/// Gathers the paths of rows, of loose pictures and of the members of tars.
pub struct PathJoin {
    by_name: RecordSorter,
    has_rows: bool,
}

/// Where a row has its picture.
#[derive(Debug, PartialEq, Eq)]
pub struct StatedPlace {
    pub path: PathBuf,
    /// Below the folder. `None` if the path is elsewhere, as after the folder was moved: then only the file name counts.
    pub below: Option<PathBuf>,
}

/// What is known of one file, in sort order: those of one name in tars, then by paths, then rows of other folders.
mod part {
    pub const TAR: u8 = 0;
    pub const HERE: u8 = 1;
    pub const ELSEWHERE: u8 = 2;
}

mod by {
    pub const ROW: u8 = 0;
    pub const LOOSE: u8 = 1;
    /// A loose picture that is checked by the id in its name.
    pub const LOOSE_WITH_ID: u8 = 2;
}

impl PathJoin {
    /// The temporary file will be in this folder.
    pub fn new(folder: &Path) -> PathJoin {
        PathJoin { by_name: RecordSorter::new(folder), has_rows: false }
    }

    /// Whether any row goes by its path.
    pub fn has_rows(&self) -> bool {
        self.has_rows
    }

    pub fn in_tar(&mut self, member: &Path) -> Result<(), PathError> {
        self.push(part::TAR, Path::new(""), by::LOOSE, 0, member)
    }

    pub fn listed(&mut self, line: u64, place: &StatedPlace) -> Result<(), PathError> {
        self.has_rows = true;
        match &place.below {
            Some(below) => self.push(part::HERE, below, by::ROW, line, &place.path),
            None => self.push(part::ELSEWHERE, Path::new(""), by::ROW, line, &place.path),
        }
    }

    pub fn loose(
        &mut self,
        order: u64,
        below: &Path,
        path: &Path,
        has_id: bool,
    ) -> Result<(), PathError> {
        let by = if has_id { by::LOOSE_WITH_ID } else { by::LOOSE };
        self.push(part::HERE, below, by, order, path)
    }

    fn push(
        &mut self,
        part: u8,
        below: &Path,
        by: u8,
        order: u64,
        path: &Path,
    ) -> Result<(), PathError> {
        // A tar for WebDataset has no dots in its names.
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().replace('.', "_");
        let below = below.with_extension("");
        let (stem, below, path) = (key(&stem), below.to_string_lossy(), path.to_string_lossy());
        let order = order.to_be_bytes();
        self.by_name.push(
            &[
                stem.as_bytes(),
                &[0, part],
                key(&below).as_bytes(),
                &[0, by],
                &order,
                path.as_bytes(),
            ]
            .concat(),
        )
    }

    /// Adds the rows without a picture, and the loose pictures without an id, with their rows.
    pub fn finish(self, found: &mut RecordSorter) -> Result<(), PathError> {
        let by_name = self.by_name.finish()?;
        let (mut cursor, mut name, mut same) =
            (RecordCursor::default(), OfName::default(), OfPath::default());
        while let Some(record) = cursor.next(&by_name)? {
            let mut fields = Fields(record);
            // If another process changed the file, at most the counts are wrong.
            let (Some(stem), Some(part), Some(below)) = (fields.text(), fields.u8(), fields.text())
            else {
                continue;
            };
            let (Some(by), Some(order)) = (fields.u8(), fields.u64()) else { continue };
            let path = fields.last_text().unwrap_or_default();
            if (&*name.stem, &*same.below, same.part) != (stem, below, part) {
                same.end(&mut name, found)?;
                same = OfPath { below: below.to_string(), part, ..OfPath::default() };
            }
            if name.stem != stem {
                name = OfName { stem: stem.to_string(), ..OfName::default() };
            }
            match (part, by) {
                (part::TAR, _) => name.add(ending(path), true),
                (part::ELSEWHERE, _) if name.has(ending(path), false) => {}
                (_, by::ROW) => same.rows.push((order, path.to_string())),
                _ => same.loose.push((order, path.to_string(), by == by::LOOSE)),
            }
        }
        same.end(&mut name, found)
    }
}

/// The endings of the pictures of one name, and whether they are in tars.
#[derive(Default)]
struct OfName {
    stem: String,
    endings: Vec<(String, bool)>,
}

impl OfName {
    fn add(&mut self, ending: &str, is_packed: bool) {
        let new = (ending.to_string(), is_packed);
        if !self.endings.contains(&new) {
            self.endings.push(new);
        }
    }

    /// Whether a tar has a picture for a row with this ending, or, if any place will do, a folder.
    fn has(&self, stated: &str, is_packed: bool) -> bool {
        self.endings
            .iter()
            .any(|(ending, in_tar)| is_for(stated, ending) && (*in_tar || !is_packed))
    }
}

/// The rows and the loose pictures of one path without its ending.
#[derive(Default)]
struct OfPath {
    below: String,
    part: u8,
    rows: Vec<(u64, String)>,
    loose: Vec<(u64, String, bool)>,
}

impl OfPath {
    fn end(&self, name: &mut OfName, found: &mut RecordSorter) -> Result<(), PathError> {
        for (at, (line, path)) in self.rows.iter().enumerate() {
            // A picture of several lists is told once.
            let is_repeated = self.rows[..at]
                .iter()
                .any(|(before, other)| list_of(*before) < list_of(*line) && path == other);
            let is_there =
                self.loose.iter().any(|(_, loose, _)| is_for(ending(path), ending(loose)));
            if !is_repeated && !is_there && !name.has(ending(path), true) {
                add(found, (*line, 0), "", what::MISSING, path)?;
            }
        }
        for (order, path, is_checked) in &self.loose {
            name.add(ending(path), false);
            let row = self.rows.iter().find(|(_, row)| is_for(ending(row), ending(path)));
            if *is_checked {
                let line = row.map_or(UNKNOWN, |(line, _)| *line);
                add(found, (line, *order), "", what::LOOSE, path)?;
            }
        }
        Ok(())
    }
}

/// Whether a picture may be that of a row: a WebP was made from a picture of any kind.
fn is_for(stated: &str, there: &str) -> bool {
    stated == there || there.eq_ignore_ascii_case("webp")
}

fn ending(path: &str) -> &str {
    Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

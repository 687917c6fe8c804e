//! Plans the filing of photos into sequence folders, and the results for their rows. Nothing is moved here.

use std::path::{Path, PathBuf};

use super::filed_rows::FiledRows;
use super::rows_by_path::{EachRow, RowOfPath, RowsByPath};
use super::siblings::{self, SiblingFiles};
use crate::archive::locate::{Found, Locator};
use crate::disk::filing::{Entry, Filing, How};
use crate::row::{Field, Row};
use crate::shape::FatalError;
use crate::value::provenance::Status;

/// Plans to file all photos into subfolders of `folder`.
///
/// # Errors
/// If an earlier run has put a photo into a different folder.
pub fn plan(
    (folder, how): (&Path, How),
    locator: Locator,
    each: &EachRow,
    filing: &Filing,
) -> Result<Planned, FatalError> {
    let rows = RowsByPath::new(each)?;
    let mut plan = Plan {
        folder,
        how,
        filing,
        rows: &rows,
        locator,
        along: SiblingFiles::default(),
        planned: Planned::default(),
    };
    each(&mut |at, row| {
        plan.add_row(at, &row);
        Ok(())
    })?;
    match plan.planned.places.iter().find_map(|filed| other(filed, filing)) {
        Some(refused) => Err(FatalError(refused)),
        None => Ok(plan.planned),
    }
}

/// The files to be filed, and files that stay though they belong to a photo.
#[derive(Default)]
pub struct Planned {
    pub entries: Vec<Entry>,
    pub places: Vec<Filed>,
    pub stay: Vec<PathBuf>,
    /// The paths of pictures in tars, and why rows fail.
    pub told: FiledRows,
}

/// A row whose photo is to be filed: its present path, its new path and its status.
pub struct Filed {
    pub at: usize,
    path: String,
    pub place: PathBuf,
    pub status: Status,
}

/// A plan being made.
struct Plan<'a> {
    folder: &'a Path,
    how: How,
    filing: &'a Filing,
    rows: &'a RowsByPath,
    locator: Locator,
    along: SiblingFiles,
    planned: Planned,
}

impl Plan<'_> {
    fn add_row(&mut self, at: usize, row: &Row) {
        // A picture in a tar has no path, and stays there.
        let Some(path) = row.get(Field::Path) else { return };
        let Some(sequence) = row.get(Field::SeqId) else {
            if let Some(place) = self.went(path) {
                let (path, status) = (path.to_string(), Status::Kept);
                self.planned.places.push(Filed { at, path, place, status });
            }
            return;
        };
        let (photo, status) =
            match (self.filing.known(Path::new(path)), self.locator.find_or_say(row)) {
                (Some(_), _) => (PathBuf::from(path), Status::Kept),
                (None, Ok(Found::File(photo))) => (photo, Status::Done),
                (None, Ok(packed)) => {
                    self.planned.told.packed.insert(at, packed);
                    return;
                }
                (None, Err(what)) => {
                    self.planned.told.failed.insert(at, what.to_string());
                    return;
                }
            };
        self.add_others(&photo, sequence, status);
        let own = RowOfPath { at, path: path.to_string(), has_sequence: true };
        self.add(photo, sequence, Some((&own, status)));
    }

    /// A raw photo and its JPEG may share a sidecar, which is filed with the first.
    fn add_others(&mut self, photo: &Path, sequence: &str, status: Status) {
        let rows = self.rows;
        for other in self.along.take(photo) {
            let of = rows.row_of(&other);
            // A photo that has a sequence is filed because of its own row.
            if of.is_none_or(|row| !row.has_sequence) {
                let known = self.filing.known(&other).is_some();
                if known || status == Status::Done && siblings::is_plain(&other) {
                    self.add(other, sequence, of.map(|row| (row, status)));
                } else {
                    self.planned.stay.push(other);
                }
            }
        }
    }

    /// The path of a photo without a sequence that was filed together with another one in an earlier run.
    fn went(&self, path: &str) -> Option<PathBuf> {
        let folder = std::path::absolute(self.folder).ok()?;
        let place = self.filing.known(Path::new(path))?;
        Some(self.folder.join(place.strip_prefix(folder).ok()?))
    }

    fn entry(&self, from: PathBuf, sequence: &str) -> Entry {
        let name = from.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_string();
        Entry { how: self.how, from, folder: sequence.into(), name }
    }

    fn add(&mut self, from: PathBuf, sequence: &str, row: Option<(&RowOfPath, Status)>) {
        let entry = self.entry(from, sequence);
        let place = self.folder.join(&entry.folder).join(&entry.name);
        if let Some((RowOfPath { at, path, .. }, status)) = row {
            let (at, path) = (*at, path.clone());
            self.planned.places.push(Filed { at, path, place, status });
        }
        self.planned.entries.push(entry);
    }
}

/// Rejects a photo that an earlier run has put into a different folder.
fn other(filed: &Filed, filing: &Filing) -> Option<String> {
    let Filed { path, place, .. } = filed;
    let known = filing.known(Path::new(path))?;
    let is_other = std::path::absolute(place).ok().is_some_and(|place| place != known);
    is_other.then(|| {
        let known = known.display();
        format!("'{path}' became '{known}' in an earlier run: nothing was done; --undo that first")
    })
}

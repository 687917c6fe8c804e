//! Photos into folders, one for each sequence.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::archive::locate::{Found, Locator};
use crate::disk::filing::{self, Entry, Filing, How};
use crate::photo::order::Ride;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError};
use crate::value::provenance::Status;

use super::siblings::{self, Along};

/// The list of what was filed, in the folder that the folders are made in.
const LIST: &str = "time-split.jsonl";

/// With what can be done about it.
fn fatal(error: filing::Error) -> FatalError {
    use filing::Error::{FolderTaken, Link, NoName, SameName, Unfinished};
    let way_out = match &error {
        NoName { .. } => "; give another --name".to_string(),
        Link(_) => "; --copy copies the photo".to_string(),
        SameName { .. } => "; rename one, or cut with another --name".to_string(),
        FolderTaken { .. } => "; give another --into or --name".to_string(),
        Unfinished { dir, .. } => {
            let dir = dir.display();
            format!("; the same command goes on, and --undo '{dir}' takes back what was done")
        }
        _ => String::new(),
    };
    FatalError(format!("{error}{way_out}"))
}

/// What is to be filed, and what is not though it belongs to a photo.
#[derive(Default)]
struct Planned {
    entries: Vec<Entry>,
    places: Vec<Filed>,
    stay: Vec<PathBuf>,
}

/// Which rows there are, by where their photos lie.
struct Rows(HashMap<PathBuf, OfRow>);

#[derive(Clone, Copy)]
struct OfRow {
    at: usize,
    has_sequence: bool,
}

impl Rows {
    fn new(ride: &Ride) -> Rows {
        let each = ride.rows.iter().enumerate().filter_map(|(at, row)| {
            let path = std::path::absolute(row.get(Field::Path)?).ok()?;
            Some((path, OfRow { at, has_sequence: row.get(Field::SeqId).is_some() }))
        });
        Rows(each.collect())
    }

    fn row_of(&self, path: &Path) -> Option<OfRow> {
        self.0.get(&std::path::absolute(path).ok()?).copied()
    }
}

/// Where the folders are made, and how photos get there.
#[derive(Debug, Clone)]
pub struct Into {
    pub folder: PathBuf,
    pub how: How,
    /// Only what would be refused is found out.
    pub dry_run: bool,
    /// Set by Ctrl-C.
    pub stop: Arc<AtomicBool>,
}

/// A row whose photo is to be filed, where, and the word for it.
type Filed = (usize, PathBuf, Status);

impl Into {
    /// Ends what an earlier run began and was stopped in.
    pub fn resume(&self) -> Result<u64, FatalError> {
        if self.dry_run {
            Ok(0)
        } else {
            let begun = Filing::open(&self.folder, LIST);
            begun.and_then(|mut filing| filing.work(&self.stop)).map_err(fatal)
        }
    }

    /// Files the photos, and tells the rows where they are now. A photo that is nowhere fails its row.
    pub fn file(&self, ride: &mut Ride, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let mut filing = Filing::open(&self.folder, LIST).map_err(fatal)?;
        let Planned { entries, places, stay } = self.plan(ride, &filing)?;
        if let Some(first) = stay.first() {
            let more = match stay.len() {
                1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            notes.warn(&format!(
                "'{}'{more} stay where they are: links, or of photos that were filed in an earlier run",
                first.display()
            ));
        }
        filing.add(entries).map_err(fatal)?;
        if self.dry_run {
            for entry in filing.begun() {
                let (from, to) = (entry.from.display(), filing.place(entry));
                notes.warn(&format!("'{from}': would {} to '{}'", self.how, to.display()));
            }
            for (at, _, status) in places {
                let status = if status == Status::Done { Status::Planned } else { status };
                ride.rows[at].set(Field::Status, status.word());
            }
            return Ok(());
        }
        notes.count("files filed", filing.work(&self.stop).map_err(fatal)?);
        for (at, place, status) in places {
            if let Some(place) = place.to_str() {
                ride.rows[at].set(Field::Path, place);
                ride.rows[at].set(Field::Status, status.word());
            }
        }
        Ok(())
    }

    fn plan(&self, ride: &mut Ride, filing: &Filing) -> Result<Planned, FatalError> {
        let (locator, mut along) = (Locator::default(), Along::default());
        let rows = Rows::new(ride);
        let mut planned = Planned::default();
        for at in 0..ride.rows.len() {
            let row = &mut ride.rows[at];
            let (Some(path), Some(sequence)) = (row.get(Field::Path), row.get(Field::SeqId)) else {
                let went = row.get(Field::Path).and_then(|path| self.went(path, filing));
                planned.places.extend(went.map(|place| (at, place, Status::Kept)));
                continue;
            };
            let (path, sequence) = (PathBuf::from(path), sequence.to_string());
            let (photo, status) = match (filing.known(&path), locator.find_or_say(row)) {
                (Some(_), _) => (path, Status::Kept),
                (None, Ok(Found::File(photo))) => (photo, Status::Done),
                (None, Ok(packed)) => {
                    packed.tell(row);
                    row.set(Field::Status, Status::Kept.word());
                    continue;
                }
                (None, Err(what)) => {
                    ride.fail(at, what);
                    continue;
                }
            };
            // A raw photo and its JPEG may share a sidecar, which goes with the first.
            for other in along.take(&photo) {
                let of = rows.row_of(&other);
                // The row of a photo that has a sequence files it itself.
                if of.is_none_or(|row| !row.has_sequence) {
                    let known = filing.known(&other).is_some();
                    if known || status == Status::Done && siblings::is_plain(&other) {
                        self.add(&mut planned, other, &sequence, of.map(|row| (row.at, status)));
                    } else {
                        planned.stay.push(other);
                    }
                }
            }
            self.add(&mut planned, photo, &sequence, Some((at, status)));
        }
        match planned.places.iter().find_map(|(at, place, _)| other(&ride.rows[*at], place, filing))
        {
            Some(refused) => Err(FatalError(refused)),
            None => Ok(planned),
        }
    }

    /// Where a photo without a sequence is, that went along with another in an earlier run.
    fn went(&self, path: &str, filing: &Filing) -> Option<PathBuf> {
        let folder = std::path::absolute(&self.folder).ok()?;
        let place = filing.known(Path::new(path))?;
        Some(self.folder.join(place.strip_prefix(folder).ok()?))
    }

    fn add(
        &self,
        planned: &mut Planned,
        from: PathBuf,
        sequence: &str,
        row: Option<(usize, Status)>,
    ) {
        let entry = self.entry(from, sequence);
        let place = self.folder.join(&entry.folder).join(&entry.name);
        planned.places.extend(row.map(|(at, status)| (at, place, status)));
        planned.entries.push(entry);
    }

    fn entry(&self, from: PathBuf, sequence: &str) -> Entry {
        let name = from.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_string();
        Entry { how: self.how, from, folder: sequence.into(), name }
    }
}

/// Refuses a photo that an earlier run has put into another folder.
fn other(row: &Row, place: &Path, filing: &Filing) -> Option<String> {
    let path = row.get(Field::Path)?;
    let known = filing.known(Path::new(path))?;
    let is_other = std::path::absolute(place).ok().is_some_and(|place| place != known);
    is_other.then(|| {
        let known = known.display();
        format!("'{path}' became '{known}' in an earlier run: nothing was done; --undo that first")
    })
}

/// Takes back what a list says, or says what would be; `list` is the file, or the folder that it lies in.
///
/// # Errors
/// Files that could not be taken back, with the reason of each.
pub fn undo(list: &Path, dry_run: bool, stop: &AtomicBool) -> Result<String, FatalError> {
    if !list.exists() {
        return Err(FatalError(format!("cannot open '{}': it is not there", list.display())));
    }
    let folder = if list.is_dir() { Some(list) } else { list.parent() };
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let filing = Filing::open(folder, LIST).map_err(fatal)?;
    if dry_run {
        return Ok(format!("would take {} files back", filing.there()));
    }
    let (done, left) = filing.undo(stop).map_err(fatal)?;
    if left.is_empty() {
        Ok(format!("{done} files taken back"))
    } else {
        Err(FatalError(format!("{done} files taken back; {}", left.join("; "))))
    }
}

//! Files photos into folders, one for each sequence: moved, copied or linked.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::archive::locate::Locator;
use crate::disk::filing::{self, Filing, How};
use crate::disk::pictures::{MovedPhoto, MovedTo, SearchedFolders};
use crate::shape::{Diagnostics, FatalError};
use crate::value::provenance::Status;

use super::filed_rows::FiledRows;
use super::filing_plan::{self, Filed, Planned};
use super::rows_by_path::EachRow;

/// The list of filed photos, in the folder that contains the sequence folders.
const LIST: &str = "time-split.jsonl";

/// Adds the remedy to the error.
fn fatal(error: filing::Error) -> FatalError {
    use filing::Error::{FolderTaken, Link, NoName, SameName, Unfinished};
    let way_out = match &error {
        NoName { .. } => "; give another --name".to_string(),
        Link(_) => "; --copy copies the photo".to_string(),
        SameName { .. } => "; rename one, or cut with another --name".to_string(),
        FolderTaken { .. } => "; give another --into or --name".to_string(),
        Unfinished { dir, .. } => {
            let dir = dir.display();
            format!("; the same command continues, and --undo '{dir}' reverts what was done")
        }
        _ => String::new(),
    };
    FatalError(format!("{error}{way_out}"))
}

/// The folder for the sequence folders, and how photos are filed there.
#[derive(Debug, Clone)]
pub struct Into {
    pub folder: PathBuf,
    pub how: How,
    /// Only check for errors.
    pub dry_run: bool,
    /// The folder of the temporary file with what is in tars.
    pub tmp_dir: PathBuf,
    /// Set by Ctrl-C.
    pub stop: Arc<AtomicBool>,
}

impl Into {
    /// Completes the filing of an earlier run that was interrupted.
    pub fn resume(&self) -> Result<u64, FatalError> {
        if self.dry_run {
            Ok(0)
        } else {
            let begun = Filing::open(&self.folder, LIST);
            begun.and_then(|mut filing| filing.work(&self.stop)).map_err(fatal)
        }
    }

    /// The photos that earlier runs have moved out of these folders, so that the rows of a run do not depend on whether
    /// it is the first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn moved_from(&self, searched: &SearchedFolders) -> Result<Vec<MovedPhoto>, FatalError> {
        let filing = Filing::open(&self.folder, LIST).map_err(fatal)?;
        let moved = filing.moved().filter_map(|(from, place)| {
            let from = searched.path_of(from)?;
            let is_found_itself = searched.searches(&place);
            (!is_found_itself).then_some(MovedPhoto { from, place: MovedTo::File(place) })
        });
        Ok(moved.collect())
    }

    /// What earlier runs have filed; nothing if that cannot be read, which ends the run when photos are filed.
    pub fn filed_before(&self) -> FiledBefore {
        FiledBefore(Filing::open(&self.folder, LIST).ok())
    }

    /// Files the photos and returns the results for their rows. The row of a missing photo fails.
    pub fn file(&self, each: &EachRow, notes: &dyn Diagnostics) -> Result<FiledRows, FatalError> {
        let mut filing = Filing::open(&self.folder, LIST).map_err(fatal)?;
        let Planned { entries, places, stay, mut told } = filing_plan::plan(
            (&self.folder, self.how),
            Locator::new(&self.tmp_dir),
            each,
            &filing,
        )?;
        say_stay(&stay, notes);
        filing.add(entries).map_err(fatal)?;
        if self.dry_run {
            for entry in filing.begun() {
                let (from, to) = (entry.from.display(), filing.place(entry));
                notes.warn(&format!("'{from}': would {} to '{}'", self.how, to.display()));
            }
            for Filed { at, status, .. } in places {
                let status = if status == Status::Done { Status::Planned } else { status };
                told.filed.insert(at, (None, status));
            }
            return Ok(told);
        }
        notes.count("files filed", filing.work(&self.stop).map_err(fatal)?);
        for Filed { at, place, status, .. } in places {
            if let Some(place) = place.to_str() {
                told.filed.insert(at, (Some(place.to_string()), status));
            }
        }
        Ok(told)
    }
}

/// The photos that earlier runs have filed. It has the lock of the folder.
pub struct FiledBefore(Option<Filing>);

impl FiledBefore {
    /// Where the photo of a path was put.
    pub fn place(&self, path: &Path) -> Option<PathBuf> {
        self.0.as_ref()?.known(path)
    }
}

/// Reports the files that stay where they are.
fn say_stay(stay: &[PathBuf], notes: &dyn Diagnostics) {
    let Some(first) = stay.first() else { return };
    let more = match stay.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    notes.warn(&format!(
        "'{}'{more} stay where they are: links, or of photos that were filed in an earlier run",
        first.display()
    ));
}

/// Reverts the filing in a list, or reports what would be reverted; `list` is the file, or the folder that contains
/// it.
///
/// # Errors
/// Names the files that could not be taken back, each with the reason.
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

//! Photos into folders, one for each sequence.

use std::path::{Path, PathBuf};

use crate::disk::filing::{Entry, Filing, How, is_name};
use crate::row::{Field, Row};
use crate::stage::camera::sidecar_names;
use crate::stage::{Fault, Notes};

/// Where the folders are made, and how photos get there.
#[derive(Debug, Clone)]
pub struct Into {
    pub folder: PathBuf,
    pub how: How,
}

impl Into {
    /// Ends what an earlier run began and was stopped in.
    pub fn resume(&self) -> Result<u64, Fault> {
        Filing::open(&self.folder).and_then(|filing| filing.work()).map_err(Fault)
    }

    /// Files the photos of these rows, and tells the rows where they are now.
    pub fn file(&self, rows: &mut [Row], notes: &dyn Notes) -> Result<(), Fault> {
        let mut filing = Filing::open(&self.folder).map_err(Fault)?;
        let mut entries = Vec::new();
        let mut places = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let (Some(path), Some(sequence)) = (row.get(Field::Path), row.get(Field::SeqId)) else {
                continue;
            };
            if !is_name(sequence) {
                return Err(Fault(format!(
                    "'{sequence}' is no name of a folder; give another --name"
                )));
            }
            for (number, file) in self.files(Path::new(path)).into_iter().enumerate() {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let (how, name) = (self.how, name.to_string());
                let entry = Entry { how, folder: sequence.into(), name, from: file };
                if number == 0 {
                    places.push((at, self.folder.join(&entry.folder).join(&entry.name)));
                }
                entries.push(entry);
            }
        }
        filing.add(entries).map_err(Fault)?;
        notes.count("files filed", filing.work().map_err(Fault)?);
        for (at, place) in places {
            if let Some(place) = place.to_str() {
                rows[at].set(Field::Path, place);
                rows[at].set(Field::Status, "done");
            }
        }
        Ok(())
    }

    /// The photo and its sidecars.
    fn files(&self, photo: &Path) -> Vec<PathBuf> {
        let beside = sidecar_names(photo).into_iter().filter(|name| name.exists());
        std::iter::once(photo.to_path_buf()).chain(beside).collect()
    }
}

/// Takes back what a list says; `list` is the file, or the folder that it lies in.
///
/// # Errors
/// Files that could not be taken back, with the reason of each.
pub fn undo(list: &Path) -> Result<u64, Fault> {
    let folder = if list.is_dir() { Some(list) } else { list.parent() };
    let is_there = list.exists();
    let folder = folder.filter(|_| is_there);
    let folder = folder
        .ok_or_else(|| Fault(format!("cannot open '{}': it is not there", list.display())))?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (done, left) = Filing::open(folder).and_then(Filing::undo).map_err(Fault)?;
    match left.is_empty() {
        true => Ok(done),
        false => Err(Fault(format!("{done} files taken back; {}", left.join("; ")))),
    }
}

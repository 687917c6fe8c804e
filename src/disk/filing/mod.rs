//! Moves files into folders, each folder atomically, following a journal that is on disk before the first move, so that
//! interrupted work can be resumed or undone.

mod error;
mod journal;
mod move_file;
mod undo;

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::disk::lock::{self, Lock};
use crate::disk::{Action, AtPath, open};

use super::atomic_file;
pub use error::{Error, NotTakenBack};
pub use journal::{Entry, How};
use move_file::is_there;

/// Files that are moved into folders, all below one folder.
#[derive(Debug)]
pub struct Filing {
    dir: PathBuf,
    /// The journal, in the folder in which the folders are created.
    list: PathBuf,
    entries: Vec<Entry>,
    /// The number of entries in the saved journal; and the index of each file's entry.
    saved: usize,
    known: HashMap<PathBuf, usize>,
    /// Held for the lifetime of this value, because two processes would overwrite each other's journal.
    lock: Option<File>,
}

impl Filing {
    /// Loads the journal of an earlier run, if any. Does not change anything on disk.
    ///
    /// # Errors
    /// The journal cannot be read, or another process is working in the folder.
    pub fn open(dir: &Path, list_name: &str) -> Result<Filing, Error> {
        let dir = std::path::absolute(dir).at_path(Action::Use, dir)?;
        let lock = lock(&dir)?;
        let list = dir.join(list_name);
        let entries = journal::read(&list)?;
        let known =
            entries.iter().enumerate().map(|(at, entry)| (entry.from.clone(), at)).collect();
        Ok(Filing { dir, list, saved: entries.len(), known, entries, lock })
    }

    /// The target path of a file.
    pub fn place(&self, entry: &Entry) -> PathBuf {
        self.dir.join(&entry.folder).join(&entry.name)
    }

    /// The target path of a file that is in the journal already.
    pub fn known(&self, from: &Path) -> Option<PathBuf> {
        let at = self.known.get(&std::path::absolute(from).ok()?)?;
        Some(self.place(&self.entries[*at]))
    }

    /// The files that were moved and are at their targets: from where, and where to.
    pub fn moved(&self) -> impl Iterator<Item = (&Path, PathBuf)> {
        let moved = self.entries.iter().filter(|entry| entry.how == How::Move);
        moved
            .map(|entry| (entry.from.as_path(), self.place(entry)))
            .filter(|(from, place)| !is_there(from) && is_there(place))
    }

    /// Adds files. Those that are already at their targets are recognized. Does not change anything on disk.
    ///
    /// # Errors
    /// Two files of one name in one folder, a folder that has other files, or a file that could not be moved
    /// back.
    pub fn add(&mut self, new: Vec<Entry>) -> Result<(), Error> {
        let mut places: HashMap<PathBuf, PathBuf> =
            self.entries.iter().map(|entry| (self.place(entry), entry.from.clone())).collect();
        let before = self.entries.len();
        let added = new.into_iter().try_for_each(|entry| self.add_one(entry, &mut places));
        if added.is_err() {
            self.entries.truncate(before);
        }
        added
    }

    /// Entries that were added and are not in the saved journal yet.
    pub fn begun(&self) -> &[Entry] {
        &self.entries[self.saved..]
    }

    fn add_one(
        &mut self,
        mut entry: Entry,
        places: &mut HashMap<PathBuf, PathBuf>,
    ) -> Result<(), Error> {
        entry.from = std::path::absolute(&entry.from).at_path(Action::Use, &entry.from)?;
        entry.check()?;
        let (to, folder) = (self.place(&entry), self.dir.join(&entry.folder));
        if to == entry.from {
            return Ok(());
        }
        match places.insert(to.clone(), entry.from.clone()) {
            Some(one) if one != entry.from => Err(Error::SameName { one, other: entry.from, to }),
            Some(_) => Ok(()),
            None if is_there(&folder) => Err(Error::FolderTaken { folder, name: entry.name }),
            None => {
                self.entries.push(entry);
                Ok(())
            }
        }
    }

    /// Moves every file that is not at its target yet; returns how many were moved.
    ///
    /// # Errors
    /// The error names the file, or reports a stop. Finished moves are kept, and the next run resumes.
    pub fn work(&mut self, stop: &AtomicBool) -> Result<u64, Error> {
        self.save()?;
        let mut folders: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        self.entries.iter().for_each(|entry| folders.entry(&entry.folder).or_default().push(entry));
        folders.retain(|name, _| !is_there(&self.dir.join(name)));
        let unfinished =
            |cause| Error::Unfinished { cause: Box::new(cause), dir: self.dir.clone() };
        folders.iter().try_fold(0, |done, (name, entries)| {
            self.fill(name, entries, stop).map_err(unfinished)?;
            Ok(done + entries.len() as u64)
        })
    }

    /// Creates one folder, which gets its name when all its files are in it.
    fn fill(&self, name: &str, entries: &[&Entry], stop: &AtomicBool) -> Result<(), Error> {
        let (part, folder) = (self.part(name), self.dir.join(name));
        fs::create_dir_all(&part).at_path(Action::Use, &part)?;
        let each = |what: fn(&Entry, &Path) -> std::io::Result<()>| {
            entries.iter().try_for_each(|entry| {
                go_on(stop)?;
                let to = part.join(&entry.name);
                what(entry, &to).map_err(|error| {
                    let (how, from) = (entry.how, entry.from.clone());
                    Error::Transfer { how, from, to, error }
                })
            })
        };
        let sync = |path: &Path| atomic_file::sync_folder(path).at_path(Action::Use, path);
        each(move_file::put)?;
        // The names must be on disk before an original is deleted, and before the folder gets its own name.
        sync(&part)?;
        sync(&self.dir)?;
        each(move_file::settle)?;
        fs::rename(&part, &folder).at_path(Action::Use, &folder)?;
        Ok(sync(&self.dir)?)
    }

    fn part(&self, folder: &str) -> PathBuf {
        self.dir.join(format!(".{folder}.part"))
    }

    fn save(&mut self) -> Result<(), Error> {
        if self.saved == self.entries.len() {
            return Ok(());
        }
        fs::create_dir_all(&self.dir).at_path(Action::Use, &self.dir)?;
        if self.lock.is_none() {
            self.lock = lock(&self.dir)?;
        }
        if self.saved == 0 && is_there(&self.list) {
            return Err(Error::JustBegun(self.dir.clone()));
        }
        journal::write(&self.list, &self.entries).at_path(Action::Use, &self.list)?;
        self.saved = self.entries.len();
        Ok(())
    }
}

fn go_on(stop: &AtomicBool) -> Result<(), Error> {
    if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
}

/// A lock on the folder, if it exists and supports locks.
fn lock(dir: &Path) -> Result<Option<File>, Error> {
    let Ok(folder) = open::folder(dir) else { return Ok(None) };
    match lock::try_lock(&folder) {
        Lock::Busy => Err(Error::Busy(dir.to_path_buf())),
        Lock::Taken | Lock::Unsupported => Ok(Some(folder)),
    }
}

#[cfg(test)]
mod tests;

//! Records which pictures of a folder the last check found damaged: they count as missing until they are repaired.
//!
//! The record is stored in the folder of the pictures or of their tars, as `.mapillary-pipes/damaged`, one line each:
//! `FILE`, or `TAR/MEMBER`.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use crate::disk::atomic_file::Replacement;
use crate::disk::locked_file::Identity;
use crate::disk::{Action, AtPath, NOTES, PathError, open};

const NAME: &str = "damaged";

/// The records of the folders seen.
#[derive(Debug, Default)]
pub struct Damage {
    folders: Mutex<HashMap<PathBuf, Note>>,
}

/// The content of a record, and how much of which file was read: a check that runs at the same time appends to it, or
/// replaces it by one without what is sound again.
#[derive(Debug, Default)]
struct Note {
    names: BTreeSet<String>,
    read_bytes: u64,
    file: Option<FileVersion>,
}

/// A file, and when it was created, where the system knows that: an inode may be reused.
type FileVersion = (Identity, Option<SystemTime>);

impl Damage {
    /// Whether this file, or this member of a tar, is known to be damaged by now: in a pipe after verify-archive,
    /// records arrive as rows do.
    pub fn has(&self, file: &Path, member: Option<&str>) -> bool {
        let (folder, name) = place(file, member);
        let mut folders = self.lock();
        folders.entry(folder.clone()).or_default().read_on(&folder).contains(&name)
    }

    /// Records it as damaged.
    pub fn add(&self, file: &Path, member: Option<&str>) -> Result<(), PathError> {
        let (folder, name) = place(file, member);
        let mut folders = self.lock();
        if folders.entry(folder.clone()).or_default().read_on(&folder).contains(&name) {
            return Ok(());
        }
        append(&folder.join(NOTES).join(NAME), &name).at_path(Action::NoteDamage, &folder)
    }

    /// Records that this file, or these members of it, are sound.
    pub fn remove<'a>(
        &self,
        file: &Path,
        members: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<(), PathError> {
        let (folder, _) = place(file, None);
        let mut folders = self.lock();
        let note = folders.entry(folder.clone()).or_default();
        let sound: Vec<String> = members.into_iter().map(|member| place(file, member).1).collect();
        let known = note.read_on(&folder);
        if sound.iter().any(|name| known.contains(name)) {
            note.remove(&folder, &sound).at_path(Action::NoteDamage, &folder)
        } else {
            Ok(())
        }
    }

    /// All names recorded in a folder.
    pub fn names(&self, folder: &Path) -> BTreeSet<String> {
        self.lock().entry(folder.to_path_buf()).or_default().read_on(folder).clone()
    }

    /// The members of a tar that are known to be damaged by now.
    pub fn members(&self, tar: &Path) -> BTreeSet<String> {
        let (folder, name) = place(tar, None);
        let mut folders = self.lock();
        let names = folders.entry(folder.clone()).or_default().read_on(&folder);
        let members = names.iter().filter_map(|other| other.strip_prefix(&name)?.strip_prefix('/'));
        members.map(String::from).collect()
    }

    /// Records that all of a tar is sound.
    pub fn clear(&self, tar: &Path) -> Result<(), PathError> {
        let members = self.members(tar);
        self.remove(tar, members.iter().map(|member| Some(&**member)))
    }

    /// Removes what a kill has left of a change of the record.
    pub fn settle(&self, folder: &Path) -> Result<(), PathError> {
        let notes = folder.join(NOTES);
        if !notes.is_dir() {
            return Ok(());
        }
        // What is not finished is removed.
        let unfinished = Replacement::create_in_turn(&notes.join(NAME));
        drop(unfinished.at_path(Action::NoteDamage, folder)?);
        let _ = fs::remove_dir(notes);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Note>> {
        self.folders.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

impl Note {
    /// The names, with those added since the last read. A record that cannot be read is ignored: then a picture counts
    /// as sound.
    fn read_on(&mut self, folder: &Path) -> &BTreeSet<String> {
        let mut more = String::new();
        match open::file(folder.join(NOTES).join(NAME)) {
            Ok(mut file) => {
                self.start_again_if_other(&file);
                let read = file.seek(SeekFrom::Start(self.read_bytes));
                let _ = read.and_then(|_| file.read_to_string(&mut more));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => *self = Note::default(),
            Err(_) => {}
        }
        // A line that is still being written is complete at the next read.
        let whole = more.rfind('\n').map_or(0, |end| end + 1);
        self.read_bytes += whole as u64;
        self.names.extend(more[..whole].lines().map(str::to_string));
        &self.names
    }

    fn start_again_if_other(&mut self, file: &File) {
        let Ok(meta) = file.metadata() else { return };
        let now = (Identity::new(&meta), meta.created().ok());
        let is_same = self.file.is_some_and(|(file, created)| {
            file.is_same_file(&now.0) && created == now.1 && self.read_bytes <= now.0.len()
        });
        if !is_same {
            *self = Note { file: Some(now), ..Note::default() };
        }
    }

    /// Writes what the record has by now without these names. An empty record is deleted, and its folder with it if it
    /// held nothing else.
    fn remove(&mut self, folder: &Path, sound: &[String]) -> io::Result<()> {
        let notes = folder.join(NOTES);
        let path = notes.join(NAME);
        let mut file = Replacement::create_in_turn(&path)?;
        self.read_on(folder);
        sound.iter().for_each(|name| _ = self.names.remove(name));
        if self.names.is_empty() {
            let removed = fs::remove_file(&path);
            drop(file);
            let _ = fs::remove_dir(notes);
            return removed.or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            });
        }
        let lines: String = self.names.iter().map(|name| format!("{name}\n")).collect();
        file.write_all(lines.as_bytes())?;
        file.finish(Some(lines.len() as u64), false)
    }
}

/// Appends a line, while no other process replaces the record by what it read before.
fn append(record: &Path, name: &str) -> io::Result<()> {
    let _turn = Replacement::create_in_turn(record)?;
    open::append(record)?.write_all(format!("{name}\n").as_bytes())
}

fn place(file: &Path, member: Option<&str>) -> (PathBuf, String) {
    let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    (folder, member.map_or(name.to_string(), |member| format!("{name}/{member}")))
}

#[cfg(test)]
mod tests;

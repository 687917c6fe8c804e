//! The folder that pictures go to: what is in it, and what it remembers.
//!
//! `.mapillary-pipes/` in it holds `quality`, where paths do not tell it, and
//! `gone`, the ids of pictures that need not be tried again.

use std::collections::{HashMap, HashSet};
use std::fs::{self};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

use crate::archive::known_damage::Damage;
use crate::archive::locate::{Packed, Tars};
use crate::archive::picture_index::{self, Index};
use crate::disk::atomic_file::{self, Over, Replacement};
use crate::disk::open;
use crate::disk::{Action, NOTES, PathError};
use crate::query::known::KnownIds;
use crate::shape::{FatalError, RowError};
use crate::value;
use crate::value::collection::Collection;
use crate::value::quality::Quality;

pub struct Folder {
    pub dir: PathBuf,
    index: Index,
    tars: Tars,
    damage: Damage,
    gone: Mutex<KnownIds>,
    quality: Mutex<Option<Quality>>,
    is_noted: AtomicBool,
    /// Paths that are being written, so that a row that comes twice waits.
    busy: Mutex<HashSet<String>>,
    freed: Condvar,
    /// Folders with new names in them.
    touched: Mutex<HashSet<PathBuf>>,
    /// On a disk that is blind to case: names by their small letters.
    names: Option<Mutex<HashMap<u64, u64>>>,
}

/// A path that nobody else writes while this is held.
pub struct Claim<'a> {
    folder: &'a Folder,
    path: String,
}

impl Folder {
    /// Looks through the folder, which need not be there yet.
    pub fn open(dir: &Path) -> Result<Folder, FatalError> {
        let wrong = PathError::at(Action::UseFolder, dir);
        let notes = dir.join(NOTES);
        let quality = read_note(&notes.join("quality")).map_err(wrong)?;
        let quality =
            quality.map(|text| text.trim().parse()).transpose().map_err(|what: value::Error| {
                FatalError(format!("'{}': {what}", notes.join("quality").display()))
            })?;
        let is_noted = AtomicBool::new(quality.is_some());
        let quality = quality.or_else(|| collection_of(dir));
        let mut gone = KnownIds::default();
        let ids = read_note(&notes.join("gone")).map_err(wrong)?.unwrap_or_default();
        ids.lines().for_each(|id| gone.insert(id.trim()));
        let index = Index::read(dir).map_err(wrong)?;
        let tars = Tars::all_of(index.tars()).map_err(FatalError::new)?;
        Ok(Folder {
            dir: dir.to_path_buf(),
            index,
            tars,
            damage: Damage::default(),
            gone: Mutex::new(gone),
            quality: Mutex::new(quality),
            is_noted,
            busy: Mutex::default(),
            freed: Condvar::new(),
            touched: Mutex::default(),
            names: is_blind_to_case(dir).then(Mutex::default),
        })
    }

    /// The quality of all pictures whose path does not tell it.
    pub fn quality(&self) -> Option<Quality> {
        *lock(&self.quality)
    }

    /// Decides that quality, where it is not decided yet, here or by another
    /// run; what it is then. Where pictures of others lay before, whose quality
    /// no name tells, a note would speak for them too: there is none.
    pub fn decide_quality(&self, quality: Quality) -> io::Result<Option<Quality>> {
        let mut decided = lock(&self.quality);
        let known = decided.unwrap_or(quality);
        if !self.is_noted.load(Ordering::Relaxed) && !self.index.has_unnamed() {
            let path = self.dir.join(NOTES).join("quality");
            let mut note = Replacement::create_in_turn(&path)?;
            note.write_all(known.word().as_bytes())?;
            *decided = match note.finish_over(Over::Nothing, None, false) {
                Ok(()) => Some(known),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let there = read_note(&path)?.unwrap_or_default();
                    Some(there.trim().parse().map_err(io::Error::other)?)
                }
                Err(error) => return Err(error),
            };
            self.is_noted.store(true, Ordering::Relaxed);
        }
        Ok(*decided)
    }

    /// A picture that was in the folder when the run began, whose name tells
    /// this quality, or none.
    pub fn find(&self, id: &str, quality: Option<Quality>) -> Option<PathBuf> {
        self.index.find(id, quality)
    }

    /// Whether the name of a file tells this quality.
    pub fn is_named(&self, path: &Path, quality: Quality) -> bool {
        picture_index::named(path).is_some_and(|(_, named)| named == Some(quality))
    }

    pub fn is_damaged(&self, path: &Path) -> bool {
        self.damage.has(path, None)
    }

    /// The length of the picture at this path, when there is one that has not
    /// been found damaged: a cheap look at what was written whole.
    pub fn sound(&self, path: &Path) -> Option<u64> {
        is_picture(path).filter(|_| !self.damage.has(path, None))
    }

    /// A picture has come: in place of one that was damaged there or, in
    /// another format, beside it.
    pub fn mended(&self, came: &Path) -> io::Result<()> {
        let twins = ["jpg", "jpeg", "webp"].map(|ending| came.with_extension(ending));
        for path in twins.iter().filter(|path| self.damage.has(path, None)) {
            if path != came {
                fs::remove_file(path)?;
            }
            self.damage.remove(path, [None]).map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Whether pictures lie in tars here.
    pub fn has_tars(&self) -> bool {
        !self.index.tars().is_empty()
    }

    /// The same, in a tar, and whether its quality is known; not when it was
    /// found damaged, be it a moment ago.
    pub fn find_packed(&self, id: &str, quality: Quality) -> Option<(&Packed, bool)> {
        let find = |unnamed| self.tars.find_image(id, quality, unnamed);
        let named = find(false).map(|packed| (packed, true));
        let (packed, is_named) = named.or_else(|| find(true).map(|packed| (packed, false)))?;
        (!self.damage.has(&packed.archive, Some(&packed.member))).then_some((packed, is_named))
    }

    pub fn is_gone(&self, id: &str) -> bool {
        lock(&self.gone).has(id)
    }

    /// Remembers a picture that the service does not have any more.
    pub fn remember_gone(&self, id: &str) -> io::Result<()> {
        let mut gone = lock(&self.gone);
        if gone.has(id) {
            return Ok(());
        }
        let notes = self.dir.join(NOTES);
        fs::create_dir_all(&notes)?;
        let mut file = open::append(notes.join("gone"))?;
        file.write_all(format!("{id}\n").as_bytes())?;
        gone.insert(id);
        Ok(())
    }

    /// Waits until nobody else writes this path. An error when the disk would
    /// take it for another path.
    pub fn claim(&self, path: &str) -> Result<Claim<'_>, RowError> {
        self.check_case(path)?;
        let mut busy = lock(&self.busy);
        while !busy.insert(path.to_string()) {
            busy = self.freed.wait(busy).unwrap_or_else(|broken| broken.into_inner());
        }
        Ok(Claim { folder: self, path: path.to_string() })
    }

    /// Notes that a folder has a new name in it.
    pub fn touch(&self, path: &Path) {
        let mut touched = lock(&self.touched);
        if let Some(parent) = path.parent()
            && !touched.contains(parent)
        {
            touched.insert(parent.to_path_buf());
        }
    }

    /// Names that differ by case alone would be one file on some disks.
    fn check_case(&self, path: &str) -> Result<(), RowError> {
        let Some(names) = &self.names else { return Ok(()) };
        let mut names = lock(names);
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            let name = &path[..end];
            let there = names.entry(hash(&name.to_lowercase())).or_insert(hash(name));
            if *there != hash(name) {
                return Err(format!(
                    "'{name}' differs by case alone from another name, which this disk does not \
                     tell apart: take a --layout without it"
                )
                .into());
            }
        }
        Ok(())
    }
}

/// New names are on disk at the end of the run.
impl Drop for Folder {
    fn drop(&mut self) {
        for folder in lock(&self.touched).iter() {
            // The pictures are there; only a power cut could take a name back.
            let _ = atomic_file::sync_folder(folder);
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        lock(&self.folder.busy).remove(&self.path);
        self.folder.freed.notify_all();
    }
}

/// Whether a file has the first bytes of a picture.
fn is_picture(path: &Path) -> Option<u64> {
    let mut start = [0; 3];
    let mut file = open::file(path).ok()?;
    file.read_exact(&mut start).ok()?;
    let bytes = file.metadata().ok()?.len();
    (start == [0xff, 0xd8, 0xff] || &start == b"RIF").then_some(bytes)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

fn read_note(path: &Path) -> io::Result<Option<String>> {
    match open::text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The quality that the name of a collection's folder tells.
fn collection_of(dir: &Path) -> Option<Quality> {
    let dir = std::path::absolute(dir).ok()?;
    let name: Collection = dir.file_name()?.to_str()?.parse().ok()?;
    Some(name.quality)
}

/// Asks the nearest folder above that is there: of its own name, written otherwise.
fn is_blind_to_case(dir: &Path) -> bool {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let Some(there) = dir.ancestors().find(|folder| folder.exists()) else { return false };
    let Some(name) = there.file_name().and_then(|name| name.to_str()) else { return false };
    let other = match name.to_lowercase() {
        small if small != name => small,
        _ => name.to_uppercase(),
    };
    other != name && is_same(there, &there.with_file_name(other))
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| fs::metadata(path).map(|meta| (meta.dev(), meta.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_same(_: &Path, other: &Path) -> bool {
    // Where folders have no number, a disk that tells names apart is the exception.
    other.exists()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;

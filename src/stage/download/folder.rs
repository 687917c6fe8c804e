//! The folder for the pictures: its contents, and its saved state.
//!
//! `.mapillary-pipes/` in it holds `quality`, if paths do not state it, and `gone`, the ids of pictures that need not
//! be tried again.

mod case_folding;
mod gone_list;
mod path_claims;
mod quality_note;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::archive::damage_record::Damage;
use crate::archive::locate::{Packed, PackedStore, Tars};
use crate::archive::picture_index::{self, Index};
use crate::disk::atomic_file;
use crate::disk::open;
use crate::disk::{Action, PathError};
use crate::shape::{FatalError, RowError};
use crate::value::quality::Quality;

use gone_list::GoneList;
pub use path_claims::Claim;
use path_claims::PathClaims;
use quality_note::QualityNote;

pub struct Folder {
    pub dir: PathBuf,
    index: Index,
    tars: Tars,
    damage: Damage,
    gone: GoneList,
    quality: QualityNote,
    claims: PathClaims,
    /// Folders with new names in them.
    touched: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    /// Scans the folder, which need not exist yet. What its tars have is stored in a temporary file in `tmp_dir`.
    pub fn open(dir: &Path, tmp_dir: &Path) -> Result<Folder, FatalError> {
        let wrong = PathError::at(Action::UseFolder, dir);
        let quality = QualityNote::open(dir)?;
        let gone = GoneList::open(dir).map_err(wrong)?;
        let index = Index::read(dir).map_err(wrong)?;
        let tars = Tars::all_of(index.tars(), &Arc::new(PackedStore::new(tmp_dir)))
            .map_err(FatalError::new)?;
        Ok(Folder {
            dir: dir.to_path_buf(),
            index,
            tars,
            damage: Damage::default(),
            gone,
            quality,
            claims: PathClaims::on_disk_of(dir),
            touched: Mutex::default(),
        })
    }

    /// The quality of all pictures whose path does not state it.
    pub fn quality(&self) -> Option<Quality> {
        self.quality.get()
    }

    /// Sets that quality, unless it is already set here or by another run, and returns it. If the folder has earlier
    /// pictures whose quality no name states, a note would apply to them too, so none is written.
    pub fn decide_quality(&self, quality: Quality) -> io::Result<Option<Quality>> {
        if self.index.has_unnamed() { Ok(self.quality.get()) } else { self.quality.decide(quality) }
    }

    /// A picture that was in the folder when the run started, and whose name states this quality, or none.
    pub fn find(&self, id: &str, quality: Option<Quality>) -> Option<PathBuf> {
        self.index.find(id, quality)
    }

    /// Whether the name of a file states this quality.
    pub fn is_named(&self, path: &Path, quality: Quality) -> bool {
        picture_index::named(path).is_some_and(|(_, named)| named == Some(quality))
    }

    pub fn is_damaged(&self, path: &Path) -> bool {
        self.damage.has(path, None)
    }

    /// The length of the picture at this path, if there is one that is not known to be damaged: a cheap check of a
    /// file that was written completely.
    pub fn sound(&self, path: &Path) -> Option<u64> {
        is_picture(path).filter(|_| !self.damage.has(path, None))
    }

    /// Called when a picture is written: it replaces a damaged one at its path or, in another format, beside it.
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

    /// Whether there are pictures in tars here.
    pub fn has_tars(&self) -> bool {
        !self.index.tars().is_empty()
    }

    /// A picture in a tar, and whether its quality is known; `None` if it is known to be damaged, even since a moment
    /// ago.
    ///
    /// # Errors
    /// Errors of the temporary file.
    pub fn find_packed(
        &self,
        id: &str,
        quality: Quality,
    ) -> Result<Option<(Packed, bool)>, PathError> {
        let find = |unnamed| self.tars.find_image(id, quality, unnamed);
        let found = match find(false)? {
            Some(named) => Some((named, true)),
            None => find(true)?.map(|packed| (packed, false)),
        };
        Ok(found.filter(|(packed, _)| !self.damage.has(&packed.archive, Some(&packed.member))))
    }

    pub fn is_gone(&self, id: &str) -> bool {
        self.gone.has(id)
    }

    /// Records a picture that the service no longer has.
    pub fn remember_gone(&self, id: &str) -> io::Result<()> {
        self.gone.add(id)
    }

    /// Waits until no other thread writes this path. Fails if the disk would treat it as a different path.
    pub fn claim(&self, path: &str) -> Result<Claim<'_>, RowError> {
        self.claims.claim(path)
    }

    /// Records that a folder has a new name in it.
    pub fn touch(&self, path: &Path) {
        let mut touched = lock(&self.touched);
        if let Some(parent) = path.parent()
            && !touched.contains(parent)
        {
            touched.insert(parent.to_path_buf());
        }
    }
}

/// Syncs new names to disk at the end of the run.
impl Drop for Folder {
    fn drop(&mut self) {
        for folder in lock(&self.touched).iter() {
            // The pictures are there; only a power failure could undo a name.
            let _ = atomic_file::sync_folder(folder);
        }
    }
}

/// The length of a file that starts with the first bytes of a picture.
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

/// The text of a note; `None` if there is none.
fn read_note(path: &Path) -> io::Result<Option<String>> {
    match open::text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

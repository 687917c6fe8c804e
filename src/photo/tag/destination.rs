//! Where a tagged picture is written: over the old file, or into a folder.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use crate::disk::open;
use crate::disk::{Action, AtPath, file_assembly, locked_file, sidecar};
use crate::format::metadata_container::Piece;
use crate::shape::RowError;

use super::source_file::{self, Before, Original};
use super::{Done, Options, SidecarName};

/// Chooses the paths of new files, and ensures that no two pictures get the same.
pub struct Destination {
    into: Option<PathBuf>,
    backup: Option<String>,
    sidecar_name: SidecarName,
    force: bool,
    dry_run: bool,
    hasher: RandomState,
    /// Digests of the paths given so far and of the files they were given to: 16 bytes a picture.
    given: Mutex<HashMap<u64, u64>>,
    /// Digests of the paths in the folder that were written in this run.
    made: Mutex<HashSet<u64>>,
}

impl Destination {
    pub fn new(options: &Options) -> Destination {
        Destination {
            into: options.into.clone(),
            backup: options.backup.clone(),
            sidecar_name: options.sidecar_name,
            force: options.force,
            dry_run: options.dry_run,
            hasher: RandomState::new(),
            given: Mutex::default(),
            made: Mutex::default(),
        }
    }

    /// The path of the new file of `path`: relative paths are kept below the folder; of others only the file name is
    /// used.
    ///
    /// # Errors
    /// If another picture has that path already.
    pub fn place(&self, path: &Path) -> Result<PathBuf, RowError> {
        let Some(into) = &self.into else { return Ok(path.to_path_buf()) };
        let parts = path.components().filter(|part| *part != Component::CurDir);
        let below = parts.clone().all(|part| matches!(part, Component::Normal(_)));
        let place = if below {
            into.join(parts.collect::<PathBuf>())
        } else {
            into.join(path.file_name().unwrap_or_default())
        };
        if self.claim(&place, path) {
            Ok(place)
        } else {
            Err(format!(
                "'{}' is the name of another picture of this run: give relative paths",
                place.display()
            )
            .into())
        }
    }

    /// The folder in which pictures from earlier runs are kept.
    pub fn kept_in(&self) -> Option<&Path> {
        self.into.as_deref().filter(|_| !self.force)
    }

    /// Writes the pieces of `old` to `place`, unless they are there already.
    pub fn write(
        &self,
        old: &mut Original,
        place: &Path,
        pieces: &[Piece],
    ) -> Result<Done, RowError> {
        let path = place.to_path_buf();
        let is_new = place != old.path;
        if is_new && !self.force && file_assembly::is_so(place, pieces) {
            self.note_made(place);
            return Ok(Done::Kept { path });
        }
        if self.dry_run {
            return Ok(Done::Would);
        }
        let written = if is_new {
            old.copy(place, pieces)
        } else {
            let backup = self.backup.as_ref().filter(|_| self.into.is_none());
            let backup = backup.map(|suffix| file_assembly::backup_name(place, suffix));
            old.replace(pieces, backup.as_deref())
        };
        written.at_path(Action::Write, place)?;
        self.note_made(place);
        Ok(Done::Written { path })
    }

    /// Writes a sidecar beside the new path of its photo, and copies the photo there if needed. `before` is the
    /// previous content of the photo's own sidecar.
    pub fn write_sidecar(
        &self,
        old: &mut Original,
        place: &Path,
        before: Option<&[u8]>,
        packet: Option<Vec<u8>>,
    ) -> Result<Done, RowError> {
        let is_new = place != old.path;
        let photo = if !is_new {
            Done::Kept { path: place.to_path_buf() }
        } else {
            let whole = old.whole();
            self.write(old, place, &whole)?
        };
        let Some(packet) = packet else { return Ok(photo) };
        let name = self.sidecar_of(&old.path, place);
        if open::read(&name).is_ok_and(|there| there == packet) {
            return Ok(photo);
        }
        if self.dry_run {
            return Ok(Done::Would);
        }
        let backup = self.backup.as_ref().map(|suffix| file_assembly::backup_name(&name, suffix));
        let known = if is_new { Before::Any } else { Before::Read(before) };
        source_file::write_sidecar(&name, known, &packet, backup.as_deref())
            .at_path(Action::Write, &name)?;
        Ok(Done::Written { path: place.to_path_buf() })
    }

    /// An existing sidecar of this photo keeps its name. If another photo would use the same name for its sidecar,
    /// each gets its full name.
    fn sidecar_of(&self, old: &Path, place: &Path) -> PathBuf {
        if let Some(there) = sidecar::beside(place).sidecar {
            return there.path;
        }
        let [stem, full] = sidecar::names(place);
        let is_alone = || {
            sidecar::may_have_stem(old) && sidecar::may_have_stem(place) && self.claim(&stem, old)
        };
        match self.sidecar_name {
            SidecarName::Stem if is_alone() => stem,
            _ => full,
        }
    }

    /// Whether another row of this run has written this file already: then it is the file to change.
    pub fn has_made(&self, place: &Path) -> bool {
        let name = self.hasher.hash_one(place);
        let made = self.made.lock().unwrap_or_else(|broken| broken.into_inner());
        self.into.is_some() && made.contains(&name)
    }

    fn note_made(&self, place: &Path) {
        if self.into.is_some() {
            let name = self.hasher.hash_one(place);
            self.made.lock().unwrap_or_else(|broken| broken.into_inner()).insert(name);
        }
    }

    /// Whether a path belongs to the new file of only one picture in this run.
    fn claim(&self, name: &Path, owner: &Path) -> bool {
        let [name, owner] =
            [name, owner].map(|path: &Path| self.hasher.hash_one(locked_file::real(path)));
        let mut given = self.given.lock().unwrap_or_else(|broken| broken.into_inner());
        *given.entry(name).or_insert(owner) == owner
    }
}

//! Locates a picture: at its path, then under the same stem as WebP, then in a tar of that folder or of a parent
//! folder.
//!
//! Every tool uses this, so that row files stay valid when a later stage has converted or packed what they name.

mod found;
mod packed_store;
mod tars;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use found::{Found, Packed};
pub use packed_store::PackedStore;
pub use tars::{Held, Tars};

use super::{Error, NotFound};
use crate::row::{Field, Row};

/// Finds pictures, and caches the indexes that it has read.
#[derive(Debug)]
pub struct Locator {
    /// By folder, or by the tar that was named.
    places: Mutex<HashMap<PathBuf, Arc<Tars>>>,
    files: Arc<PackedStore>,
    held: Held,
}

impl Locator {
    /// Finds no picture in a tar that the last check found damaged. The files of the tars are stored in a temporary file in
    /// this folder.
    pub fn new(tmp_dir: &Path) -> Locator {
        Locator::of(tmp_dir, Held::Sound)
    }

    /// Finds these.
    pub fn of(tmp_dir: &Path, held: Held) -> Locator {
        Locator { places: Mutex::default(), files: Arc::new(PackedStore::new(tmp_dir)), held }
    }

    /// Where the row's picture is, if it is anywhere.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn find(&self, row: &Row) -> Result<Option<Found>, Error> {
        let Some(path) = row.get(Field::Path).map(Path::new) else {
            return self.find_packed(row);
        };
        match self.find_below(row, path, Path::new(""))? {
            None => self.find_packed(row),
            found => Ok(found),
        }
    }

    /// The same, but a picture that is nowhere is an error.
    pub fn find_or_say(&self, row: &Row) -> Result<Found, Error> {
        self.find(row)?.ok_or_else(|| missing(row).into())
    }

    /// Where the picture that was once at `path` is now, in `top` and below.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn find_below(&self, row: &Row, path: &Path, top: &Path) -> Result<Option<Found>, Error> {
        let files = [path.to_path_buf(), path.with_extension("webp")];
        if let Some(file) = files.into_iter().find(|file| file.exists()) {
            return Ok(Some(Found::File(file)));
        }
        let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
        for folder in folders {
            if let Some(packed) = self.tars(folder)?.find(row, path)? {
                return Ok(Some(Found::Packed(packed)));
            }
        }
        Ok(None)
    }

    /// The tars of a folder, read once.
    pub fn tars(&self, folder: &Path) -> Result<Arc<Tars>, Error> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.once(folder, || Tars::read(folder, &self.files, self.held))
    }

    /// The picture at the row's own `archive` and `member`.
    fn find_packed(&self, row: &Row) -> Result<Option<Found>, Error> {
        let (Some(archive), Some(member)) = (row.get(Field::Archive), row.get(Field::Member))
        else {
            return Ok(None);
        };
        let archive = Path::new(archive);
        if !archive.exists() {
            return Ok(None);
        }
        let tar = self.once(archive, || Tars::by_name(archive, &self.files, self.held))?;
        Ok(tar.find_member(member)?.map(Found::Packed))
    }

    fn once(
        &self,
        place: &Path,
        read: impl FnOnce() -> Result<Tars, Error>,
    ) -> Result<Arc<Tars>, Error> {
        let mut places = self.places.lock().unwrap_or_else(|broken| broken.into_inner());
        if let Some(tars) = places.get(place) {
            return Ok(Arc::clone(tars));
        }
        let tars = Arc::new(read()?);
        places.insert(place.to_path_buf(), Arc::clone(&tars));
        Ok(tars)
    }
}

/// Says where a picture was looked for.
fn missing(row: &Row) -> NotFound {
    let at = |field| row.get(field).map(String::from);
    match (at(Field::Path), at(Field::Archive), at(Field::Member)) {
        (Some(path), ..) => NotFound::File { path },
        (_, Some(archive), Some(member)) if Path::new(&archive).exists() => {
            NotFound::Member { archive, member }
        }
        (_, Some(archive), Some(member)) => NotFound::Tar { archive, member },
        _ => NotFound::NoPlace,
    }
}

//! Locates a picture: at its path, then under the same stem as WebP, then in a tar of that folder or of a parent
//! folder.
//!
//! Every tool uses this, so that row files stay valid when a later stage has converted or packed what they name.

mod found;

use std::collections::HashMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use found::{Found, Packed};

use super::damage_record::Damage;
use super::packed::{self, Member};
use super::{Error, NotFound};
use crate::disk::{Action, AtPath};
use crate::format::tar;
use crate::row::{Field, Row};
use crate::value::quality::Quality;

/// The files in the tars of one folder, by the stem of their names. About
/// 300 bytes a picture.
#[derive(Debug, Default)]
pub struct Tars {
    /// Members of an addendum, which are newer, come later.
    packed: Vec<Packed>,
    /// The digests of the stems, sorted, each with the number of a file. The name of the file tells whether it is the stem.
    by_stem: Vec<(u64, u32)>,
}

/// Finds pictures, and caches the indexes that it has read.
#[derive(Debug, Default)]
pub struct Locator {
    /// By folder, or by the tar that was named.
    places: Mutex<HashMap<PathBuf, Arc<Tars>>>,
}

impl Locator {
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
            if let Some(packed) = self.tars(folder)?.find(row, path) {
                return Ok(Some(Found::Packed(packed)));
            }
        }
        Ok(None)
    }

    /// The tars of a folder, read once.
    pub fn tars(&self, folder: &Path) -> Result<Arc<Tars>, Error> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.once(folder, || Tars::read(folder))
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
        let tar = self.once(archive, || Tars::new(&[archive.to_path_buf()]))?;
        let mut held = tar.newest_first(stem(Path::new(member)).unwrap_or_default());
        // Of two with one name the last one counts.
        let packed = held.find(|packed| packed.member == member);
        Ok(packed.cloned().map(Found::Packed))
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

impl Tars {
    /// The contents of the tars of a folder that have an index, except members that the last check found damaged.
    pub fn read(folder: &Path) -> Result<Tars, Error> {
        Tars::new(&indexed(folder)?)
    }

    /// The same, including damaged members.
    pub fn read_all(folder: &Path) -> Result<Tars, Error> {
        Tars::all_of(&indexed(folder)?)
    }

    /// The contents of these tars, of any folder and made by any program.
    pub fn new(tars: &[PathBuf]) -> Result<Tars, Error> {
        let damage = Damage::default();
        Tars::with(tars, |tar, member| !damage.has(tar, Some(member)))
    }

    /// The same, including damaged members.
    pub fn all_of(tars: &[PathBuf]) -> Result<Tars, Error> {
        Tars::with(tars, |_, _| true)
    }

    fn with(paths: &[PathBuf], is_held: impl Fn(&Path, &str) -> bool) -> Result<Tars, Error> {
        let mut tars = Tars::default();
        for tar in paths {
            let mut members = packed::read(tar)?;
            members.retain(|member| is_held(tar, &member.name));
            tars.add(tar, members);
        }
        tars.by_stem.sort_unstable();
        Ok(tars)
    }

    /// The files of this stem.
    fn newest_first(&self, wanted: &str) -> impl Iterator<Item = &Packed> {
        let digest = digest(wanted);
        let end = self.by_stem.partition_point(|&(other, _)| other <= digest);
        let same = self.by_stem[..end].iter().rev().take_while(move |(other, _)| *other == digest);
        let files = same.map(|&(_, number)| &self.packed[number as usize]);
        files.filter(move |packed| stem(Path::new(&packed.member)) == Some(wanted))
    }

    /// The picture of an image. With `unnamed`, a picture whose quality neither its row nor its name states is taken to
    /// be of this quality.
    pub fn find_image(&self, id: &str, quality: Quality, unnamed: bool) -> Option<&Packed> {
        let is_it = |packed: &&Packed, is_named: bool| {
            packed.is_picture
                && packed.id.as_deref() == Some(id)
                && packed
                    .quality
                    .as_deref()
                    .map_or(is_named || unnamed, |other| other == quality.word())
        };
        let find = |stem: &str, is_named: bool| {
            self.newest_first(stem).find(|packed| is_it(packed, is_named))
        };
        find(&format!("{id}_{quality}"), true).or_else(|| find(id, false))
    }

    /// Adds the files of a tar.
    fn add(&mut self, tar: &Path, members: Vec<Member>) {
        let archive = Arc::new(tar.to_path_buf());
        for member in members {
            let Some(stem) = stem(Path::new(&member.name)) else { continue };
            // A collection has no more files than a number of four bytes tells.
            self.by_stem.push((digest(stem), self.packed.len() as u32));
            let quality = member.row.get(Field::Quality);
            let before = self.packed.last().and_then(|packed| packed.quality.clone());
            let is_same = before.as_deref() == quality;
            let packed = Packed {
                archive: Arc::clone(&archive),
                offset: member.offset,
                bytes: member.bytes,
                sha256: member.sha256,
                modified: member.modified,
                is_picture: member.is_picture(),
                pieces: member.pieces,
                id: member.row.get(Field::ImgId).map(Box::from),
                quality: if is_same { before } else { quality.map(Arc::from) },
                member: member.name,
            };
            self.packed.push(packed);
        }
    }

    /// The picture of a row in these tars. A row with an id is matched by it; one without, by as much of its path as
    /// the tar has.
    pub fn find(&self, row: &Row, path: &Path) -> Option<Packed> {
        let stem = tar::normal(stem(path)?);
        let quality = row.get(Field::Quality);
        let same_quality = |packed: &&Packed| match (packed.quality.as_deref(), quality) {
            (Some(packed), Some(quality)) => packed == quality,
            _ => true,
        };
        let same = |packed: &&Packed| match (row.get(Field::ImgId), packed.id.as_deref()) {
            (Some(id), Some(packed)) => id == packed,
            (None, None) => has_tail(path, &packed.member),
            _ => false,
        };
        let pictures = self.newest_first(&stem).filter(|packed| packed.is_picture);
        pictures.filter(same_quality).find(same).cloned()
    }

    /// The ids of all pictures that have one.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let pictures = self.packed.iter().filter(|packed| packed.is_picture);
        pictures.filter_map(|packed| packed.id.as_deref())
    }
}

fn digest(stem: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(stem)
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

fn indexed(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    Ok(packed::indexed_tars(folder).at_path(Action::ReadFolder, folder)?)
}

fn stem(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()
}

/// Whether the folders of a path end as those of a member do, or the other way around; the first folder of a member is
/// its group.
fn has_tail(path: &Path, member: &str) -> bool {
    let own = member.split_once('/').map_or(member, |(_, own)| own);
    let own: Vec<_> = Path::new(own).parent().into_iter().flat_map(Path::iter).rev().collect();
    let given = path.parent().into_iter().flat_map(Path::iter).rev();
    let same = |own: &OsStr, given: &OsStr| *own == *tar::normal(&given.to_string_lossy());
    own.into_iter().zip(given).all(|(own, given)| same(own, given))
}

#[cfg(test)]
mod tests;

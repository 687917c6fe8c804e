//! The files of some tars, found by the stem of their names or by the whole names.

use std::ffi::OsStr;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::found::Packed;
use super::packed_store::PackedStore;
use crate::archive::Error;
use crate::archive::damage_record::Damage;
use crate::archive::packed::{self, Member};
use crate::disk::{Action, AtPath, PathError};
use crate::format::tar;
use crate::row::{Field, Row};
use crate::value::quality::Quality;

/// The files of some tars: 16 bytes of each are held, the rest is in a temporary file.
#[derive(Debug)]
pub struct Tars {
    /// Sorted. Of files with the same key, those of an addendum, which are newer, come later.
    entries: Vec<Entry>,
    /// The part of a name that a file is found by.
    key: fn(&str) -> Option<&str>,
    files: Arc<PackedStore>,
}

/// Which members are held, by the last check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Sound,
    Damaged,
    All,
}

impl Held {
    /// What a tar of this length does not have is damaged, noted or not; that its end is not there, the length alone tells.
    fn takes(self, is_noted: bool, member: &Member, tar_len: u64) -> bool {
        let is_cut = member.stored_end().is_none_or(|end| end > tar_len);
        match self {
            Held::Sound => !is_noted && !is_cut,
            Held::Damaged => is_noted || is_cut,
            Held::All => !is_cut,
        }
    }
}

/// A file. The digests say which need not be read, and the file itself whether it is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u32,
    place: u64,
    /// Of its id; of the last folder, if it has no id; 0 if it has neither.
    owner: u32,
}

impl Tars {
    /// The contents of the tars of a folder that have an index.
    ///
    /// # Errors
    /// A tar or an index that cannot be read; so for the others.
    pub fn read(folder: &Path, files: &Arc<PackedStore>, held: Held) -> Result<Tars, Error> {
        Tars::with(&indexed(folder)?, stem, files, held)
    }

    /// The contents of these tars, of any folder and made by any program, including damaged members that the tars are long enough for.
    pub fn all_of(tars: &[PathBuf], files: &Arc<PackedStore>) -> Result<Tars, Error> {
        Tars::with(tars, stem, files, Held::All)
    }

    /// The contents of this tar, found by their names.
    pub fn by_name(tar: &Path, files: &Arc<PackedStore>, held: Held) -> Result<Tars, Error> {
        Tars::with(&[tar.to_path_buf()], |name| Some(name), files, held)
    }

    fn with(
        paths: &[PathBuf],
        key: fn(&str) -> Option<&str>,
        files: &Arc<PackedStore>,
        held: Held,
    ) -> Result<Tars, Error> {
        let (mut entries, damage) = (Vec::new(), Damage::default());
        for tar in paths {
            let (archive, damaged) = (files.add_tar(tar), damage.members(tar));
            let len = tar.metadata().map_or(0, |meta| meta.len());
            let is_held = |member: &Member| held.takes(damaged.contains(&member.name), member, len);
            packed::each_member(tar, |member| {
                if let Some(key) = key(&member.name).filter(|_| is_held(&member)) {
                    let owner = owner(member.row.get(Field::ImgId), &member.name);
                    entries.push(Entry {
                        key: digest(key),
                        place: files.push(archive, &member),
                        owner,
                    });
                }
            })?;
        }
        entries.shrink_to_fit();
        entries.sort_unstable();
        Ok(Tars { entries, key, files: Arc::clone(files) })
    }

    /// The newest file of this key that fits.
    fn newest(
        &self,
        key: &str,
        may_be_of: impl Fn(u32) -> bool,
        is_it: impl Fn(&Packed) -> bool,
    ) -> Result<Option<Packed>, PathError> {
        let digest = digest(key);
        let end = self.entries.partition_point(|entry| entry.key <= digest);
        let same = self.entries[..end].iter().rev().take_while(|entry| entry.key == digest);
        for entry in same.filter(|entry| may_be_of(entry.owner)) {
            let packed = self.files.get(entry.place)?;
            if (self.key)(&packed.member) == Some(key) && is_it(&packed) {
                return Ok(Some(packed));
            }
        }
        Ok(None)
    }

    /// The file of this name. Of several the last one counts.
    ///
    /// # Errors
    /// Errors of the temporary file; so for the others.
    pub fn find_member(&self, name: &str) -> Result<Option<Packed>, PathError> {
        let Some(key) = (self.key)(name) else { return Ok(None) };
        self.newest(key, |_| true, |packed| packed.member == name)
    }

    /// The picture of an image. With `unnamed`, a picture whose quality neither its row nor its name states is taken to
    /// be of this quality.
    pub fn find_image(
        &self,
        id: &str,
        quality: Quality,
        unnamed: bool,
    ) -> Result<Option<Packed>, PathError> {
        let is_it = |packed: &Packed, is_named: bool| {
            packed.is_picture
                && packed.id.as_deref() == Some(id)
                && packed
                    .quality
                    .as_deref()
                    .map_or(is_named || unnamed, |other| other == quality.word())
        };
        let owner = digest(id);
        let find = |stem: &str, is_named: bool| {
            self.newest(stem, |other| other == owner, |packed| is_it(packed, is_named))
        };
        match find(&format!("{id}_{quality}"), true)? {
            None => find(id, false),
            found => Ok(found),
        }
    }

    /// The picture of a row in these tars. A row with an id is matched by it; one without, by as much of its path as
    /// the tar has.
    pub fn find(&self, row: &Row, path: &Path) -> Result<Option<Packed>, PathError> {
        let Some(stem) = path.file_stem().and_then(OsStr::to_str).map(tar::normal) else {
            return Ok(None);
        };
        let (id, quality) = (row.get(Field::ImgId), row.get(Field::Quality));
        let is_same_quality = |packed: &Packed| match (packed.quality.as_deref(), quality) {
            (Some(packed), Some(quality)) => packed == quality,
            _ => true,
        };
        let is_same = |packed: &Packed| match (id, packed.id.as_deref()) {
            (Some(id), Some(packed)) => id == packed,
            (None, None) => has_tail(path, &packed.member),
            _ => false,
        };
        let is_it =
            |packed: &Packed| packed.is_picture && is_same_quality(packed) && is_same(packed);
        let folder = || last_folder(path).map(|name| digest(&tar::normal(&name.to_string_lossy())));
        let owner = match id {
            Some(id) => Owner::Image(digest(id)),
            None => folder().map_or(Owner::Any, Owner::Folder),
        };
        let found = self.newest(&stem, |other| owner.may_be(other), is_it)?;
        if found.is_some() || !stem.contains('.') {
            return Ok(found);
        }
        let is_in_shard = |packed: &Packed| packed::is_shard(&packed.archive) && is_it(packed);
        self.newest(&packed::plain_stem(&stem), |other| owner.may_be(other), is_in_shard)
    }
}

/// What a file must belong to.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Any,
    Image(u32),
    Folder(u32),
}

impl Owner {
    fn may_be(self, other: u32) -> bool {
        match self {
            Owner::Any => true,
            Owner::Image(id) => other == id,
            Owner::Folder(folder) => other == folder || other == 0,
        }
    }
}

fn digest(text: &str) -> u32 {
    // The lower half of a digest is one, too.
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text) as u32
}

/// What is compared before a file is read.
fn owner(id: Option<&str>, member: &str) -> u32 {
    let folder = || last_folder(own(member)).map(OsStr::to_string_lossy);
    id.map(digest).or_else(|| folder().map(|folder| digest(&folder))).unwrap_or(0)
}

fn indexed(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    Ok(packed::indexed_tars(folder).at_path(Action::ReadFolder, folder)?)
}

fn stem(name: &str) -> Option<&str> {
    Path::new(name).file_stem()?.to_str()
}

/// The name of a member without its first folder, which is its group.
fn own(member: &str) -> &Path {
    Path::new(member.split_once('/').map_or(member, |(_, own)| own))
}

fn folders(path: &Path) -> impl Iterator<Item = &OsStr> {
    path.parent().into_iter().flat_map(Path::iter).rev()
}

fn last_folder(path: &Path) -> Option<&OsStr> {
    folders(path).next()
}

/// Whether the folders of a path end as those of a member do, or the other way around.
fn has_tail(path: &Path, member: &str) -> bool {
    let same = |own: &OsStr, given: &OsStr| *own == *tar::normal(&given.to_string_lossy());
    folders(own(member)).zip(folders(path)).all(|(own, given)| same(own, given))
}

#[cfg(test)]
mod tests;

//! Members of one name in several tars: versions of one picture, of which the last counts, or different pictures.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::PathBuf;

use crate::archive::packed::unindexed::path_of;
use crate::photo::tar_members;
use crate::row::{Field, Row};

/// By digests of the names with secret keys, so that nobody can make a name that hides a member of another tar. A name takes
/// some 40 bytes.
#[derive(Debug, Default)]
pub struct Versions {
    digest: RandomState,
    last: HashMap<u64, Version>,
    /// The tars that have different pictures under one name.
    clashes: HashMap<u64, [PathBuf; 2]>,
    /// How many members are in earlier tars than others of their names.
    pub older: usize,
}

/// A member, with digests of what is known of it; 0 if nothing is.
#[derive(Debug, Clone, Copy)]
struct Version {
    tar: u32,
    id: u32,
    quality: u32,
    sha256: u32,
}

impl Versions {
    /// Of the members of these tars.
    pub fn of(tars: &[PathBuf]) -> Versions {
        let mut versions = Versions::default();
        for (at, tar) in tars.iter().enumerate().filter(|_| tars.len() > 1) {
            for row in tar_members::rows_in(tar, None) {
                versions.add(tars, at, &row);
            }
        }
        versions
    }

    fn add(&mut self, tars: &[PathBuf], at: usize, row: &Row) {
        let Some(name) = self.name_of(row) else { return };
        let digest = |field| row.get(field).map_or(0, |text| self.digest.hash_one(text) as u32 | 1);
        let version = Version {
            // There are fewer tars.
            tar: at as u32,
            id: digest(Field::ImgId),
            quality: digest(Field::Quality),
            sha256: digest(Field::Sha256),
        };
        let Some(before) = self.last.insert(name, version) else { return };
        let [first, second] = [&tars[before.tar as usize], &tars[at]];
        match first == second {
            true => {}
            false if version.is_of(before, first.parent() == second.parent()) => self.older += 1,
            false => _ = self.clashes.entry(name).or_insert([first.clone(), second.clone()]),
        }
    }

    /// Whether a row of this tar is unpacked: the last version, and all rows that fail.
    pub fn is_wanted(&self, tar: usize, row: &Row) -> bool {
        let Some(name) = self.name_of(row) else { return true };
        let is_last = self.last.get(&name).is_none_or(|last| last.tar as usize == tar);
        is_last || self.clashes.contains_key(&name)
    }

    /// The row, with an error if its name is that of different pictures.
    pub fn checked(&self, mut row: Row) -> Row {
        let name = self.name_of(&row);
        if let Some([first, second]) = name.and_then(|name| self.clashes.get(&name)) {
            let member = row.get(Field::Member).unwrap_or_default();
            let tars = format!("'{}' and in '{}'", first.display(), second.display());
            let way_out = "unpack each of the tars into a folder of its own";
            let error = format!("'{member}' is in {tars}, as different pictures: {way_out}");
            row.set(Field::Error, &error);
        }
        row
    }

    /// The digest of the path that a file is to have. What failed has none: it is said whatever comes later.
    fn name_of(&self, row: &Row) -> Option<u64> {
        let name = row.get(Field::Member).filter(|_| tar_members::fault_of(row).is_none())?;
        let path: Cow<'_, str> = path_of(name);
        Some(self.digest.hash_one(path))
    }
}

impl Version {
    /// Whether it is a version of the picture of this name in an earlier tar. Tars of different folders are no addenda of each
    /// other: in them only the same bytes are.
    fn is_of(self, before: Version, is_same_folder: bool) -> bool {
        let is_same = |one: u32, other: u32| one == other || one == 0 || other == 0;
        let is_same_file = self.sha256 != 0 && self.sha256 == before.sha256;
        let is_same_picture = is_same(self.id, before.id) && is_same(self.quality, before.quality);
        is_same_picture && (is_same_folder || is_same_file)
    }
}

//! Index of the pictures under a folder, by the id and the quality in their names: `ID.jpg` or `ID_QUALITY.jpg`, or the
//! same as WebP, in any folder.
//!
//! A picture costs about 24 bytes, and the path of each folder is stored once. File contents are not read.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::value::quality::Quality;

use super::packed;
use crate::disk::walk;

/// The pictures under a folder.
#[derive(Debug, Default)]
pub struct Index {
    folders: Vec<PathBuf>,
    places: HashMap<u64, Place>,
    tars: Vec<PathBuf>,
    has_unnamed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    folder: u32,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Jpg,
    Jpeg,
    Webp,
}

impl Ending {
    const ALL: [(Ending, &str); 3] =
        [(Ending::Jpg, "jpg"), (Ending::Jpeg, "jpeg"), (Ending::Webp, "webp")];

    fn from_path(path: &Path) -> Option<Ending> {
        let text = path.extension()?.to_str()?;
        Ending::ALL.into_iter().find(|(_, name)| *name == text).map(|(ending, _)| ending)
    }

    fn text(self) -> &'static str {
        Ending::ALL[self as usize].1
    }
}

impl Index {
    /// Scans a folder and its subfolders.
    pub fn read(folder: &Path) -> io::Result<Index> {
        let mut index = Index::default();
        for path in walk::files(folder) {
            let path = path?;
            if packed::is_tar(&path) { index.tars.push(path) } else { index.add(&path) }
        }
        Ok(index)
    }

    /// The path of the picture whose name states this quality, or none.
    pub fn find(&self, id: &str, quality: Option<Quality>) -> Option<PathBuf> {
        let place = self.places.get(&key(id, quality))?;
        let ending = place.ending.text();
        let name = match quality {
            Some(quality) => format!("{id}_{quality}.{ending}"),
            None => format!("{id}.{ending}"),
        };
        Some(self.folders[place.folder as usize].join(name))
    }

    /// Whether any picture's name states no quality.
    pub fn has_unnamed(&self) -> bool {
        self.has_unnamed
    }

    /// The tars.
    pub fn tars(&self) -> &[PathBuf] {
        &self.tars
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn add(&mut self, path: &Path) {
        let (Some(ending), Some(stem)) = (Ending::from_path(path), path.file_stem()) else {
            return;
        };
        let (Some(stem), Some(parent)) = (stem.to_str(), path.parent()) else { return };
        if self.folders.last().is_none_or(|last| last != parent) {
            self.folders.push(parent.to_path_buf());
        }
        let folder = (self.folders.len() - 1) as u32;
        let (id, quality) = read_stem(stem);
        self.has_unnamed |= quality.is_none();
        // The JPEG is the original download; a WebP beside it was made from it.
        let place = self.places.entry(key(id, quality)).or_insert(Place { folder, ending });
        if place.ending == Ending::Webp {
            *place = Place { folder, ending };
        }
    }
}

/// The id, and the quality if present, in the name of a picture; `None` if it is not the name of one.
pub fn named(path: &Path) -> Option<(&str, Option<Quality>)> {
    let ending = path.extension()?.to_str()?;
    Ending::ALL.iter().find(|(_, known)| ending.eq_ignore_ascii_case(known))?;
    Some(read_stem(path.file_stem()?.to_str()?))
}

/// The id and the quality in a file name without its ending.
pub fn read_stem(stem: &str) -> (&str, Option<Quality>) {
    let named = stem.rsplit_once('_').and_then(|(id, name)| Some((id, name.parse().ok()?)));
    named.map_or((stem, None), |(id, quality)| (id, Some(quality)))
}

fn key(id: &str, quality: Option<Quality>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, quality).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;

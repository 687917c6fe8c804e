//! Which pictures lie in a folder: of which image, of which quality, by their
//! names, so that an archive may be moved.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{packed, walk};
use crate::row::Field;
use crate::value::quality::Quality;

/// The pictures of a folder, by the id of their image.
#[derive(Debug, Default)]
pub struct PictureIndex {
    pictures: HashMap<Box<str>, Vec<(Quality, HeldPicture)>>,
    /// What was found and is not served, a line each.
    pub notes: Vec<String>,
}

/// Where the bytes of a picture lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPicture {
    /// The file, or the tar.
    pub path: PathBuf,
    /// Place and length in the tar.
    pub part: Option<(u64, u64)>,
    pub content_type: &'static str,
}

impl PictureIndex {
    /// Looks through `dir` for pictures of known images. `quality_of` tells
    /// the quality of one whose name and folders do not.
    pub fn find(
        dir: &Path,
        known: impl Fn(&str) -> bool,
        quality_of: impl Fn(&str) -> Quality,
    ) -> io::Result<PictureIndex> {
        let mut pictures = PictureIndex::default();
        for path in pictures_below(dir)? {
            let of_folders = || {
                quality_of_folders(path.strip_prefix(dir).unwrap_or(&path))
                    .or_else(|| dir.file_name()?.to_str().and_then(quality_of_folder))
            };
            if packed::form::is_compressed_tar(&path) {
                pictures.notes.push(packed::form::unread(&path));
            } else if packed::is_tar(&path) {
                pictures
                    .add_tar(&path, &known, |id| of_folders().unwrap_or_else(|| quality_of(id)))?;
            } else if let Some((id, named)) = identify(&path, &known) {
                let quality = named.or_else(of_folders).unwrap_or_else(|| quality_of(&id));
                pictures.add(&id, quality, path);
            }
        }
        Ok(pictures)
    }

    /// The first picture found of a quality stays: copies are the same picture.
    pub fn add(&mut self, id: &str, quality: Quality, path: PathBuf) {
        if let Some(content_type) = content_type(&path) {
            self.hold(id, quality, HeldPicture { path, part: None, content_type });
        }
    }

    /// The pictures of a tar, by its index or by its headers.
    fn add_tar(
        &mut self,
        tar: &Path,
        known: impl Fn(&str) -> bool,
        quality_of: impl Fn(&str) -> Quality,
    ) -> io::Result<()> {
        for member in packed::read(tar).map_err(io::Error::other)? {
            let name = Path::new(&member.name);
            let (Some(content_type), Some((id, named))) =
                (content_type(name), identify(name, &known))
            else {
                continue;
            };
            let said = member.row.get(Field::Quality).and_then(|name| name.parse().ok());
            let quality = said.or(named).unwrap_or_else(|| quality_of(&id));
            if member.pieces.is_some() {
                let what = format!("'{}' in '{}' is stored with holes", member.name, tar.display());
                self.notes.push(format!("{what}, and not served: unpack-tar takes it out"));
                continue;
            }
            let part = Some((member.offset, member.bytes));
            self.hold(&id, quality, HeldPicture { path: tar.to_path_buf(), part, content_type });
        }
        Ok(())
    }

    fn hold(&mut self, id: &str, quality: Quality, picture: HeldPicture) {
        let held = self.pictures.entry(id.into()).or_default();
        if held.iter().all(|(other, _)| *other != quality) {
            held.push((quality, picture));
        }
    }

    pub fn has_any(&self, id: &str) -> bool {
        self.pictures.contains_key(id)
    }

    pub fn picture(&self, id: &str, quality: Quality) -> Option<&HeldPicture> {
        let held = self.pictures.get(id)?;
        held.iter().find(|(other, _)| *other == quality).map(|(_, picture)| picture)
    }

    /// The picture of the highest quality that is held.
    pub fn largest(&self, id: &str) -> Option<(Quality, &HeldPicture)> {
        let held = self.pictures.get(id)?;
        held.iter().max_by_key(|(quality, _)| *quality).map(|(quality, held)| (*quality, held))
    }

    /// Whether it is held, or can be made of a larger one.
    pub fn offers(&self, id: &str, quality: Quality) -> bool {
        self.largest(id).is_some_and(|(largest, _)| largest > quality)
            || self.picture(id, quality).is_some()
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.pictures.values().map(Vec::len).sum()
    }
}

/// The content type of a picture, by the end of its name; `None` is no picture.
pub fn content_type(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

/// The image, and the quality if the name says it: `<id>`, `<id>_<quality>`,
/// or an id among other words.
fn identify(path: &Path, known: impl Fn(&str) -> bool) -> Option<(String, Option<Quality>)> {
    let stem = path.file_stem()?.to_str()?;
    if known(stem) {
        return Some((stem.to_owned(), None));
    }
    let words: Vec<&str> = stem.split(['_', '-', '.', ' ']).collect();
    let id = words.iter().find(|word| known(word))?;
    let quality = words.iter().filter(|word| word != &id).find_map(|word| word.parse().ok());
    Some(((*id).to_owned(), quality))
}

/// The innermost folder that names a quality.
fn quality_of_folders(path: &Path) -> Option<Quality> {
    path.parent()?.iter().rev().find_map(|folder| quality_of_folder(folder.to_str()?))
}

/// `2048`, or as other archives name their folder: `mapillary-ada-2048-webp`.
fn quality_of_folder(name: &str) -> Option<Quality> {
    let name = name.strip_suffix("-webp").unwrap_or(name);
    let last = name.rsplit('-').next()?;
    (last == name || name.starts_with("mapillary-")).then(|| last.parse().ok())?
}

/// Every picture and every tar below `dir`, in the order of names. Hidden folders hold notes
/// and half files.
fn pictures_below(dir: &Path) -> io::Result<Vec<PathBuf>> {
    // One that is not there is no archive.
    fs::read_dir(dir)?;
    let mut pictures: Vec<PathBuf> = walk::files(dir).collect::<io::Result<_>>()?;
    pictures.retain(|path| content_type(path).is_some() || is_any_tar(path));
    pictures.sort();
    Ok(pictures)
}

fn is_any_tar(path: &Path) -> bool {
    packed::is_tar(path) || packed::form::is_compressed_tar(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> PictureIndex {
        let dir = tempfile::tempdir().expect("a folder");
        for name in names {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, b"x").expect("a file");
        }
        let known = |id: &str| id == "101" || id == "102";
        PictureIndex::find(dir.path(), known, |_| Quality::W1024).expect("a readable folder")
    }

    #[test]
    fn a_picture_is_found_in_any_layout() {
        for (name, quality) in [
            ("101.jpg", Quality::W1024),
            ("101_2048.jpg", Quality::W2048),
            ("2048/101.webp", Quality::W2048),
            ("2024-06-01/Ab3d_-x/101.jpeg", Quality::W1024),
            ("mapillary-ada-original-webp/2024-06-01/seq/101.webp", Quality::Original),
            ("street_101_original.JPG", Quality::Original),
        ] {
            assert!(found(&[name]).picture("101", quality).is_some(), "{name}");
        }
    }

    #[test]
    fn other_files_and_unknown_pictures_are_left_out() {
        let names = ["103.jpg", "101.txt", "x101.jpg", ".mapillary-pipes/101.jpg", ".101.jpg"];
        assert_eq!(found(&names).len(), 0);
    }

    #[test]
    fn the_qualities_of_one_image_stand_beside_each_other() {
        let pictures = found(&["101.jpg", "101_256.jpg", "102.jpg"]);
        assert!(pictures.picture("101", Quality::W256).is_some());
        assert!(pictures.picture("101", Quality::Original).is_none());
        assert_eq!(pictures.len(), 3);
    }
}

//! The picture files that arguments name: files as they are, folders by the names of what lies in them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::format::picture::Kind;

use super::walk;

/// How the names of photo files end whose metadata can be read: looking into
/// every file of a folder would be slow, and a camera names its files so.
const ENDINGS: [&str; 29] = [
    "jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "webp", "png", "heic", "heif", "hif", "avif",
    "tif", "tiff", "dng", "nef", "arw", "cr2", "rw2", "pef", "srw", "orf", "nrw", "rwl", "gpr",
    "3fr", "erf", "mef", "sr2",
];
/// Those of them that hold metadata of ours: JPEG by all its names, and WebP.
const WRITTEN: [&str; 7] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "webp"];

/// Names of photo files that are not read.
const NOT_READ: [&str; 26] = [
    "bay", "cap", "cr3", "crw", "dcr", "dcs", "drf", "eip", "fff", "iiq", "j2k", "jp2", "jxl",
    "jxr", "k25", "kdc", "mdc", "mos", "mrw", "ptx", "raf", "raw", "srf", "x3f", "bmp", "gif",
];
/// Names of what cameras write beside photos and no tool here reads: videos.
const VIDEOS: [&str; 10] = ["360", "avi", "insv", "lrv", "m4v", "mov", "mp4", "mts", "r3d", "webm"];

/// Whether the name is that of a photo file.
pub fn is_named_so(path: &Path) -> bool {
    ends_in(path, &ENDINGS)
}

/// Whether the name is that of a photo file whose metadata can be written.
pub fn is_written(path: &Path) -> bool {
    ends_in(path, &WRITTEN)
}

/// Whether the name is that of a picture or a video that is not read.
pub fn is_not_read(path: &Path) -> bool {
    ends_in(path, &NOT_READ) || ends_in(path, &VIDEOS)
}

/// How the names of photo files end, in small letters.
pub fn endings() -> impl Iterator<Item = &'static str> {
    ENDINGS.into_iter().chain(NOT_READ)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

/// Whether the path is a folder or a photo file, by its first bytes or, when
/// those are of no known format, by its name.
///
/// # Errors
/// A file that cannot be opened.
pub fn are_at(path: &Path) -> io::Result<bool> {
    if path.is_dir() {
        return Ok(true);
    }
    let mut start = Vec::new();
    fs::File::open(path)?.take(12).read_to_end(&mut start)?;
    Ok(Kind::of(&start).is_some() || is_named_so(path))
}

/// The files that the arguments name, in natural order whatever the order of
/// the shell was. `recursive` goes into the folders of folders too.
pub fn files(
    mut paths: Vec<PathBuf>,
    recursive: bool,
) -> impl Iterator<Item = io::Result<PathBuf>> + Send {
    paths.sort_by(|a, b| walk::natural(bytes(a), bytes(b)));
    paths.into_iter().flat_map(move |path| match (path.is_dir(), recursive) {
        (false, _) => Box::new(std::iter::once(Ok(path))) as Files,
        (true, true) => Box::new(walk::files(&path).filter(is_wanted)),
        (true, false) => Box::new(beside_each_other(&path)),
    })
}

type Files = Box<dyn Iterator<Item = io::Result<PathBuf>> + Send>;

fn is_wanted(path: &io::Result<PathBuf>) -> bool {
    path.as_ref().map_or(true, |path| is_named_so(path))
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The photo files of one folder.
fn beside_each_other(folder: &Path) -> impl Iterator<Item = io::Result<PathBuf>> + Send + use<> {
    match list(folder) {
        Ok(files) => files.into_iter().map(Ok).collect::<Vec<_>>().into_iter(),
        Err(error) => {
            let what = format!("cannot read folder '{}': {error}", folder.display());
            vec![Err(io::Error::new(error.kind(), what))].into_iter()
        }
    }
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && is_named_so(&entry.path()) && !entry.file_type()?.is_dir() {
            files.push(entry.path());
        }
    }
    files.sort_by(|a, b| walk::natural(bytes(a), bytes(b)));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &Path, recursive: bool) -> Vec<String> {
        files(vec![folder.to_path_buf()], recursive)
            .map(|path| path.unwrap().strip_prefix(folder).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn photo_files_come_in_natural_order_and_others_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b10.JPG", "b9.jpg", "track.gpx", ".b1.jpg", "sub/c.webp", ".tool/d.jpg"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(found(folder.path(), false), ["b9.jpg", "b10.JPG"]);
        assert_eq!(found(folder.path(), true), ["b9.jpg", "b10.JPG", "sub/c.webp"]);
    }

    #[test]
    fn arguments_come_in_natural_order_too() {
        let named = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let sorted: Vec<_> =
            files(named(&["f10.jpg", "f9.jpg"]), false).map(Result::unwrap).collect();
        assert_eq!(sorted, named(&["f9.jpg", "f10.jpg"]));
    }
}

//! The picture files named by the arguments: files are accepted as given, folders are searched by file name.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::format::picture;
use crate::value::human_format::{counted, grouped};
use crate::value::picture_endings;

use super::open;
use super::walk::{self, Kind};
use super::{Action, AtPath, PathError};

/// Extensions of photo files that are not read.
const NOT_READ: [&str; 26] = [
    "bay", "cap", "cr3", "crw", "dcr", "dcs", "drf", "eip", "fff", "iiq", "j2k", "jp2", "jxl",
    "jxr", "k25", "kdc", "mdc", "mos", "mrw", "ptx", "raf", "raw", "srf", "x3f", "bmp", "gif",
];
/// Extensions of videos, which cameras write beside photos; no tool here reads them.
const VIDEOS: [&str; 10] = ["360", "avi", "insv", "lrv", "m4v", "mov", "mp4", "mts", "r3d", "webm"];

/// Whether the name is that of a photo file.
pub fn is_named_so(path: &Path) -> bool {
    ends_in(path, &picture_endings::READ)
}

/// Whether the name is that of a photo file whose metadata can be written.
pub fn is_written(path: &Path) -> bool {
    ends_in(path, &picture_endings::WRITTEN)
}

/// Whether the name is that of a picture or a video that is not read.
pub fn is_not_read(path: &Path) -> bool {
    ends_in(path, &NOT_READ) || ends_in(path, &VIDEOS)
}

/// Extensions of photo files, in lower case.
pub fn endings() -> impl Iterator<Item = &'static str> {
    picture_endings::READ.into_iter().chain(NOT_READ)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

/// Whether the path is a folder or a photo file, judged by its first bytes or, if their format is unknown, by
/// its name.
///
/// # Errors
/// A file that cannot be opened.
pub fn are_at(path: &Path) -> io::Result<bool> {
    let meta = path.metadata()?;
    if meta.is_dir() {
        return Ok(true);
    }
    // A pipe can be read only once, so its bytes are left to the reader of the rows.
    if !meta.is_file() {
        return Ok(is_named_so(path));
    }
    let mut start = Vec::new();
    open::file(path)?.take(12).read_to_end(&mut start)?;
    Ok(picture::PictureFormat::detect(&start).is_some() || is_named_so(path))
}

/// A photo that is no longer where it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedPhoto {
    pub from: PathBuf,
    pub place: MovedTo,
}

/// Where the row of a moved photo comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovedTo {
    /// The photo itself.
    File(PathBuf),
    /// A list of rows as JSON lines: its line of this length is at this offset.
    Line { list: Arc<Path>, at: u64, len: usize },
}

/// The folders that a run searches for photos.
#[derive(Debug, Clone)]
pub struct SearchedFolders {
    /// As they were given, and absolute.
    folders: Vec<(PathBuf, PathBuf)>,
    is_recursive: bool,
}

impl SearchedFolders {
    /// # Errors
    /// The current folder is unknown.
    pub fn new(folders: &[PathBuf], is_recursive: bool) -> Result<SearchedFolders, PathError> {
        let absolute = |folder: &PathBuf| {
            let whole = std::path::absolute(folder).at_path(Action::Use, folder)?;
            Ok((folder.clone(), whole))
        };
        let folders = folders.iter().map(absolute).collect::<Result<_, PathError>>()?;
        Ok(SearchedFolders { folders, is_recursive })
    }

    /// Whether a photo of this absolute path is found in the folders.
    pub fn searches(&self, absolute: &Path) -> bool {
        self.path_of(absolute).is_some()
    }

    /// The path by which a photo of the folders is found, from its absolute path; `None` for any other file.
    pub fn path_of(&self, absolute: &Path) -> Option<PathBuf> {
        let path = |(folder, whole): &(PathBuf, PathBuf)| {
            let below = absolute.strip_prefix(whole).ok()?;
            let is_within = self.is_recursive || below.components().count() == 1;
            (is_within && is_named_so(absolute)).then(|| folder.join(below))
        };
        self.folders.iter().find_map(path)
    }
}

/// The files and those that were moved away, by their old names, in natural order.
pub fn with_moved<F: Iterator<Item = io::Result<PathBuf>> + Send>(
    files: F,
    moved: &[MovedPhoto],
) -> impl Iterator<Item = io::Result<PathBuf>> + Send + use<F> {
    let mut old: Vec<PathBuf> = moved.iter().map(|photo| photo.from.clone()).collect();
    old.sort_by(|a, b| walk::natural(bytes(a), bytes(b)));
    old.dedup();
    let (mut files, mut old) = (files.peekable(), old.into_iter().peekable());
    std::iter::from_fn(move || {
        let is_old_next = match (files.peek(), old.peek()) {
            (Some(Ok(file)), Some(old)) => walk::natural(bytes(old), bytes(file)).is_lt(),
            (Some(Err(_)), _) => false,
            (None, old) => old.is_some(),
            (_, None) => false,
        };
        if is_old_next { old.next().map(Ok) } else { files.next() }
    })
}

/// The files that the arguments name, in natural order, whatever the order of the shell. `recursive` also
/// searches subfolders. Skipped files are reported to `say` at the end, in one sentence.
pub fn files(
    mut paths: Vec<PathBuf>,
    recursive: bool,
    say: impl Fn(&str) + Send,
) -> impl Iterator<Item = io::Result<PathBuf>> + Send {
    paths.sort_by(|a, b| walk::natural(bytes(a), bytes(b)));
    let all = paths.into_iter().flat_map(move |path| match (path.is_dir(), recursive) {
        (false, _) => Box::new(std::iter::once(Ok((path, What::Named)))) as Files,
        (true, true) => Box::new(
            walk::all(&path).map(|entry| entry.map(|entry| (entry.path, What::Lies(entry.kind)))),
        ),
        (true, false) => Box::new(beside_each_other(&path)),
    });
    let mut passed = SkippedFiles::default();
    all.map(Some).chain(std::iter::once_with(|| None)).filter_map(move |file| match file {
        Some(Ok((path, what))) => passed.is_photo(&path, what).then_some(Ok(path)),
        Some(Err(error)) => Some(Err(error)),
        None => {
            passed.words().iter().for_each(|words| say(words));
            None
        }
    })
}

type Found = io::Result<(PathBuf, What)>;
type Files = Box<dyn Iterator<Item = Found> + Send>;

/// How a path was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Named by an argument, and so treated as a photo whatever its name is.
    Named,
    /// Found in a folder.
    Lies(Kind),
}

/// Files in the folders that are not readable photos.
#[derive(Default)]
struct SkippedFiles {
    /// By extension.
    files: BTreeMap<String, u64>,
    folders: u64,
}

impl SkippedFiles {
    /// Whether it is a photo. Otherwise it is counted, if a user may miss it.
    fn is_photo(&mut self, path: &Path, what: What) -> bool {
        match what {
            What::Named => return true,
            What::Lies(Kind::Folder) => self.folders += 1,
            What::Lies(_) if is_named_so(path) => return true,
            What::Lies(Kind::File) if is_not_read(path) => {
                let ending = path.extension().unwrap_or_default().display().to_string();
                *self.files.entry(ending).or_default() += 1;
            }
            What::Lies(_) => {}
        }
        false
    }

    fn words(&self) -> Vec<String> {
        let files: u64 = self.files.values().sum();
        let each = self.files.iter().map(|(ending, n)| format!("{} .{ending}", grouped(*n)));
        let each: Vec<String> = each.collect();
        let (kinds, folders) = (each.join(", "), self.folders);
        let were = if folders == 1 { "was" } else { "were" };
        let said = [
            (files, format!("{} of kinds that are not read: {kinds}", counted(files, "files"))),
            (
                folders,
                format!(
                    "{} {were} not searched: -r searches them too",
                    counted(folders, "subfolders")
                ),
            ),
        ];
        said.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect()
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The entries of one folder.
fn beside_each_other(folder: &Path) -> impl Iterator<Item = Found> + Send + use<> {
    match walk::entries(folder) {
        Ok(entries) => entries
            .into_iter()
            .map(|entry| Ok((entry.path, What::Lies(entry.kind))))
            .collect::<Vec<_>>()
            .into_iter(),
        Err(error) => {
            vec![Err(PathError::new(Action::ReadFolder, folder, error).into_io())].into_iter()
        }
    }
}

#[cfg(test)]
mod tests;

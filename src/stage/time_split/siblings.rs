//! The files that belong to a photo by name: its raw or JPEG twin, sidecars, audio recordings.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// Folders are listed once: about 150 bytes of memory per file.
#[derive(Default)]
pub struct SiblingFiles {
    folders: HashMap<PathBuf, Names>,
    taken: HashSet<PathBuf>,
}

impl SiblingFiles {
    /// The other files with a photo's stem that have not been returned yet: `a.CR2`, `a.xmp`, `a.CR2.xmp` and
    /// `A.JPG.xmp` beside `a.jpg`, but not `a.2.jpg`, which is a different photo.
    pub fn take(&mut self, photo: &Path) -> Vec<PathBuf> {
        let (Some(name), Some(stem)) = (photo.file_name(), photo.file_stem()) else {
            return Vec::new();
        };
        let (Some(name), Some(stem)) = (name.to_str(), stem.to_str()) else { return Vec::new() };
        let folder = photo.parent().unwrap_or(Path::new(""));
        let names = self.folders.entry(folder.to_path_buf()).or_insert_with(|| list(folder));
        let start = format!("{}.", stem.to_lowercase());
        let has = |lower: &str| at(names, lower).next().is_some_and(|(found, _)| found == lower);
        // If two photos differ only in the case of their names, case decides which one a file belongs to.
        let full = name.to_lowercase();
        let has_double = at(names, &full).take_while(|(lower, _)| *lower == full).count() > 1;
        let belongs = |(lower, other): &&(String, String)| {
            let is_ours = other != name && (!has_double || other.starts_with(&format!("{stem}.")));
            let is_of = |(twin, _): (&str, &str)| has(&format!("{start}{twin}"));
            is_ours && lower[start.len()..].rsplit_once('.').is_none_or(is_of)
        };
        let of_stem = at(names, &start).take_while(|(lower, _)| lower.starts_with(&start));
        let others = of_stem.filter(belongs).map(|(_, other)| folder.join(other));
        let taken = &mut self.taken;
        others.filter(|other| taken.insert(other.clone())).collect()
    }
}

/// Names in lower case, and as they are.
type Names = BTreeSet<(String, String)>;

/// The names from `lower` on.
fn at<'a>(names: &'a Names, lower: &str) -> impl Iterator<Item = &'a (String, String)> {
    names.range((Bound::Included((lower.to_string(), String::new())), Bound::Unbounded))
}

/// The files of a folder. A file without a valid UTF-8 name is not listed, and stays.
fn list(folder: &Path) -> Names {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(here).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    names.map(|name| (name.to_lowercase(), name)).collect()
}

/// Whether a file can be filed: a link would lead elsewhere from a different folder.
pub fn is_plain(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

#[cfg(test)]
mod tests;

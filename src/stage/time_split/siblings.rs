//! The files that belong to a photo by their names: its raw or JPEG twin, sidecars, recordings of sound.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// Folders are listed once: about 100 bytes a file are held.
#[derive(Default)]
pub struct Along {
    folders: HashMap<PathBuf, BTreeSet<String>>,
    taken: HashSet<PathBuf>,
}

impl Along {
    /// The other files of a photo's stem that nobody has been given yet: `a.CR2`, `a.xmp` and `a.CR2.xmp`
    /// beside `a.jpg`, but not `a.2.jpg`, which is another photo.
    pub fn of(&mut self, photo: &Path) -> Vec<PathBuf> {
        let (Some(name), Some(stem)) = (photo.file_name(), photo.file_stem()) else {
            return Vec::new();
        };
        let (Some(name), Some(stem)) = (name.to_str(), stem.to_str()) else { return Vec::new() };
        let folder = photo.parent().unwrap_or(Path::new(""));
        let names = self.folders.entry(folder.to_path_buf()).or_insert_with(|| list(folder));
        let start = format!("{stem}.");
        let from = (Bound::Included(start.clone()), Bound::Unbounded);
        let of_stem = names.range(from).take_while(|other| other.starts_with(&start));
        let belongs = |other: &&String| {
            let rest = &other[start.len()..];
            let is_of = |(twin, _): (&str, &str)| names.contains(&format!("{start}{twin}"));
            *other != name && rest.rsplit_once('.').is_none_or(is_of)
        };
        let others = of_stem.filter(belongs).map(|other| folder.join(other));
        let taken = &mut self.taken;
        others.filter(|other| taken.insert(other.clone())).collect()
    }
}

/// The files of a folder. What has no plain name is on no list of ours, and stays.
fn list(folder: &Path) -> BTreeSet<String> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(here).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    files.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Whether a file can be filed: a link would lead elsewhere from another folder.
pub fn is_plain(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_of_a_stem_belong_to_its_photo_and_each_is_given_once() {
        let folder = tempfile::tempdir().unwrap();
        let along = [
            "a.CR2",
            "a.THM",
            "a.WAV",
            "a.AAE",
            "a.xmp",
            "a.CR2.xmp",
            "a.jpg.xmp",
            "a.jpg_original",
        ];
        for name in along.iter().chain(&["a.jpg", "a.2.jpg", "ab.xmp", "a", ".a.xmp", "b.jpg"]) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("a.d")).unwrap();
        let mut found = Along::default();
        let mut names = |photo: &str| -> Vec<String> {
            let others = found.of(&folder.path().join(photo));
            others.iter().map(|p| p.file_name().unwrap().to_str().unwrap().into()).collect()
        };
        let mut first = names("a.jpg");
        first.sort();
        let mut wanted = along.to_vec();
        wanted.sort();
        assert_eq!(first, wanted);
        assert_eq!(names("a.CR2"), ["a.jpg"], "the others went with the first");
        assert_eq!(names("b.jpg"), [""; 0]);
    }
}

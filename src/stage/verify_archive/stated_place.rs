//! Where a row of a folder's list has its picture.

use std::path::{Path, PathBuf, absolute};

use super::picture_join::StatedPlace;
use super::stated::file_name;
use crate::disk::{Action, AtPath, PathError};
use crate::row::{Field, Row};

/// The folder that has the list.
pub struct ListedFolder {
    path: PathBuf,
    absolute: PathBuf,
}

impl ListedFolder {
    /// # Errors
    /// The current folder is unknown.
    pub fn new(folder: &Path) -> Result<ListedFolder, PathError> {
        let absolute = absolute(folder).at_path(Action::Use, folder)?;
        Ok(ListedFolder { path: folder.to_path_buf(), absolute })
    }

    /// The place that a row states, by its `member` or its `path`; `None` if it has neither.
    pub fn place(&self, row: &Row) -> Option<StatedPlace> {
        let name = file_name(row)?;
        let path = row.get(Field::Path).filter(|_| row.get(Field::Member).is_none()).map(Path::new);
        let here = path.and_then(|path| Some((path.to_path_buf(), self.stated_below(path)?)));
        Some(match here {
            Some((path, below)) => StatedPlace { path, below: Some(below) },
            None => StatedPlace { path: self.path.join(name), below: None },
        })
    }

    /// The same for the path of a row. A relative one may be from a folder above the current one, as when the list was made
    /// beside the folder, and is checked in it.
    fn stated_below(&self, path: &Path) -> Option<PathBuf> {
        let here = absolute(path).ok()?;
        if path.is_absolute() || here.parent().is_some_and(Path::is_dir) {
            return self.below(path);
        }
        let current = absolute(".").ok()?;
        let mut above = current.ancestors().skip(1);
        above.find_map(|base| self.below(&base.join(path))).or_else(|| self.below(path))
    }

    /// The path below the folder of a file that is in it.
    pub fn below(&self, path: &Path) -> Option<PathBuf> {
        absolute(path).ok()?.strip_prefix(&self.absolute).ok().map(Path::to_path_buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_folder_is_exact_and_of_one_elsewhere_the_name_counts() {
        let folder = ListedFolder::new(Path::new("some/pics")).unwrap();
        let of = |field, text: &str| {
            let StatedPlace { path, below } = folder.place(&Row::from_cells(&[(field, text)]))?;
            let show = |path: &Path| path.to_string_lossy().into_owned();
            Some((show(&path), below.as_deref().map(show)))
        };
        let place = |path: &str, below: Option<&str>| Some((path.into(), below.map(String::from)));
        for (path, below) in [("some/pics/a/1.jpg", "a/1.jpg"), ("./some/./pics/1.jpg", "1.jpg")] {
            assert_eq!(of(Field::Path, path), place(path, Some(below)));
        }
        for path in ["/old/pics/a/1.jpg", "some/1.jpg", "some/pics2/1.jpg", "1.jpg"] {
            assert_eq!(of(Field::Path, path), place("some/pics/1.jpg", None), "{path}");
        }
        assert_eq!(of(Field::Member, "2024-06-01/1.jpg"), place("some/pics/1.jpg", None));
        assert_eq!(of(Field::Lon, "9"), None);
    }
}

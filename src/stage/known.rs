//! Pictures that are known already: the ids in the files of `--known`, and
//! those of the pictures in its folders and their tars.
//!
//! An id costs about 16 bytes of memory.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::disk::locate::Tars;
use crate::disk::{index, open, packed, walk};
use crate::row::Field;
use crate::row::table::Reader;

use super::Fault;

/// A set of ids.
#[derive(Debug, Default)]
pub struct Known(HashSet<u64>);

impl Known {
    /// Reads files of rows, or of ids, one a line. Rows that failed are not known.
    pub fn read(paths: &[PathBuf]) -> Result<Known, Fault> {
        let mut known = Known::default();
        for path in paths {
            known
                .add(path)
                .map_err(|what| Fault(format!("cannot read '{}': {what}", path.display())))?;
        }
        Ok(known)
    }

    pub fn has(&self, id: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&key(id))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn insert(&mut self, id: &str) {
        self.0.insert(key(id));
    }

    fn add(&mut self, path: &Path) -> Result<(), String> {
        if path.is_dir() {
            return self.add_folder(path);
        }
        let file = open::stream(path).map_err(|error| error.to_string())?;
        let mut file = BufReader::new(file);
        let start = file.fill_buf().map_err(|error| error.to_string())?;
        // No name of a column begins with a digit, and every id does.
        match start.first().is_some_and(u8::is_ascii_digit) {
            true => self.add_ids(file),
            false => self.add_rows(file),
        }
    }

    /// The pictures below a folder: by the names of those that lie loose, and
    /// by the indexes of tars, but for members that are damaged.
    fn add_folder(&mut self, folder: &Path) -> Result<(), String> {
        for path in walk::files(folder) {
            let path = path.map_err(|error| error.to_string())?;
            if packed::is_tar(&path) {
                Tars::of(&[path])?.ids().for_each(|id| self.insert(id));
            } else if let Some((id, _)) = index::named(&path) {
                self.insert(id);
            }
        }
        Ok(())
    }

    fn add_ids(&mut self, file: impl BufRead) -> Result<(), String> {
        for line in file.lines() {
            let line = line.map_err(|error| error.to_string())?;
            if !line.trim().is_empty() {
                self.insert(line.trim());
            }
        }
        Ok(())
    }

    fn add_rows(&mut self, file: BufReader<File>) -> Result<(), String> {
        let mut reader = Reader::new(file).map_err(|error| error.to_string())?;
        while let Some(row) = reader.next_row() {
            let row = row.map_err(|error| error.to_string())?;
            if let (Some(id), None) = (row.get(Field::ImgId), row.get(Field::Error)) {
                self.insert(id);
            }
        }
        Ok(())
    }
}

/// Ids are numbers below 2^64; the rare other one is known by its hash.
fn key(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_of_a_folder_are_known_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["31_2048.jpg", "a/32.webp", "a/33.txt"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let known = Known::read(&[folder.path().to_path_buf()]).unwrap();
        assert_eq!(["31", "32", "33"].map(|id| known.has(id)), [true, true, false]);
    }

    #[test]
    fn rows_and_bare_ids_are_known_and_failed_rows_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let (rows, ids) = (folder.path().join("a.csv"), folder.path().join("ids"));
        std::fs::write(&rows, "img_id,error\n11,\n12,gone\n").unwrap();
        std::fs::write(&ids, "21\n22\n").unwrap();
        let known = Known::read(&[rows, ids]).unwrap();
        assert!(known.has("11") && known.has("21") && known.has("22"));
        assert!(!known.has("12") && !known.has("3"));
        let error = Known::read(&[folder.path().join("b")]).unwrap_err();
        assert!(error.0.contains("b'"), "{error}");
    }
}

//! The files of a folder and of those below it, in natural order: `2.jpg`
//! before `10.jpg`. Hidden files and folders, the tools' notes among them, are
//! left out, and links to folders are not followed.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Held in memory are the names of the folder at hand and of those above it.
pub struct Walk {
    /// What is still to come, the next at the end.
    waiting: Vec<(PathBuf, bool)>,
}

/// Walks a folder; one that is not there has no files.
pub fn files(folder: &Path) -> Walk {
    Walk { waiting: vec![(folder.to_path_buf(), true)] }
}

impl Iterator for Walk {
    type Item = io::Result<PathBuf>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some((path, is_folder)) = self.waiting.pop() {
            if !is_folder {
                return Some(Ok(path));
            }
            match entries(&path) {
                Ok(entries) => self.waiting.extend(entries.into_iter().rev()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let what = format!("cannot read folder '{}': {error}", path.display());
                    return Some(Err(io::Error::new(error.kind(), what)));
                }
            }
        }
        None
    }
}

fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !is_hidden(&entry.file_name()) {
            entries.push((entry.path(), entry.file_type()?.is_dir()));
        }
    }
    entries.sort_by(|a, b| natural(name(&a.0), name(&b.0)));
    Ok(entries)
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn name(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_encoded_bytes()
}

/// Compares names with runs of digits as numbers.
pub fn natural(a: &[u8], b: &[u8]) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(&one), Some(&other)) = (left.first(), right.first()) {
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let (number, rest) = digits(left);
            let (other_number, other_rest) = digits(right);
            let order = number.len().cmp(&other_number.len()).then(number.cmp(other_number));
            if order.is_ne() {
                return order;
            }
            (left, right) = (rest, other_rest);
        } else if one != other {
            return one.cmp(&other);
        } else {
            (left, right) = (&left[1..], &right[1..]);
        }
    }
    // Names that differ by zeros alone still have an order.
    left.len().cmp(&right.len()).then(a.cmp(b))
}

/// The digits at the start, without their zeros, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|b| **b == b'0').count();
    (&text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names: Vec<&str> = vec!["b10", "b9", "a2x", "a02x", "a10", "b"];
        names.sort_by(|a, b| natural(a.as_bytes(), b.as_bytes()));
        assert_eq!(names, ["a02x", "a2x", "a10", "b", "b9", "b10"]);
    }

    #[test]
    fn folders_are_gone_into_and_hidden_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["10.jpg", "2.jpg", "3/x.jpg", ".mapillary-pipes/gone", "3/.x.jpg.part"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found: Vec<_> = files(folder.path())
            .map(|path| path.unwrap().strip_prefix(folder.path()).unwrap().to_path_buf())
            .collect();
        assert_eq!(found, ["2.jpg", "3/x.jpg", "10.jpg"].map(PathBuf::from));
        assert_eq!(files(&folder.path().join("none")).count(), 0);
    }
}

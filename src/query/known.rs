//! Pictures that are known already: the ids in the files of `--known`, and
//! those of the pictures in its folders and their tars.
//!
//! An id costs about 16 bytes of memory.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::disk::locate::Tars;
use crate::disk::{index, open, packed, walk};
use crate::row::Field;
use crate::row::encoding::{self, Input};
use crate::row::table::Reader;
use crate::value::{picture_id, shown};

use crate::shape::FatalError;

/// A set of ids.
#[derive(Debug, Default)]
pub struct Known(HashSet<u64>);

impl Known {
    /// Reads files of rows, or of ids, one a line, and folders. Rows that failed
    /// are not known. `say` is told of what holds no ids.
    pub fn read(paths: &[PathBuf], say: impl Fn(&str)) -> Result<Known, FatalError> {
        let mut known = Known::default();
        for path in paths {
            let name = path.display();
            let wrong = |what: String| FatalError(format!("cannot read '{name}': {what}"));
            if path.is_dir() {
                known.add_folder(path).map_err(wrong)?;
            } else {
                let mut list = List::default();
                known.add_file(path, &mut list).map_err(wrong)?;
                list.words().iter().for_each(|words| say(&format!("'{name}': {words}")));
            }
        }
        Ok(known)
    }

    pub fn has(&self, id: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&key(id))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands for all the ids, in whatever order they came.
    pub fn digest(&self) -> (usize, u64) {
        let sum = self.0.iter().fold(0u64, |sum, id| sum.wrapping_add(hash(id)));
        (self.0.len(), sum)
    }

    pub fn insert(&mut self, id: &str) {
        self.0.insert(key(id));
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

    fn add_file(&mut self, path: &Path, list: &mut List) -> Result<(), String> {
        let file = open::stream(path).map_err(|error| error.to_string())?;
        let text = encoding::open(file).and_then(|text| encoding::peek(text, 1));
        let (start, text) = text.map_err(|error| error.to_string())?;
        // No name of a column begins with a digit, and every id does.
        if start.first().is_some_and(u8::is_ascii_digit) {
            self.add_ids(text, list)
        } else {
            self.add_rows(text, list)
        }
    }

    fn add_ids(&mut self, text: Input, list: &mut List) -> Result<(), String> {
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.map_err(|error| error.to_string())?;
            if !text.trim().is_empty() {
                self.add_id(&text, line, list);
            }
        }
        Ok(())
    }

    fn add_rows(&mut self, text: Input, list: &mut List) -> Result<(), String> {
        let mut reader = Reader::new(text).map_err(|error| error.to_string())?;
        while let Some(row) = reader.next_row() {
            let row = row.map_err(|error| error.to_string())?;
            if let (Some(id), None) = (row.get(Field::ImgId), row.get(Field::Error)) {
                self.add_id(id, row.line, list);
            }
        }
        list.columns = shown::list(reader.columns().list().iter().map(|column| &*column.name));
        Ok(())
    }

    fn add_id(&mut self, text: &str, line: u64, list: &mut List) {
        match picture_id::read(text) {
            Ok(id) => {
                list.ids += 1;
                self.insert(id);
            }
            Err(what) => {
                list.wrong += 1;
                list.first.get_or_insert_with(|| format!("line {line}: {what}"));
            }
        }
    }
}

/// What a file held.
#[derive(Default)]
struct List {
    ids: u64,
    /// Texts in the place of ids that are none, and the first of them.
    wrong: u64,
    first: Option<String>,
    columns: String,
}

impl List {
    /// What the user should know of it.
    fn words(&self) -> Option<String> {
        match (&self.first, self.ids) {
            (Some(first), 0) => {
                Some(format!("no id of a picture in it, so it leaves out nothing; {first}"))
            }
            (Some(first), _) => Some(format!("{} of its ids are none; {first}", self.wrong)),
            (None, 0) => Some(format!(
                "no id of a picture in it, so it leaves out nothing; its columns: {}",
                if self.columns.is_empty() { "none" } else { &self.columns }
            )),
            (None, _) => None,
        }
    }
}

/// Ids are numbers below 2^64; the rare other one is known by its hash.
fn key(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| hash(id))
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
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
        let known = Known::read(&[folder.path().to_path_buf()], |_| ()).unwrap();
        assert_eq!(["31", "32", "33"].map(|id| known.has(id)), [true, true, false]);
    }

    /// What is known of these texts, each in a file, and what is said of them.
    fn read(texts: &[&[u8]]) -> (Known, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> =
            (0..texts.len()).map(|at| folder.path().join(format!("{at}"))).collect();
        paths.iter().zip(texts).for_each(|(path, text)| std::fs::write(path, text).unwrap());
        let said = std::cell::RefCell::default();
        let known = Known::read(&paths, |words| {
            let said: &std::cell::RefCell<Vec<String>> = &said;
            said.borrow_mut().push(words.to_string());
        });
        (known.unwrap(), said.into_inner())
    }

    #[test]
    fn rows_and_bare_ids_are_known_and_failed_rows_are_not() {
        let (known, said) = read(&[b"img_id,error\n11,\n12,gone\n", b"21\n22\n"]);
        assert!(known.has("11") && known.has("21") && known.has("22"));
        assert!(!known.has("12") && !known.has("3"));
        assert_eq!(said, Vec::<String>::new());
        let error = Known::read(&[PathBuf::from("/nonexistent/b")], |_| ()).unwrap_err();
        assert!(error.0.contains("b'"), "{error}");
    }

    #[test]
    fn ids_are_known_from_whatever_form_others_gave_them() {
        let wide: Vec<u8> =
            "\u{feff}img_id\tlon\n77\t9\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [
            &b"[{\"id\":\"77\"},{\"id\":\"5\"}]"[..],
            b"[77,\n5]",
            b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":77}}]}",
            b"sep=;\r\nimg_id;lon\r\n77;9,9\r\n",
            b"img_id\tlon\n77\t9\n",
            b"img_id,lon\n 77 , 9.9 \n",
            b"img_id,lon\n=\"77\",9.9\n",
            &wide,
        ] {
            let (known, said) = read(&[text]);
            assert!(known.has("77") && said.is_empty(), "{said:?}");
        }
    }

    #[test]
    fn a_file_that_leaves_out_nothing_says_why() {
        for (text, why) in [
            (
                &b"IMG_ID,Lon\n77,9\n"[..],
                "no id of a picture in it, so it leaves out nothing; its columns: IMG_ID, Lon",
            ),
            (
                b"img_id\n1.02E+15\n",
                "nothing; line 2: '1.02E+15' is not the id of a picture, but a number that a spreadsheet",
            ),
            (b"img_id\n7\n8.0\n", "1 of its ids are none; line 3: '8.0'"),
            (b"", "its columns: none"),
        ] {
            let (_, said) = read(&[text]);
            assert!(said.len() == 1 && said[0].contains(why), "{said:?}");
        }
    }

    #[test]
    fn the_same_ids_have_one_digest_in_any_order() {
        let digest = |text: &[u8]| read(&[text]).0.digest();
        assert_eq!(digest(b"img_id\n1\n2\n"), digest(b"2\n1\n"));
        assert_ne!(digest(b"1\n2\n"), digest(b"1\n3\n"));
    }
}

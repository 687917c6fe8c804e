//! Known pictures: the ids in the files of `--known`, and those of the pictures in its folders and the tars
//! there.
//!
//! An id takes about 16 bytes of memory.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::archive::damage_record::Damage;
use crate::archive::{packed, picture_index};
use crate::disk::{open, walk};
use crate::row::encoding::{self, Input};
use crate::row::row_format::{ReadError, Reader};
use crate::row::{Field, parquet};
use crate::value::{picture_id, shown};

use crate::shape::{FatalError, RowError};

/// A set of ids.
#[derive(Debug, Default)]
pub struct KnownIds(HashSet<u64>);

impl KnownIds {
    /// Reads files of rows, files with one id per line, and folders. Rows that failed do not count as known.
    /// `say` receives a message about inputs without ids.
    pub fn read(paths: &[PathBuf], say: impl Fn(&str)) -> Result<KnownIds, FatalError> {
        let mut known = KnownIds::default();
        for path in paths {
            let name = path.display();
            let wrong = |what: RowError| FatalError(format!("cannot read '{name}': {what}"));
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

    /// A digest of all the ids, independent of their order.
    pub fn digest(&self) -> (usize, u64) {
        let sum = self.0.iter().fold(0u64, |sum, id| sum.wrapping_add(hash(id)));
        (self.0.len(), sum)
    }

    /// Adds an id; returns whether it is new.
    pub fn insert(&mut self, id: &str) -> bool {
        self.0.insert(key(id))
    }

    /// Adds the pictures in a folder: individual files by name, those in tars by the indexes, except damaged
    /// members.
    fn add_folder(&mut self, folder: &Path) -> Result<(), RowError> {
        for path in walk::files(folder) {
            let path = path?;
            if packed::is_tar(&path) {
                self.add_tar(&path)?;
            } else if let Some((id, _)) = picture_index::named(&path) {
                self.insert(id);
            }
        }
        Ok(())
    }

    fn add_tar(&mut self, tar: &Path) -> Result<(), RowError> {
        let damaged = Damage::default().members(tar);
        packed::each_member(tar, |member| {
            if let Some(id) = member.row.get(Field::ImgId)
                && member.is_picture()
                && !damaged.contains(&member.name)
            {
                self.insert(id);
            }
        })?;
        Ok(())
    }

    fn add_file(&mut self, path: &Path, list: &mut List) -> Result<(), RowError> {
        let mut file = open::stream(path)?;
        if parquet::is(&mut file) {
            return self.add_rows(Reader::of_parquet(file), list);
        }
        let stream = open::NamedStream::new(file)?;
        let text = encoding::open(stream).and_then(|text| encoding::peek(text, 2));
        let (start, text) = text?;
        // Every id begins with a digit, and no column name does. Texts of JSON have quotes.
        let first = start.strip_prefix(b"\"").unwrap_or(&start).first();
        if first.is_some_and(u8::is_ascii_digit) {
            self.add_ids(text, list)
        } else {
            self.add_rows(Reader::new(text), list)
        }
    }

    fn add_ids(&mut self, text: Input, list: &mut List) -> Result<(), RowError> {
        for (line, text) in (1..).zip(text.lines()) {
            let text = text?;
            if !text.trim().is_empty() {
                let text = text.trim();
                let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                self.add_id(bare.unwrap_or(text), line, list);
            }
        }
        Ok(())
    }

    fn add_rows(
        &mut self,
        reader: Result<Reader, ReadError>,
        list: &mut List,
    ) -> Result<(), RowError> {
        let mut reader = reader?;
        while let Some(row) = reader.next_row() {
            let row = row?;
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

/// The contents of a file.
#[derive(Default)]
struct List {
    ids: u64,
    /// The number of texts that are not ids, and the first of them.
    wrong: u64,
    first: Option<String>,
    columns: String,
}

impl List {
    /// The message about the file for the user.
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

/// Ids are numbers below 2^64; a rare other one is represented by its hash.
pub fn key(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| hash(id))
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;

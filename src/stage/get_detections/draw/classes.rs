//! Class numbers, the same in all runs and processes of a folder.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::disk::{atomic_file, open};
use crate::shape::FatalError;

use super::Failure;

/// The table in a folder of masks.
const FILE: &str = "classes.json";
/// Labels have 16 bits, and 0 is the background.
const MOST: usize = 65_535;

/// Class names and their numbers, from 1: those that the table had when it was read last. Other processes may add to
/// it, and nobody changes what it has.
pub struct Classes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    file: Option<PathBuf>,
    has_file: bool,
}

impl Classes {
    /// The table of the mask folder, otherwise the categories of the existing COCO file.
    ///
    /// # Errors
    /// If a table cannot be read.
    pub fn open(masks: Option<&Path>, coco: Option<&Path>) -> Result<Classes, FatalError> {
        let file = masks.map(|folder| folder.join(FILE));
        let names = match (&file, coco) {
            (Some(file), _) => names_in(file, "classes")?,
            (None, Some(coco)) => names_in(coco, "categories")?,
            (None, None) => None,
        };
        let (numbers, has_file) = (HashMap::new(), names.is_some());
        let mut classes = Classes { names: Vec::new(), numbers, file, has_file };
        classes.learn(names.unwrap_or_default());
        Ok(classes)
    }

    /// The number of a class. A new class is in the table, on disk, before it is used in a mask.
    pub fn number(&mut self, name: &str) -> Result<usize, Failure> {
        self.include([name])?;
        let known = self.numbers.get(name).copied();
        known.ok_or_else(|| Failure::Picture(format!("more than {MOST} kinds of things")))
    }

    /// Gives numbers to these classes, with one change of the table for all of them. The table is written even if there
    /// are none, so that a folder whose masks are all empty has one.
    pub fn include<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        let new: Vec<&str> =
            names.into_iter().filter(|name| !self.numbers.contains_key(*name)).collect();
        match &self.file {
            Some(_) if new.is_empty() && self.has_file => Ok(()),
            Some(file) => self.add(&file.clone(), &new),
            None => {
                self.learn(new);
                Ok(())
            }
        }
    }

    /// Each number with its name.
    pub fn list(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.names.iter().map(String::as_str))
    }

    /// Takes over what other processes have added to the table, and adds the classes that are still new.
    fn add(&mut self, file: &Path, new: &[&str]) -> Result<(), Failure> {
        let mut in_file = self.names.len();
        let changed = atomic_file::update(file, |old| {
            let is_there = old.is_some();
            old.map_or(Ok(()), |old| self.take_over(file, &old))?;
            in_file = self.names.len();
            self.learn(new.iter().copied());
            let is_longer = self.names.len() > in_file;
            Ok((is_longer || !is_there).then(|| self.table().into_bytes()))
        });
        self.has_file |= changed.is_ok();
        changed.map_err(|error| {
            // A number that is not in the table must not get into a mask.
            self.forget_from(in_file);
            match error {
                Error::Table(fault) => Failure::Run(fault),
                Error::Disk(error) => Failure::new(file, &error),
            }
        })
    }

    /// Adds the classes of the table that are not known yet.
    fn take_over(&mut self, file: &Path, text: &[u8]) -> Result<(), FatalError> {
        let names = names(file, text, "classes")?;
        let has_ours = names.iter().zip(&self.names).all(|(theirs, ours)| theirs == ours);
        if !has_ours || names.len() < self.names.len() {
            let file = file.display();
            return Err(FatalError(format!(
                "'{file}': another program has changed numbers that masks have already: give another folder"
            )));
        }
        self.learn(names.into_iter().skip(self.names.len()));
        Ok(())
    }

    /// Gives the next numbers to the names that have none, as far as there are any.
    fn learn<N: Into<String> + AsRef<str>>(&mut self, names: impl IntoIterator<Item = N>) {
        for name in names {
            if self.names.len() < MOST && !self.numbers.contains_key(name.as_ref()) {
                let name = name.into();
                self.names.push(name.clone());
                self.numbers.insert(name, self.names.len());
            }
        }
    }

    fn forget_from(&mut self, known: usize) {
        self.names.drain(known..).for_each(|name| _ = self.numbers.remove(&name));
    }

    fn table(&self) -> String {
        let classes: Vec<Value> =
            self.list().map(|(id, name)| json!({"id": id, "name": name})).collect();
        let table = json!({
            "background": 0,
            "panoptic": "id = red + 256 * green + 65536 * blue = class * 1000 + instance",
            "classes": classes,
        });
        serde_json::to_string_pretty(&table).unwrap_or_default() + "\n"
    }
}

/// Why the table was not changed.
enum Error {
    Table(FatalError),
    Disk(io::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Disk(error)
    }
}

impl From<FatalError> for Error {
    fn from(fault: FatalError) -> Error {
        Error::Table(fault)
    }
}

/// The names in a file; `None` if there is no file.
fn names_in(file: &Path, key: &str) -> Result<Option<Vec<String>>, FatalError> {
    match open::read(file) {
        Ok(text) => names(file, &text, key).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(file, &error.to_string())),
    }
}

/// The names in a table, whose numbers must be from 1 without a gap.
fn names(file: &Path, text: &[u8], key: &str) -> Result<Vec<String>, FatalError> {
    let table: Value = serde_json::from_slice(text).map_err(|_| wrong(file, "no JSON"))?;
    let list = table[key].as_array();
    let list = list.ok_or_else(|| wrong(file, &format!("it has no list '{key}'")))?;
    let named = |(at, entry): (usize, &Value)| {
        let name = entry["name"].as_str().filter(|_| entry["id"].as_u64() == Some(at as u64 + 1));
        name.map(String::from)
            .ok_or_else(|| wrong(file, "its ids are not those of this tool, from 1 without a gap"))
    };
    let names: Vec<String> = list.iter().enumerate().map(named).collect::<Result<_, _>>()?;
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(wrong(file, &format!("it has '{twice}' twice"))),
        None => Ok(names),
    }
}

fn wrong(file: &Path, what: &str) -> FatalError {
    let file = file.display();
    FatalError(format!("'{file}': {what}: move it away, or give another place"))
}

#[cfg(test)]
mod tests;

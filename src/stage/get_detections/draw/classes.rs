//! Class numbers, stable across runs.

use std::collections::HashMap;
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

/// Class names and their numbers, from 1.
pub struct Classes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    file: Option<PathBuf>,
}

impl Classes {
    /// The table of the mask folder, otherwise the categories of the existing COCO file.
    ///
    /// # Errors
    /// If a table cannot be read.
    pub fn open(masks: Option<&Path>, coco: Option<&Path>) -> Result<Classes, FatalError> {
        let file = masks.map(|folder| folder.join(FILE));
        let names = match (&file, coco) {
            (Some(file), _) => names(file, "classes")?,
            (None, Some(coco)) => names(coco, "categories")?,
            (None, None) => Vec::new(),
        };
        let numbers = names.iter().cloned().zip(1..).collect();
        Ok(Classes { names, numbers, file })
    }

    /// The number of a class. A new class is written to the table before it is used in a mask.
    pub fn number(&mut self, name: &str) -> Result<usize, Failure> {
        if let Some(&number) = self.numbers.get(name) {
            return Ok(number);
        }
        let number = self.names.len() + 1;
        if number > MOST {
            return Err(Failure::Picture(format!("more than {MOST} kinds of things")));
        }
        self.names.push(name.to_string());
        self.numbers.insert(name.to_string(), number);
        self.write()?;
        Ok(number)
    }

    /// Each number with its name.
    pub fn list(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.names.iter().map(String::as_str))
    }

    /// Writes the table, also for a folder whose masks are all empty.
    pub fn write(&self) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        let classes: Vec<Value> =
            self.list().map(|(id, name)| json!({"id": id, "name": name})).collect();
        let table = json!({
            "background": 0,
            "panoptic": "id = red + 256 * green + 65536 * blue = class * 1000 + instance",
            "classes": classes,
        });
        let text = serde_json::to_string_pretty(&table).unwrap_or_default() + "\n";
        atomic_file::write(file, text.as_bytes()).map_err(|error| Failure::new(file, &error))
    }
}

/// The names in a table, whose numbers must be from 1 without a gap; empty if there is no table.
fn names(file: &Path, key: &str) -> Result<Vec<String>, FatalError> {
    let wrong = |what: &str| {
        let file = file.display();
        FatalError(format!("'{file}': {what}: move it away, or give another place"))
    };
    let text = match open::text(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(wrong(&error.to_string())),
    };
    let table: Value = serde_json::from_str(&text).map_err(|_| wrong("no JSON"))?;
    let list = table[key].as_array().ok_or_else(|| wrong(&format!("it has no list '{key}'")))?;
    let named = |(at, entry): (usize, &Value)| {
        let name = entry["name"].as_str().filter(|_| entry["id"].as_u64() == Some(at as u64 + 1));
        name.map(String::from)
            .ok_or_else(|| wrong("its ids are not those of this tool, from 1 without a gap"))
    };
    list.iter().enumerate().map(named).collect()
}

#[cfg(test)]
mod tests;

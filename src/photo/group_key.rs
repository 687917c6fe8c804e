//! The group key of a row, from a list of names, and its share among several processes: the same in every process, on
//! every machine, and in every order of the rows.

mod share;

use sha2::{Digest as _, Sha256};

use super::camera_key::{camera_key, folder_of};
use crate::row::known_fields::unknown_column;
use crate::row::{Column, Columns, Field, Row};
use crate::shape::FatalError;
pub use share::{Share, ShareError, ShareNumber};

/// What rows have in common that must stay together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowKey(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// The id of the user, otherwise the name.
    Creator,
    /// The folder of the file; folders numbered by a camera count as their parent folder.
    Folder,
    /// Maker and model.
    Camera,
    /// The sequence; for photos without one, folder and camera.
    Ride,
    /// The picture: its id, otherwise its file, otherwise the whole row.
    Row,
    Column(Column),
}

impl RowKey {
    /// From names: of columns, or `creator`, `folder`, `camera`, `ride`, `row`.
    pub fn named<S: AsRef<str>>(names: &[S]) -> RowKey {
        let part = |name: &S| match name.as_ref().trim() {
            "creator" => Part::Creator,
            "folder" => Part::Folder,
            "camera" => Part::Camera,
            "ride" => Part::Ride,
            "row" => Part::Row,
            name => Part::Column(Column::named(name)),
        };
        RowKey(names.iter().map(part).collect())
    }

    /// Rejects a name that is neither in the table of names nor in the input, as far as the header shows.
    ///
    /// # Errors
    /// Names the unknown column.
    pub fn check(&self, there: &Columns) -> Result<(), FatalError> {
        let unknown = self.0.iter().find_map(|part| match part {
            Part::Column(column) => {
                Some(column).filter(|it| it.field.is_none() && there.place(it).is_none())
            }
            _ => None,
        });
        match unknown.filter(|_| !there.list().is_empty() && !there.is_open()) {
            Some(column) => Err(FatalError(unknown_column(column, there))),
            None => Ok(()),
        }
    }

    /// The number of the row's share, from 1 to `of`.
    pub fn share_of(&self, row: &Row, of: u32) -> u32 {
        let mut digest = Sha256::new();
        for text in self.texts(row) {
            // The lengths keep two texts different from one text, however they are split.
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
        let first =
            digest.finalize().iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        (first % u64::from(of.max(1))) as u32 + 1
    }

    /// Whether the row has none of the values of its key: all such rows have the same key.
    pub fn is_empty_in(&self, row: &Row) -> bool {
        self.texts(row).iter().all(String::is_empty)
    }

    fn texts(&self, row: &Row) -> Vec<String> {
        let get = |field| row.get(field).unwrap_or_default().to_string();
        let mut texts = Vec::with_capacity(self.0.len());
        for part in &self.0 {
            match part {
                Part::Creator if row.get(Field::CreatorId).is_some() => {
                    texts.push(get(Field::CreatorId));
                }
                Part::Creator => texts.push(get(Field::CreatorUsername)),
                Part::Folder => texts.push(folder_of(row)),
                Part::Camera => texts.extend([get(Field::Make), get(Field::Model)]),
                Part::Ride => {
                    texts.push(row.get(Field::SeqId).map_or_else(|| ride(row), String::from));
                }
                Part::Row => texts.extend(whole(row)),
                Part::Column(column) => {
                    texts.push(row.get_column(column).unwrap_or_default().to_string());
                }
            }
        }
        texts
    }
}

/// Folder and camera; empty if a row has neither.
fn ride(row: &Row) -> String {
    let key = camera_key(row);
    if key.chars().all(|character| character == '\0') { String::new() } else { key }
}

fn whole(row: &Row) -> Vec<String> {
    let one = row.get(Field::ImgId).or_else(|| row.get(Field::Path));
    one.map_or_else(
        || {
            let mut cells: Vec<String> =
                row.filled().map(|(column, text, _)| format!("{}\0{text}", column.name)).collect();
            // Rows are the same in any order of their columns.
            cells.sort();
            cells
        },
        |one| vec![one.to_string()],
    )
}

#[cfg(test)]
mod tests;

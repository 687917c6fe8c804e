//! Which rows belong together, by a list of names, and their share of many processes: the same in every process, on every
//! machine and in every order of the rows.

mod share;

use sha2::{Digest as _, Sha256};

use super::camera_key::{camera_key, folder_of};
use crate::row::names::unknown_column;
use crate::row::{Column, Columns, Field, Row};
use crate::shape::FatalError;
pub use share::{Share, ShareError, ShareNumber};

/// What rows have in common that must not be parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowKey(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// The id of the user, else the name.
    Creator,
    /// The folder of the file; those that a camera numbers count as the one that they lie in.
    Folder,
    /// Maker and model.
    Camera,
    /// The sequence; of photos that are in none yet, folder and camera.
    Ride,
    /// The picture: its id, else its file, else the whole row.
    Row,
    Column(Column),
}

impl RowKey {
    /// By names: of columns, or `creator`, `folder`, `camera`, `ride`, `row`.
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

    /// Refuses a name that neither the table nor the input has, as far as the header tells.
    ///
    /// # Errors
    /// Such a name.
    pub fn check(&self, there: &Columns) -> Result<(), FatalError> {
        let unknown = self.0.iter().find_map(|part| match part {
            Part::Column(column) => {
                Some(column).filter(|it| it.field.is_none() && there.place(it).is_none())
            }
            _ => None,
        });
        match unknown.filter(|_| !there.list().is_empty()) {
            Some(column) => Err(FatalError(unknown_column(column, there))),
            None => Ok(()),
        }
    }

    /// The number of the row's share of so many, from 1.
    pub fn share_of(&self, row: &Row, of: u32) -> u32 {
        let mut digest = Sha256::new();
        for text in self.texts(row) {
            // Two texts are not one, wherever they are cut.
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
        let first =
            digest.finalize().iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        (first % u64::from(of.max(1))) as u32 + 1
    }

    /// Whether the row has nothing of what its key is made of: all such rows go together.
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

/// Folder and camera; nothing where a row has neither.
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
            // A row is the same whatever the order of its columns.
            cells.sort();
            cells
        },
        |one| vec![one.to_string()],
    )
}

#[cfg(test)]
mod tests;

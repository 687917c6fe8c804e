//! to-stac: rows as a static STAC collection, with an item for each sequence and an asset for each picture
//! (<https://github.com/radiantearth/stac-spec/tree/v1.1.0>). It links to the pictures where they are, and moves
//! none.

mod asset;
mod collection;
mod href;
mod item;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::disk::lock::{self, Lock};
use crate::disk::{Action, PathError};
use crate::disk::{atomic_file, open};
use crate::photo::row_groups::RowGroups;
use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

use asset::{Asset, AssetError};
use collection::Summary;
use item::Item;

pub use collection::About;

/// Holds the group of each row, 9 bytes, and writes all items at the end: any later row may belong to a sequence.
pub struct ToStac {
    into: PathBuf,
    about: About,
    /// The rows by sequence.
    groups: RowGroups,
    rows: RowStore,
}

/// The file name of the collection, as recommended by the STAC best practices.
const COLLECTION: &str = "collection.json";

impl ToStac {
    /// Writes into `into`, which is created if needed. Rows are stored in a temporary file in `tmp_dir`.
    pub fn new(into: PathBuf, about: About, tmp_dir: &Path) -> ToStac {
        let (groups, rows) = (RowGroups::default(), RowStore::new(tmp_dir));
        ToStac { into, about, groups, rows }
    }

    /// Checks that the row can be an asset.
    fn check(&self, row: &Row, notes: &dyn Diagnostics) -> Result<(), AssetError> {
        let sequence = sequence_of(row);
        if !is_name(sequence) {
            return Err(AssetError::Name(sequence.to_string()));
        }
        let asset = Asset::new(row, &self.into.join(sequence))?;
        if asset.position.is_none() {
            notes.count("without a place", 1);
        }
        Ok(())
    }

    /// Writes the items before the collection, so that it never names a missing one.
    fn write(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let _lock = self.lock()?;
        let groups = std::mem::take(&mut self.groups);
        let grouped = groups.grouped();
        let sequences = groups.into_keys();
        let mut summary = Summary::default();
        let mut cursor = RowCursor::default();
        for (group, sequence) in sequences.iter().enumerate() {
            let folder = self.into.join(sequence);
            let mut item = Item::new(sequence);
            for &row in &grouped.rows[grouped.range(group)] {
                let row = cursor.get(&self.rows, row as usize)?;
                item.add(Asset::new(&row, &folder).map_err(FatalError::new)?);
            }
            let again = item.sort();
            if again > 0 {
                notes.count("of pictures that came before", again as u64);
            }
            summary.add(&item);
            put(&folder, &format!("{sequence}.json"), &item.json(&self.about.id))?;
        }
        notes.count("items", sequences.len() as u64);
        let left = self.left_over(&sequences);
        if let Some(first) = left.first() {
            notes.warn(&format!(
                "{} items of an earlier run, such as '{first}', stay in '{}' and are no longer in its collection: a \
                 collection has the rows of one run",
                left.len(),
                self.into.display()
            ));
        }
        put(&self.into, COLLECTION, &self.about.json(&sequences, &summary))
    }
}

impl ToStac {
    /// Two runs in one folder would each leave out the items of the other.
    fn lock(&self) -> Result<File, FatalError> {
        let wrong = PathError::at(Action::Write, &self.into);
        fs::create_dir_all(&self.into).map_err(wrong)?;
        let folder = open::folder(&self.into).map_err(wrong)?;
        match lock::try_lock(&folder) {
            Lock::Taken | Lock::Unsupported => Ok(folder),
            Lock::Busy => Err(FatalError(format!(
                "another run is writing to '{}': give each its own folder",
                self.into.display()
            ))),
        }
    }

    /// The items of the collection that is replaced that are not among the new ones, and still there.
    fn left_over(&self, sequences: &[String]) -> Vec<String> {
        let old = open::text(self.into.join(COLLECTION)).unwrap_or_default();
        let old: Value = serde_json::from_str(&old).unwrap_or_default();
        let links = old["links"].as_array().map_or(&[][..], Vec::as_slice);
        let items = links.iter().filter(|link| link["rel"] == "item");
        let new: HashSet<String> = sequences.iter().map(|it| collection::item_href(it)).collect();
        items
            .filter_map(|link| link["href"].as_str())
            .filter(|href| !new.contains(*href) && self.into.join(href).exists())
            .map(String::from)
            .collect()
    }
}

fn sequence_of(row: &Row) -> &str {
    row.get(Field::SeqId).unwrap_or_default()
}

impl Scan for ToStac {
    fn shape(&self, _: &InputHeader) -> Shape {
        let needs = [Field::SeqId, Field::ImgId, Field::CapturedAt];
        Shape { needs: needs.map(|field| vec![field]).to_vec(), ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if let Err(error) = self.check(&row, notes) {
            out.push(Outcome::Failed(row, error.to_string()));
            return Ok(());
        }
        self.groups.push(Some(sequence_of(&row).to_string()));
        self.rows.push(&row)?;
        out.push(Outcome::Rows(vec![row]));
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.groups.is_empty() { Ok(()) } else { self.write(notes) }
    }
}

/// Whether a name is valid as a folder, as a file and in a link.
fn is_name(sequence: &str) -> bool {
    let is_plain = |character: char| character.is_alphanumeric() || "-_.~".contains(character);
    !sequence.starts_with('.') && sequence.len() <= 200 && sequence.chars().all(is_plain)
}

/// Writes a file; only an older STAC file is replaced.
fn put(folder: &Path, name: &str, document: &Value) -> Result<(), FatalError> {
    let path = folder.join(name);
    let wrong = PathError::at(Action::Write, &path);
    fs::create_dir_all(folder).map_err(wrong)?;
    match open::text(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(wrong(error).into()),
        Ok(before) => {
            let before: Value = serde_json::from_str(&before).unwrap_or_default();
            if before.get("stac_version").is_none() {
                return Err(FatalError(format!(
                    "'{}' is not STAC and is not replaced: give another folder with --into",
                    path.display()
                )));
            }
        }
    }
    let mut text = serde_json::to_vec_pretty(document).map_err(FatalError::new)?;
    text.push(b'\n');
    Ok(atomic_file::write(&path, &text).map_err(wrong)?)
}

#[cfg(test)]
mod tests;

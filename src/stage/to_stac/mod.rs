//! to-stac: rows as a static STAC collection, an item for each sequence, an asset for each picture
//! (<https://github.com/radiantearth/stac-spec/tree/v1.1.0>). It describes the pictures where they lie, and moves none.

mod asset;
mod collection;
mod href;
mod item;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::disk::{Action, PathError};
use crate::disk::{atomic_file, open};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

use asset::{Asset, AssetError};
use collection::Extent;
use item::Item;

pub use collection::About;

/// Holds an asset for each row, and writes all at the end.
pub struct ToStac {
    into: PathBuf,
    about: About,
    items: Vec<Item>,
    /// Which item a sequence is.
    places: HashMap<String, usize>,
}

/// The name of the collection's file in its folder, as the best practices of STAC have it.
const COLLECTION: &str = "collection.json";

impl ToStac {
    /// Writes into this folder, which is made if it is not there.
    pub fn new(into: PathBuf, about: About) -> ToStac {
        ToStac { into, about, items: Vec::new(), places: HashMap::new() }
    }

    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), AssetError> {
        let sequence = row.get(Field::SeqId).unwrap_or_default();
        if !is_name(sequence) {
            return Err(AssetError::Name(sequence.to_string()));
        }
        let asset = Asset::new(row, &self.into.join(sequence), notes)?;
        let count = self.items.len();
        let at = *self.places.entry(sequence.to_string()).or_insert(count);
        if at == count {
            self.items.push(Item::new(sequence));
        }
        self.items[at].add(asset);
        Ok(())
    }

    /// Items before the collection, so that it never names one that is not there.
    fn write(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let mut extent = Extent::default();
        for item in &mut self.items {
            let again = item.sort();
            if again > 0 {
                notes.count("of pictures that came before", again as u64);
            }
            extent.add(item);
            let folder = self.into.join(&item.sequence);
            let name = format!("{}.json", item.sequence);
            put(&folder, &name, &item.json(&self.about.id))?;
        }
        put(&self.into, COLLECTION, &self.about.json(&self.items, &extent))
    }
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
        out.push(match self.add(&row, notes) {
            Ok(()) => Outcome::Rows(vec![row]),
            Err(error) => Outcome::Failed(row, error.to_string()),
        });
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.items.is_empty() {
            return Ok(());
        }
        self.write(notes)?;
        notes.count("items", self.items.len() as u64);
        Ok(())
    }
}

/// What can be a folder and a file, here and in a link.
fn is_name(sequence: &str) -> bool {
    let is_plain = |character: char| character.is_alphanumeric() || "-_.~".contains(character);
    !sequence.starts_with('.') && sequence.len() <= 200 && sequence.chars().all(is_plain)
}

/// Writes a file in place of an older one of its kind, and of nothing else.
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

//! ia-stats: how much of Mapillary has been archived by all known tools, and how much remains.
//!
//! The list of archive.org is saved as a file of rows, so that totals can be computed again without requests.

mod item_list;
mod sum;

use std::collections::{BTreeMap, HashMap};

use crate::row::{Field, Row};
use crate::value::human_format::{bytes, counted, grouped};
use crate::value::string_enum::words;

use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};
use item_list::columns;
pub use item_list::{List, fetch};
use sum::Sum;

/// The number of pictures on Mapillary: 2 billion were announced in 2023, and no endpoint counts them.
pub const ON_MAPILLARY: u64 = 2_000_000_000;

/// What the output rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    #[default]
    Collection,
    Quality,
}

words!(By: Collection = "collection", Quality = "quality");

/// Passes rows on and adds them up. Uses about 50 bytes of memory per user.
pub struct IaStats {
    by: By,
    on_mapillary: u64,
    all: Sum,
    /// Only collections with a known number of pictures.
    told: Sum,
    by_quality: BTreeMap<String, Sum>,
    /// The largest collection of each user: the others have the same pictures in other sizes.
    largest: HashMap<String, u64>,
}

impl IaStats {
    pub fn new(by: By, on_mapillary: u64) -> IaStats {
        IaStats {
            by,
            on_mapillary,
            all: Sum::default(),
            told: Sum::default(),
            by_quality: BTreeMap::new(),
            largest: HashMap::new(),
        }
    }

    fn add(&mut self, row: &Row) -> Result<(), RowError> {
        let number = |field| {
            let number = row.integer(field)?;
            number.map(|n| u64::try_from(n).map_err(|_| row.wrong(field, "a count"))).transpose()
        };
        let (pictures, bytes) = (number(Field::ImageCount)?, number(Field::Bytes)?.unwrap_or(0));
        let sum = Sum { collections: 1, pictures: pictures.unwrap_or(0), bytes };
        self.all.add(sum);
        if pictures.is_some() {
            self.told.add(sum);
        }
        let quality = row.get(Field::Quality).unwrap_or_default().to_string();
        self.by_quality.entry(quality).or_default().add(sum);
        let user = row.get(Field::CreatorUsername).unwrap_or_default().to_string();
        let largest = self.largest.entry(user).or_default();
        *largest = (*largest).max(sum.pictures);
        Ok(())
    }

    fn say(&self, notes: &dyn Diagnostics) {
        let Sum { collections, pictures, bytes: size } = self.all;
        notes.warn(&format!(
            "{} of {} at archive.org: {}, {}",
            counted(collections, "collections"),
            counted(self.largest.len() as u64, "users"),
            counted(pictures, "pictures"),
            bytes(size)
        ));
        let silent = collections - self.told.collections;
        if silent > 0 {
            let silent = counted(silent, "collections");
            notes.warn(&format!("{silent} without a number of pictures"));
        }
        let different: u64 = self.largest.values().sum();
        let left = self.on_mapillary.saturating_sub(different);
        let share = different as f64 / self.on_mapillary.max(1) as f64 * 100.0;
        notes.warn(&format!(
            "different pictures (the largest collection of each user): {}, {share:.3} % of {}",
            grouped(different),
            grouped(self.on_mapillary)
        ));
        if let Some(mean) = self.told.bytes.checked_div(self.told.pictures) {
            notes.warn(&format!(
                "left: about {} pictures, {} at {} a picture, the mean of what is there",
                grouped(left),
                bytes(left.saturating_mul(mean)),
                bytes(mean)
            ));
        }
    }
}

impl Scan for IaStats {
    fn shape(&self, _: &InputHeader) -> Shape {
        match self.by {
            By::Collection => Shape { sets: columns().to_vec(), ..Shape::default() },
            By::Quality => Shape {
                sets: Sum::default().row("").columns().list().to_vec(),
                only_sets: true,
                ..Shape::default()
            },
        }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        match self.add(&row) {
            Err(what) => out.push(Outcome::failed(row, what)),
            Ok(()) if self.by == By::Collection => out.push(Outcome::Rows(vec![row])),
            Ok(()) => {}
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if self.by == By::Quality {
            out.push(Outcome::Rows(
                self.by_quality.iter().map(|(name, sum)| sum.row(name)).collect(),
            ));
        }
        self.say(notes);
        Ok(())
    }
}

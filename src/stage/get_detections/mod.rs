//! get-detections: what was detected in pictures, a row for each detection.

mod ask;
mod columns;
mod detection;
mod filter;
mod list;

use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

pub use ask::Ask;
pub use filter::{Filter, MinArea};

use detection::Detection;

/// How the counts at the end name what is no detection, and what has no polygon.
const ODD: &str = "odd entries dropped";
const REPEATED: &str = "repeats dropped";
const WITHOUT: &str = "pictures without detections";
const NO_POLYGON: &str = "without a polygon";

/// The last part: rows of pictures with their lists become rows of detections.
pub struct Decode {
    filter: Filter,
}

impl Decode {
    pub fn new(filter: Filter) -> Decode {
        Decode { filter }
    }

    fn picture(&self, row: Row, text: &str, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) {
        let list = match list::read(text) {
            Ok(list) => list,
            Err(what) => return out.push(Outcome::Failed(row, what)),
        };
        for (what, count) in [(ODD, list.odd), (REPEATED, list.repeated)] {
            if count > 0 {
                notes.count(what, count);
            }
        }
        if list.entries.is_empty() {
            notes.count(WITHOUT, 1);
        }
        for entry in list.entries {
            self.pass(Detection::of_entry(&row, entry), out, notes);
        }
    }

    fn pass(
        &self,
        detection: Result<Detection, (Row, String)>,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) {
        out.push(
            match detection.and_then(|found| self.filter.keeps(&found).map(|it| (found, it))) {
                Ok((found, true)) => {
                    if found.area.is_none() {
                        notes.count(NO_POLYGON, 1);
                    }
                    Outcome::Rows(vec![found.row])
                }
                Ok((_, false)) => Outcome::Filtered,
                Err((row, what)) => Outcome::Failed(row, what),
            },
        );
    }
}

impl Scan for Decode {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: columns::set(), drops: vec![Field::Detections], ..Shape::default() }
    }

    fn push(
        &mut self,
        mut row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if columns::is_detection(&row) {
            self.pass(Detection::of_row(row), out, notes);
            return Ok(());
        }
        let text = row.get(Field::Detections).unwrap_or_default().to_string();
        row.clear(Field::Detections);
        self.picture(row, &text, out, notes);
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

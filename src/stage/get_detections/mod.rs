//! get-detections: the detections in pictures, one row for each.

mod ask;
mod columns;
mod detection;
mod draw;
mod filter;
mod list;

use std::path::Path;

use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};

pub use ask::FetchDetections;
pub use draw::Targets;
pub use filter::{Filter, MinArea};

use detection::Detection;
use draw::Draw;

/// The names of the final counts for entries that are not detections or have no polygon.
const ODD: &str = "odd entries dropped";
const REPEATED: &str = "repeats dropped";
const WITHOUT: &str = "pictures without detections";
const NO_POLYGON: &str = "without a polygon";

/// The last part: turns rows of pictures with their lists into rows of detections.
pub struct Decode {
    filter: Filter,
    draw: Option<Draw>,
}

impl Decode {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    ///
    /// # Errors
    /// If a table of classes cannot be read.
    pub fn new(filter: Filter, targets: Targets, tmp_dir: &Path) -> Result<Decode, FatalError> {
        let draw = (!targets.is_empty()).then(|| Draw::new(targets, tmp_dir)).transpose()?;
        Ok(Decode { filter, draw })
    }

    fn picture(
        &mut self,
        row: Row,
        text: &str,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let list = match list::read(text) {
            Ok(list) => list,
            Err(what) => {
                out.push(Outcome::failed(row, what));
                return Ok(());
            }
        };
        if let Some(draw) = &mut self.draw {
            // A picture that occurs twice is not merged into one.
            draw.flush(out)?;
            draw.begin(&row, out)?;
        }
        for (what, count) in [(ODD, list.odd), (REPEATED, list.repeated)] {
            if count > 0 {
                notes.count(what, count);
            }
        }
        if list.entries.is_empty() && list.odd == 0 {
            notes.count(WITHOUT, 1);
        }
        for entry in list.entries {
            self.pass(Detection::of_entry(&row, entry), out, notes);
        }
        self.draw.as_mut().map_or(Ok(()), |draw| draw.flush(out))
    }

    fn pass(
        &mut self,
        detection: Result<Detection, (Row, RowError)>,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) {
        out.push(
            match detection.and_then(|found| self.filter.keeps(&found).map(|it| (found, it))) {
                Ok((found, true)) => {
                    if found.area.is_none() {
                        notes.count(NO_POLYGON, 1);
                    }
                    match &mut self.draw {
                        // The row is passed on when all detections of its picture have arrived.
                        Some(draw) => return draw.add(found),
                        None => Outcome::Rows(vec![found.row]),
                    }
                }
                Ok((_, false)) => Outcome::Filtered,
                Err((row, what)) => Outcome::failed(row, what),
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
            if let Some(draw) = &mut self.draw {
                draw.begin(&row, out)?;
            }
            self.pass(Detection::of_row(row), out, notes);
            return Ok(());
        }
        let text = row.get(Field::Detections).unwrap_or_default().to_string();
        row.clear(Field::Detections);
        self.picture(row, &text, out, notes)
    }

    fn end(&mut self, out: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        self.draw.as_mut().map_or(Ok(()), |draw| draw.end(out))
    }
}

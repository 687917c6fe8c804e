//! Writes the results into the rows.

use super::InterpolateOptions;
use super::found::{DirectionState, Found};
use crate::photo::capture_facts::has_compass;
use crate::photo::photo_index::OTHER_CLOCK;
use crate::photo::why::{explain, no_longer};
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, RowError};
use crate::value::geo::rounded_deg;
use crate::value::provenance::{NOT_FOUND, Status};
use crate::value::shown::decimal_comma;
use crate::value::travel_bearing::By;

/// Why a photo has no direction.
const ALONE: &str = "no other photo of its sequence is near in time and apart in space";

/// Writes the results into the rows.
pub struct Setter {
    pub choice: InterpolateOptions,
    pub offset: Option<Column>,
}

impl Setter {
    /// Writes the result for one row.
    pub fn tell(
        &self,
        found: &Found,
        at: usize,
        row: &mut Row,
        notes: &dyn Diagnostics,
    ) -> Result<(), RowError> {
        let anchored = found.anchored.binary_search_by_key(&at, |anchored| anchored.row);
        if let Ok(place) = anchored {
            found.anchored[place].tell(row);
        }
        match found.directions.get(at) {
            DirectionState::Unasked => Ok(()),
            DirectionState::Nowhere => self.set(row, Err(ALONE), notes),
            DirectionState::OtherClock => self.set(row, Err(OTHER_CLOCK), notes),
            DirectionState::By(by) => self.set(row, Ok((found.deg.get(at), by)), notes),
        }
    }

    fn set(
        &self,
        row: &mut Row,
        found: Result<(f64, By), &str>,
        notes: &dyn Diagnostics,
    ) -> Result<(), RowError> {
        if has_compass(row) && !self.choice.overwrite {
            notes.count(Status::Kept.word(), 1);
            return Ok(());
        }
        let offset_deg = self.offset_deg(row)?;
        // A photo without neighbours may have the direction of travel from a track.
        let track = || Some((row.number(Field::TrackDeg).ok()??, By::Track));
        match found.or_else(|why| track().ok_or(why)) {
            Ok((deg, by)) => {
                let looks_deg = rounded_deg(deg + offset_deg, 2);
                row.set_display(Field::CompassAngle, looks_deg);
                row.set(Field::DirectionBy, by.word());
                [ALONE, OTHER_CLOCK].into_iter().for_each(|why| no_longer(row, why));
                notes.count("set", 1);
            }
            // A direction computed by another tool, such as from a track, is better than none.
            Err(_) if row.get(Field::CompassAngle).is_some() => {
                notes.count(Status::Kept.word(), 1);
            }
            Err(why) => {
                row.set(Field::DirectionBy, NOT_FOUND);
                explain(row, why);
                notes.count("without a direction", 1);
            }
        }
        Ok(())
    }

    fn offset_deg(&self, row: &Row) -> Result<f64, RowError> {
        let cell = self.offset.as_ref().and_then(|column| Some((column, row.get_column(column)?)));
        let Some((column, text)) = cell else { return Ok(self.choice.offset_deg) };
        let number = text.trim().parse().ok().filter(|deg: &f64| deg.is_finite());
        number.ok_or_else(|| {
            let point = decimal_comma(text);
            format!("'{text}' in column '{}' is not a number{point}", column.name).into()
        })
    }
}

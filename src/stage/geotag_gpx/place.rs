//! Sets the position of a photo's row: a recorded one is kept, otherwise it is set with its method, or cleared with
//! the reason.

use std::fmt::Display;

use crate::photo::camera::{is_worked_out, keep_stamp_remarks, stamp_remarks};
use crate::photo::capture_facts::decimal;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;
use crate::value::provenance::NOT_FOUND;
use crate::value::track_position::TrackPosition;

use super::GeotagGpx;

impl GeotagGpx {
    /// Whether the row has a recorded position, which must not be replaced.
    pub(super) fn keeps(&self, row: &Row) -> bool {
        has_place(row) && !is_worked_out(row.get(Field::PositionBy)) && !self.choice.overwrite
    }

    pub(super) fn place(
        &self,
        row: &mut Row,
        verdict: Result<TrackPosition, impl Display>,
        notes: &dyn Diagnostics,
    ) {
        if self.keeps(row) {
            return notes.count("positions kept", 1);
        }
        let has = has_place(row);
        let worked_out = is_worked_out(row.get(Field::PositionBy));
        if worked_out || verdict.is_ok() {
            PLACE.into_iter().for_each(|field| row.clear(field));
            // Remarks on a previous position are removed with it; contradictions within the photo are kept.
            if worked_out {
                keep_stamp_remarks(row);
            }
        }
        let found = match verdict {
            Ok(found) => found,
            Err(why) if has && !worked_out => {
                notes.count("positions kept", 1);
                return explain(row, &why.to_string());
            }
            Err(why) => {
                // A direction that was computed for a previous position is removed with it.
                if is_worked_out(row.get(Field::DirectionBy)) {
                    DIRECTION.into_iter().for_each(|field| row.clear(field));
                }
                row.set(Field::PositionBy, NOT_FOUND);
                explain(row, &why.to_string());
                return notes.count("without a place", 1);
            }
        };
        row.set_display(Field::Lon, decimal(found.position.lon_deg(), 8));
        row.set_display(Field::Lat, decimal(found.position.lat_deg(), 8));
        let measures = [
            (Field::Altitude, found.ele_m, 2),
            (Field::SpeedKmh, found.speed_kmh, 2),
            (Field::Hdop, found.hdop, 2),
            (Field::GapS, Some(found.gap_s), 3),
            (Field::GapM, Some(found.gap_m), 2),
        ];
        for (field, value, decimals) in measures {
            if let Some(value) = value {
                row.set_display(field, decimal(value, decimals));
            }
        }
        row.set(Field::PositionBy, found.how.word());
        notes.count(found.how.word(), 1);
    }
}

/// Writes why there is no position, after the contradictions between the photo's own times.
fn explain(row: &mut Row, why: &str) {
    let said = stamp_remarks(row).map(|said| format!("{said}; {why}"));
    row.set(Field::Why, said.as_deref().unwrap_or(why));
}

fn has_place(row: &Row) -> bool {
    row.get(Field::Lon).is_some() && row.get(Field::Lat).is_some()
}

/// The fields that are set and cleared together with a position.
const PLACE: [Field; 8] = [
    Field::Lon,
    Field::Lat,
    Field::Altitude,
    Field::SpeedKmh,
    Field::Hdop,
    Field::PositionBy,
    Field::GapS,
    Field::GapM,
];

const DIRECTION: [Field; 3] = [Field::CompassAngle, Field::DirectionBy, Field::TrackDeg];

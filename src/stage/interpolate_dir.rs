//! interpolate-dir: where each photo looks, from the places of its neighbours.

use crate::row::{Column, Field, Row};
use crate::value::geo::normal_deg;
use crate::value::shown::decimal_comma;
use crate::value::travel_bearing::{By, Method, Shot, directions};

use crate::photo::camera::keep_stamp_remarks;
use crate::photo::order::{PhotoGroup, Ride, decimal, has_compass, need, sequence_key};
use crate::photo::why::{explain, no_longer};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};
use crate::value::provenance::{NOT_FOUND, Status};
use crate::value::track_position::How;

/// Why a photo has no direction.
const ALONE: &str = "no other photo of its sequence is near in time and apart in space";

/// What the user chose.
#[derive(Debug, Clone)]
pub struct InterpolateOptions {
    pub method: Method,
    /// Added clockwise.
    pub offset_deg: f64,
    /// A column whose value, where there is one, is the offset of its row.
    pub offset_column: Option<String>,
    pub min_distance_m: f64,
    pub gap_s: f64,
    pub overwrite: bool,
    /// Photos without a place lie between those that have one.
    pub anchors: bool,
}

/// Holds all rows until the end: a sequence may go on in any later row.
pub struct InterpolateDir {
    choice: InterpolateOptions,
    offset: Option<Column>,
    ride: Ride,
}

impl InterpolateDir {
    pub fn new(choice: InterpolateOptions) -> Self {
        let offset = choice.offset_column.as_deref().map(Column::named);
        InterpolateDir { choice, offset, ride: Ride::default() }
    }

    /// Spreads photos without a place between the known ones around, evenly in time.
    fn anchor(&mut self, group: &mut PhotoGroup) {
        let known = |photo: usize, group: &PhotoGroup| group.photos[photo].position.is_some();
        let anchors: Vec<usize> = (0..group.photos.len()).filter(|&at| known(at, group)).collect();
        for pair in anchors.windows(2) {
            let (from, to) = (group.photos[pair[0]], group.photos[pair[1]]);
            let (Some(start), Some(end)) = (from.position, to.position) else { continue };
            let gap_ms = (to.time_ms - from.time_ms).max(1) as f64;
            for photo in &mut group.photos[pair[0] + 1..pair[1]] {
                let fraction = (photo.time_ms - from.time_ms) as f64 / gap_ms;
                let place = start.along(end, fraction);
                photo.position = Some(place);
                let row = &mut self.ride.rows[photo.row];
                // The reason that it had no place is one no more.
                if row.get(Field::PositionBy) == Some(NOT_FOUND) {
                    keep_stamp_remarks(row);
                }
                row.set_display(Field::Lon, decimal(place.lon_deg(), 8));
                row.set_display(Field::Lat, decimal(place.lat_deg(), 8));
                row.set(Field::PositionBy, How::Interpolated.word());
                row.set_display(Field::GapS, decimal(gap_ms / 1000.0, 3));
                row.set_display(Field::GapM, decimal(start.distance_m(end), 2));
            }
        }
    }

    fn direct(&mut self, group: &PhotoGroup, notes: &dyn Diagnostics) {
        let placed = group.photos.iter().filter_map(|photo| Some((photo, photo.position?)));
        let (photos, shots): (Vec<_>, Vec<_>) = placed
            .map(|(photo, position)| (photo.row, Shot { position, time_ms: photo.time_ms }))
            .unzip();
        let InterpolateOptions { method, min_distance_m, gap_s, .. } = self.choice;
        let found = directions(&shots, method, min_distance_m, gap_s);
        for (at, found) in photos.into_iter().zip(found) {
            self.set(at, found, notes);
        }
    }

    fn set(&mut self, at: usize, found: Option<(f64, By)>, notes: &dyn Diagnostics) {
        if has_compass(&self.ride.rows[at]) && !self.choice.overwrite {
            return notes.count(Status::Kept.word(), 1);
        }
        let offset_deg = match self.offset_deg(&self.ride.rows[at]) {
            Ok(offset_deg) => offset_deg,
            Err(wrong) => return self.ride.fail(at, wrong),
        };
        let row = &mut self.ride.rows[at];
        // A photo without neighbours may know from its track where it went.
        let track = || Some((row.number(Field::TrackDeg).ok()??, By::Track));
        match found.or_else(track) {
            Some((deg, by)) => {
                // Rounding may reach the full circle again.
                let looks_deg = normal_deg(decimal(normal_deg(deg + offset_deg), 2));
                row.set_display(Field::CompassAngle, looks_deg);
                row.set(Field::DirectionBy, by.word());
                no_longer(row, ALONE);
                notes.count("set", 1);
            }
            // What another tool worked out, such as from a track, is better than nothing.
            None if row.get(Field::CompassAngle).is_some() => notes.count(Status::Kept.word(), 1),
            None => {
                row.set(Field::DirectionBy, NOT_FOUND);
                explain(row, ALONE);
                notes.count("without a direction", 1);
            }
        }
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

impl Scan for InterpolateDir {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets = vec![Field::CompassAngle.into(), Field::DirectionBy.into()];
        if self.choice.anchors {
            let places = [Field::Lon, Field::Lat, Field::PositionBy, Field::GapS, Field::GapM];
            sets.extend(places.map(Column::from));
        }
        sets.push(Field::Why.into());
        Shape { sets, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        _: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.ride.push(row);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        for fields in [&[Field::Lon][..], &[Field::Lat], &[Field::CapturedAt, Field::TakenAt]] {
            need(&self.ride.rows, fields)?;
        }
        self.ride.settle_zones(notes);
        let mut groups = self.ride.groups(|_| true, sequence_key);
        let compasses = self.ride.rows.iter().filter(|row| has_compass(row));
        if !self.choice.overwrite
            && !self.ride.rows.is_empty()
            && compasses.count() == self.ride.rows.len()
        {
            notes.once("every photo has a compass angle that was read: nothing to do; --overwrite replaces them");
        }
        for group in &mut groups {
            if self.choice.anchors {
                self.anchor(group);
            }
            self.direct(group, notes);
        }
        out.extend(self.ride.end());
        Ok(())
    }
}

#[cfg(test)]
mod tests;

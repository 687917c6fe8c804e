//! interpolate-dir: where each photo looks, from the places of its neighbours.

use std::path::Path;

use crate::row::{Column, Field, Row};
use crate::value::geo::{Position, normal_deg};
use crate::value::shown::decimal_comma;
use crate::value::travel_bearing::{By, Method, Shot, directions};

use crate::photo::camera::keep_stamp_remarks;
use crate::photo::order::{Photo, decimal, has_compass, sequence_key};
use crate::photo::padded::Padded;
use crate::photo::ride::Ride;
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

/// Holds when and where the photos were taken, at most 46 bytes a row, until the end: a sequence may go on in any later row.
pub struct InterpolateDir {
    setter: Setter,
    ride: Ride,
    /// Rows with a compass angle that was read.
    compasses: usize,
    /// What becomes of the rows, once all have come.
    found: Option<Found>,
}

/// What becomes of the rows.
#[derive(Default)]
struct Found {
    /// Those with a place have one, or none that was found.
    directions: Padded<Looks>,
    deg: Padded<f64>,
    /// Places that were found, by their rows.
    anchored: Vec<Anchored>,
}

/// Whether a photo has a direction.
#[derive(Debug, Default, Clone, Copy)]
enum Looks {
    /// It was not asked for.
    #[default]
    Unasked,
    Nowhere,
    /// With the degrees beside.
    By(By),
}

/// A place between two known ones.
struct Anchored {
    row: usize,
    place: Position,
    gap_ms: f64,
    gap_m: f64,
}

impl InterpolateDir {
    /// What is put aside lies in `folder`.
    pub fn new(choice: InterpolateOptions, folder: &Path) -> Self {
        let offset = choice.offset_column.as_deref().map(Column::named);
        let (setter, ride) = (Setter { choice, offset }, Ride::new(folder, true));
        InterpolateDir { setter, ride, compasses: 0, found: None }
    }

    fn find(&mut self) -> Result<Found, FatalError> {
        let order = self.ride.order()?;
        let mut found = Found::default();
        for group in order.groups(&self.ride.index) {
            let mut photos: Vec<Photo> = group.photos().collect();
            if self.setter.choice.anchors {
                found.anchor(&mut photos);
            }
            let InterpolateOptions { method, min_distance_m, gap_s, .. } = self.setter.choice;
            let placed = photos.iter().filter_map(|photo| Some((photo, photo.position?)));
            let (rows, shots): (Vec<_>, Vec<_>) = placed
                .map(|(photo, position)| (photo.row, Shot { position, time_ms: photo.time_ms }))
                .unzip();
            let directions = directions(&shots, method, min_distance_m, gap_s);
            rows.into_iter().zip(directions).for_each(|(row, looks)| found.set(row, looks));
        }
        found.anchored.sort_unstable_by_key(|anchored| anchored.row);
        Ok(found)
    }
}

/// Sets what was found in the rows.
struct Setter {
    choice: InterpolateOptions,
    offset: Option<Column>,
}

impl Setter {
    /// Sets what was found out about a row.
    fn tell(
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
            Looks::Unasked => Ok(()),
            Looks::Nowhere => self.set(row, None, notes),
            Looks::By(by) => self.set(row, Some((found.deg.get(at), by)), notes),
        }
    }

    fn set(
        &self,
        row: &mut Row,
        found: Option<(f64, By)>,
        notes: &dyn Diagnostics,
    ) -> Result<(), RowError> {
        if has_compass(row) && !self.choice.overwrite {
            notes.count(Status::Kept.word(), 1);
            return Ok(());
        }
        let offset_deg = self.offset_deg(row)?;
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

impl Scan for InterpolateDir {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets = vec![Field::CompassAngle.into(), Field::DirectionBy.into()];
        if self.setter.choice.anchors {
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
        self.compasses += usize::from(has_compass(&row));
        self.ride.push(&row, Some(sequence_key(&row)))
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let found = match self.found.take() {
            Some(found) => found,
            None => {
                for fields in
                    [&[Field::Lon][..], &[Field::Lat], &[Field::CapturedAt, Field::TakenAt]]
                {
                    self.ride.need(fields)?;
                }
                self.ride.settle_zones()?;
                if !self.setter.choice.overwrite
                    && !self.ride.is_empty()
                    && self.compasses == self.ride.len()
                {
                    notes.once("every photo has a compass angle that was read: nothing to do; --overwrite replaces them");
                }
                self.find()?
            }
        };
        let setter = &self.setter;
        let told =
            self.ride.pass_on(out, notes, |_, at, row| Ok(setter.tell(&found, at, row, notes)?));
        self.found = Some(found);
        told
    }

    fn goes_on(&self) -> bool {
        self.ride.goes_on()
    }
}

impl Found {
    fn set(&mut self, row: usize, looks: Option<(f64, By)>) {
        let Some((deg, by)) = looks else { return self.directions.set(row, Looks::Nowhere) };
        self.directions.set(row, Looks::By(by));
        self.deg.set(row, deg);
    }

    /// Spreads photos without a place between the known ones around, evenly in time.
    fn anchor(&mut self, photos: &mut [Photo]) {
        let anchors: Vec<usize> =
            (0..photos.len()).filter(|&at| photos[at].position.is_some()).collect();
        for pair in anchors.windows(2) {
            let (from, to) = (photos[pair[0]], photos[pair[1]]);
            let (Some(start), Some(end)) = (from.position, to.position) else { continue };
            let gap_ms = (to.time_ms - from.time_ms).max(1) as f64;
            for photo in &mut photos[pair[0] + 1..pair[1]] {
                let fraction = (photo.time_ms - from.time_ms) as f64 / gap_ms;
                let place = start.along(end, fraction);
                photo.position = Some(place);
                let gap_m = start.distance_m(end);
                self.anchored.push(Anchored { row: photo.row, place, gap_ms, gap_m });
            }
        }
    }
}

impl Anchored {
    fn tell(&self, row: &mut Row) {
        // The reason that it had no place is one no more.
        if row.get(Field::PositionBy) == Some(NOT_FOUND) {
            keep_stamp_remarks(row);
        }
        row.set_display(Field::Lon, decimal(self.place.lon_deg(), 8));
        row.set_display(Field::Lat, decimal(self.place.lat_deg(), 8));
        row.set(Field::PositionBy, How::Interpolated.word());
        row.set_display(Field::GapS, decimal(self.gap_ms / 1000.0, 3));
        row.set_display(Field::GapM, decimal(self.gap_m, 2));
    }
}

#[cfg(test)]
mod tests;

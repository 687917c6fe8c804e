//! interpolate-dir: the camera direction of each photo, from the positions of its neighbours.

mod found;
mod set_direction;

use std::path::Path;

use crate::row::{Column, Field, Row};
use crate::value::travel_bearing::{Method, Shot, directions};

use crate::photo::capture_facts::{Photo, has_compass, sequence_key};
use crate::photo::deferred_rows::Ride;
use crate::photo::sorted_groups::{GroupChange, SortedGroups};
use crate::shape::{Diagnostics, EarlierError, FatalError, InputHeader, Outcome, Scan, Shape};
use found::Found;
use set_direction::Setter;

/// The options of interpolate-dir.
#[derive(Debug, Clone)]
pub struct InterpolateOptions {
    pub method: Method,
    /// Added to the direction, clockwise.
    pub offset_deg: f64,
    /// A column whose value, if there is one, is the offset of its row.
    pub offset_column: Option<String>,
    pub min_distance_m: f64,
    pub gap_s: f64,
    pub overwrite: bool,
    /// Photos without a position are interpolated between those that have one.
    pub anchors: bool,
    /// The rows of a sequence are adjacent, and are output once it is complete.
    pub sorted: bool,
}

/// A header must have a column of each of these groups.
const NEEDS: [&[Field]; 3] = [&[Field::Lon], &[Field::Lat], &[Field::CapturedAt, Field::TakenAt]];

/// Holds the times and positions of the photos, at most 46 bytes a row, until the end: any later row may belong to a
/// sequence, unless the input is sorted.
pub struct InterpolateDir {
    setter: Setter,
    /// The rows, or those of one sequence.
    ride: Ride,
    /// The sequences, if each is output by itself.
    groups: Option<SortedGroups>,
    /// Whether a row has no recorded compass angle.
    has_unread: bool,
    /// The results for the rows, once all have arrived.
    found: Option<Found>,
}

impl InterpolateDir {
    /// The temporary files are in `folder`.
    pub fn new(choice: InterpolateOptions, folder: &Path) -> Self {
        let offset = choice.offset_column.as_deref().map(Column::named);
        let groups = choice.sorted.then(SortedGroups::default);
        let (setter, ride) = (Setter { choice, offset }, Ride::new(folder, true));
        InterpolateDir { setter, ride, groups, has_unread: false, found: None }
    }

    /// Called when the sequence is complete: outputs its rows.
    fn close(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.ride.settle_zones()?;
        let found = self.find()?;
        loop {
            self.pass_on(&found, out, notes)?;
            if !self.ride.goes_on() {
                break;
            }
        }
        self.ride.begin_anew();
        Ok(())
    }

    fn pass_on(
        &mut self,
        found: &Found,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let setter = &self.setter;
        self.ride.pass_on(out, notes, |_, at, row| Ok(setter.tell(found, at, row, notes)?))
    }

    /// Called when all rows have arrived.
    fn begin_end(&mut self, notes: &dyn Diagnostics) -> Result<Found, FatalError> {
        self.ride.settle_zones()?;
        if !self.setter.choice.overwrite && !self.ride.is_empty() && !self.has_unread {
            notes.once("every photo has a compass angle that was read: nothing to do; --overwrite replaces them");
        }
        self.find()
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
            let index = &self.ride.index;
            let is_asked = |&row: &usize| {
                index.has_time(row) && (self.setter.choice.anchors || index.position(row).is_some())
            };
            let others = group.untimed.iter().map(|&row| row as usize).filter(is_asked);
            others.for_each(|row| found.set_other_clock(row));
        }
        found.anchored.sort_unstable_by_key(|anchored| anchored.row);
        Ok(found)
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
        let needs_in_header = NEEDS.map(<[Field]>::to_vec).to_vec();
        let earlier_error = EarlierError::KeptAmongOthers;
        Shape { sets, needs_in_header, earlier_error, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        match self.groups.as_mut().map_or(Ok(GroupChange::Same), |groups| groups.turn(&row)) {
            Ok(GroupChange::Same) => {}
            Ok(GroupChange::Next) => self.close(out, notes)?,
            Err(parted) => {
                out.push(Outcome::failed(row, parted));
                return Ok(());
            }
        }
        self.has_unread |= !has_compass(&row);
        self.ride.push(&row, Some(sequence_key(&row)))
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let found = match self.found.take() {
            Some(found) => found,
            None => self.begin_end(notes)?,
        };
        let told = self.pass_on(&found, out, notes);
        self.found = Some(found);
        told
    }

    fn goes_on(&self) -> bool {
        self.ride.goes_on()
    }
}

#[cfg(test)]
mod tests;

//! The results for photos: directions, and positions interpolated between known ones. The rows are elsewhere.

use crate::photo::camera::keep_stamp_remarks;
use crate::photo::capture_facts::{Photo, decimal};
use crate::photo::sparse_column::Padded;
use crate::row::{Field, Row};
use crate::value::geo::Position;
use crate::value::provenance::NOT_FOUND;
use crate::value::track_position::How;
use crate::value::travel_bearing::By;

/// The results for the rows.
#[derive(Default)]
pub struct Found {
    /// Photos with a position have a direction, or the state that none was found.
    pub directions: Padded<DirectionState>,
    pub deg: Padded<f64>,
    /// Interpolated positions, in the order of their rows.
    pub anchored: Vec<Anchored>,
}

/// Whether a photo has a direction.
#[derive(Debug, Default, Clone, Copy)]
pub enum DirectionState {
    /// No direction was requested.
    #[default]
    Unasked,
    Nowhere,
    /// It has no time on the clock of the others.
    OtherClock,
    /// The degrees are in `deg`.
    By(By),
}

/// A position between two known ones.
pub struct Anchored {
    pub row: usize,
    place: Position,
    gap_ms: f64,
    gap_m: f64,
}

impl Found {
    /// A photo that cannot be ordered among the others.
    pub fn set_other_clock(&mut self, row: usize) {
        self.directions.set(row, DirectionState::OtherClock);
    }

    pub fn set(&mut self, row: usize, looks: Option<(f64, By)>) {
        let Some((deg, by)) = looks else {
            return self.directions.set(row, DirectionState::Nowhere);
        };
        self.directions.set(row, DirectionState::By(by));
        self.deg.set(row, deg);
    }

    /// Places photos without a position between the known ones around them, evenly in time.
    pub fn anchor(&mut self, photos: &mut [Photo]) {
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
    pub fn tell(&self, row: &mut Row) {
        // The reason for the missing position no longer applies.
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

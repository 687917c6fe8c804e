//! The direction of a photo: the direction of travel plus the mounting angle of the camera, unless its compass value
//! is kept.

use super::GeotagGpx;
use super::instant::Moment;
use super::options::Direction;
use crate::photo::capture_facts::has_compass;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;
use crate::value::geo::{rounded_deg, turn_deg};
use crate::value::track::Track;
use crate::value::track_heading::travel_deg;
use crate::value::track_position::TrackPosition;

/// A compass that differs by more than this from the direction of travel is counted.
const DISAGREEMENT_DEG: f64 = 45.0;

impl GeotagGpx {
    pub(super) fn direct(
        &self,
        row: &mut Row,
        found: &TrackPosition,
        moment: &Moment,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        let travel = travel_deg(track, found, moment.captured_ms, &self.choice.limits);
        row.clear(Field::TrackDeg);
        let Some((deg, by)) = travel else { return };
        row.set_display(Field::TrackDeg, rounded_deg(deg, 2));
        let looks_deg = rounded_deg(deg + self.choice.offset_deg, 2);
        let compass = has_compass(row).then(|| row.number(Field::CompassAngle));
        let compass = compass.and_then(|compass| compass.ok().flatten());
        if compass.is_some_and(|deg| turn_deg(deg, looks_deg).abs() > DISAGREEMENT_DEG) {
            notes.count("compasses more than 45 degrees off the track", 1);
        }
        match self.choice.direction {
            Direction::None => return,
            Direction::Keep if compass.is_some() => return,
            Direction::Keep | Direction::Track => {}
        }
        row.set_display(Field::CompassAngle, looks_deg);
        row.set(Field::DirectionBy, by.word());
    }
}

//! A `gx:Track`, which lists first all times and then all positions.

use super::super::point::Time;
use super::coordinates::{Coordinates, byte, point};
use crate::format::parsed_track::Recording;
use crate::value::track::Fix;

const NO_PLACE: &str = "times of a track without a place left out";
const NO_TIME: &str = "places of a track without a time left out";

/// Times and positions, each with its byte offset.
#[derive(Default)]
pub struct GxTrack {
    pub whens: Vec<(Time, usize)>,
    pub coordinates: Vec<(Coordinates, usize)>,
}

impl GxTrack {
    /// Pairs times and positions by their order; either may be blank if the receiver had none.
    pub fn segment(&self, is_above_ground: bool, recording: &mut Recording) -> Vec<Fix> {
        let mut segment = Vec::new();
        for ((time, at), (place, _)) in self.whens.iter().zip(&self.coordinates) {
            let mut point = point(*at, *place, is_above_ground, recording);
            point.time = *time;
            segment.extend(point.into_fix(recording));
        }
        let paired = self.whens.len().min(self.coordinates.len());
        for (_, at) in self.whens.iter().skip(paired) {
            recording.remark(NO_PLACE, byte(*at));
        }
        for (_, at) in self.coordinates.iter().skip(paired) {
            recording.remark(NO_TIME, byte(*at));
        }
        segment
    }
}

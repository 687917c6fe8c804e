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
    /// Whether the heights are none of the sea level.
    pub is_above_ground: bool,
    /// The number of pairs before the first damaged place: a lost element shifts all that follow.
    certain: Option<usize>,
}

impl GxTrack {
    pub fn new(is_above_ground: bool) -> GxTrack {
        GxTrack { is_above_ground, ..GxTrack::default() }
    }

    /// Some elements are lost, times if there are no positions yet, otherwise either.
    pub fn damaged(&mut self) {
        let paired = match self.coordinates.len() {
            0 => self.whens.len(),
            places => places.min(self.whens.len()),
        };
        self.certain = Some(self.certain.map_or(paired, |certain| certain.min(paired)));
    }

    /// Pairs times and positions by their order; either may be blank if the receiver had none.
    pub fn segment(&self, recording: &mut Recording) -> Vec<Fix> {
        let mut segment = Vec::new();
        let both = self.whens.len().min(self.coordinates.len());
        let paired = self.certain.map_or(both, |certain| certain.min(both));
        for ((time, at), (place, _)) in self.whens.iter().zip(&self.coordinates).take(paired) {
            let mut point = point(*at, *place, self.is_above_ground, recording);
            point.time = *time;
            segment.extend(point.into_fix(recording));
        }
        for (_, at) in self.whens.iter().skip(paired) {
            recording.remark(NO_PLACE, byte(*at));
        }
        for (_, at) in self.coordinates.iter().skip(paired) {
            recording.remark(NO_TIME, byte(*at));
        }
        segment
    }
}

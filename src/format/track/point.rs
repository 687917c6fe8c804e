//! One point of a track file while it is being read.

use super::scalars::{self, Designator};
use crate::format::{ErrorLocation, parsed_track::Recording};
use crate::value::geo::Position;
use crate::value::track::{Fix, Measure};

const NO_TIME: &str = "points without a time left out";
const WRONG_TIME: &str = "points left out, since their time cannot be read";
const NO_ZONE: &str = "times without a zone taken as UTC";
const NO_PLACE: &str = "points left out, since their position cannot be read";

pub struct TrackPoint {
    pub at: ErrorLocation,
    pub position: Option<Position>,
    pub time: Time,
    pub ele_m: Option<f64>,
    pub hdop: Option<f64>,
    pub speed_kmh: Option<f64>,
    pub course_deg: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Time {
    Absent,
    Wrong,
    Known { ms: i64, zone: Designator },
}

impl Time {
    pub fn from_text(text: &str) -> Time {
        if text.trim().is_empty() {
            return Time::Absent;
        }
        match scalars::time_ms(text) {
            Some((ms, zone)) => Time::Known { ms, zone },
            None => Time::Wrong,
        }
    }

    /// Whether two times of one point are a second or more apart, and not one that was rounded.
    pub fn contradicts(self, other: Time) -> bool {
        match (self, other) {
            (Time::Known { ms, .. }, Time::Known { ms: other_ms, .. }) => {
                ms.abs_diff(other_ms) >= 1000
            }
            _ => false,
        }
    }

    /// An instant that was written as a number.
    pub fn from_ms(ms: i64) -> Time {
        if ms >= scalars::FIRST_MS {
            Time::Known { ms, zone: Designator::Utc }
        } else {
            Time::Wrong
        }
    }
}

/// Whether a number can be a speed, in any unit.
pub fn is_speed(speed: &f64) -> bool {
    *speed >= 0.0 && speed.is_finite()
}

/// Whether a number can be a direction, in degrees.
pub fn is_course(deg: &f64) -> bool {
    (0.0..=360.0).contains(deg)
}

impl TrackPoint {
    pub fn new(at: ErrorLocation, position: Option<Position>) -> Self {
        TrackPoint {
            at,
            position,
            time: Time::Absent,
            ele_m: None,
            hdop: None,
            speed_kmh: None,
            course_deg: None,
        }
    }

    /// A speed in metres per second.
    pub fn set_speed_mps(&mut self, speed_mps: Option<f64>) {
        let speed_mps = speed_mps.filter(is_speed);
        self.speed_kmh = self.speed_kmh.or_else(|| Some(speed_mps? * 3.6));
    }

    pub fn set_course(&mut self, course_deg: Option<f64>) {
        let course_deg = course_deg.filter(is_course);
        self.course_deg = self.course_deg.or(course_deg);
    }

    /// The fix; anything that makes the point invalid or doubtful is added to the remarks.
    pub fn into_fix(self, recording: &mut Recording) -> Option<Fix> {
        let refused = match (self.position, self.time) {
            (None, _) => Some(NO_PLACE),
            (_, Time::Absent) => Some(NO_TIME),
            (_, Time::Wrong) => Some(WRONG_TIME),
            (_, Time::Known { .. }) => None,
        };
        if let Some(why) = refused {
            recording.remark(why, self.at);
        }
        let (Some(position), Time::Known { ms, zone }) = (self.position, self.time) else {
            return None;
        };
        match zone {
            Designator::Absent => recording.remark(NO_ZONE, self.at),
            Designator::Offset => recording.offsets += 1,
            Designator::Utc => {}
        }
        Some(Fix {
            ele_m: Measure::from(self.ele_m),
            hdop: Measure::from(self.hdop),
            speed_kmh: Measure::from(self.speed_kmh),
            course_deg: Measure::from(self.course_deg),
            ..Fix::new(ms, position)
        })
    }
}

#[cfg(test)]
mod tests;

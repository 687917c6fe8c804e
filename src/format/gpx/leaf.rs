//! The values of a GPX point that are used.

use crate::format::track::point::{Time, TrackPoint};
use crate::format::track::scalars::number;

#[derive(Clone, Copy, PartialEq)]
pub enum Leaf {
    Time,
    Ele,
    Hdop,
    Speed,
    Course,
}

impl Leaf {
    /// Matches the local name anywhere in the point: extensions nest it at various depths.
    pub fn named(name: &[u8]) -> Option<Leaf> {
        match name {
            b"time" => Some(Leaf::Time),
            b"ele" => Some(Leaf::Ele),
            b"hdop" => Some(Leaf::Hdop),
            b"speed" => Some(Leaf::Speed),
            // GPX 1.0 has `course`; so does TrackPointExtension v2, where `bearing` is for the map.
            b"course" => Some(Leaf::Course),
            _ => None,
        }
    }

    /// Sets the value from the text of an element. The first readable one counts; text that is not a number is treated
    /// as absent.
    pub fn set(self, point: &mut TrackPoint, value: &str) {
        match self {
            Leaf::Time if !matches!(point.time, Time::Known { .. }) => {
                point.time = Time::from_text(value);
            }
            Leaf::Time => {}
            Leaf::Ele => point.ele_m = point.ele_m.or_else(|| number(value)),
            Leaf::Hdop => {
                point.hdop = point.hdop.or_else(|| number(value).filter(|&hdop| hdop >= 0.0));
            }
            // Metres per second, both in GPX 1.0 and in the extensions of Garmin and OsmAnd.
            Leaf::Speed => point.set_speed_mps(number(value)),
            Leaf::Course => point.set_course(number(value)),
        }
    }
}

#[cfg(test)]
mod tests;

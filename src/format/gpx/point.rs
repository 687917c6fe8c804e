//! One point of a GPX file while its elements are read.

use super::text;
use crate::value::geo::Position;

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Track,
    /// Waypoints and points of routes.
    Single,
}

/// A value of a point that is looked at.
#[derive(Clone, Copy, PartialEq)]
pub enum Leaf {
    Time,
    Ele,
    Hdop,
    Speed,
    Course,
}

impl Leaf {
    /// By the local name, wherever in the point: extensions put them at various depths.
    pub fn named(name: &[u8]) -> Option<Leaf> {
        match name {
            b"time" => Some(Leaf::Time),
            b"ele" => Some(Leaf::Ele),
            b"hdop" => Some(Leaf::Hdop),
            b"speed" => Some(Leaf::Speed),
            // GPX 1.0 has `course`; so has TrackPointExtension v2, beside `bearing` for the map.
            b"course" => Some(Leaf::Course),
            _ => None,
        }
    }
}

pub struct Point {
    pub kind: Kind,
    pub at: usize,
    pub position: Option<Position>,
    pub time: Time,
    pub ele_m: Option<f64>,
    pub hdop: Option<f64>,
    pub speed_kmh: Option<f64>,
    pub course_deg: Option<f64>,
}

#[derive(PartialEq)]
pub enum Time {
    Absent,
    Wrong,
    Known { ms: i64, zoned: bool },
}

impl Point {
    pub fn new(kind: Kind, at: usize, position: Option<Position>) -> Self {
        Point {
            kind,
            at,
            position,
            time: Time::Absent,
            ele_m: None,
            hdop: None,
            speed_kmh: None,
            course_deg: None,
        }
    }

    /// Takes the text of an element. The first one that can be read counts, and what is not a number is absent.
    pub fn set(&mut self, leaf: Leaf, value: &str) {
        let number = || text::number(value);
        match leaf {
            Leaf::Time if !matches!(self.time, Time::Known { .. }) => {
                self.time = match text::time_ms(value) {
                    Some((ms, zoned)) => Time::Known { ms, zoned },
                    None => Time::Wrong,
                }
            }
            Leaf::Time => {}
            Leaf::Ele => self.ele_m = self.ele_m.or_else(number),
            Leaf::Hdop => self.hdop = self.hdop.or_else(|| number().filter(|&hdop| hdop >= 0.0)),
            // Metres a second, in GPX 1.0 as in the extensions of Garmin and OsmAnd.
            Leaf::Speed => {
                let speed_mps = || number().filter(|&speed| speed >= 0.0);
                self.speed_kmh = self.speed_kmh.or_else(|| Some(speed_mps()? * 3.6));
            }
            Leaf::Course => {
                let course_deg = || number().filter(|deg| (0.0..=360.0).contains(deg));
                self.course_deg = self.course_deg.or_else(course_deg);
            }
        }
    }
}

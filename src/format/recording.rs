//! What a file of a receiver held: its segments, and what in it could not be used.

use std::fmt;

use super::Place;
use crate::value::track::Fix;

/// What could be read of a track file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    /// Fixes as they stood in the file: unsorted, doubles and all.
    pub segments: Vec<Vec<Fix>>,
    /// Single places with a time: a track of last resort.
    pub waypoints: Vec<Fix>,
    pub remarks: Vec<Remark>,
}

/// Something that could not be used, or was taken in one of several ways; told once with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Such as `points without a time`.
    pub what: String,
    pub count: u64,
    /// Where it first was.
    pub first: Place,
}

impl Recording {
    /// The segments; when none has a fix, the waypoints as one.
    pub fn into_segments(mut self) -> Vec<Vec<Fix>> {
        self.segments.retain(|segment| !segment.is_empty());
        if self.segments.is_empty() && !self.waypoints.is_empty() {
            self.segments.push(self.waypoints);
        }
        self.segments
    }

    pub fn fixes(&self) -> usize {
        self.segments.iter().map(Vec::len).sum()
    }

    /// Counts one more of this kind; the kinds are few.
    pub(super) fn remark(&mut self, what: &str, at: Place) {
        match self.remarks.iter_mut().find(|remark| remark.what == what) {
            Some(remark) => remark.count += 1,
            None => self.remarks.push(Remark { what: what.to_string(), count: 1, first: at }),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.first {
            Place::Line(line) => format!("line {line}"),
            Place::Byte(at) => format!("byte {at}"),
        };
        match self.count {
            1 => write!(f, "{} in {place}", self.what),
            count => write!(f, "{}: {count}, first in {place}", self.what),
        }
    }
}

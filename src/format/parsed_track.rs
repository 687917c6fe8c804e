//! The parsed content of a track file: its segments, and what could not be used.

use std::fmt;

use super::ErrorLocation;
use crate::value::gps_week::correction_ms;
use crate::value::height_validity::Heights;
use crate::value::human_format::grouped;
use crate::value::instant::LocalTime;
use crate::value::track::{Fix, Measure};
use crate::value::zone::{Instants, Zone};

/// Week rollover is assumed if the corrected date is within this distance of the photos.
const NEAR_MS: i64 = 31 * 86_400_000;
const ROLLED: &str = "fixes moved by 1024 weeks, for the receiver's week number rolled over";
const OFFSETS: &str = "times with an offset of their own, so the zone of the track does not apply";
const TWICE: &str = "taken as of the first time, or of the second where their times go back";
const NEVER: &str = "fixes left out, since no clock of the track's zone ever shows their time";

/// The readable content of a track file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    /// Fixes as in the file: unsorted, duplicates included.
    pub segments: Vec<Vec<Fix>>,
    /// Single positions with a time: used only if there is no track.
    pub waypoints: Vec<Fix>,
    /// The number of times that were written with an offset of their own, such as `+02:00`.
    pub offsets: u64,
    pub remarks: Vec<TrackRemark>,
}

/// Something that could not be used, or was ambiguous; reported once with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackRemark {
    /// For example `points without a time`.
    pub what: String,
    pub count: u64,
    /// The location of the first occurrence.
    pub first: ErrorLocation,
}

impl Recording {
    /// The segments; if none has a fix, the waypoints as one segment.
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

    /// Corrects a track whose dates are off by a multiple of 1024 weeks, so that they match the photos. Other
    /// tracks are unchanged.
    pub fn unroll(&mut self, near_ms: i64) {
        let first = self.segments.iter().flatten().chain(&self.waypoints).next();
        let Some(first_ms) = first.map(|fix| fix.time_ms) else { return };
        let by_ms = correction_ms(first_ms, near_ms);
        if by_ms == 0 || (first_ms + by_ms).abs_diff(near_ms) > NEAR_MS as u64 {
            return;
        }
        let fixes = self.segments.iter_mut().flatten().chain(&mut self.waypoints);
        let moved = fixes.map(|fix| fix.time_ms += by_ms).count() as u64;
        let what = ROLLED.to_string();
        self.remarks.push(TrackRemark { what, count: moved, first: ErrorLocation::Line(1) });
    }

    /// Removes invalid heights; returns a message about them.
    pub fn check_heights(&mut self, heights: Heights) -> Option<String> {
        let (mut none, mut first) = (0, None);
        for fix in self.segments.iter_mut().flatten().chain(&mut self.waypoints) {
            let Some(m) = fix.ele_m.get() else { continue };
            let height = heights.read(m, None);
            fix.ele_m = Measure::from(height.as_ref().ok().copied());
            if let Err(why) = height {
                none += 1_u64;
                first.get_or_insert_with(|| format!("{m} {why}"));
            }
        }
        first.map(|first| match none {
            1 => format!("a height left out, because {first}"),
            _ => format!("{} heights left out, because {first}", grouped(none)),
        })
    }

    /// Reinterprets times that were read as UTC as local times of a zone, unless the file has offsets: these tell the
    /// instants already. In the hour that occurs twice, the later instant is used if the earlier one is before the
    /// previous fix.
    pub fn set_zone(&mut self, zone: Zone) {
        if self.offsets > 0 {
            return self.remark_more(OFFSETS, ErrorLocation::Line(1), self.offsets);
        }
        let (mut never, mut twice) = (0, Vec::new());
        for segment in self.segments.iter_mut().chain([&mut self.waypoints]) {
            let mut last_ms = i64::MIN;
            segment.retain_mut(|fix| {
                let local = LocalTime::at(fix.time_ms, 0).map(|local| zone.instants_ms(local));
                let time_ms = match local {
                    Some(Instants::One(ms)) => ms,
                    Some(Instants::Two(earlier, later)) => {
                        twice.extend(LocalTime::at(fix.time_ms, 0));
                        if earlier < last_ms { later } else { earlier }
                    }
                    Some(Instants::Never) | None => {
                        never += 1;
                        return false;
                    }
                };
                (fix.time_ms, last_ms) = (time_ms, time_ms);
                true
            });
        }
        if let Some(first) = twice.first() {
            let what =
                format!("fixes of an hour that comes twice in {zone}, from {first}, {TWICE}");
            self.remark_more(&what, ErrorLocation::Line(1), twice.len() as u64);
        }
        if never > 0 {
            self.remarks.push(TrackRemark {
                what: NEVER.to_string(),
                count: never,
                first: ErrorLocation::Line(1),
            });
        }
    }

    /// Adds a remark about the file as a whole.
    pub fn remark_file(&mut self, what: &str) {
        self.remark(what, ErrorLocation::Line(1));
    }

    /// Counts one more remark of this kind; there are few kinds.
    pub fn remark(&mut self, what: &str, at: ErrorLocation) {
        self.remark_more(what, at, 1);
    }

    /// Counts several more remarks of this kind.
    pub(super) fn remark_more(&mut self, what: &str, at: ErrorLocation, more: u64) {
        match self.remarks.iter_mut().find(|remark| remark.what == what) {
            Some(remark) => remark.count += more,
            None if more == 0 => {}
            None => {
                self.remarks.push(TrackRemark { what: what.to_string(), count: more, first: at });
            }
        }
    }
}

impl fmt::Display for TrackRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.first {
            ErrorLocation::Line(line) => format!("line {line}"),
            ErrorLocation::Byte(at) => format!("byte {at}"),
            ErrorLocation::Entry(number) => format!("entry {number}"),
        };
        match self.count {
            1 => write!(f, "{} in {place}", self.what),
            count => write!(f, "{}: {count}, first in {place}", self.what),
        }
    }
}

#[cfg(test)]
mod tests;

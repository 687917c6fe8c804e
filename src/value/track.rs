//! A track: the positions of a receiver, fix by fix, in segments that were recorded without a break.
//!
//! Positions between the fixes are computed in [`super::track_position`].

use std::ops::Range;
use std::sync::OnceLock;

pub use super::cleaning::{APART_M, FASTEST_MPS, Farthest, TrackCleaning};
pub use super::fix::{Fix, Measure};

use super::cleaning::{clean, is_in_reach, mps};
use super::standstill::Standstill;

/// Segments of fixes in time order.
#[derive(Debug, Clone, Default)]
pub struct Track {
    fixes: Vec<Fix>,
    segments: Vec<Segment>,
    /// The speed that no vehicle exceeds, from one segment to the next, too.
    max_mps: f64,
}

#[derive(Debug, Clone)]
struct Segment {
    fixes: Range<usize>,
    /// The number of the receiver that recorded it.
    source: usize,
    /// The index of the segment, up to this one, that ends last.
    reach: usize,
    /// Computed when first needed, by a photo that is at rest.
    rests: OnceLock<Vec<Standstill>>,
}

/// The number of fixes before an instant, and after it, that determine the density of a segment.
const AROUND: usize = 6;

/// How densely a segment was recorded: of two that overlap, the denser one is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Median seconds from fix to fix.
    pub step_s: f64,
    /// The mean dilution of precision; infinite if unknown.
    pub hdop: f64,
}

impl Track {
    /// The segments of one receiver, or of an unknown number of receivers.
    pub fn new(segments: impl IntoIterator<Item = Vec<Fix>>) -> (Track, TrackCleaning) {
        Track::of_sources(segments.into_iter().map(|segment| (0, segment)), FASTEST_MPS)
    }

    /// Sorts the segments by time, and the fixes in each, and removes impossible fixes. Each segment comes with
    /// the number of the receiver that recorded it. Fixes that need more than `max_mps` are impossible.
    pub fn of_sources(
        segments: impl IntoIterator<Item = (usize, Vec<Fix>)>,
        max_mps: f64,
    ) -> (Track, TrackCleaning) {
        let mut track = Track::default();
        let cleaning = track.add(segments, max_mps);
        (track, cleaning)
    }

    /// Adds segments that are not in the track yet.
    pub fn add(
        &mut self,
        segments: impl IntoIterator<Item = (usize, Vec<Fix>)>,
        max_mps: f64,
    ) -> TrackCleaning {
        let mut cleaning = TrackCleaning::default();
        let cleaned = segments
            .into_iter()
            .map(|(source, segment)| (source, clean(segment, source, max_mps, &mut cleaning)));
        let mut cleaned: Vec<(usize, Vec<Fix>)> =
            cleaned.filter(|(_, segment)| !segment.is_empty()).collect();
        cleaned.sort_by_key(|(_, segment)| segment[0].time_ms);
        let start_ms = |segment: &Segment| self.fixes[segment.fixes.start].time_ms;
        let latest_ms = self.segments.last().map_or(i64::MIN, start_ms);
        // Segments are ordered by their start: if one starts before the last, all are sorted again.
        if cleaned.first().is_some_and(|(_, segment)| segment[0].time_ms < latest_ms) {
            cleaned.extend(std::mem::take(self).into_segments());
            cleaned.sort_by_key(|(_, segment)| segment[0].time_ms);
        }
        for (source, segment) in cleaned {
            self.push(source, segment);
        }
        self.max_mps = max_mps;
        cleaning
    }

    fn into_segments(self) -> impl Iterator<Item = (usize, Vec<Fix>)> {
        let Track { fixes, segments, .. } = self;
        segments.into_iter().map(move |segment| (segment.source, fixes[segment.fixes].to_vec()))
    }

    pub fn is_empty(&self) -> bool {
        self.fixes.is_empty()
    }

    /// The speed needed from one segment to the next if no vehicle has it, in m/s.
    pub(super) fn impossible_mps(&self, last: &Fix, next: &Fix) -> Option<f64> {
        (!is_in_reach(last, next, self.max_mps)).then(|| mps(last, next))
    }

    /// All fixes, segment by segment.
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    pub fn segments(&self) -> impl Iterator<Item = &[Fix]> {
        self.segments.iter().map(|segment| &self.fixes[segment.fixes.clone()])
    }

    /// The fixes of one segment, by the number in a [`super::track_position::TrackPosition`].
    pub fn segment(&self, number: usize) -> &[Fix] {
        self.segments.get(number).map_or(&[], |segment| &self.fixes[segment.fixes.clone()])
    }

    /// The standstills of a segment, computed once.
    pub(super) fn rests(
        &self,
        number: usize,
        work_out: impl FnOnce(&[Fix]) -> Vec<Standstill>,
    ) -> &[Standstill] {
        self.segments[number].rests.get_or_init(|| work_out(self.segment(number)))
    }

    /// The reason why one of two overlapping segments is used at this instant.
    pub fn preferred(&self, chosen: usize, other: usize, time_ms: i64) -> &'static str {
        let [chosen, other] = [chosen, other].map(|number| self.density(number, time_ms));
        let doublings = |density: Density| density.step_s.log2().round();
        if doublings(chosen) < doublings(other) {
            "its fixes are denser"
        } else if chosen.hdop < other.hdop {
            "its HDOP is better"
        } else {
            "the other has a hole, or is no better"
        }
    }

    /// How densely the segment was recorded around an instant: a wrong date or a pause elsewhere in it does not
    /// matter.
    pub(super) fn density(&self, number: usize, time_ms: i64) -> Density {
        let fixes = self.segment(number);
        let here = fixes.partition_point(|fix| fix.time_ms < time_ms);
        let around = &fixes[here.saturating_sub(AROUND)..(here + AROUND).min(fixes.len())];
        let mut steps_s: Vec<f64> = around
            .windows(2)
            .map(|leg| (leg[1].time_ms - leg[0].time_ms) as f64 / 1000.0)
            .collect();
        steps_s.sort_unstable_by(f64::total_cmp);
        let known: Vec<f64> = around.iter().filter_map(|fix| fix.hdop.get()).collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        Density {
            step_s: steps_s.get(steps_s.len() / 2).copied().unwrap_or(f64::INFINITY),
            hdop: if known.is_empty() { f64::INFINITY } else { mean },
        }
    }

    /// The number of the receiver that recorded a segment.
    pub fn source(&self, number: usize) -> usize {
        self.segments[number].source
    }

    /// The segments that were being recorded at this instant, the latest start first.
    pub fn covering(&self, time_ms: i64) -> impl Iterator<Item = usize> {
        (0..self.begun(time_ms))
            .rev()
            .take_while(move |&at| self.end_ms(self.segments[at].reach) >= time_ms)
            .filter(move |&at| self.end_ms(at) >= time_ms)
    }

    /// The segment that ended last before an instant that none covers, and the next to begin.
    pub(super) fn around(&self, time_ms: i64) -> (Option<usize>, Option<usize>) {
        let begun = self.begun(time_ms);
        let before = begun.checked_sub(1).map(|last| self.segments[last].reach);
        (before, (begun < self.segments.len()).then_some(begun))
    }

    fn begun(&self, time_ms: i64) -> usize {
        self.segments.partition_point(|segment| self.fixes[segment.fixes.start].time_ms <= time_ms)
    }

    fn end_ms(&self, number: usize) -> i64 {
        self.fixes[self.segments[number].fixes.end - 1].time_ms
    }

    fn push(&mut self, source: usize, segment: Vec<Fix>) {
        let (start, number) = (self.fixes.len(), self.segments.len());
        let end_ms = segment[segment.len() - 1].time_ms;
        self.fixes.extend(segment);
        let before = self.segments.last().map(|last| last.reach);
        let reach = before.filter(|&before| self.end_ms(before) >= end_ms).unwrap_or(number);
        let fixes = start..self.fixes.len();
        self.segments.push(Segment { fixes, source, reach, rests: OnceLock::new() });
    }
}

#[cfg(test)]
mod tests;

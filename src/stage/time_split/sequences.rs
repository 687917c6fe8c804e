//! Divides the photos of each camera into sequences at the cuts.

use std::ops::Range;

use super::split_result::{Found, NO_TIME};
use super::{TimeSplit, cut, estimate};
use crate::photo::photo_index::{GroupPhotos, PhotoOrder};
use crate::shape::Diagnostics;
use crate::value::provenance::CutBy;

/// The photos of a new sequence, and why it starts.
pub struct Sequence {
    /// Their range in the order of all photos.
    pub photos: Range<usize>,
    pub start_ms: i64,
    pub cut_by: CutBy,
    pub is_captured: bool,
}

impl TimeSplit {
    /// The sequences of a group.
    fn sequences(&self, group: GroupPhotos, notes: &dyn Diagnostics) -> Vec<Sequence> {
        let times = || group.photos().map(|photo| photo.time_ms);
        let gap_s = self.choice.limits.gap_s.unwrap_or_else(|| {
            let steps_ms = times().zip(times().skip(1)).map(|(from, to)| to - from);
            let estimate = estimate::gap(steps_ms.collect());
            if group.len() > 1 {
                notes.once(&format!("--gap {}: {}", estimate.gap_s, estimate.reason));
            }
            estimate.gap_s
        });
        let mut sequences: Vec<Sequence> = Vec::new();
        let cuts = cut::cuts(group.photos(), gap_s, &self.choice.limits);
        for (at, (start_ms, cut)) in times().zip(cuts).enumerate() {
            let place = group.start() + at;
            match (cut, sequences.last_mut()) {
                (None, Some(sequence)) => sequence.photos.end = place + 1,
                (cut, _) => sequences.push(Sequence {
                    photos: place..place + 1,
                    start_ms,
                    cut_by: cut.unwrap_or(CutBy::Start),
                    is_captured: group.is_captured,
                }),
            }
        }
        sequences
    }

    /// The sequences of all cameras by time, so that {n} follows the time and not the folders.
    pub(super) fn cut(
        &self,
        order: &PhotoOrder,
        found: &mut Found,
        notes: &dyn Diagnostics,
    ) -> Vec<Sequence> {
        let mut sequences: Vec<Sequence> = Vec::new();
        for group in order.groups(&self.ride.index) {
            sequences.extend(self.sequences(group, notes));
            group.untimed.iter().for_each(|&row| found.of_rows[row as usize] = NO_TIME);
            if !group.untimed.is_empty() {
                notes.count("without a time", group.untimed.len() as u64);
            }
        }
        sequences.sort_by_key(|sequence| sequence.start_ms);
        for sequence in
            sequences.iter_mut().skip(1).filter(|sequence| sequence.cut_by == CutBy::Start)
        {
            sequence.cut_by = CutBy::Camera;
        }
        sequences
    }
}

//! Sorts the fixes of a segment and removes impossible ones: duplicates, 0, 0, wrong dates, and positions
//! that no vehicle could have reached.

use super::fix::Fix;

/// The maximum speed of a vehicle with a camera: 360 km/h.
pub const FASTEST_MPS: f64 = 100.0;

/// The position error of a receiver that has not really moved.
const ERROR_M: f64 = 50.0;
/// Two fixes of one instant that are farther apart contradict each other. Receivers that are both right differ by less.
pub const APART_M: f64 = 10.0;
/// A date is wrong, rather than a later part of the ride, if at most this many fixes have it,
const STRAYS: usize = 10;
/// and if it is at least this far from those before and after in the file.
const STRAY_MS: u64 = 12 * 3_600_000;
/// The number of earlier stretches between jumps that are considered. A receiver that jumps more often is
/// unusable.
const LOOK_BACK: usize = 64;

/// What was corrected when the fixes became a track.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TrackCleaning {
    /// Fixes that were out of time order and were sorted in.
    pub sorted: u64,
    /// Removed: a second fix of the same instant at the same position.
    pub doubled: u64,
    /// Removed: a second fix of the same instant at another position.
    pub apart: u64,
    /// The one of them that was farthest from the fix that is kept.
    pub farthest: Option<Farthest>,
    /// Removed: out of order, with a date or a position that its neighbours contradict.
    pub strays: u64,
    /// Removed: a position that no vehicle could have reached.
    pub wild: u64,
    /// The highest speed that a removed fix would have needed, in m/s.
    pub wild_mps: f64,
    /// Removed: exactly 0, 0, which receivers write before they have a fix.
    pub null_island: u64,
}

/// A fix that contradicts another one of its instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Farthest {
    pub distance_m: f64,
    pub time_ms: i64,
    /// The number of the receiver that recorded both.
    pub source: usize,
}

impl TrackCleaning {
    /// Counts a fix that is removed because `kept` has the same instant.
    fn double(&mut self, source: usize, kept: &Fix, removed: &Fix) {
        let distance_m = kept.position.distance_m(removed.position);
        if distance_m <= APART_M {
            self.doubled += 1;
            return;
        }
        self.apart += 1;
        if self.farthest.is_none_or(|farthest| farthest.distance_m < distance_m) {
            self.farthest = Some(Farthest { distance_m, time_ms: kept.time_ms, source });
        }
    }
}

/// One segment of a receiver in time order, without impossible fixes.
pub(super) fn clean(
    mut segment: Vec<Fix>,
    source: usize,
    max_mps: f64,
    cleaning: &mut TrackCleaning,
) -> Vec<Fix> {
    let given = segment.len();
    segment.retain(|fix| !fix.position.is_null_island());
    cleaning.null_island += (given - segment.len()) as u64;
    if !segment.is_sorted_by_key(|fix| fix.time_ms) {
        segment = in_order(segment, max_mps, cleaning);
    }
    // The first fix of an instant is kept: a later one is mostly the same position written again.
    segment.dedup_by(|later, kept| {
        let is_double = later.time_ms == kept.time_ms;
        if is_double {
            cleaning.double(source, kept, later);
        }
        is_double
    });
    without_wild(segment, max_mps, cleaning)
}

/// Sorts. Of the fixes that are out of order, those are kept whose position fits their time.
fn in_order(segment: Vec<Fix>, max_mps: f64, cleaning: &mut TrackCleaning) -> Vec<Fix> {
    let is_stray = strays(&segment);
    let mut marked: Vec<(Fix, bool)> = Vec::with_capacity(segment.len());
    let mut at = 0;
    while at < segment.len() {
        let run = (at..segment.len()).take_while(|&i| is_stray[i] == is_stray[at]).count();
        let is_wrong = is_stray[at] && is_of_another_time(&segment, at, run);
        if is_wrong {
            cleaning.strays += run as u64;
        } else {
            marked.extend((at..at + run).map(|i| (segment[i], is_stray[i])));
        }
        at += run;
    }
    marked.sort_by_key(|(fix, _)| fix.time_ms);
    let out_of_reach = |at: usize| {
        let before = at.checked_sub(1).map(|before| &marked[before].0);
        let after = marked.get(at + 1).map(|(fix, _)| fix);
        let mut around = [before, after].into_iter().flatten();
        marked[at].1 && around.all(|other| !is_in_reach(&marked[at].0, other, max_mps))
    };
    let kept: Vec<Fix> =
        (0..marked.len()).filter(|&at| !out_of_reach(at)).map(|at| marked[at].0).collect();
    let put_in_place = marked.iter().filter(|(_, is_stray)| *is_stray).count();
    let left_out = marked.len() - kept.len();
    cleaning.strays += left_out as u64;
    cleaning.sorted += (put_in_place - left_out) as u64;
    kept
}

/// The smallest set of fixes without which all others are in order: all but a longest increasing subsequence.
fn strays(segment: &[Fix]) -> Vec<bool> {
    // The last fix of the best sequence of each length; and for each fix, the one before it in its sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(segment.len());
    for (at, fix) in segment.iter().enumerate() {
        let length = ends.partition_point(|&end| segment[end].time_ms <= fix.time_ms);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut is_stray = vec![true; segment.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        is_stray[at] = false;
        next = before[at];
    }
    is_stray
}

/// Whether a few consecutive fixes have a date that the fixes before and after them in the file contradict.
fn is_of_another_time(segment: &[Fix], first: usize, count: usize) -> bool {
    let before = first.checked_sub(1).map(|at| segment[at].time_ms);
    let around = before.into_iter().chain(segment.get(first + count).map(|fix| fix.time_ms));
    let own = &segment[first..first + count];
    let far = |ms: i64| own.iter().all(|fix| fix.time_ms.abs_diff(ms) > STRAY_MS);
    count <= STRAYS && around.clone().count() > 0 && around.into_iter().all(far)
}

/// Removes the fixes that no vehicle could have reached: of the stretches between impossible jumps, those are
/// kept that together have the most fixes and can follow each other.
fn without_wild(segment: Vec<Fix>, max_mps: f64, cleaning: &mut TrackCleaning) -> Vec<Fix> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for at in 0..segment.len() {
        match stretches.last_mut() {
            Some(last) if is_in_reach(&segment[at - 1], &segment[at], max_mps) => last.end = at + 1,
            _ => stretches.push(at..at + 1),
        }
    }
    if stretches.len() < 2 {
        return segment;
    }
    let kept = best_chain(&segment, &stretches, max_mps);
    let mut left: Vec<Fix> = Vec::with_capacity(segment.len());
    for (stretch, is_kept) in stretches.into_iter().zip(kept) {
        if is_kept {
            left.extend(&segment[stretch]);
        } else {
            let around = [stretch.start.checked_sub(1), Some(stretch.start)];
            if let [Some(before), Some(first)] = around {
                cleaning.wild_mps = cleaning.wild_mps.max(mps(&segment[before], &segment[first]));
            }
            cleaning.wild += stretch.len() as u64;
        }
    }
    left
}

/// Which stretches to keep: the heaviest chain in which each can be reached from the one before.
fn best_chain(segment: &[Fix], stretches: &[std::ops::Range<usize>], max_mps: f64) -> Vec<bool> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(stretches.len());
    for (at, stretch) in stretches.iter().enumerate() {
        let reachable = (at.saturating_sub(LOOK_BACK)..at).filter(|&before| {
            let last = &segment[stretches[before].end - 1];
            is_in_reach(last, &segment[stretch.start], max_mps)
        });
        let before = reachable.max_by_key(|&before| (best[before].0, before));
        let weight = before.map_or(0, |before| best[before].0) + stretch.len();
        best.push((weight, before));
    }
    let mut kept = vec![false; stretches.len()];
    let mut next = (0..best.len()).rev().max_by_key(|&at| best[at].0);
    while let Some(at) = next {
        kept[at] = true;
        next = best[at].1;
    }
    kept
}

/// Whether a vehicle can get from one fix to the other in time, allowing for receiver error.
pub(super) fn is_in_reach(a: &Fix, b: &Fix, max_mps: f64) -> bool {
    let duration_s = a.time_ms.abs_diff(b.time_ms) as f64 / 1000.0;
    // A degree of latitude is 111 km: most fixes need no trigonometry.
    let limit_m = ERROR_M + max_mps * duration_s;
    let (lat_deg, lon_deg) = (
        (a.position.lat_deg() - b.position.lat_deg()).abs(),
        (a.position.lon_deg() - b.position.lon_deg()).abs(),
    );
    (lat_deg + lon_deg) * 111_320.0 <= limit_m || a.position.distance_m(b.position) <= limit_m
}

/// The speed needed from one fix to another.
pub(super) fn mps(a: &Fix, b: &Fix) -> f64 {
    let duration_s = a.time_ms.abs_diff(b.time_ms) as f64 / 1000.0;
    a.position.distance_m(b.position) / duration_s.max(0.001)
}

#[cfg(test)]
mod tests;

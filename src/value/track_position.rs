//! The position of a track at an instant: at a fix, interpolated between two, held at an end, or unknown with
//! a reason.

mod missing;

pub use missing::{Missing, Reason};
use missing::{nowhere, parted, too_fast, wider};

use super::geo::Position;
use super::string_enum::words;
use super::track::{Fix, Track};

/// The longest stop, in seconds, that is bridged because both of its ends are close together.
pub const LONGEST_STOP_S: f64 = 600.0;

/// The limits within which a position is derived from fixes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// A position is interpolated between fixes at most this far apart in time,
    pub max_gap_s: f64,
    /// or at most this far apart in space, within [`LONGEST_STOP_S`].
    pub max_gap_m: f64,
    /// Beyond an end, its position is held for this long.
    pub extrapolate_s: f64,
    /// Whether a position is interpolated from one segment to the next.
    pub join_segments: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false }
    }
}

impl Limits {
    /// Whether the movement between two fixes may be taken as straight and steady.
    pub fn bridge(&self, gap_s: f64, gap_m: f64) -> bool {
        gap_s <= self.max_gap_s || (gap_m <= self.max_gap_m && gap_s <= LONGEST_STOP_S)
    }
}

/// How a position was determined, as in the column `position_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Exact,
    Interpolated,
    Held,
}

words!(How: Exact = "exact", Interpolated = "interpolated", Held = "held");

/// A position on the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPosition {
    pub how: How,
    pub position: Position,
    pub ele_m: Option<f64>,
    /// The worse of the fixes used.
    pub hdop: Option<f64>,
    pub speed_kmh: Option<f64>,
    /// Seconds between the fixes used; from the end, if held.
    pub gap_s: f64,
    /// Metres between the fixes used.
    pub gap_m: f64,
    /// The fixes around it: the same fix twice unless interpolated.
    pub legs: (Fix, Fix),
    /// The segment that contains it; none between joined segments.
    pub segment: Option<usize>,
}

pub type PositionResult = Result<TrackPosition, Missing>;

impl Track {
    /// The position of the track at this instant. Of segments that overlap, the one with denser fixes is
    /// used, then the one with the better HDOP; two are never mixed in one leg.
    pub fn where_at(&self, time_ms: i64, limits: &Limits) -> PositionResult {
        let verdicts = self.covering(time_ms).map(|number| self.inside(number, time_ms, limits));
        let best = verdicts.min_by(|a, b| {
            self.doubt(a, time_ms)
                .partial_cmp(&self.doubt(b, time_ms))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        best.unwrap_or_else(|| self.outside(time_ms, limits))
    }

    /// A score of how unreliable a position is; lower is better. An error is worst, then a held position or one
    /// between segments, then fixes far apart in time, then a high HDOP. Time between fixes is compared by
    /// powers of two, so that two receivers of the same kind do not alternate from photo to photo. A gap that
    /// is long for its segment counts by a third of its length.
    fn doubt(&self, verdict: &PositionResult, time_ms: i64) -> (bool, bool, f64, f64) {
        let Ok(found) = verdict else { return (true, true, 0.0, 0.0) };
        let Some(number) = found.segment else { return (false, true, 0.0, 0.0) };
        let density = self.density(number, time_ms);
        let step_s = density.step_s.max(found.gap_s / 3.0);
        (false, found.how == How::Held, step_s.log2().round(), density.hdop)
    }

    fn inside(&self, number: usize, time_ms: i64, limits: &Limits) -> PositionResult {
        let fixes = self.segment(number);
        let after = fixes.partition_point(|fix| fix.time_ms < time_ms);
        let next = &fixes[after];
        if next.time_ms == time_ms {
            return Ok(at_fix(next, How::Exact, 0.0, Some(number)));
        }
        let last = &fixes[after - 1];
        between(last, next, time_ms, limits, Some(number))
            .or_else(|missing| held(last, next, time_ms, limits, Some(number)).ok_or(missing))
    }

    fn outside(&self, time_ms: i64, limits: &Limits) -> PositionResult {
        let (before, after) = self.around(time_ms);
        let last = before.and_then(|number| Some((self.segment(number).last()?, number)));
        let next = after.and_then(|number| Some((self.segment(number).first()?, number)));
        match (last, next) {
            (None, None) => Err(nowhere(Reason::Empty, None, None)),
            (Some(end), None) => at_end(end, time_ms, limits, Reason::AfterLast),
            (None, Some(end)) => at_end(end, time_ms, limits, Reason::BeforeFirst),
            (Some((last, before)), Some((next, after))) => {
                if limits.join_segments {
                    let joined = match self.impossible_mps(last, next) {
                        Some(mps) => Err(too_fast(last, next, time_ms, mps)),
                        None => between(last, next, time_ms, limits, None),
                    };
                    return joined.or_else(|missing| {
                        held(last, next, time_ms, limits, Some(before)).ok_or(missing)
                    });
                }
                let nearer = if time_ms - last.time_ms <= next.time_ms - time_ms {
                    (last, before)
                } else {
                    (next, after)
                };
                at_end(nearer, time_ms, limits, Reason::BetweenSegments)
                    .map_err(|_| parted(last, next, time_ms, limits))
            }
        }
    }
}

/// The position between two fixes, if they are close enough.
fn between(
    last: &Fix,
    next: &Fix,
    time_ms: i64,
    limits: &Limits,
    segment: Option<usize>,
) -> PositionResult {
    let gap_s = seconds(last.time_ms, next.time_ms);
    let gap_m = last.position.distance_m(next.position);
    if !limits.bridge(gap_s, gap_m) {
        let mut missing = nowhere(Reason::Hole, Some((last, time_ms)), Some((next, time_ms)));
        missing.gap_m = Some(gap_m);
        missing.accept = Some(wider(gap_s, gap_m));
        return Err(missing);
    }
    let fraction = seconds(last.time_ms, time_ms) / gap_s;
    let mix = |a: Option<f64>, b: Option<f64>| Some(a? + (b? - a?) * fraction);
    Ok(TrackPosition {
        how: How::Interpolated,
        position: last.position.along(next.position, fraction),
        ele_m: mix(last.ele_m.get(), next.ele_m.get()),
        hdop: last.hdop.get().zip(next.hdop.get()).map(|(a, b)| a.max(b)),
        speed_kmh: mix(last.speed_kmh.get(), next.speed_kmh.get()).or(Some(gap_m / gap_s * 3.6)),
        gap_s,
        gap_m,
        legs: (*last, *next),
        segment,
    })
}

/// The position held at the edge of a gap, as at the end of a track.
fn held(
    last: &Fix,
    next: &Fix,
    time_ms: i64,
    limits: &Limits,
    segment: Option<usize>,
) -> Option<TrackPosition> {
    let (before_s, after_s) = (seconds(last.time_ms, time_ms), seconds(time_ms, next.time_ms));
    let (fix, away_s) = if before_s <= after_s { (last, before_s) } else { (next, after_s) };
    (away_s <= limits.extrapolate_s).then(|| at_fix(fix, How::Held, away_s, segment))
}

fn at_end(end: (&Fix, usize), time_ms: i64, limits: &Limits, reason: Reason) -> PositionResult {
    let (fix, number) = end;
    let away_s = seconds(fix.time_ms, time_ms).abs();
    if away_s <= limits.extrapolate_s {
        return Ok(at_fix(fix, How::Held, away_s, Some(number)));
    }
    let side = Some((fix, time_ms));
    let mut missing = match reason {
        Reason::BeforeFirst => nowhere(reason, None, side),
        _ => nowhere(reason, side, None),
    };
    missing.accept = Some(format!("--extrapolate {}", away_s.ceil()));
    Err(missing)
}

fn at_fix(fix: &Fix, how: How, gap_s: f64, segment: Option<usize>) -> TrackPosition {
    TrackPosition {
        how,
        position: fix.position,
        ele_m: fix.ele_m.get(),
        hdop: fix.hdop.get(),
        speed_kmh: fix.speed_kmh.get(),
        gap_s,
        gap_m: 0.0,
        legs: (*fix, *fix),
        segment,
    }
}

fn seconds(from_ms: i64, to_ms: i64) -> f64 {
    to_ms.saturating_sub(from_ms) as f64 / 1000.0
}

#[cfg(test)]
mod tests;

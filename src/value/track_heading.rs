//! The heading of a track at an instant: the direction of the chord around it, in the same segment and never
//! across a gap. At standstill, the heading of the last movement is kept.

use std::iter::once;

use super::geo::Position;
use super::standstill::{
    APPROACH_M, HALF_WINDOW_MS, NOISE_REACH_M, Standstill, moves_along, rest_at, rests,
};
use super::track::{Fix, Track};
use super::track_chord::{End, Ends};
use super::track_position::{How, Limits, TrackPosition};
use super::travel_bearing::{By, arrival_deg};

/// For a shorter displacement, the bearing is only receiver noise.
const NOISE_M: f64 = 1.0;

/// Half of the duration of the chords, tried in this order until there is movement: at walking pace the first
/// is enough.
const HALF_CHORDS_MS: [i64; 3] = [1_000, 2_000, HALF_WINDOW_MS];

/// Half chords for movement slower than walking, tried in this order until it exceeds the noise.
const LONG_HALF_CHORDS_MS: [i64; 2] = [15_000, 30_000];

/// The direction of travel at a position on the track, in degrees.
pub fn travel_deg(
    track: &Track,
    found: &TrackPosition,
    time_ms: i64,
    limits: &Limits,
) -> Option<(f64, By)> {
    let Some(number) = found.segment else {
        let chord = found.position.bearing_deg(found.legs.1.position);
        return chord.filter(|_| found.gap_m >= NOISE_M).map(|deg| (deg, By::Track));
    };
    let way = StraightPart { fixes: track.segment(number), limits };
    // A position that is held beyond an end has the direction of that end.
    let here_ms = if found.how == How::Held { found.legs.0.time_ms } else { time_ms };
    if let Some(deg) = way.moving_deg(here_ms) {
        return Some((deg, By::Track));
    }
    let rests = track.rests(number, |fixes| StraightPart { fixes, limits }.rests());
    way.held_deg(rests, here_ms, found.position).map(|deg| (deg, By::Held))
}

/// A segment, and the limits within which its legs are taken as straight.
struct StraightPart<'a> {
    fixes: &'a [Fix],
    limits: &'a Limits,
}

impl StraightPart<'_> {
    /// The direction at an instant while moving; `None` at standstill.
    fn moving_deg(&self, here_ms: i64) -> Option<f64> {
        let window = self.ends(here_ms, HALF_WINDOW_MS);
        if !window.moves() && !self.moves_within(&window) {
            return None;
        }
        let chords = HALF_CHORDS_MS.iter().map(|&half_ms| self.ends(here_ms, half_ms));
        // At a U-turn no chord is long enough: then the way out counts, and at an end the way in.
        let ahead = HALF_CHORDS_MS.iter().map(|&half_ms| self.legs(here_ms, 0, half_ms));
        let behind = HALF_CHORDS_MS.iter().map(|&half_ms| self.legs(here_ms, half_ms, 0));
        let mut ways = chords.chain(ahead).chain(behind);
        let (from, to) = ways.find(|ends| ends.moves() && ends.reach(NOISE_M))?.seen();
        from.1.bearing_deg(to.1)
    }

    /// Whether the fixes between the ends of a window are movement.
    fn moves_within(&self, window: &Ends) -> bool {
        let (from, to) = window.seen();
        let first = self.fixes.partition_point(|fix| fix.time_ms <= from.0);
        let within = self.fixes[first..].iter().take_while(|fix| fix.time_ms < to.0);
        let count = within.clone().count();
        let within = self.fixes[first..first + count].iter().map(|fix| (fix.time_ms, fix.position));
        count > 0 && moves_along(once(from).chain(within).chain(once(to)))
    }

    /// The direction of the movement before the standstill, or after it; or its own direction, if it moves very
    /// slowly.
    fn held_deg(&self, rests: &[Standstill], here_ms: i64, here: Position) -> Option<f64> {
        let begun = self.fixes.partition_point(|fix| fix.time_ms <= here_ms).saturating_sub(1);
        let near = [begun, begun + 1].into_iter().find_map(|at| rest_at(rests, at));
        let rest = near.unwrap_or(Standstill { first: begun, last: begun });
        if self.fixes[rest.first].position.distance_m(here) > NOISE_REACH_M
            && let Some(deg) = self.creeping_deg(here_ms)
        {
            return Some(deg);
        }
        let (before, after) = (&self.fixes[..rest.first], &self.fixes[rest.last + 1..]);
        let (stop, start) = (self.fixes[rest.first].position, self.fixes[rest.last].position);
        let far = |from: Position| move |fix: &&Fix| fix.position.distance_m(from) >= APPROACH_M;
        let way_in = || arrival_deg(before.iter().rev().find(far(stop))?.position, stop);
        let way_out = || start.bearing_deg(after.iter().find(far(start))?.position);
        let nearest = || self.moving_deg(before.last().or(after.first())?.time_ms);
        way_in().or_else(way_out).or_else(nearest)
    }

    fn creeping_deg(&self, here_ms: i64) -> Option<f64> {
        let chords = LONG_HALF_CHORDS_MS.iter().map(|&half_ms| self.ends(here_ms, half_ms).seen());
        let (from, to) =
            chords.into_iter().find(|(from, to)| from.1.distance_m(to.1) > NOISE_REACH_M)?;
        from.1.bearing_deg(to.1)
    }

    fn rests(&self) -> Vec<Standstill> {
        rests(self.fixes.len(), |at| self.moving_deg(self.fixes[at].time_ms).is_some())
    }

    /// The positions of the track this long before and after.
    fn ends(&self, here_ms: i64, half_ms: i64) -> Ends {
        self.legs(here_ms, half_ms, half_ms)
    }

    fn legs(&self, here_ms: i64, before_ms: i64, after_ms: i64) -> Ends {
        let begun = self.fixes.partition_point(|fix| fix.time_ms <= here_ms).saturating_sub(1);
        Ends {
            from: self.behind(begun, here_ms, here_ms - before_ms),
            to: self.ahead(begun, here_ms + after_ms),
        }
    }

    /// The position at an earlier instant, or at the gap or the start of the segment that comes first on the
    /// way back.
    fn behind(&self, begun: usize, here_ms: i64, wanted_ms: i64) -> End {
        let is_past = self.fixes[begun].time_ms < here_ms;
        let here = (begun + usize::from(is_past)).min(self.fixes.len() - 1);
        for leg in self.fixes[..=here].windows(2).rev() {
            if !self.bridges(leg) {
                return End::at(&leg[1]);
            }
            if leg[0].time_ms <= wanted_ms {
                return End { time_ms: wanted_ms, leg: [leg[0], leg[1]] };
            }
        }
        End::at(&self.fixes[0])
    }

    /// The position at a later instant, or at the gap or the end of the segment that comes first on the way.
    fn ahead(&self, begun: usize, wanted_ms: i64) -> End {
        for leg in self.fixes[begun..].windows(2) {
            if !self.bridges(leg) {
                return End::at(&leg[0]);
            }
            if leg[1].time_ms >= wanted_ms {
                return End { time_ms: wanted_ms, leg: [leg[0], leg[1]] };
            }
        }
        End::at(&self.fixes[self.fixes.len() - 1])
    }

    fn bridges(&self, leg: &[Fix]) -> bool {
        let gap_s = (leg[1].time_ms - leg[0].time_ms) as f64 / 1000.0;
        // Most legs are short in time: then their length, which costs more to compute, does not matter.
        gap_s <= self.limits.max_gap_s
            || self.limits.bridge(gap_s, leg[0].position.distance_m(leg[1].position))
    }
}

#[cfg(test)]
mod tests;

//! Detects when a receiver stands still: its position still drifts, by a few metres within half a minute, and a
//! bearing from one such position to the next is meaningless.
//!
//! Movement is what exceeds that noise. The thresholds are for ordinary receivers, whose error of about 2 m
//! (one sigma) changes within about 30 s: over 8 s such a receiver seems to move at 0.7 m/s once in several
//! thousand cases, while people walk at 1.0 to 1.5 m/s.

use super::geo::Position;

/// Half of the window over which speed is measured.
pub const HALF_WINDOW_MS: i64 = 4_000;
/// A lower speed over the window is not movement.
pub const PACE_MPS: f64 = 0.7;
/// A receiver this far from where it stopped has moved, however slowly.
pub const NOISE_REACH_M: f64 = 10.0;

/// The direction of arrival at a stop is taken from this far away.
pub const APPROACH_M: f64 = 5.0;

/// A position at an instant.
pub type TimedPosition = (i64, Position);

/// Whether this distance in this time is movement.
pub fn moves(from: TimedPosition, to: TimedPosition) -> bool {
    let distance_m = from.1.distance_m(to.1);
    distance_m > 0.0 && distance_m >= pace_m(to.0 - from.0)
}

/// The distance that counts as movement in this time.
pub fn pace_m(duration_ms: i64) -> f64 {
    PACE_MPS * (duration_ms as f64 / 1000.0)
}

/// A period without movement, as indexes into a list of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standstill {
    pub first: usize,
    pub last: usize,
}

/// The standstills in a list of positions, given which positions are moving.
pub fn rests(count: usize, is_moving: impl Fn(usize) -> bool) -> Vec<Standstill> {
    let mut rests: Vec<Standstill> = Vec::new();
    for at in (0..count).filter(|&at| !is_moving(at)) {
        match rests.last_mut() {
            Some(rest) if rest.last + 1 == at => rest.last = at,
            _ => rests.push(Standstill { first: at, last: at }),
        }
    }
    rests
}

/// The standstill that contains a position.
pub fn rest_at(rests: &[Standstill], at: usize) -> Option<Standstill> {
    let next = rests.partition_point(|rest| rest.first <= at);
    rests[..next].last().copied().filter(|rest| at <= rest.last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_are_found_by_any_of_their_places() {
        let rests = rests(7, |at| matches!(at, 0 | 4));
        assert_eq!(rests, [Standstill { first: 1, last: 3 }, Standstill { first: 5, last: 6 }]);
        assert_eq!(rest_at(&rests, 2), Some(rests[0]));
        assert_eq!((rest_at(&rests, 0), rest_at(&rests, 4)), (None, None));
        assert_eq!(rest_at(&rests, 6), Some(rests[1]));
    }

    #[test]
    fn no_way_is_no_movement_however_short_the_time() {
        let place = Position::new(8.0, 47.0).unwrap();
        assert!(!moves((0, place), (0, place)));
        assert!(moves((0, place), (1_000, place.destination(0.0, 0.8))));
        assert!(!moves((0, place), (10_000, place.destination(0.0, 3.0))));
    }
}

//! Detects when a receiver stands still: its position still drifts, by a few metres within half a minute, and a
//! bearing from one such position to the next is meaningless.
//!
//! Movement is what exceeds that noise. The thresholds are for ordinary receivers, whose error of about 2 m
//! (one sigma) changes within about 30 s: over 8 s such a receiver seems to move at 0.7 m/s once in several
//! thousand cases, while people walk at 1.0 to 1.5 m/s.

use super::geo::{EARTH_RADIUS_M, Position};

/// Half of the window over which speed is measured.
pub const HALF_WINDOW_MS: i64 = 4_000;
/// A lower speed over the window is not movement.
pub const PACE_MPS: f64 = 0.7;
/// On the way between the ends of a window, movement exceeds the pace by this much: there are many positions, and so the
/// noise of one of them exceeds it more often. With a fifth more, that adds none to the false movements in 250,000
/// windows of a simulated receiver at rest (an error of 2 m that changes within 30 s).
const PATH_SHARE: f64 = 1.2;
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

/// Whether there is movement along a path, given in order of time: between its ends, or from one of them to a position
/// on the way. At a U-turn and in a roundabout the ends are close together, and the camera does not stand still.
pub fn moves_along(path: impl DoubleEndedIterator<Item = TimedPosition> + Clone) -> bool {
    let (mut rest, mut back) = (path.clone(), path.rev());
    let (Some(first), Some(last)) = (rest.next(), back.next()) else { return false };
    // However short the time between two positions is, others were compared as well.
    let has_left = |end: TimedPosition, seen: TimedPosition| {
        let distance_m = PATH_SHARE * pace_m((seen.0 - end.0).abs().max(2 * HALF_WINDOW_MS));
        !surely_within(end.1, seen.1, distance_m) && end.1.distance_m(seen.1) >= distance_m
    };
    moves(first, last)
        || rest.any(|seen| has_left(first, seen))
        || back.any(|seen| has_left(last, seen))
}

/// Whether two positions are closer than this, without a cosine: a degree of longitude is at most as long as one of
/// latitude. False if that is not decisive.
fn surely_within(a: Position, b: Position, distance_m: f64) -> bool {
    let (east_deg, north_deg) = (a.lon_deg() - b.lon_deg(), a.lat_deg() - b.lat_deg());
    let limit_deg = (distance_m / EARTH_RADIUS_M).to_degrees();
    east_deg * east_deg + north_deg * north_deg < limit_deg * limit_deg
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

    /// Positions one second apart, in metres north and east.
    fn path(places: &[(f64, f64)]) -> Vec<TimedPosition> {
        let start = Position::new(8.0, 47.0).unwrap();
        let place =
            |&(north, east): &(f64, f64)| start.destination(0.0, north).destination(90.0, east);
        places.iter().enumerate().map(|(at, seen)| (at as i64 * 1000, place(seen))).collect()
    }

    #[test]
    fn a_path_that_comes_back_is_movement_if_it_led_away() {
        let along = |places: &[(f64, f64)]| moves_along(path(places).into_iter());
        let there_and_back =
            |metres: f64| (0..9).map(move |at: i32| (f64::from(4 - (at - 4).abs()) * metres, 0.0));
        assert!(along(&there_and_back(1.7).collect::<Vec<_>>()));
        assert!(!along(&there_and_back(1.6).collect::<Vec<_>>()));
        let circle = |radius: f64| {
            let turn = move |at: i32| (f64::from(at) * std::f64::consts::FRAC_PI_4).sin_cos();
            (0..9).map(turn).map(|(sin, cos)| (radius * sin, radius * cos)).collect::<Vec<_>>()
        };
        assert!(along(&circle(15.0)) && !along(&circle(2.5)));
        assert!(along(&[(0.0, 0.0), (0.0, 1.0)]) && !along(&[(0.0, 0.0), (0.0, 0.5)]));
        assert!(!along(&[(0.0, 0.0); 9]) && !along(&[(0.0, 0.0)]) && !along(&[]));
    }

    #[test]
    fn the_way_to_a_position_takes_its_own_time() {
        let place = Position::new(8.0, 47.0).unwrap();
        let back_after = |metres, half_ms| {
            moves_along(
                [(0, place), (half_ms, place.destination(90.0, metres)), (2 * half_ms, place)]
                    .into_iter(),
            )
        };
        assert!(back_after(8.5, 10_000) && !back_after(8.3, 10_000));
        assert!(back_after(6.8, 2_000) && !back_after(6.6, 2_000));
    }
}

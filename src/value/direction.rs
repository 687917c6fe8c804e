//! Directions of travel: along a track, and from photo to photo.
//!
//! Where a lens looks is the direction of travel and the offset of the mount.

use std::iter::successors;

use super::{
    geo::{Position, mean_deg, normal_deg},
    track::{Fix, Track},
    whereabouts::{Found, How, Limits},
    words::words,
};

/// Below this displacement a bearing is the noise of the receiver.
const NOISE_M: f64 = 1.0;

/// Half chords in time, tried until there is a movement: at walking pace the first is enough.
const HALF_CHORDS_MS: [i64; 3] = [1_000, 2_000, 4_000];

/// Slower than this from one photo to a near next one is standing still.
const STANDING_MPS: f64 = 0.5;

/// How a direction was found: the words of the column `direction_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Next,
    Previous,
    Mean,
    Chord,
    /// The last photo of a run: the leg that led there.
    Last,
    /// The first photo of a run, by a method that looks back: the leg that leads on.
    First,
    /// At standstill: the last movement, or the first one when there was none before.
    Held,
    /// From the track.
    Track,
}

words!(By:
    Next = "next",
    Previous = "previous",
    Mean = "mean",
    Chord = "chord",
    Last = "last",
    First = "first",
    Held = "held",
    Track = "track",
);

/// From which neighbours a photo takes its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    #[default]
    Next,
    Previous,
    /// Half way between the directions in and out.
    Mean,
    /// From the previous photo straight to the next.
    Chord,
}

words!(Method: Next = "next", Previous = "previous", Mean = "mean", Chord = "chord");

/// A photo's place and time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shot {
    pub position: Position,
    pub time_ms: i64,
}

/// Direction of each photo of a list in the order of time; none for a photo that is alone.
///
/// More than `gap_s` between two photos ends a run, and no direction looks across. A photo closer
/// than `min_distance_m` to its neighbour takes the movement around both.
pub fn directions(
    shots: &[Shot],
    method: Method,
    min_distance_m: f64,
    gap_s: f64,
) -> Vec<Option<(f64, By)>> {
    let mut all = Vec::with_capacity(shots.len());
    let apart = |a: &Shot, b: &Shot| (b.time_ms - a.time_ms) as f64 / 1000.0 > gap_s;
    for run in shots.chunk_by(|a, b| !apart(a, b)) {
        let moves = Moves::of(run, min_distance_m);
        all.extend((0..run.len()).map(|at| moves.direction(run, at, method, min_distance_m)));
    }
    all
}

/// For each photo of a run, the nearest ones in time that are far enough in space.
struct Moves {
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl Moves {
    /// From a neighbour of the very same place the search goes on where that one found its own,
    /// so that a long rest costs one look for each photo.
    fn of(run: &[Shot], min_distance_m: f64) -> Moves {
        let (mut before, mut after) = (vec![None; run.len()], vec![None; run.len()]);
        let same = |a: usize, b: usize| run[a].position == run[b].position;
        let far = |a: usize, b: usize| {
            !same(a, b) && run[a].position.distance_m(run[b].position) >= min_distance_m
        };
        for at in 1..run.len() {
            let back = |&i: &usize| if same(i, at) { before[i] } else { i.checked_sub(1) };
            before[at] = successors(Some(at - 1), back).find(|&i| far(i, at));
        }
        for at in (0..run.len().saturating_sub(1)).rev() {
            let ahead = |&i: &usize| match same(i, at) {
                true => after[i],
                false => (i + 1 < run.len()).then_some(i + 1),
            };
            after[at] = successors(Some(at + 1), ahead).find(|&i| far(i, at));
        }
        Moves { before, after }
    }

    fn direction(
        &self,
        run: &[Shot],
        at: usize,
        method: Method,
        min_distance_m: f64,
    ) -> Option<(f64, By)> {
        let (before, after) = (self.before[at].map(|i| &run[i]), self.after[at].map(|i| &run[i]));
        let here = run[at].position;
        let way_in = before.and_then(|shot| arrival_deg(shot.position, here));
        let way_out = after.and_then(|shot| here.bearing_deg(shot.position));
        if stands(run, at, min_distance_m) {
            return way_in.or(way_out).map(|deg| (deg, By::Held));
        }
        let (way_in, way_out) = match (way_in, way_out) {
            (Some(way_in), Some(way_out)) => (way_in, way_out),
            (Some(way_in), None) => return Some((way_in, By::Last)),
            (None, Some(way_out)) if method == Method::Next => return Some((way_out, By::Next)),
            (None, way_out) => return way_out.map(|deg| (deg, By::First)),
        };
        let chord = || before?.position.bearing_deg(after?.position);
        Some(match method {
            Method::Next => (way_out, By::Next),
            Method::Previous => (way_in, By::Previous),
            // There and back has no mean; the way out is where the camera goes.
            Method::Mean => {
                mean_deg([way_in, way_out]).map_or((way_out, By::Next), |d| (d, By::Mean))
            }
            Method::Chord => chord().map_or((way_out, By::Next), |d| (d, By::Chord)),
        })
    }
}

/// Whether the photo was taken at rest: the next one is near, and slow to come.
fn stands(run: &[Shot], at: usize, min_distance_m: f64) -> bool {
    let Some(next) = run.get(at + 1) else { return false };
    let distance_m = run[at].position.distance_m(next.position);
    let duration_s = (next.time_ms - run[at].time_ms) as f64 / 1000.0;
    distance_m < min_distance_m.max(f64::MIN_POSITIVE) && distance_m <= STANDING_MPS * duration_s
}

/// Direction of the great circle where it arrives: near the poles not the one it left in.
fn arrival_deg(from: Position, to: Position) -> Option<f64> {
    to.bearing_deg(from).map(|back| normal_deg(back + 180.0))
}

/// Direction of travel where a track was found: the chord around the instant, in the same segment
/// and never over a hole. At standstill the last movement is held.
pub fn travel_deg(
    track: &Track,
    found: &Found,
    time_ms: i64,
    limits: &Limits,
) -> Option<(f64, By)> {
    let Some(number) = found.segment else {
        let chord = found.position.bearing_deg(found.legs.1.position);
        return chord.filter(|_| found.gap_m >= NOISE_M).map(|deg| (deg, By::Track));
    };
    let fixes = track.segment(number);
    // A place that is held beyond an end has the direction of that end.
    let here_ms = if found.how == How::Held { found.legs.0.time_ms } else { time_ms };
    for half_ms in HALF_CHORDS_MS {
        let from = behind(fixes, here_ms, here_ms - half_ms, limits);
        let to = ahead(fixes, here_ms, here_ms + half_ms, limits);
        if from.distance_m(to) >= NOISE_M {
            return from.bearing_deg(to).map(|deg| (deg, By::Track));
        }
    }
    let begun = fixes.partition_point(|fix| fix.time_ms <= here_ms);
    let far = |fix: &&Fix| fix.position.distance_m(found.position) >= NOISE_M;
    let past = fixes[..begun].iter().rev().find(far);
    let held = past.and_then(|fix| arrival_deg(fix.position, found.position));
    let first = || found.position.bearing_deg(fixes[begun..].iter().find(far)?.position);
    held.or_else(first).map(|deg| (deg, By::Held))
}

/// The place at an earlier instant, or where a hole or the beginning ends the way back.
fn behind(fixes: &[Fix], here_ms: i64, wanted_ms: i64, limits: &Limits) -> Position {
    let here = fixes.partition_point(|fix| fix.time_ms < here_ms);
    for leg in fixes[..=here].windows(2).rev() {
        if !bridged(leg, limits) {
            return leg[1].position;
        }
        if leg[0].time_ms <= wanted_ms {
            return along(leg, wanted_ms);
        }
    }
    fixes[0].position
}

/// The place at a later instant, or where a hole or the end stops the way there.
fn ahead(fixes: &[Fix], here_ms: i64, wanted_ms: i64, limits: &Limits) -> Position {
    let here = fixes.partition_point(|fix| fix.time_ms <= here_ms) - 1;
    for leg in fixes[here..].windows(2) {
        if !bridged(leg, limits) {
            return leg[0].position;
        }
        if leg[1].time_ms >= wanted_ms {
            return along(leg, wanted_ms);
        }
    }
    fixes[fixes.len() - 1].position
}

fn bridged(leg: &[Fix], limits: &Limits) -> bool {
    let gap_s = (leg[1].time_ms - leg[0].time_ms) as f64 / 1000.0;
    limits.bridge(gap_s, leg[0].position.distance_m(leg[1].position))
}

fn along(leg: &[Fix], time_ms: i64) -> Position {
    let duration_ms = (leg[1].time_ms - leg[0].time_ms) as f64;
    let fraction = (time_ms - leg[0].time_ms) as f64 / duration_ms;
    leg[0].position.along(leg[1].position, fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false };

    fn at(lon_deg: f64, lat_deg: f64) -> Position {
        Position::new(lon_deg, lat_deg).unwrap()
    }

    /// One photo a second at these places, metres east and north.
    fn shots(places: &[(f64, f64)]) -> Vec<Shot> {
        let start = at(8.0, 47.0);
        let place =
            |&(east, north): &(f64, f64)| start.destination(90.0, east).destination(0.0, north);
        let shot = |(second, position)| Shot { position, time_ms: second as i64 * 1000 };
        places.iter().map(place).enumerate().map(shot).collect()
    }

    fn rounded(shots: &[Shot], method: Method) -> Vec<Option<(f64, By)>> {
        let tenth = |(deg, by): (f64, By)| (normal_deg((deg * 10.0).round() / 10.0), by);
        directions(shots, method, 1.0, 60.0).into_iter().map(|found| found.map(tenth)).collect()
    }

    #[test]
    fn each_photo_looks_to_the_next_and_the_last_along_the_last_leg() {
        let corner = shots(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        let next = [Some((90.0, By::Next)), Some((0.0, By::Next)), Some((0.0, By::Last))];
        assert_eq!(rounded(&corner, Method::Next), next);
        let previous = [Some((90.0, By::First)), Some((90.0, By::Previous)), Some((0.0, By::Last))];
        assert_eq!(rounded(&corner, Method::Previous), previous);
        assert_eq!(rounded(&corner, Method::Mean)[1], Some((45.0, By::Mean)));
        assert_eq!(rounded(&corner, Method::Chord)[1], Some((45.0, By::Chord)));
    }

    #[test]
    fn a_single_photo_and_photos_of_one_place_have_no_direction() {
        assert_eq!(rounded(&shots(&[(0.0, 0.0)]), Method::Next), [None]);
        assert_eq!(rounded(&shots(&[(3.0, 3.0); 4]), Method::Next), [None; 4]);
        assert_eq!(rounded(&[], Method::Next), []);
    }

    #[test]
    fn at_standstill_the_way_there_is_held() {
        let rest = shots(&[(0.0, 0.0), (10.0, 0.0), (10.0, 0.1), (10.0, 0.0), (10.0, 10.0)]);
        let found = rounded(&rest, Method::Next);
        assert_eq!(
            found[1..4].iter().flatten().map(|d| d.1).collect::<Vec<_>>(),
            [By::Held, By::Held, By::Next]
        );
        assert_eq!(found[1], Some((90.0, By::Held)));
        let start = shots(&[(0.0, 0.0), (0.0, 0.0), (10.0, 0.0)]);
        assert_eq!(rounded(&start, Method::Next)[0], Some((90.0, By::Held)));
    }

    #[test]
    fn slow_but_steady_photos_take_the_movement_around_them() {
        let steady: Vec<Shot> = (0..8)
            .map(|i| Shot {
                position: at(8.0, 47.0).destination(90.0, f64::from(i) * 0.4),
                time_ms: i64::from(i) * 500,
            })
            .collect();
        for found in rounded(&steady, Method::Next).iter().flatten() {
            assert_eq!(found.0, 90.0);
        }
    }

    #[test]
    fn no_direction_looks_across_a_gap() {
        let mut two = shots(&[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (20.0, -10.0)]);
        two[2].time_ms += 60_000;
        two[3].time_ms += 60_000;
        let found = rounded(&two, Method::Next);
        assert_eq!(found[1], Some((90.0, By::Last)));
        assert_eq!(found[2], Some((180.0, By::Next)));
    }

    #[test]
    fn a_walk_over_the_pole_comes_down_southwards() {
        let over: Vec<Shot> = [at(0.0, 89.9999), at(180.0, 89.9999), at(180.0, 89.9998)]
            .into_iter()
            .enumerate()
            .map(|(second, position)| Shot { position, time_ms: second as i64 * 1000 })
            .collect();
        let found = rounded(&over, Method::Next);
        assert_eq!(found[0], Some((0.0, By::Next)));
        assert_eq!(found[1], Some((180.0, By::Next)));
        assert_eq!(found[2], Some((180.0, By::Last)));
        assert_eq!(rounded(&over, Method::Previous)[1], Some((180.0, By::Previous)));
        let date_line = [at(179.9999, 0.0), at(-179.9999, 0.0)].map(|position| position);
        let line: Vec<Shot> = date_line
            .iter()
            .zip([0, 1000])
            .map(|(&position, time_ms)| Shot { position, time_ms })
            .collect();
        assert_eq!(rounded(&line, Method::Next)[0], Some((90.0, By::Next)));
    }

    /// The direction of a track at an instant, fixes as (second, metres east, metres north).
    fn travel(fixes: &[(i64, f64, f64)], time_ms: i64) -> Option<(f64, By)> {
        let start = at(8.0, 47.0);
        let fix = |&(second, east, north): &(i64, f64, f64)| {
            Fix::new(second * 1000, start.destination(90.0, east).destination(0.0, north))
        };
        let (track, _) = Track::new([fixes.iter().map(fix).collect::<Vec<_>>()]);
        let found = track.where_at(time_ms, &LIMITS).unwrap();
        let (deg, by) = travel_deg(&track, &found, time_ms, &LIMITS)?;
        Some((normal_deg((deg * 10.0).round() / 10.0), by))
    }

    #[test]
    fn a_track_gives_the_direction_of_the_short_chord() {
        let corner = [(0, 0.0, 0.0), (10, 100.0, 0.0), (20, 100.0, 100.0)];
        assert_eq!(travel(&corner, 5_000), Some((90.0, By::Track)));
        assert_eq!(travel(&corner, 10_000), Some((45.0, By::Track)));
        assert_eq!(travel(&corner, 20_000), Some((0.0, By::Track)));
        assert_eq!(travel(&corner, -1_500), Some((90.0, By::Track)));
        assert_eq!(travel(&corner, 21_500), Some((0.0, By::Track)));
    }

    #[test]
    fn a_track_at_rest_holds_its_last_movement() {
        let rest = [(0, 0.0, 0.0), (10, 100.0, 0.0), (40, 100.0, 0.2), (50, 100.0, 90.0)];
        assert_eq!(travel(&rest, 25_000).unwrap().1, By::Held);
        assert!((travel(&rest, 25_000).unwrap().0 - 90.0).abs() < 0.5);
        assert_eq!(travel(&[(0, 0.0, 0.0), (30, 0.0, 0.1)], 10_000), None);
        assert_eq!(travel(&[(0, 0.0, 0.0)], 0), None);
        assert_eq!(
            travel(&[(0, 0.0, 0.0), (30, 0.1, 0.0), (40, 0.0, 50.0)], 1_000).unwrap().1,
            By::Held
        );
    }

    #[test]
    fn the_chord_does_not_reach_over_a_hole() {
        let hole = [(0, 0.0, 0.0), (10, 100.0, 0.0), (1000, 100.0, 5000.0), (1010, 100.0, 5100.0)];
        assert_eq!(travel(&hole, 10_000), Some((90.0, By::Track)));
        assert_eq!(travel(&hole, 11_000), Some((90.0, By::Track)));
        assert_eq!(travel(&hole, 1_000_000), Some((0.0, By::Track)));
    }
}

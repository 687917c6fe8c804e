//! Directions of travel from photo to photo.
//!
//! The direction of the lens is the direction of travel plus the offset of the mount.

mod moves;

use moves::Moves;

use super::geo::{Position, normal_deg};
use super::standstill::{
    APPROACH_M, HALF_WINDOW_MS, NOISE_REACH_M, Standstill, moves_along, rest_at, rests,
};
use super::string_enum::words;

/// A lower speed from one photo to a nearby next one counts as standstill.
const STANDING_MPS: f64 = 0.5;

/// Half of the window in which very slow movement exceeds receiver noise.
const CREEP_MS: i64 = 30_000;

/// How a direction was determined, as in the column `direction_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Next,
    Previous,
    Mean,
    Chord,
    /// The last photo of a run: the leg that leads to it.
    Last,
    /// The first photo of a run, by a method that looks back: the leg that leads onward.
    First,
    /// At standstill: the last movement, or the first one if there was none before.
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

/// The neighbours from which a photo takes its direction.
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

/// A photo's position and time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shot {
    pub position: Position,
    pub time_ms: i64,
}

/// The direction of each photo in a list in time order; `None` for a photo that is alone.
///
/// More than `gap_s` between two photos ends a run, and no direction is taken across it. A photo closer than
/// `min_distance_m` to its neighbour takes the direction of the movement around both.
pub fn directions(
    shots: &[Shot],
    method: Method,
    min_distance_m: f64,
    gap_s: f64,
) -> Vec<Option<(f64, By)>> {
    let mut all = Vec::with_capacity(shots.len());
    let apart = |a: &Shot, b: &Shot| (b.time_ms - a.time_ms) as f64 / 1000.0 > gap_s;
    for run in shots.chunk_by(|a, b| !apart(a, b)) {
        let run = Run::new(run, method, min_distance_m);
        all.extend((0..run.shots.len()).map(|at| run.direction(at)));
    }
    all
}

/// Photos without a gap between them.
struct Run<'a> {
    shots: &'a [Shot],
    method: Method,
    moves: Moves,
    rests: Vec<Standstill>,
}

impl Run<'_> {
    fn new(shots: &[Shot], method: Method, min_distance_m: f64) -> Run<'_> {
        let moves = Moves::from_shots(shots, min_distance_m);
        let is_moving = |at| !stands(shots, at, min_distance_m) && is_under_way(shots, at);
        Run { shots, method, moves, rests: rests(shots.len(), is_moving) }
    }

    /// At rest, the direction of the last movement, or of the first one if there was none before. Very slow
    /// movement away from a stop counts as movement, and so does a run that is never faster.
    fn direction(&self, at: usize) -> Option<(f64, By)> {
        let moving = |at| self.moves.direction(self.shots, at, self.method);
        let Some(rest) = rest_at(&self.rests, at) else { return moving(at) };
        let before = rest.first.checked_sub(1);
        let after = (rest.last + 1 < self.shots.len()).then_some(rest.last + 1);
        let held = || match before.or(after) {
            Some(movement) => moving(movement).map(|(deg, _)| deg),
            None => self.moves.around(self.shots, at),
        };
        let deg = self.creeping_deg(rest, at).or_else(|| self.approach_deg(rest)).or_else(held);
        deg.map(|deg| (deg, By::Held))
    }

    /// The direction from which the standstill was reached.
    fn approach_deg(&self, rest: Standstill) -> Option<f64> {
        let stop = self.shots[rest.first].position;
        let far = |shot: &&Shot| shot.position.distance_m(stop) >= APPROACH_M;
        arrival_deg(self.shots[..rest.first].iter().rev().find(far)?.position, stop)
    }

    /// The direction of a camera that has moved far from where it stopped, but slower than walking.
    fn creeping_deg(&self, rest: Standstill, at: usize) -> Option<f64> {
        let here = self.shots[at];
        if self.shots[rest.first].position.distance_m(here.position) <= NOISE_REACH_M {
            return None;
        }
        let near = |shot: &&Shot| (shot.time_ms - here.time_ms).abs() <= CREEP_MS;
        let from = self.shots[..at].iter().rev().take_while(near).last().unwrap_or(&here);
        let to = self.shots[at..].iter().take_while(near).last().unwrap_or(&here);
        let has_left = from.position.distance_m(to.position) > NOISE_REACH_M;
        from.position.bearing_deg(to.position).filter(|_| has_left)
    }
}

/// Whether the photo was taken at rest: the next one is near, and the speed to it is that of a standstill.
fn stands(run: &[Shot], at: usize, min_distance_m: f64) -> bool {
    let Some(next) = run.get(at + 1) else { return false };
    let distance_m = run[at].position.distance_m(next.position);
    let duration_s = (next.time_ms - run[at].time_ms) as f64 / 1000.0;
    distance_m < min_distance_m.max(f64::MIN_POSITIVE) && distance_m <= STANDING_MPS * duration_s
}

/// Whether the photos around it moved at least at walking pace: those of the window, or else its neighbours.
fn is_under_way(run: &[Shot], at: usize) -> bool {
    let near = |shot: &&Shot| (shot.time_ms - run[at].time_ms).abs() <= HALF_WINDOW_MS;
    let before = run[..at].iter().rev().take_while(near).count();
    let after = run[at + 1..].iter().take_while(near).count();
    let first = at - before.max(usize::from(at > 0));
    let last = (at + after.max(1)).min(run.len() - 1);
    run.len() == 1
        || moves_along(run[first..=last].iter().map(|shot| (shot.time_ms, shot.position)))
}

/// Final direction of the great circle: near the poles it differs from the initial one.
pub(super) fn arrival_deg(from: Position, to: Position) -> Option<f64> {
    to.bearing_deg(from).map(|back| normal_deg(back + 180.0))
}

#[cfg(test)]
mod tests;

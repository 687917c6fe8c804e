//! A track sampled each second: speed and direction.

use std::f64::consts::PI;
use std::ops::Range;

use crate::value::geo::Position;
use crate::value::standstill::{HALF_WINDOW_MS, PACE_MPS, moves};
use crate::value::track::{Fix, Track};
use crate::value::track_position::Limits;

/// The maximum length of a track and of photos, in seconds: a week, some 300 bytes for each second while
/// offsets are scored.
pub const MOST_S: i64 = 7 * 86_400;

const HALF_WINDOW_S: usize = (HALF_WINDOW_MS / 1000) as usize;

/// Shorter stops are ignored.
const SHORTEST_STOP_S: usize = 8;
/// Stops with at most this much movement between them are merged.
const JOINED_S: usize = 4;

/// A turn is a change of direction by this much, within this many seconds before and after.
const TURN_RAD: f64 = PI / 4.0;
const TURN_S: usize = 8;

/// Speed and direction of each second; none in gaps.
#[derive(Debug, Default)]
pub struct Samples {
    /// The second of the first sample, since 1970.
    pub start_s: i64,
    speeds_mps: Vec<Option<f32>>,
    /// Only while moving.
    headings_rad: Vec<Option<f32>>,
}

/// The speed class of a second, in which a camera may shoot more or fewer photos.
pub const PACES: usize = 4;

impl Samples {
    /// None for a track that is empty or longer than [`MOST_S`].
    pub fn new(track: &Track, limits: &Limits) -> Option<Samples> {
        let start_ms = track.segments().filter_map(|fixes| fixes.first()).map(|fix| fix.time_ms);
        let end_ms = track.segments().filter_map(|fixes| fixes.last()).map(|fix| fix.time_ms);
        let start_s = start_ms.min()?.div_euclid(1000);
        let count = end_ms.max()?.div_euclid(1000) - start_s + 1;
        let count = usize::try_from(count).ok().filter(|_| count <= MOST_S)?;
        let mut places = vec![None; count];
        for leg in track.segments().flat_map(|fixes| fixes.windows(2)) {
            fill(&mut places, start_s, leg, limits);
        }
        let (speeds_mps, headings_rad) = (0..count).map(|at| motion(&places, at)).unzip();
        Some(Samples { start_s, speeds_mps, headings_rad })
    }

    pub fn len(&self) -> usize {
        self.speeds_mps.len()
    }

    pub fn heading_rad(&self, at: usize) -> Option<f64> {
        self.headings_rad.get(at).copied().flatten().map(f64::from)
    }

    /// Standing, then slow, medium and fast by thirds of the rest.
    pub fn paces(&self) -> Vec<Option<usize>> {
        let slow_mps = self.slow_mps();
        let mut moving: Vec<f32> = self.speeds_mps.iter().flatten().copied().collect();
        moving.retain(|&mps| mps >= slow_mps);
        moving.sort_unstable_by(f32::total_cmp);
        let third = |part: usize| moving.get(moving.len() * part / 3).copied().unwrap_or(f32::MAX);
        let limits = [slow_mps, third(1), third(2)];
        let pace = |mps: f32| limits.iter().filter(|&&limit| mps >= limit).count();
        self.speeds_mps.iter().map(|speed| speed.map(pace)).collect()
    }

    /// Half of the usual speed while moving: a speed measured over a window crosses this value at the exact
    /// moment of a stop, however long the window is.
    fn slow_mps(&self) -> f32 {
        let mut moving: Vec<f32> = self.speeds_mps.iter().flatten().copied().collect();
        moving.retain(|&mps| f64::from(mps) >= PACE_MPS);
        moving.sort_unstable_by(f32::total_cmp);
        let usual_mps = moving.get(moving.len() / 2).copied().unwrap_or_default();
        (usual_mps / 2.0).max(PACE_MPS as f32)
    }

    /// Periods of standing, and of moving at less than half the usual speed: where a camera that shoots by
    /// distance or is paused behaves differently.
    pub fn stops(&self) -> Vec<Range<usize>> {
        let slow = self.slow_mps();
        let mut stops: Vec<Range<usize>> = Vec::new();
        for at in (0..self.len()).filter(|&at| self.speeds_mps[at].is_some_and(|mps| mps < slow)) {
            match stops.last_mut().filter(|stop| at - stop.end <= JOINED_S) {
                Some(stop) => stop.end = at + 1,
                None => stops.push(at..at + 1),
            }
        }
        stops.retain(|stop| stop.len() >= SHORTEST_STOP_S);
        stops
    }

    /// The seconds at which the direction changes most, one for each turn.
    pub fn turns(&self) -> Vec<usize> {
        let mut turns: Vec<(usize, f64)> = Vec::new();
        for at in TURN_S..self.len().saturating_sub(TURN_S) {
            let around = (self.heading_rad(at - TURN_S), self.heading_rad(at + TURN_S));
            let (Some(before), Some(after)) = around else { continue };
            let turn = turned_rad(before, after).abs();
            match turns.last_mut() {
                _ if turn < TURN_RAD => {}
                Some(last) if at - last.0 <= 2 * TURN_S => {
                    if turn > last.1 {
                        *last = (at, turn);
                    }
                }
                _ => turns.push((at, turn)),
            }
        }
        turns.into_iter().map(|(at, _)| at).collect()
    }
}

/// The angle from one direction to another, from -pi to pi.
pub fn turned_rad(from: f64, to: f64) -> f64 {
    (to - from + PI).rem_euclid(2.0 * PI) - PI
}

/// Fills in the positions between two fixes. Where receivers overlap, the first is used.
fn fill(places: &mut [Option<Position>], start_s: i64, leg: &[Fix], limits: &Limits) {
    let [from, to] = leg else { return };
    let gap_ms = to.time_ms - from.time_ms;
    let is_bridged = limits.bridge(gap_ms as f64 / 1000.0, from.position.distance_m(to.position));
    if !is_bridged || gap_ms <= 0 {
        return;
    }
    let first_s = (from.time_ms + 999).div_euclid(1000);
    for second in first_s..=to.time_ms.div_euclid(1000) {
        let fraction = (second * 1000 - from.time_ms) as f64 / gap_ms as f64;
        let place = usize::try_from(second - start_s).ok().and_then(|at| places.get_mut(at));
        if let Some(place) = place.filter(|place| place.is_none()) {
            *place = Some(from.position.along(to.position, fraction));
        }
    }
}

/// The speed and the direction of the chord around a second, as far as they are known.
fn motion(places: &[Option<Position>], at: usize) -> (Option<f32>, Option<f32>) {
    let Some(here) = places[at] else { return (None, None) };
    let known = |at: usize| Some((at, places[at]?));
    let last = |last: Option<(usize, Position)>| last.unwrap_or((at, here));
    let before = at.saturating_sub(HALF_WINDOW_S)..at;
    let after = at + 1..(at + 1 + HALF_WINDOW_S).min(places.len());
    let from = last(before.rev().map_while(known).last());
    let to = last(after.map_while(known).last());
    if from.0 == to.0 {
        return (None, None);
    }
    let speed_mps = from.1.distance_m(to.1) / (to.0 - from.0) as f64;
    let ms = |at: usize| at as i64 * 1000;
    let is_moving = moves((ms(from.0), from.1), (ms(to.0), to.1));
    let heading = from.1.bearing_deg(to.1).filter(|_| is_moving);
    (Some(speed_mps as f32), heading.map(|deg| deg.to_radians() as f32))
}

#[cfg(test)]
mod tests;

//! The legs to and from a photo, between neighbours that are far enough away.

use std::iter::successors;

use super::{By, Method, Shot, arrival_deg};
use crate::value::geo::mean_deg;

/// For each photo of a run, the nearest ones in time that are far enough away.
pub(super) struct Moves {
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
    min_distance_m: f64,
}

impl Moves {
    /// From a neighbour at exactly the same position, the search continues where the neighbour's search ended,
    /// so that a long rest costs one step for each photo.
    pub fn from_shots(run: &[Shot], min_distance_m: f64) -> Moves {
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
            let ahead = |&i: &usize| {
                if same(i, at) { after[i] } else { (i + 1 < run.len()).then_some(i + 1) }
            };
            after[at] = successors(Some(at + 1), ahead).find(|&i| far(i, at));
        }
        Moves { before, after, min_distance_m }
    }

    /// The direction of the leg in, otherwise of the leg out.
    pub fn around(&self, run: &[Shot], at: usize) -> Option<f64> {
        let (way_in, way_out) = self.ways(run, at);
        way_in.or(way_out)
    }

    fn ways(&self, run: &[Shot], at: usize) -> (Option<f64>, Option<f64>) {
        let (before, after) = (self.before[at].map(|i| &run[i]), self.after[at].map(|i| &run[i]));
        let here = run[at].position;
        let way_in = before.and_then(|shot| arrival_deg(shot.position, here));
        (way_in, after.and_then(|shot| here.bearing_deg(shot.position)))
    }

    pub fn direction(&self, run: &[Shot], at: usize, method: Method) -> Option<(f64, By)> {
        let (before, after) = (self.before[at].map(|i| &run[i]), self.after[at].map(|i| &run[i]));
        let (way_in, way_out) = self.ways(run, at);
        let (way_in, way_out) = match (way_in, way_out) {
            (Some(way_in), Some(way_out)) => (way_in, way_out),
            (Some(way_in), None) => return Some((way_in, By::Last)),
            (None, Some(way_out)) if method == Method::Next => return Some((way_out, By::Next)),
            (None, way_out) => return way_out.map(|deg| (deg, By::First)),
        };
        // Where a way leads back, its ends may be too near to give a direction.
        let chord = || {
            let (from, to) = (before?.position, after?.position);
            from.bearing_deg(to).filter(|_| from.distance_m(to) >= self.min_distance_m)
        };
        Some(match method {
            Method::Next => (way_out, By::Next),
            Method::Previous => (way_in, By::Previous),
            // Opposite directions have no mean; the way out is where the camera is heading.
            Method::Mean => {
                mean_deg([way_in, way_out]).map_or((way_out, By::Next), |d| (d, By::Mean))
            }
            Method::Chord => chord().map_or((way_out, By::Next), |d| (d, By::Chord)),
        })
    }
}

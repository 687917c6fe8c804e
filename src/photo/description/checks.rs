//! The problems of a sequence: the checks of mapillary_tools, in its order and with its limits
//! (process_sequence_properties.py and constants.py of 0.14.7).

mod motion;

use std::ops::Range;

use crate::value::geo::chord_m;

use super::Problem;
pub use super::sequence_limits::Limits;
use motion::{speed_kmh, zigzags};

/// After a longer pause, mapillary_tools starts a new sequence, whose photos are not compared with earlier ones.
const CUTOFF_MS: i64 = 60_000;
/// The number of pixels that mapillary_tools assumes for a photo of unknown size.
const UNKNOWN_PIXELS: u64 = 1024 * 1024;

/// One photo of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    pub lon_deg: f64,
    pub lat_deg: f64,
    pub captured_ms: i64,
    pub angle_deg: Option<f64>,
    pub bytes: u64,
    pub size: Option<(u32, u32)>,
}

impl Shot {
    fn distance_m(&self, other: &Shot) -> f64 {
        chord_m((self.lon_deg, self.lat_deg), (other.lon_deg, other.lat_deg))
    }
}

/// The problem of each shot of a sequence; the shots must be in order of time.
pub fn check(shots: &[Shot], limits: &Limits) -> Vec<Option<Problem>> {
    if let Some(problem) = size_problem(shots, limits) {
        return vec![Some(problem); shots.len()];
    }
    let mut problems = vec![None; shots.len()];
    for part in parts(shots) {
        let mut left: Vec<usize> = part.collect();
        duplicates(shots, &mut left, limits, &mut problems);
        if let Some(kmh) = speed_kmh(shots, &left).filter(|kmh| *kmh > limits.max_speed_kmh) {
            let problem = Problem::TooFast { kmh, most_kmh: limits.max_speed_kmh };
            left.iter().for_each(|&at| problems[at] = Some(problem.clone()));
        } else if limits.zigzag {
            zigzags(shots, &left).into_iter().for_each(|at| problems[at] = Some(Problem::ZigZag));
        }
    }
    problems
}

fn size_problem(shots: &[Shot], limits: &Limits) -> Option<Problem> {
    if shots.len() > limits.max_images {
        return Some(Problem::TooMany { images: shots.len(), most: limits.max_images });
    }
    let bytes: u64 = shots.iter().map(|shot| shot.bytes).sum();
    if bytes > limits.max_bytes {
        let most = limits.max_bytes;
        return Some(Problem::TooLarge(format!(
            "the sequence has {bytes} bytes and may have {most}: time-split cuts it"
        )));
    }
    let of = |shot: &Shot| shot.size.map_or(UNKNOWN_PIXELS, |(w, h)| u64::from(w) * u64::from(h));
    let pixels: u64 = shots.iter().map(of).sum();
    let most = limits.max_pixels;
    (pixels > most).then(|| {
        Problem::TooLarge(format!(
            "the sequence has {pixels} pixels and may have {most}: time-split cuts it"
        ))
    })
}

fn parts(shots: &[Shot]) -> Vec<Range<usize>> {
    let rest = |at: &usize| shots[*at].captured_ms - shots[*at - 1].captured_ms > CUTOFF_MS;
    let cuts: Vec<usize> = (1..shots.len()).filter(rest).collect();
    let starts = [0].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([shots.len()]);
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

/// A duplicate is compared with the last photo that is not a duplicate itself.
fn duplicates(
    shots: &[Shot],
    left: &mut Vec<usize>,
    limits: &Limits,
    problems: &mut [Option<Problem>],
) {
    let (distance_m, angle_deg) = (limits.duplicate_distance_m, limits.duplicate_angle_deg);
    let mut last: Option<usize> = None;
    left.retain(|&at| {
        let is_double = last.is_some_and(|last| {
            let turn = || Some(turned_deg(shots[last].angle_deg?, shots[at].angle_deg?));
            shots[last].distance_m(&shots[at]) <= distance_m
                && turn().is_none_or(|turn| turn <= angle_deg)
        });
        if is_double {
            problems[at] = Some(Problem::Duplicate { distance_m, angle_deg });
        } else {
            last = Some(at);
        }
        !is_double
    });
}

fn turned_deg(a: f64, b: f64) -> f64 {
    let turn = (b - a).abs();
    if turn > 180.0 { 360.0 - turn } else { turn }
}

#[cfg(test)]
mod tests;

//! How the photos of a sequence move: jumps away from the route, and the speed.

use super::Shot;

/// Number of preceding photos that a jump is judged by.
const WINDOW: usize = 5;

/// A photo nearer than this share of the distance has come back.
const BACK: f64 = 0.8;

/// Shorter jumps are turns.
const JUMP_M: f64 = 30.0;

/// The mean speed of a sequence; `None` if no time passes.
pub fn speed_kmh(shots: &[Shot], of: &[usize]) -> Option<f64> {
    let m: f64 = of.windows(2).map(|pair| shots[pair[0]].distance_m(&shots[pair[1]])).sum();
    let ms = shots[*of.last()?].captured_ms - shots[*of.first()?].captured_ms;
    (ms > 0).then(|| m / (ms as f64 / 1000.0) * 3.6)
}

/// Photos that jump away from a route that continues without them.
pub fn zigzags(shots: &[Shot], of: &[usize]) -> Vec<usize> {
    let apart = |a: usize, b: usize| shots[of[a]].distance_m(&shots[of[b]]);
    let mut found = Vec::new();
    for now in WINDOW..of.len() {
        let (before, from) = (now - 1, now - WINDOW);
        let back_m = apart(now, from);
        if apart(before, now) <= JUMP_M || back_m >= apart(before, from) * BACK {
            continue;
        }
        found.push(before);
        let away = |&at: &usize| apart(at, now) > JUMP_M && back_m < apart(at, from) * BACK;
        found.extend((from + 1..before).rev().take_while(away));
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|at| of[at]).collect()
}

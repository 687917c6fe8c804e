//! Decides whether the best of many offsets stands out, and how sharply.
//!
//! The scores of wrong offsets show how high chance alone scores with this ride and these photos, whatever
//! their bursts. The range is cut into blocks as long as the peak is wide; the highest score of each is a
//! sample from the distribution of maxima, which is Gumbel's (E. J. Gumbel, Statistics of Extremes, 1958),
//! fitted by its moments.

use std::f64::consts::PI;
use std::ops::Range;

/// A peak more likely than this to be chance is rejected.
const MOST_CHANCE: f64 = 1e-3;
/// The minimum log-likelihood, in nats, above that of no relation: a lower peak is rejected, however flat the
/// rest is.
const LEAST_NATS: f64 = 25.0;
/// A runner-up with this share of the height is as good as the peak.
const AS_GOOD: f64 = 0.8;
/// The minimum number of blocks to compare with.
const LEAST_BLOCKS: usize = 5;
const SHORTEST_BLOCK_S: usize = 20;
/// Scores this near the top are as good as it: two nats (a likelihood ratio of 7), or a share of the height,
/// since photos are not independent of each other.
const TOP_NATS: f64 = 2.0;
const TOP_PART: f64 = 0.04;
/// The best offset, on the axis of the scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    pub at_s: f64,
    /// Half of the width of its top.
    pub within_s: f64,
    /// Height above the median of all scores.
    pub height: f64,
    /// The probability that any wrong offset scores this high.
    pub chance: f64,
    /// The best score outside the slopes of the peak: its offset and height.
    pub runner_up: Option<(f64, f64)>,
}

/// The result of the scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    One(Peak),
    /// Two or more that are equally good.
    Several(Peak),
    /// Nothing stands out.
    Flat,
}

/// Evaluates the scores of all offsets, one second apart; NaN means not tried.
pub fn find(scores: &[f64]) -> Shape {
    let mut tried: Vec<f64> = scores.iter().copied().filter(|score| !score.is_nan()).collect();
    tried.sort_unstable_by(f64::total_cmp);
    let (Some(&median), Some(&best)) = (tried.get(tried.len() / 2), tried.last()) else {
        return Shape::Flat;
    };
    let height = best - median;
    let Some(at) = scores.iter().position(|&score| score == best).filter(|_| height >= LEAST_NATS)
    else {
        return Shape::Flat;
    };
    let hill = above(scores, at, best - height / 2.0);
    let width = hill.len().max(SHORTEST_BLOCK_S);
    let slopes = hill.start.saturating_sub(width)..hill.end + width;
    let blocks = blocks(scores, &slopes, width);
    let runner_up = blocks.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
    let top = above(scores, at, best - (height * TOP_PART).max(TOP_NATS));
    let is_rival = |block: &(usize, f64)| block.1 - median >= AS_GOOD * height;
    let others: Vec<f64> =
        blocks.iter().filter(|block| !is_rival(block)).map(|block| block.1).collect();
    let chance = chance(&others, best);
    let peak = Peak {
        at_s: (top.start + top.end - 1) as f64 / 2.0,
        within_s: (top.len() as f64 / 2.0).max(1.0),
        height,
        chance,
        runner_up: runner_up.map(|(at, score)| (at as f64, score - median)),
    };
    if chance > MOST_CHANCE {
        Shape::Flat
    } else if blocks.iter().any(is_rival) {
        Shape::Several(peak)
    } else {
        Shape::One(peak)
    }
}

/// How far the scores around a position stay above a limit.
fn above(scores: &[f64], at: usize, limit: f64) -> Range<usize> {
    let is_below = |score: &f64| score.is_nan() || *score < limit;
    let start = scores[..at].iter().rposition(is_below).map_or(0, |below| below + 1);
    let end = scores[at..].iter().position(is_below).map_or(scores.len(), |below| at + below);
    start..end
}

/// The position and the score of the best in each block outside the slopes.
fn blocks(scores: &[f64], slopes: &Range<usize>, width: usize) -> Vec<(usize, f64)> {
    let chunks = scores.chunks(width).enumerate();
    let best = chunks.filter_map(|(number, chunk)| {
        let known = chunk.iter().enumerate().map(|(at, &score)| (number * width + at, score));
        known
            .filter(|(at, score)| !score.is_nan() && !slopes.contains(at))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    });
    best.collect()
}

/// The probability that the highest of all blocks scores this high.
fn chance(maxima: &[f64], best: f64) -> f64 {
    if maxima.len() < LEAST_BLOCKS {
        return 1.0;
    }
    let count = maxima.len() as f64;
    let mean = maxima.iter().sum::<f64>() / count;
    let variance = maxima.iter().map(|max| (max - mean).powi(2)).sum::<f64>() / (count - 1.0);
    // Chance alone scatters a log-likelihood by about one.
    let scale = (variance.sqrt() * 6f64.sqrt() / PI).max(1.0);
    let place = mean - 0.577_215_664_9 * scale;
    let one = -(-(-(best - place) / scale).exp()).exp_m1();
    (one * count).min(1.0)
}

#[cfg(test)]
mod tests;

//! Compares compass angles of photos with the direction of the track. The mounting of the camera does not
//! matter: its angle to the direction of travel is constant.
//!
//! The score is that of the circular spread of the difference (K. V. Mardia and P. E. Jupp, Directional
//! Statistics, 2000): with the mean resultant length R, the spread of a wrapped normal is sqrt(-2 ln R).

use std::f64::consts::PI;

use super::correlation::{Correlation, Number};
use super::photo_series::{Axis, OffsetAgreement};
use super::samples::{Samples, turned_rad};

/// With fewer compass angles there is no result.
pub const LEAST: usize = 10;
/// No compass is more accurate than this.
const BEST_SPREAD_RAD: f64 = 0.03;
/// Photos up to this far from a turn show the direction before and after it.
const NEAR_S: f64 = 4.0;
const FAR_S: f64 = 30.0;
/// A compass follows a turn of the track if it turns by the same angle within this tolerance.
const AGREES_RAD: f64 = PI / 6.0;

/// The score of each shift, NaN where the track has a direction for fewer than half of the photos.
pub fn scores(axis: &Axis, samples: &Samples) -> Vec<f64> {
    let mut correlation = Correlation::new(axis.len(), samples.len());
    let mut series = vec![(Number::default(), Number::default()); axis.len()];
    let mut photos = 0;
    for (at, compass_rad) in axis.compasses() {
        series[at].0 += Number::from_polar(1.0, compass_rad);
        series[at].1 += 1.0;
        photos += 1;
    }
    let headings = || (0..samples.len()).map(|at| samples.heading_rad(at));
    let directions =
        headings().map(|rad| rad.map_or(Number::default(), |rad| Number::from_polar(1.0, rad)));
    let known = headings().map(|rad| Number::new(f64::from(u8::from(rad.is_some())), 0.0));
    let mut sums = |photos: Vec<Number>, track: Vec<Number>| {
        let photos = correlation.spectrum(photos.into_iter());
        let track = correlation.spectrum(track.into_iter());
        correlation.product(&photos, &track)
    };
    let (compasses, ones) = series.into_iter().unzip();
    let resultants = sums(compasses, directions.collect());
    let counts = sums(ones, known.collect());
    let both = resultants.iter().zip(&counts);
    both.map(|(sum, count)| likelihood(sum.norm(), count.re.round(), photos)).collect()
}

fn likelihood(resultant: f64, count: f64, photos: usize) -> f64 {
    if count * 2.0 < photos as f64 || count < LEAST as f64 {
        return f64::NAN;
    }
    let length = (resultant / count).clamp(1e-9, 1.0);
    let spread_rad = (-2.0 * length.ln()).sqrt();
    let no_relation_rad = PI / 3f64.sqrt();
    count * (no_relation_rad / spread_rad.clamp(BEST_SPREAD_RAD, no_relation_rad)).ln()
}

/// The number of turns of the track that the compass angles follow at this shift.
pub fn agreement(axis: &Axis, samples: &Samples, place: f64) -> OffsetAgreement {
    let off = |(at, compass_rad): (usize, f64)| {
        let second = axis.on_track(at, place);
        let heading_rad = samples.heading_rad((second.max(0.0) + 0.5) as usize)?;
        Some((second, Number::from_polar(1.0, compass_rad - heading_rad)))
    };
    let offs: Vec<(f64, Number)> = axis.compasses().filter_map(off).collect();
    let mean = |from: f64, to: f64| {
        let range =
            offs.partition_point(|off| off.0 < from)..offs.partition_point(|off| off.0 <= to);
        let sum: Number = offs[range.clone()].iter().map(|off| off.1).sum();
        (!range.is_empty()).then(|| sum.arg())
    };
    let mut agreement = OffsetAgreement::default();
    for turn in samples.turns().into_iter().map(|turn| turn as f64) {
        let around = (mean(turn - FAR_S, turn - NEAR_S), mean(turn + NEAR_S, turn + FAR_S));
        if let (Some(before), Some(after)) = around {
            agreement.of += 1;
            agreement.agree += usize::from(turned_rad(before, after).abs() <= AGREES_RAD);
        }
    }
    agreement
}

#[cfg(test)]
mod tests;

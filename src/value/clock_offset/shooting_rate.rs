//! Compares how often a camera shoots with the speed of the track: by distance, paused at stops, or in bursts
//! there.
//!
//! At each offset the photos are modelled as an inhomogeneous Poisson process, with one rate for each speed
//! class. Its profile likelihood against that of one rate for all is the score (D. R. Cox and P. A. W. Lewis,
//! The Statistical Analysis of Series of Events, 1966). Photos at even intervals score nothing at any offset.

use super::correlation::{Correlation, Number};
use super::photo_series::{Axis, OffsetAgreement};
use super::samples::{PACES, Samples};

/// A longer pause of the camera is a break between rides, which shows nothing about its rate.
const SESSION_GAP_S: usize = 900;
/// At least this many photos must be expected in a stop before their absence counts.
const LEAST_EXPECTED: f64 = 2.0;
/// Margins of a stop, where photos may be on either side.
const EDGE_S: f64 = 2.0;

/// What the camera does at stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShootingPattern {
    Pauses,
    Bursts,
}

/// The score of each shift, NaN where fewer than half of the photos fall inside the track.
pub fn scores(axis: &Axis, samples: &Samples) -> Vec<f64> {
    let mut correlation = Correlation::new(axis.len(), samples.len());
    let photos = correlation.spectrum(series(axis).into_iter());
    let paces = samples.paces();
    let mut sums: Vec<Sums> = Vec::new();
    for pace in 0..PACES {
        let is = |known: &Option<usize>| f64::from(u8::from(*known == Some(pace)));
        let track = correlation.spectrum(paces.iter().map(|known| Number::new(is(known), 0.0)));
        let products = correlation.product(&photos, &track);
        sums.resize(products.len(), Sums::default());
        sums.iter_mut().zip(products).for_each(|(sums, product)| sums.add(product));
    }
    sums.into_iter().map(|sums| sums.score(axis.at.len())).collect()
}

/// The totals of all speed classes at one shift.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    photos: f64,
    seconds: f64,
    /// Log-likelihood of the photos with a rate for each speed class, without the constant terms.
    log: f64,
}

impl Sums {
    /// Adds the photos of one speed class and its seconds (less than 0, because the photos' series is
    /// conjugated).
    fn add(&mut self, product: Number) {
        let (photos, seconds) = (product.re.round(), -product.im.round());
        self.photos += photos;
        self.seconds += seconds;
        self.log += log_rate(photos, seconds);
    }

    /// The log-likelihood ratio against one rate for all.
    fn score(self, photos: usize) -> f64 {
        if self.photos * 2.0 < photos as f64 {
            f64::NAN
        } else {
            self.log - log_rate(self.photos, self.seconds)
        }
    }
}

fn log_rate(photos: f64, seconds: f64) -> f64 {
    if photos > 0.0 && seconds > 0.0 { photos * (photos / seconds).ln() } else { 0.0 }
}

/// For each second, the number of photos and (as imaginary part) whether the camera was in use.
fn series(axis: &Axis) -> Vec<Number> {
    let mut series = vec![Number::default(); axis.len()];
    axis.at.iter().for_each(|&at| series[at].re += 1.0);
    for pair in axis.at.windows(2).filter(|pair| pair[1] - pair[0] <= SESSION_GAP_S) {
        series[pair[0]..=pair[1]].iter_mut().for_each(|second| second.im = 1.0);
    }
    series
}

/// What the camera does at stops, at this shift.
#[derive(Debug, Clone, Copy)]
pub struct AtStops {
    pub habit: ShootingPattern,
    pub agreement: OffsetAgreement,
    /// Half of the shortest stop that agrees: the position of a burst within the stop is unknown.
    pub slack_s: f64,
}

pub fn at_stops(axis: &Axis, samples: &Samples, place: f64) -> AtStops {
    let on_track = |at: usize| axis.on_track(at, place);
    let first = on_track(0);
    let last = on_track(axis.len().saturating_sub(1));
    let stops: Vec<(f64, f64)> = samples
        .stops()
        .iter()
        .map(|stop| (stop.start as f64 + EDGE_S, stop.end as f64 - EDGE_S))
        .filter(|stop| stop.0 > first && stop.1 < last)
        .collect();
    let photos: Vec<f64> = axis.at.iter().map(|&at| on_track(at)).collect();
    let inside = |stop: &(f64, f64)| {
        photos.partition_point(|&at| at <= stop.1) - photos.partition_point(|&at| at < stop.0)
    };
    let stopped_s: f64 = stops.iter().map(|stop| stop.1 - stop.0).sum();
    let stopped: usize = stops.iter().map(inside).sum();
    let moving_s = used_s(axis) - stopped_s;
    let rate = (photos.len() - stopped) as f64 / moving_s.max(1.0);
    let habit = if stopped as f64 > rate * stopped_s {
        ShootingPattern::Bursts
    } else {
        ShootingPattern::Pauses
    };
    let (mut agreement, mut shortest_s) = (OffsetAgreement::default(), f64::INFINITY);
    for stop in &stops {
        let (expected, seen) = (rate * (stop.1 - stop.0), inside(stop) as f64);
        let (tells, agrees) = match habit {
            ShootingPattern::Pauses => (expected >= LEAST_EXPECTED, seen <= 0.3 * expected),
            ShootingPattern::Bursts => (true, seen >= 3.0 * expected.max(1.0)),
        };
        agreement.of += usize::from(tells);
        if tells && agrees {
            agreement.agree += 1;
            shortest_s = f64::min(shortest_s, stop.1 - stop.0 + 2.0 * EDGE_S);
        }
    }
    AtStops { habit, agreement, slack_s: shortest_s / 2.0 }
}

/// Seconds in which the camera was in use.
fn used_s(axis: &Axis) -> f64 {
    let gaps = axis.at.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.filter(|&gap| gap <= SESSION_GAP_S).sum::<usize>() as f64
}

#[cfg(test)]
mod tests;

//! Correlates two series at every shift at once, by the convolution theorem.

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

pub type Number = Complex<f64>;

/// Sums of one series times a shifted other one, for shifts from `-(photos - 1)` on.
pub struct Correlation {
    planner: FftPlanner<f64>,
    size: usize,
    shifts: usize,
    photos: usize,
}

impl Correlation {
    /// For this many seconds of photos and of a track.
    pub fn new(photos: usize, track: usize) -> Correlation {
        let shifts = photos + track - 1;
        Correlation { planner: FftPlanner::new(), size: shifts.next_power_of_two(), shifts, photos }
    }

    pub fn spectrum(&mut self, series: impl Iterator<Item = Number>) -> Vec<Number> {
        let mut values: Vec<Number> = series.collect();
        values.resize(self.size, Number::default());
        self.planner.plan_fft_forward(self.size).process(&mut values);
        values
    }

    /// For each shift the sum of `conj(photo[i]) * track[i + shift]`.
    pub fn product(&mut self, photos: &[Number], track: &[Number]) -> Vec<Number> {
        let both = photos.iter().zip(track);
        let mut values: Vec<Number> = both.map(|(photo, track)| photo.conj() * track).collect();
        self.planner.plan_fft_inverse(self.size).process(&mut values);
        let first = self.size - (self.photos - 1);
        let scale = 1.0 / self.size as f64;
        (0..self.shifts).map(|at| values[(first + at) % self.size] * scale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shift_has_its_own_sum() {
        let (photos, track) = ([1.0, 0.0, 2.0], [3.0, 5.0, 7.0, 11.0]);
        let mut correlation = Correlation::new(photos.len(), track.len());
        let number = |&value: &f64| Number::new(value, 0.0);
        let [photos_at, track_at] = [photos.as_slice(), track.as_slice()]
            .map(|series| correlation.spectrum(series.iter().map(number)));
        let sums = correlation.product(&photos_at, &track_at);
        let shifts: Vec<f64> = sums.iter().map(|sum| sum.re.round()).collect();
        assert_eq!(shifts, [6.0, 10.0, 17.0, 27.0, 7.0, 11.0]);
    }
}

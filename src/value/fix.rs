//! A fix: the position of a receiver at one instant.

use super::geo::Position;

/// An optional number from a receiver, in four bytes because a track holds many.
#[derive(Debug, Clone, Copy)]
pub struct Measure(f32);

impl Measure {
    pub const UNKNOWN: Measure = Measure(f32::NAN);

    pub fn get(self) -> Option<f64> {
        self.0.is_finite().then(|| shortest(self.0))
    }
}

/// The shortest decimal that is stored as this value, so that 12.3 is not shown as 12.300000190734863.
fn shortest(stored: f32) -> f64 {
    // Above this, the shortest decimal is no longer the whole number.
    let is_small = stored.abs() < 1e6;
    let scales = [1.0, 1e1, 1e2, 1e3, 1e4].into_iter().filter(|_| is_small);
    let mut rounded = scales.map(|scale| (f64::from(stored) * scale).round() / scale);
    let found = rounded.find(|&number| number as f32 == stored);
    found.or_else(|| stored.to_string().parse().ok()).unwrap_or(f64::from(stored))
}

impl From<Option<f64>> for Measure {
    fn from(number: Option<f64>) -> Self {
        Measure(number.map_or(f32::NAN, |number| number as f32))
    }
}

impl PartialEq for Measure {
    fn eq(&self, other: &Measure) -> bool {
        self.0 == other.0 || (self.0.is_nan() && other.0.is_nan())
    }
}

/// The receiver's position at one instant: 40 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Milliseconds since 1970, UTC.
    pub time_ms: i64,
    pub position: Position,
    /// Height as recorded, mostly above mean sea level.
    pub ele_m: Measure,
    /// Horizontal dilution of precision.
    pub hdop: Measure,
    pub speed_kmh: Measure,
    /// Direction of travel, clockwise from true north.
    pub course_deg: Measure,
}

impl Fix {
    /// A fix with only a time and a position.
    pub fn new(time_ms: i64, position: Position) -> Self {
        let unknown = Measure::UNKNOWN;
        Fix {
            time_ms,
            position,
            ele_m: unknown,
            hdop: unknown,
            speed_kmh: unknown,
            course_deg: unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_comes_back_with_the_decimals_that_its_shortest_text_has() {
        let mut random = fastrand::Rng::with_seed(5);
        let drawn = (0..20_000).map(|n| {
            let number = random.f64() * 10f64.powi(n % 12 - 3);
            let scale = 10f64.powi(n / 12 % 7);
            ((number * scale).round() / scale) as f32
        });
        for stored in
            drawn.chain([0.0, -0.0, 12.3, -0.05, 8848.86, 16_777_216.0, 1.234_568e9, 1e-7])
        {
            let text: f64 = stored.to_string().parse().unwrap();
            assert_eq!(Measure(stored).get(), Some(text), "{stored}");
        }
        assert_eq!(Measure::UNKNOWN.get(), None);
    }

    #[test]
    fn two_measures_are_equal_by_their_numbers_or_where_neither_is_known() {
        let [one, two] = [Some(1.5), Some(2.5)].map(Measure::from);
        assert!(one == one && one != two && Measure::UNKNOWN == Measure::from(None));
        assert!(one != Measure::UNKNOWN && Measure::UNKNOWN != two);
    }
}

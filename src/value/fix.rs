//! A fix: where a receiver was at one instant.

use super::geo::Position;

/// A number that the receiver may not have given, in four bytes: a track holds many.
#[derive(Debug, Clone, Copy)]
pub struct Measure(f32);

impl Measure {
    pub const UNKNOWN: Measure = Measure(f32::NAN);

    pub fn get(self) -> Option<f64> {
        // By way of the text, so that 12.3 does not come back as 12.300000190734863.
        self.0.is_finite().then(|| self.0.to_string().parse().unwrap_or(f64::from(self.0)))
    }
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

/// Where the receiver was at one instant: 40 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Since 1970, UTC.
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
    /// A fix of which only time and place are known.
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

//! Valid heights in metres, and the numbers that mean "unknown".

use std::fmt;
use std::str::FromStr;

use super::{Error, Expected};

/// Values that receivers and programs write for an unknown height; never accepted.
const SENTINELS: [f64; 9] =
    [65_535.0, 32_767.0, -32_768.0, -32_767.0, -19_999.0, -9_999.0, -99_999.0, 99_999.0, 1e25];
/// A negative height that was read as an unsigned 32-bit number is too large by this much.
const WRAP: f64 = 4_294_967_296.0;

/// The range of plausible heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heights {
    min_m: f64,
    max_m: f64,
}

impl Default for Heights {
    /// From below the Dead Sea to above any photo from an aircraft.
    fn default() -> Self {
        Heights { min_m: -500.0, max_m: 20_000.0 }
    }
}

impl Heights {
    /// The height that a number stands for. `wrapped_m` is the value if its sign was lost, where that is
    /// possible; for a whole number it is computed here.
    ///
    /// # Errors
    /// Why it is not a height, as a message to put after the number.
    pub fn read(self, m: f64, wrapped_m: Option<f64>) -> Result<f64, Error> {
        let whole = (m > WRAP / 2.0 && m < WRAP).then_some(m - WRAP);
        if SENTINELS.contains(&m) || m.abs() >= 1e20 {
            return Err(Error::HeightSentinel);
        }
        let found = [Some(m), wrapped_m, whole].into_iter().flatten();
        let mut found = found.filter(|m| (self.min_m..=self.max_m).contains(m));
        let Heights { min_m, max_m } = self;
        found.next().ok_or(Error::HeightOutside { min_m, max_m })
    }
}

impl FromStr for Heights {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|m| m.is_finite());
        let ends = text.split_once(',').and_then(|(min, max)| Some((number(min)?, number(max)?)));
        match ends {
            Some((min_m, max_m)) if min_m < max_m => Ok(Heights { min_m, max_m }),
            _ => Err(Expected::HeightRange.not(text)),
        }
    }
}

impl fmt::Display for Heights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.min_m, self.max_m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_told_from_what_stands_for_none() {
        let read = |m| Heights::default().read(m, None).ok();
        for m in [0.0, -0.5, -431.2, -500.0, 8_848.9, 20_000.0] {
            assert_eq!(read(m), Some(m));
        }
        assert_eq!(read(4_294_967_281.0), Some(-15.0));
        for m in [65_535.0, -32_768.0, -19_999.0, 1e25, -1e38, 20_000.1, -500.1, 2_147_483_648.0] {
            assert_eq!(read(m), None, "{m}");
        }
        for m in [WRAP, WRAP + 100.0, WRAP - 500.1, WRAP / 2.0 + 100.0] {
            assert_eq!(read(m), None, "{m}");
        }
    }

    #[test]
    fn a_wider_range_takes_more_but_nothing_that_stands_for_none() {
        let wide: Heights = "-11000, 400000".parse().unwrap();
        assert_eq!(wide.read(35_000.0, None), Ok(35_000.0));
        assert_eq!(wide.read(-10_900.0, None), Ok(-10_900.0));
        assert!(wide.read(65_535.0, None).is_err());
        let widest: Heights = "-200000,200000".parse().unwrap();
        assert!(SENTINELS.iter().all(|&m| widest.read(m, None).is_err()));
        for m in [32_768.0, 19_999.0, 9_999.0, -65_535.0, 9_998.0] {
            assert_eq!(widest.read(m, None), Ok(m));
        }
        assert_eq!(wide.to_string().parse(), Ok(wide));
        for wrong in ["", "5", "5,1", "5,5", "a,b", "0,inf", "1,2,3"] {
            assert!(wrong.parse::<Heights>().is_err(), "{wrong}");
        }
    }
}

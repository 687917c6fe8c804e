//! The GPS week number has ten bits (IS-GPS-200, 20.3.3.3.1.1): a receiver that does not handle the rollover
//! is wrong by whole multiples of 1024 weeks.

/// 1024 weeks, in milliseconds.
pub const ROLL_OVER_MS: i64 = 1024 * 7 * 86_400_000;

/// The multiple of 1024 weeks, in milliseconds, that brings a date nearest to an instant of the same ride.
pub fn correction_ms(date_ms: i64, near_ms: i64) -> i64 {
    (near_ms - date_ms + ROLL_OVER_MS / 2).div_euclid(ROLL_OVER_MS) * ROLL_OVER_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_comes_within_512_weeks_of_the_ride() {
        let day_ms = 86_400_000;
        assert_eq!(correction_ms(0, 511 * 7 * day_ms), 0);
        assert_eq!(correction_ms(0, 7_168 * day_ms + 5), ROLL_OVER_MS);
        assert_eq!(correction_ms(2 * ROLL_OVER_MS, -day_ms), -2 * ROLL_OVER_MS);
    }
}

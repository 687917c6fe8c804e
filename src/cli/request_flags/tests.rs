use super::*;

#[test]
fn times_and_rates_that_no_clock_can_hold_are_refused() {
    for bad in ["1e30", "nan", "inf", "-1", "1e-400000", "x"] {
        assert!(some_seconds(bad).is_err() && rate(bad).is_err(), "{bad}");
    }
    assert_eq!((seconds("0"), some_seconds("0").is_err()), (Ok(0.0), true));
    assert_eq!(
        (some_seconds("0.05"), rate("0.001"), rate("2e3")),
        (Ok(0.05), Ok(0.001), Ok(2000.0))
    );
    assert!(rate("1e-300").is_err() && seconds("86401").is_err());
}

use super::*;

const S: Duration = Duration::from_secs(1);

/// The seconds after which a body of n bytes per second is aborted, if within a day.
fn given_up_after(mut floor: ThroughputFloor, bytes_per_s: usize) -> Option<u64> {
    (1..86_400).find(|_| floor.came(bytes_per_s, S).is_err())
}

#[test]
fn a_body_that_drips_ends_after_a_window_and_a_slow_one_goes_on() {
    assert_eq!(given_up_after(ThroughputFloor::new(60 * S), 2), Some(60));
    assert_eq!(given_up_after(ThroughputFloor::new(60 * S), 999), Some(60));
    assert_eq!(given_up_after(ThroughputFloor::new(60 * S), 1001), None);
}

#[test]
fn a_quick_start_does_not_pay_for_a_drip() {
    let mut floor = ThroughputFloor::new(60 * S);
    floor.came(50_000_000, S).unwrap();
    let after = given_up_after(floor, 2).unwrap();
    assert!(after <= 120, "{after}");
}

#[test]
fn a_body_that_comes_whole_within_the_window_is_never_too_slow() {
    let mut floor = ThroughputFloor::new(60 * S);
    assert!((0..59).all(|_| floor.came(1, S).is_ok()));
}

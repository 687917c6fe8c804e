use super::*;
use crate::service::mock_server::TestClock;

const S: Duration = Duration::from_secs(1);

#[test]
fn requests_are_spread_over_the_second() {
    let pace = Pace::new(Some(10.0));
    let now = Instant::now();
    let waits: Vec<_> = (0..3).map(|_| pace.reserve(1.0, now).as_millis()).collect();
    assert_eq!(waits, [0, 100, 200]);
    assert_eq!(pace.reserve(1.0, now + 60 * S), Duration::ZERO);
}

#[test]
fn a_burst_of_refusals_cuts_the_pace_once_and_the_next_one_again() {
    let pace = Pace::new(Some(16.0));
    let start = Instant::now();
    // Sixty-four requests in flight, all throttled.
    let news = (0..64).filter(|_| pace.slow_down(start, start + S, 30 * S)).count();
    assert_eq!((news, pace.per_s()), (1, Some(8.0)));
    // Throttling of a request sent after the hold is new.
    assert!(pace.slow_down(start + 32 * S, start + 33 * S, 30 * S));
    assert_eq!(pace.per_s(), Some(4.0));
    for n in 1..20 {
        pace.slow_down(start + 100 * n * S, start + 100 * n * S + S, S);
    }
    assert_eq!(pace.per_s(), Some(0.25));
    (0..300).for_each(|_| pace.answered(start, Some(10.0)));
    assert_eq!(pace.per_s(), Some(16.0));
}

#[test]
fn a_high_usage_slows_down_once_in_a_while_and_not_with_each_answer() {
    let (pace, start) = (Pace::new(Some(10.0)), Instant::now());
    (0..500).for_each(|_| pace.answered(start, Some(86.0)));
    assert_eq!(pace.per_s(), Some(9.0));
    pace.answered(start + USAGE_PAUSE, Some(99.0));
    assert_eq!(pace.per_s(), Some(8.1));
}

#[test]
fn a_hold_is_waited_out_by_all_with_a_rate_or_without() {
    for rate in [None, Some(1000.0)] {
        let (pace, clock) = (Pace::new(rate), TestClock::default());
        let start = clock.now();
        pace.slow_down(start, start, 60 * S);
        for _ in 0..3 {
            assert!(pace.take(1.0, &clock, &Stop::default()));
        }
        let waited = clock.now() - start;
        assert!((60 * S..61 * S).contains(&waited), "{waited:?}");
    }
}

#[test]
fn no_rate_is_no_wait_and_a_stop_ends_one() {
    let (stop, clock) = (Stop::default(), TestClock::default());
    let (none, start) = (Pace::new(None), clock.now());
    assert!((0..1000).all(|_| none.take(1.0, &clock, &stop)));
    assert_eq!(clock.now(), start);
    let slow = Pace::new(Some(0.001));
    assert!(slow.take(1.0, &clock, &stop));
    stop.set();
    assert!(!slow.take(1.0, &clock, &stop));
    assert!(!none.take(1.0, &clock, &stop));
}

#[test]
fn the_usage_is_the_highest_of_its_numbers() {
    assert_eq!(usage_percent(r#"{"call_count":28,"total_time":91.5}"#), Some(91.5));
    assert_eq!(usage_percent("none"), None);
}

use super::*;

const POLICY: Policy = Policy { retries: 8, unit: Duration::from_secs(1), confirms: false };

fn tries(verdict: ResponseClass) -> usize {
    let mut tally = Stats::default();
    std::iter::from_fn(|| tally.next_wait(&verdict, None, &POLICY)).take(99).count()
}

#[test]
fn each_class_has_its_number_of_tries() {
    assert_eq!(tries(ResponseClass::Again(RetryPolicy::Many, String::new())), 8);
    assert_eq!(tries(ResponseClass::Again(RetryPolicy::Twice, String::new())), 2);
    assert_eq!(tries(ResponseClass::Throttled(1, String::new())), 8);
    assert_eq!(tries(ResponseClass::MaybeEmpty), 1);
    assert_eq!(tries(ResponseClass::BadToken(String::new())), 0);
    assert_eq!(tries(ResponseClass::Broken(String::new())), 8);
    assert_eq!(tries(ResponseClass::Gone(String::new())), 0);
    let confirming = Policy { confirms: true, ..POLICY };
    let mut tally = Stats::default();
    let gone = ResponseClass::Gone(String::new());
    assert!(tally.next_wait(&gone, None, &confirming).is_some());
    assert!(tally.next_wait(&gone, None, &confirming).is_none(), "once more, and no more");
}

#[test]
fn waits_double_up_to_the_cap() {
    let unit = Duration::from_millis(10);
    assert_eq!(full_jitter(0, unit, 1.0), unit);
    assert_eq!(full_jitter(3, unit, 0.5), unit * 4);
    assert_eq!(full_jitter(9, unit, 1.0), unit * 120);
    assert_eq!(full_jitter(u32::MAX, unit, 1.0), unit * 120);
}

#[test]
fn throttling_waits_at_least_its_units_or_what_the_service_says() {
    let verdict = ResponseClass::Throttled(60, String::new());
    let wait = Stats::default().next_wait(&verdict, None, &POLICY).unwrap();
    assert!((60..=61).contains(&wait.as_secs()), "{wait:?}");
    let after = Some(Duration::from_secs(7));
    let wait = Stats::default().next_wait(&verdict, after, &POLICY).unwrap();
    assert!((7..=8).contains(&wait.as_secs()), "{wait:?}");
}

#[test]
fn retry_after_is_read_as_seconds_or_as_a_date() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(retry_after(" 12 ", now), Some(Duration::from_secs(12)));
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), Some(Duration::from_secs(10)));
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
    assert_eq!(retry_after("soon", now), None);
}

#[test]
fn a_sleep_ends_when_the_run_does() {
    let stop = Stop::default();
    assert!(stop.sleep(Duration::from_millis(1)));
    stop.set();
    assert!(!stop.sleep(Duration::from_secs(600)));
}

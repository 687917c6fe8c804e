use super::*;
use crate::service::mock_server::{Script, TestClock, answer};
use crate::service::rate_limiter::Pace;

fn pacer(script: &Script) -> (Arc<Pacer>, Arc<Mutex<Vec<String>>>) {
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = said.clone();
    let say: Log = Arc::new(move |line: &str| log.lock().unwrap().push(line.to_owned()));
    (Pacer::new(&script.base(), Some(say)).unwrap(), said)
}

fn shared(pacer: &Arc<Pacer>) -> Pace {
    Pace::shared(64.0, SharedPace::new(pacer, "entity"))
}

#[test]
fn permits_are_asked_for_until_there_is_one_and_good_answers_are_told() {
    let later = answer(200, "", br#"{"permit":false,"again_ms":1000}"#);
    let given = answer(200, "", br#"{"permit":true}"#);
    let script = Script::play(vec![later, given]);
    let ((pacer, said), clock) = (pacer(&script), TestClock::default());
    let pace = shared(&pacer);
    assert!(pace.take(1.0, &clock, &Stop::default()));
    assert!((500..=1000).contains(&clock.passed().as_millis()), "{:?}", clock.passed());
    (0..3).for_each(|_| pace.answered(clock.now(), Some(40.0)));
    assert!(pace.take(1.0, &clock, &Stop::default()));
    let seen = script.seen();
    assert!(seen[0].starts_with("POST /permits/entity?good=0 "), "{seen:?}");
    assert!(seen[2].starts_with("POST /permits/entity?good=3&usage=40 "), "{seen:?}");
    assert!(said.lock().unwrap().is_empty());
}

#[test]
fn a_throttle_is_told_at_once() {
    let script = Script::play(vec![answer(200, "", b"{}")]);
    let (pacer, _) = pacer(&script);
    let now = Instant::now();
    shared(&pacer).slow_down(now, now + Duration::from_secs(1), Duration::from_secs(30));
    let told = "POST /throttles/entity?asked_ago_ms=1000&hold_ms=30000 ";
    assert!(script.seen()[0].starts_with(told), "{:?}", script.seen());
}

#[test]
fn a_pacer_that_is_lost_makes_slow_never_fast_and_one_that_is_back_is_used_again() {
    let bad = answer(500, "", b"");
    let given = answer(200, "", br#"{"permit":true}"#);
    let script = Script::play(vec![bad, given]);
    let ((pacer, said), clock) = (pacer(&script), TestClock::default());
    let pace = shared(&pacer);
    // Without the pacer, 64 per second become one per second, and the first request waits a full interval too.
    for n in 1..=4 {
        assert!(pace.take(1.0, &clock, &Stop::default()));
        let passed = clock.passed().as_secs();
        assert!((n..=n + 1).contains(&passed), "{n}: {passed}");
    }
    assert_eq!(script.seen().len(), 1, "it is not asked with each request");
    for _ in 0..20 {
        assert!(pace.take(1.0, &clock, &Stop::default()));
    }
    assert!(clock.passed() < Duration::from_secs(8), "{:?}", clock.passed());
    let said = said.lock().unwrap();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("continuing slowly") && said[1].contains("answers again"), "{said:?}");
}

#[test]
fn a_pacer_that_was_slower_than_this_process_leaves_it_as_slow_when_it_is_lost() {
    let given = answer(200, "", br#"{"permit":true,"per_s":2}"#);
    let script = Script::play(vec![given, answer(500, "", b"")]);
    let ((pacer, _), clock) = (pacer(&script), TestClock::default());
    let pace = shared(&pacer);
    for _ in 0..3 {
        assert!(pace.take(1.0, &clock, &Stop::default()));
    }
    // Two per second for all become one in 32 seconds for this one; its own rate alone would be one per second.
    assert_eq!(clock.passed().as_secs(), 64);
}

#[test]
fn a_long_hold_of_the_pacer_is_reported_once() {
    let held = || answer(200, "", br#"{"permit":false,"again_ms":2000,"held_ms":3600000}"#);
    let soon = answer(200, "", br#"{"permit":false,"again_ms":9,"held_ms":9}"#);
    let given = answer(200, "", br#"{"permit":true}"#);
    let script = Script::play(vec![held(), held(), soon, given]);
    let ((pacer, said), clock) = (pacer(&script), TestClock::default());
    assert!(shared(&pacer).take(1.0, &clock, &Stop::default()));
    let said = said.lock().unwrap();
    assert!(said.len() == 1 && said[0].starts_with("waiting 1 h: the pacer"), "{said:?}");
}

#[test]
fn a_process_that_never_got_a_permit_knows_the_rate_of_all() {
    let later = answer(200, "", br#"{"permit":false,"again_ms":2000,"per_s":2}"#);
    let script = Script::play(vec![later, answer(500, "", b"")]);
    let ((pacer, _), clock) = (pacer(&script), TestClock::default());
    let pace = shared(&pacer);
    assert!(pace.take(1.0, &clock, &Stop::default()));
    assert!(pace.take(1.0, &clock, &Stop::default()));
    assert!(clock.passed() >= Duration::from_secs(64), "{:?}", clock.passed());
}

#[test]
fn a_pacer_that_comes_back_is_asked_before_a_slow_turn_is_over() {
    let given = || answer(200, "", br#"{"permit":true,"per_s":2}"#);
    let script = Script::play(vec![given(), answer(500, "", b""), given()]);
    let ((pacer, said), clock) = (pacer(&script), TestClock::default());
    let pace = shared(&pacer);
    assert!(pace.take(1.0, &clock, &Stop::default()));
    assert!(pace.take(1.0, &clock, &Stop::default()));
    // The turn alone would come after 32 seconds.
    assert_eq!(clock.passed().as_secs(), 5);
    assert_eq!((script.seen().len(), said.lock().unwrap().len()), (3, 2));
}

/// Another thread finds the pacer while this one waits.
#[derive(Debug)]
struct FoundMeanwhile(TestClock, Arc<Pacer>);

impl Clock for FoundMeanwhile {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn sleep(&self, time: Duration, stop: &Stop) -> bool {
        self.1.find();
        self.0.sleep(time, stop)
    }
}

#[test]
fn who_waits_alone_when_the_pacer_comes_back_needs_a_permit() {
    let given = answer(200, "", br#"{"permit":true}"#);
    let script = Script::play(vec![answer(500, "", b""), given]);
    let (pacer, _) = pacer(&script);
    let clock = FoundMeanwhile(TestClock::default(), Arc::clone(&pacer));
    assert!(shared(&pacer).take(1.0, &clock, &Stop::default()));
    assert_eq!(script.seen().len(), 2, "the wait alone was no permit");
}

#[test]
fn what_is_no_pacer_and_no_address_is_said() {
    let script = Script::play(vec![answer(200, "", b"<html>")]);
    let ((pacer, said), clock) = (pacer(&script), TestClock::default());
    assert!(shared(&pacer).take(1.0, &clock, &Stop::default()));
    assert!(said.lock().unwrap()[0].contains("'<html>'"));
    for bad in ["", "localhost:80", "ftp://x", "https://x"] {
        assert!(Pacer::new(bad, None).is_err(), "{bad}");
    }
}

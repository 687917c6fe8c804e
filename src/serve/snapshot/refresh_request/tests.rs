use super::*;

const LONG: Duration = Duration::from_secs(600);

#[test]
fn a_ring_before_the_wait_is_heard() {
    let bell = WakeSignal::default();
    bell.ring();
    assert!(bell.wait(LONG), "at once");
    assert_eq!(bell.rest(Duration::ZERO), Some(1));
    bell.looked(1);
    assert!(bell.wait(Duration::ZERO), "nothing new, and not over");
}

#[test]
fn nobody_waits_for_an_index_that_takes_longer_or_for_a_watcher_that_has_ended() {
    let bell = WakeSignal::default();
    bell.made(LONG);
    bell.ring_and_wait(LONG);
    bell.made(Duration::ZERO);
    if let Some(long_ago) = Instant::now().checked_sub(Duration::from_millis(1)) {
        bell.begins(long_ago);
        bell.ring_and_wait(Duration::from_millis(1));
    }
    bell.end();
    bell.ring_and_wait(LONG);
    assert!(!bell.wait(LONG));
    assert_eq!(bell.rest(LONG), None);
}

#[test]
fn whoever_waits_goes_on_once_the_watcher_has_looked() {
    let bell = WakeSignal::default();
    let watcher = {
        let bell = bell.clone();
        std::thread::spawn(move || {
            assert!(bell.wait(LONG));
            let ring = bell.rest(Duration::ZERO).unwrap();
            bell.looked(ring);
        })
    };
    bell.ring_and_wait(LONG);
    watcher.join().unwrap();
}

use super::*;

const S: Duration = Duration::from_secs(1);

#[test]
fn a_silence_is_said_once_for_all_that_wait_and_later_ones_when_they_are_longer() {
    let (watch, start) = (SlowRequests::default(), Instant::now());
    let said = |now| watch.silences(now, 60 * S);
    let first = watch.begin("h", start);
    let second = watch.begin("h", start + 2 * S);
    assert!(said(start + 4 * S).is_empty());
    assert_eq!(
        said(start + 5 * S),
        ["'h' keeps 2 requests waiting, for 5 s by now and for up to 60 s"]
    );
    assert!(said(start + 50 * S).is_empty(), "once");
    first.heard(start + 50 * S, 100_000);
    drop(second);
    assert!(said(start + 59 * S).is_empty(), "a shorter one than the next to say");
    assert_eq!(said(start + 60 * S).len(), 1);
    drop(first);
    assert!(said(start + 600 * S).is_empty());
}

#[test]
fn a_drip_is_as_good_as_silence_and_a_slow_body_is_none() {
    for (bytes_per_s, is_said) in [(2, true), (900, true), (1100, false)] {
        let (watch, start) = (SlowRequests::default(), Instant::now());
        let ticket = watch.begin("h", start);
        let said = (1..8).any(|n| {
            ticket.heard(start + n * S, bytes_per_s);
            !watch.silences(start + n * S, 60 * S).is_empty()
        });
        assert_eq!(said, is_said, "{bytes_per_s}");
        ticket.restart(start + 8 * S);
        assert!(watch.silences(start + 12 * S, 60 * S).is_empty());
    }
}

#[test]
fn hosts_are_silent_by_themselves() {
    let (watch, start) = (SlowRequests::default(), Instant::now());
    let _one = watch.begin("a", start);
    let _other = watch.begin("b", start + 3 * S);
    assert_eq!(watch.silences(start + 6 * S, S).len(), 1);
    assert_eq!(watch.silences(start + 9 * S, S).len(), 1);
}

use super::*;

#[test]
fn an_index_that_takes_long_is_made_seldom_and_not_waited_for() {
    let s = Duration::from_secs;
    assert_eq!(rest(Duration::from_millis(900), s(0)), s(0));
    assert_eq!((rest(s(24), s(0)), rest(s(24), s(90))), (s(96), s(6)));
    assert_eq!(rest(s(24), s(3600)), SETTLED);
    let bell = WakeSignal::default();
    bell.made(s(30));
    let began = Instant::now();
    bell.ring_and_wait(s(20));
    bell.made(s(0));
    bell.begins(began.checked_sub(s(21)).unwrap_or(began));
    bell.ring_and_wait(s(20));
    assert!(began.elapsed() < s(20), "{:?}", began.elapsed());
    assert_eq!((bell.rest(s(0)), bell.wait(s(3600))), (Some(2), true));
    bell.end();
    assert_eq!(bell.rest(s(3600)), None);
}

#[test]
fn fewer_images_are_believed_when_three_checks_in_a_row_find_the_same() {
    let mut shrinking = Shrinking::default();
    assert_eq!([500, 600, 600].map(|to| shrinking.is_settled(1_000, to)), [false; 3]);
    assert!(shrinking.is_settled(1_000, 600));
    assert!(shrinking.is_settled(600, 601));
    assert_eq!([0, 0, 0].map(|to| shrinking.is_settled(601, to)), [false, false, true]);
}

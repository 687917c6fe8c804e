use super::*;
use crate::service::mock_server::TestClock;

#[test]
fn bytes_go_out_at_the_rate_that_was_asked_for() {
    let clock = Arc::new(TestClock::default());
    let throttle = Throttle {
        pace: Arc::new(Pace::new(Some(50_000.0))),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        stop: Stop::default(),
    };
    let content: Arc<dyn Content> = Arc::new(Memory(vec![7; 500_000].into()));
    let mut rest = RemainingBytes { content, at: 100_000, throttle };
    let (mut buffer, mut read) = ([0; 8192], 0);
    while let len @ 1.. = rest.read(&mut buffer).unwrap() {
        read += len;
    }
    let passed_s = clock.passed().as_secs_f64();
    assert!(read == 400_000 && (7.5..=8.5).contains(&passed_s), "{read} in {passed_s} s");
}

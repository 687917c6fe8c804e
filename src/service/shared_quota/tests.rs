use super::*;

const ENTITY: usize = 0;

/// Each process takes its permits at the times that are given; returns their number.
fn taken(permits: &Permits, from: Instant, to: Instant, processes: usize) -> u64 {
    let mut due: Vec<Instant> = vec![from; processes];
    let mut taken = 0;
    loop {
        // The process whose time comes first.
        let Some(next) = due.iter_mut().min().filter(|next| **next < to) else { return taken };
        match permits.ask(ENTITY, *next) {
            PermitTime::In(wait) => {
                *next += wait;
                taken += u64::from(*next < to && permits.is_due(ENTITY, *next));
            }
            PermitTime::Later(wait) => *next += wait,
        }
    }
}

#[test]
fn the_sum_of_all_processes_is_the_pace_of_one_however_many_there_are() {
    for processes in [1, 8, 64, 500] {
        let permits = Permits::new(Rates { entity: 50.0, ..Rates::default() });
        let start = Instant::now();
        let taken = taken(&permits, start, start + Duration::from_secs(20), processes);
        assert!((990..=1001).contains(&taken), "{processes}: {taken}");
    }
}

#[test]
fn a_throttle_of_one_holds_and_slows_all() {
    let permits = Permits::new(Rates { entity: 40.0, ..Rates::default() });
    let (start, second) = (Instant::now(), Duration::from_secs(1));
    assert_eq!(permits.ask(ENTITY, start), PermitTime::In(Duration::ZERO));
    let PermitTime::In(wait) = permits.ask(ENTITY, start) else { panic!() };
    // Eight requests were in flight when the first was refused.
    for _ in 0..8 {
        permits.throttle(ENTITY, second, 30 * second, start + wait);
    }
    assert!(!permits.is_due(ENTITY, start + wait), "what was given out before does not count");
    assert_eq!(permits.ask(ENTITY, start + wait), PermitTime::Later(2 * second));
    let from = start + wait + 30 * second;
    let taken = taken(&permits, from, from + 10 * second, 8);
    assert!((195..=201).contains(&taken), "half of 40 a second: {taken}");
    assert_eq!(permits.status(from)["entity"]["throttles"], 1);
    assert_eq!(permits.ask(1, start), PermitTime::In(Duration::ZERO), "other kinds go on");
}

#[test]
fn good_answers_of_any_process_bring_the_pace_back() {
    let permits = Permits::new(Rates { entity: 40.0, ..Rates::default() });
    let now = Instant::now();
    permits.throttle(ENTITY, Duration::ZERO, Duration::ZERO, now + Duration::from_secs(1));
    assert_eq!(permits.status(now)["entity"]["per_s"], 20.0);
    (0..10).for_each(|_| permits.report(ENTITY, 20, Some(10.0), now));
    assert_eq!(permits.status(now)["entity"]["per_s"], 40.0);
    permits.report(ENTITY, 0, Some(99.0), now);
    assert_eq!(permits.status(now)["entity"]["per_s"], 36.0);
}

//! Tests of what a pool guarantees for any schedule.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use super::*;

/// Numbers that are added by hand and returned in order.
#[derive(Default)]
struct Numbers {
    open: Vec<u32>,
    done: BTreeSet<u32>,
    next: u32,
    fed: u32,
    ended: bool,
}

impl Numbers {
    fn feed(&mut self) {
        self.open.push(self.fed);
        self.fed += 1;
    }
}

impl Schedule for Numbers {
    type Job = u32;
    type Output = u32;

    /// Takes the last number first, so that the order comes from the pool.
    fn next_job(&mut self) -> Result<u32, Duration> {
        self.open.pop().ok_or(TICK)
    }

    fn next_output(&mut self) -> Option<u32> {
        self.done.remove(&self.next).then(|| {
            self.next += 1;
            self.next - 1
        })
    }

    fn remainder(&mut self) -> Option<u32> {
        self.done.pop_first()
    }

    fn is_done(&mut self) -> bool {
        self.ended && self.next == self.fed
    }

    fn has_room(&self) -> bool {
        self.fed - self.next < 5
    }
}

type Shared = Arc<Pool<Numbers, Panic>>;

fn pool(
    fed: u32,
    jobs: u32,
    act: impl Fn(&Pool<Numbers, Panic>, u32) + Copy + Send + 'static,
) -> Shared {
    let mut numbers = Numbers::default();
    (0..fed).for_each(|_| numbers.feed());
    let pool = Arc::new(Pool::new(numbers, Stop::default()));
    for _ in 0..jobs {
        let pool = Arc::clone(&pool);
        thread::spawn(move || {
            pool.work(|number| {
                act(&pool, number);
                pool.with(|numbers| numbers.done.insert(number));
                pool.wake_taker();
                Ok(())
            });
        });
    }
    pool
}

/// All outputs until the end, and how it ended.
fn taken(pool: &Shared) -> (Vec<u32>, Result<(), String>) {
    let mut all = Vec::new();
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        match pool.take() {
            Taken::Output(number) => all.push(number),
            Taken::Idle => {}
            Taken::End(end) => return (all, end.map_err(|bug| bug.to_string())),
        }
    }
    panic!("no end after {all:?}");
}

#[test]
fn outputs_are_taken_in_the_order_of_the_schedule() {
    for jobs in [1, 4] {
        let pool = pool(5, jobs, |_, _| {});
        pool.with(|numbers| numbers.ended = true);
        assert_eq!(taken(&pool), ((0..5).collect(), Ok(())));
    }
}

#[test]
fn a_feeder_waits_for_room_and_leaves_when_the_work_has_ended() {
    let pool = pool(0, 2, |_, _| {});
    let feeding = Arc::clone(&pool);
    let feeder = thread::spawn(move || {
        let mut most = 0;
        while feeding.wait_for_room() {
            most = most.max(feeding.with(|numbers| {
                numbers.feed();
                numbers.fed - numbers.next
            }));
            feeding.wake_worker();
        }
        most
    });
    for wanted in 0..100 {
        let number = loop {
            if let Taken::Output(number) = pool.take() {
                break number;
            }
        };
        assert_eq!(number, wanted);
    }
    pool.close();
    assert!(feeder.join().unwrap() <= 5);
    assert!(!pool.wait_for_room());
}

#[test]
fn a_panic_in_a_worker_is_the_end_and_what_was_done_is_taken_before() {
    let pool = pool(5, 1, |_, number| assert!(number != 1, "no 1"));
    // 4, 3 and 2 are done, but 1 before them is missing.
    let bug = "internal error: no 1; this is a bug, please report it".to_string();
    assert_eq!(taken(&pool), (vec![2, 3, 4], Err(bug)));
    assert!(matches!(pool.take(), Taken::End(Ok(()))), "it is said once");
}

#[test]
fn the_first_fault_is_kept_and_no_further_job_is_begun() {
    let pool = pool(0, 2, |_, _| {});
    pool.guard(|| panic!("first"));
    pool.guard(|| panic!("second"));
    pool.with(Numbers::feed);
    pool.wake();
    let (all, end) = taken(&pool);
    assert!(all.is_empty() && end.unwrap_err().contains("first"));
    assert_eq!(pool.with(|numbers| numbers.open.len()), 1);
}

#[test]
fn a_stop_ends_waiting_workers_and_the_taking() {
    let pool = pool(2, 3, |pool, _| pool.stop.set());
    let (all, end) = taken(&pool);
    assert!(all.len() <= 2 && end.is_ok());
    let until = Instant::now() + Duration::from_secs(10);
    while Arc::strong_count(&pool) > 1 {
        assert!(Instant::now() < until, "a worker still waits");
        thread::yield_now();
    }
}

#[test]
fn nothing_to_take_is_idle_and_not_the_end() {
    let pool = pool(0, 1, |_, _| {});
    let begun = Instant::now();
    assert!(matches!(pool.take(), Taken::Idle));
    assert!(begun.elapsed() >= TICK / 2);
}

//! Tests of the order of results.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use super::*;

/// The error of an item, or a bug while working on it.
#[derive(Debug, PartialEq)]
enum Fault {
    At(usize),
    Stopped,
    Bug(String),
}

impl From<Panic> for Fault {
    fn from(bug: Panic) -> Fault {
        Fault::Bug(bug.to_string())
    }
}

fn work(jobs: usize) -> Work {
    Work { jobs, ..Work::default() }
}

/// Later items are done first.
fn slowly(at: usize) -> usize {
    thread::sleep(Duration::from_micros(200 * (7 - at as u64 % 8)));
    at * 2
}

#[test]
fn results_have_the_order_of_the_items_however_many_threads_there_are() {
    let wanted: Vec<usize> = (0..100).map(|at| at * 2).collect();
    for jobs in [0, 1, 3, 16] {
        let all = each(&work(jobs), 0..100, |at| Ok(slowly(at)), || Fault::Stopped);
        assert_eq!(all.as_ref(), Ok(&wanted), "{jobs} threads");
        for window in [0, 1, 2, 7, 1000] {
            let all: Vec<_> = map(0..100, jobs, window, slowly).map(Result::unwrap).collect();
            assert_eq!(all, wanted, "{jobs} threads, {window} ahead");
        }
    }
    assert_eq!(each(&work(4), 0..0, |at: usize| Ok(at), || Fault::Stopped), Ok(vec![]));
    assert_eq!(map(0..0, 4, 8, slowly).count(), 0);
}

#[test]
fn the_work_is_done_by_several_threads_at_once() {
    let barrier = std::sync::Barrier::new(3);
    let met = each(&work(3), 0..3, |_| Ok(barrier.wait().is_leader()), || Fault::Stopped);
    assert_eq!(met.unwrap().iter().filter(|is_leader| **is_leader).count(), 1);
}

#[test]
fn no_more_is_begun_than_the_window_has_room_for() {
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&begun);
    let items = (0..).inspect(move |_| _ = counted.fetch_add(1, Ordering::SeqCst));
    let mut results = map(items, 4, 10, |at: usize| at);
    let reaches = |count: usize| {
        let until = Instant::now() + Duration::from_secs(10);
        while begun.load(Ordering::SeqCst) < count && Instant::now() < until {
            thread::yield_now();
        }
        // Time for a worker to start too many, if it would.
        thread::sleep(Duration::from_millis(5));
        begun.load(Ordering::SeqCst)
    };
    assert_eq!(reaches(10), 10);
    for at in 0..1000 {
        assert_eq!(results.next(), Some(Ok(at)));
        let begun = begun.load(Ordering::SeqCst);
        assert!(begun <= at + 11, "{begun} begun, {at} taken");
    }
    assert!(reaches(1005) <= 1010);
}

#[test]
fn who_drops_the_results_ends_the_work() {
    let shared = Arc::new(());
    let held = Arc::clone(&shared);
    let mut results = map(0.., 3, 4, move |at: usize| (at, Arc::strong_count(&held)).0);
    assert_eq!(results.next(), Some(Ok(0)));
    drop(results);
    let until = Instant::now() + Duration::from_secs(10);
    while Arc::strong_count(&shared) > 1 {
        assert!(Instant::now() < until, "a thread still waits");
        thread::yield_now();
    }
}

#[test]
fn a_panic_takes_its_place_and_is_the_last() {
    let broken = |at: usize| if at == 4 { panic!("no 4") } else { at };
    let bug = "internal error: no 4; this is a bug, please report it".to_string();
    for jobs in [1, 3] {
        let all: Vec<_> = map(0..100, jobs, 8, broken).collect();
        assert_eq!(all[..4], [Ok(0), Ok(1), Ok(2), Ok(3)]);
        assert_eq!((all.len(), all[4].as_ref().unwrap_err().to_string()), (5, bug.clone()));
        let items = (0..100).inspect(|at| assert!(*at != 6, "no item"));
        let all: Vec<_> = map(items, jobs, 8, |at| at).collect();
        assert_eq!(all.len(), 7);
        assert!(all[6].as_ref().unwrap_err().to_string().contains("no item"));
        let ended = each(&work(jobs), 0..100, |at| Ok(broken(at)), || Fault::Stopped);
        assert_eq!(ended, Err(Fault::Bug(bug.clone())));
    }
}

#[test]
fn of_several_failures_that_of_the_first_item_is_reported() {
    for jobs in [1, 2, 8] {
        let begun = AtomicUsize::new(0);
        let act = |at| {
            begun.fetch_add(1, Ordering::Relaxed);
            // The first item to fail is the last to report its error.
            thread::sleep(Duration::from_millis(if at == 3 { 20 } else { 0 }));
            if at >= 3 { Err(Fault::At(at)) } else { Ok(at) }
        };
        assert_eq!(each(&work(jobs), 0..1000, act, || Fault::Stopped), Err(Fault::At(3)));
        assert!(begun.into_inner() <= 4 + jobs, "no more is begun after a failure");
    }
}

#[test]
fn a_stop_ends_the_work_unless_it_is_done() {
    for jobs in [1, 4] {
        let work = work(jobs);
        let act = |at| {
            if at == 5 {
                work.stop.set();
            }
            Ok(at)
        };
        assert_eq!(each(&work, 0..100_000, act, || Fault::Stopped), Err(Fault::Stopped));
        assert_eq!(each(&work, 0..3, |at: usize| Ok(at), || Fault::Stopped), Err(Fault::Stopped));
    }
    let is_first = AtomicBool::new(true);
    let all =
        each(&work(2), 0..2, |_| Ok(is_first.swap(false, Ordering::SeqCst)), || Fault::Stopped);
    assert_eq!(all.map(|all| all.len()), Ok(2));
}

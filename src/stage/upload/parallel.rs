//! The same work on many things at once, whose results stay in order; the first that fails ends it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::threads::panics::{Panic, caught};

use super::Error;

/// Does the work for each number below `count`.
///
/// # Errors
/// The first failure; what was at work is done first.
pub fn parallel<T: Send>(
    jobs: usize,
    count: usize,
    stop: &AtomicBool,
    work: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::default();
    let failed: Mutex<Option<Error>> = Mutex::default();
    let is_over = AtomicBool::new(false);
    let run = || {
        while !is_over.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return;
            }
            let result =
                if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { work(at) };
            match result {
                Ok(result) => {
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
                Err(error) => {
                    is_over.store(true, Ordering::Relaxed);
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..jobs.clamp(1, count.max(1))).map(|_| scope.spawn(|| caught(run))).collect();
        let ends =
            threads.into_iter().map(|it| it.join().unwrap_or_else(|it| Err(Panic::new(&*it))));
        ends.collect::<Result<Vec<()>, Panic>>()
    })?;
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => {
            let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
            done.sort_unstable_by_key(|(at, _)| *at);
            Ok(done.into_iter().map(|(_, result)| result).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stay_in_order_and_a_failure_or_a_bug_ends_the_work() {
        let go = AtomicBool::new(false);
        assert_eq!(parallel(4, 100, &go, |at| Ok(at * 2)).unwrap()[99], 198);
        assert!(parallel::<()>(4, 0, &go, |_| Err(Error::Busy)).unwrap().is_empty());
        let begun = AtomicUsize::new(0);
        let failed = parallel::<()>(2, 1000, &go, |_| {
            begun.fetch_add(1, Ordering::Relaxed);
            Err(Error::Busy)
        });
        assert!(matches!(failed, Err(Error::Busy)) && begun.into_inner() <= 2);
        assert!(matches!(
            parallel::<()>(2, 5, &AtomicBool::new(true), |_| Ok(())),
            Err(Error::Interrupted)
        ));
        assert!(matches!(parallel::<()>(2, 5, &go, |_| panic!("no")), Err(Error::Bug(_))));
    }
}

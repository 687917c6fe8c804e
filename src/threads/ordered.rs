//! Does the same work on each item, on many threads; results are in the order of the items.

use std::collections::BTreeMap;
use std::iter::Fuse;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::panics::{Panic, caught};
use super::{Pool, Schedule, Stop, TICK, Taken, Work};

/// Results in the order of their items, which are read ahead: at most `window` items are started and not yet
/// taken. A panic, in the work or in the items, is reported at its position in the order and is the last
/// result.
pub fn map<T: Send + 'static, R: Send + 'static>(
    items: impl Iterator<Item = T> + Send + 'static,
    jobs: usize,
    window: usize,
    act: impl Fn(T) -> R + Send + Sync + 'static,
) -> impl Iterator<Item = Result<R, Panic>> + Send {
    let pool = Arc::new(Pool::new(Sequence::new(window), Stop::default()));
    let shared = Arc::new((Source::new(items), act));
    for _ in 0..jobs.max(1) {
        let (pool, shared) = (Arc::clone(&pool), Arc::clone(&shared));
        thread::spawn(move || {
            let (source, act) = &*shared;
            pool.work(|()| {
                step(&pool, source, |item| Ok(act(item)));
                Ok(())
            });
        });
    }
    Results(pool)
}

/// Works on each item; returns the results in the order of the items.
///
/// # Errors
/// The error of the first item that failed, after those already started are done; `stopped`, if the stop came
/// before the last item was done.
pub fn each<T: Send, R: Send, E: From<Panic> + Send>(
    work: &Work,
    items: impl ExactSizeIterator<Item = T> + Send,
    act: impl Fn(T) -> Result<R, E> + Sync,
    stopped: impl FnOnce() -> E,
) -> Result<Vec<R>, E> {
    let count = items.len();
    let mut results = Vec::with_capacity(count);
    let take = |result| {
        results.push(result);
        Ok(())
    };
    let is_at_end = run(work, items, usize::MAX, act, take)?;
    if is_at_end || results.len() == count { Ok(results) } else { Err(stopped()) }
}

/// Works on each item; `take` gets the results in the order of the items. At most `window` items are started and not yet
/// taken, so memory does not grow with their number.
///
/// # Errors
/// The error of the first item that failed, or that of `take`; `stopped`, if the stop came before the end.
pub fn each_taken<T: Send, R: Send, E: From<Panic> + Send>(
    work: &Work,
    items: impl Iterator<Item = T> + Send,
    window: usize,
    act: impl Fn(T) -> Result<R, E> + Sync,
    take: impl FnMut(R) -> Result<(), E>,
    stopped: impl FnOnce() -> E,
) -> Result<(), E> {
    if run(work, items, window, act, take)? { Ok(()) } else { Err(stopped()) }
}

/// Whether the end of the items was reached.
fn run<T: Send, R: Send, E: From<Panic> + Send>(
    work: &Work,
    items: impl Iterator<Item = T> + Send,
    window: usize,
    act: impl Fn(T) -> Result<R, E> + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<bool, E> {
    let most = items.size_hint().1.unwrap_or(usize::MAX).max(1);
    let pool = Pool::new(Sequence::new(window), work.stop.clone());
    let source = Source::new(items);
    let worker = || {
        pool.work(|()| {
            step(&pool, &source, &act);
            Ok(())
        });
    };
    thread::scope(|scope| {
        (0..work.jobs.clamp(1, most)).for_each(|_| _ = scope.spawn(worker));
        let end = loop {
            let taken = match pool.take() {
                Taken::Output(Ok(result)) => caught(|| take(result)),
                Taken::Output(Err(error)) | Taken::End(Err(error)) => break Err(error),
                Taken::End(Ok(())) => break Ok(pool.with(Sequence::is_done)),
                Taken::Idle => continue,
            };
            if let Err(error) = taken.unwrap_or_else(|bug| Err(bug.into())) {
                break Err(error);
            }
        };
        // Workers that wait for room end.
        pool.close();
        end
    })
}

/// Works on the next item, if there is one.
fn step<T, R: Send, E: From<Panic> + Send>(
    pool: &Pool<Sequence<Result<R, E>>, E>,
    source: &Source<impl Iterator<Item = T>>,
    act: impl FnOnce(T) -> Result<R, E>,
) {
    match source.next() {
        (count, None) => pool.with(|sequence| sequence.end_at(count)),
        (number, Some(item)) => {
            let result = item.and_then(|item| caught(|| act(item)));
            let result = result.unwrap_or_else(|bug| Err(bug.into()));
            pool.with(|sequence| {
                if result.is_err() {
                    sequence.end_at(number + 1);
                }
                sequence.done.insert(number, result);
            });
        }
    }
    pool.wake_taker();
}

/// The source of the items. It has its own lock, so that a slow item does not keep workers from handing in
/// results.
struct Source<I: Iterator>(Mutex<(usize, Fuse<I>)>);

impl<I: Iterator> Source<I> {
    fn new(items: I) -> Source<I> {
        Source(Mutex::new((0, items.fuse())))
    }

    /// The next item with its number; at the end, the total number.
    fn next(&self) -> (usize, Option<Result<I::Item, Panic>>) {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, items) = &mut *source;
        let item = caught(|| items.next()).transpose();
        let at = *number;
        *number += usize::from(item.is_some());
        (at, item)
    }
}

/// Items by number, as far as they have been started.
struct Sequence<R> {
    /// Workers that are fetching an item.
    begun: usize,
    taken: usize,
    /// The number of items, once known.
    count: usize,
    done: BTreeMap<usize, R>,
    window: usize,
    /// Full, and not yet half empty again: this avoids waking workers for each item.
    is_full: bool,
}

impl<R> Sequence<R> {
    fn new(window: usize) -> Sequence<R> {
        let window = window.max(1);
        let done = BTreeMap::new();
        Sequence { begun: 0, taken: 0, count: usize::MAX, done, window, is_full: false }
    }

    /// From this item number on, nothing is started or returned.
    fn end_at(&mut self, count: usize) {
        self.count = self.count.min(count);
    }
}

impl<R> Schedule for Sequence<R> {
    type Job = ();
    type Output = R;

    fn next_job(&mut self) -> Result<(), Duration> {
        if self.is_full || self.count < usize::MAX {
            return Err(TICK);
        }
        self.begun += 1;
        self.is_full = self.begun - self.taken >= self.window;
        Ok(())
    }

    fn next_output(&mut self) -> Option<R> {
        let next = self.done.remove(&self.taken).filter(|_| self.taken < self.count)?;
        self.taken += 1;
        self.is_full &= self.begun - self.taken > self.window / 2;
        Some(next)
    }

    fn is_done(&mut self) -> bool {
        self.taken == self.count
    }

    fn has_room(&self) -> bool {
        !self.is_full
    }
}

/// Ends the work when it is dropped.
struct Results<R: Send>(Arc<Pool<Sequence<Result<R, Panic>>, Panic>>);

impl<R: Send> Iterator for Results<R> {
    type Item = Result<R, Panic>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.0.take() {
                Taken::Output(result) => return Some(result),
                Taken::Idle => {}
                Taken::End(end) => return end.err().map(Err),
            }
        }
    }
}

impl<R: Send> Drop for Results<R> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests;

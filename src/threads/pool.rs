//! A pool of threads that work on the jobs of a schedule, and one thread that takes the outputs in order.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::Stop;
use super::panics::{Panic, caught};

/// How long a thread waits before it checks for a stop again.
pub const TICK: Duration = Duration::from_millis(100);

/// Determines which job is next and which output is next. Called under the pool's lock.
pub trait Schedule {
    type Job;
    type Output;

    /// A job for a free worker; if there is none now, how long to wait before asking again.
    fn next_job(&mut self) -> Result<Self::Job, Duration>;

    /// The next output in order, if it is done.
    fn next_output(&mut self) -> Option<Self::Output>;

    /// An output that is done while earlier ones are missing: the last that is taken from work that ends
    /// early.
    fn remainder(&mut self) -> Option<Self::Output> {
        None
    }

    /// Whether all outputs have been taken, and no more will come.
    fn is_done(&mut self) -> bool;

    /// Whether more jobs may be started. This bounds memory.
    fn has_room(&self) -> bool;
}

/// The result of [`Pool::take`].
#[derive(Debug)]
pub enum Taken<T, E> {
    Output(T),
    /// Nothing yet; the caller may flush, or show progress.
    Idle,
    /// All outputs have been taken, or the work was stopped, or this ended it.
    End(Result<(), E>),
}

/// A schedule and the threads that share it.
pub struct Pool<S, E> {
    state: Mutex<State<S, E>>,
    jobs: Condvar,
    outputs: Condvar,
    room: Condvar,
    stop: Stop,
}

struct State<S, E> {
    schedule: S,
    fault: Option<E>,
    is_closed: bool,
}

impl<S: Schedule, E: From<Panic>> Pool<S, E> {
    pub fn new(schedule: S, stop: Stop) -> Pool<S, E> {
        let state = Mutex::new(State { schedule, fault: None, is_closed: false });
        let [jobs, outputs, room] = [(); 3].map(|()| Condvar::new());
        Pool { state, jobs, outputs, room, stop }
    }

    /// Reads or changes the schedule. A caller that adds a job then calls [`Pool::wake_worker`]; one that adds
    /// an output, [`Pool::wake_taker`].
    pub fn with<R>(&self, act: impl FnOnce(&mut S) -> R) -> R {
        act(&mut self.lock().schedule)
    }

    pub fn wake_worker(&self) {
        self.jobs.notify_one();
    }

    pub fn wake_taker(&self) {
        self.outputs.notify_all();
    }

    /// Wakes every thread to check the schedule again.
    pub fn wake(&self) {
        self.jobs.notify_all();
        self.outputs.notify_all();
        self.room.notify_all();
    }

    /// Works on jobs until no more can come: the loop of each worker thread.
    pub fn work(&self, act: impl Fn(S::Job) -> Result<(), E>) {
        self.guard(|| {
            while let Some(job) = self.next_job() {
                act(job)?;
            }
            Ok(())
        });
    }

    /// Runs the body of a thread of the pool; its error or panic ends the work.
    pub fn guard(&self, thread: impl FnOnce() -> Result<(), E>) {
        match caught(thread) {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => self.fail(fault),
            Err(bug) => self.fail(bug.into()),
        }
    }

    /// Ends the work with a reason; the first reason is kept.
    pub fn fail(&self, fault: E) {
        let mut state = self.lock();
        state.is_closed = true;
        state.fault.get_or_insert(fault);
        drop(state);
        self.wake();
    }

    /// Ends the work: no further job is started.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.wake();
    }

    /// Waits until more may be started; false when the work has ended.
    pub fn wait_for_room(&self) -> bool {
        let mut state = self.lock();
        while !self.is_over(&state) && !state.schedule.has_room() {
            state = wait(&self.room, state, TICK);
        }
        !self.is_over(&state)
    }

    /// The next output in order. Waits for it up to one [`TICK`].
    pub fn take(&self) -> Taken<S::Output, E> {
        let mut state = self.lock();
        let mut has_waited = false;
        loop {
            if let Some(output) = self.take_output(&mut state) {
                return Taken::Output(output);
            }
            if self.is_over(&state) {
                return match state.schedule.remainder() {
                    Some(rest) => Taken::Output(rest),
                    None => Taken::End(state.fault.take().map_or(Ok(()), Err)),
                };
            }
            if state.schedule.is_done() {
                drop(state);
                self.close();
                return Taken::End(Ok(()));
            }
            if has_waited {
                return Taken::Idle;
            }
            state = wait(&self.outputs, state, TICK);
            has_waited = true;
        }
    }

    fn take_output(&self, state: &mut State<S, E>) -> Option<S::Output> {
        let was_full = !state.schedule.has_room();
        let output = state.schedule.next_output()?;
        self.room.notify_all();
        if was_full && state.schedule.has_room() {
            self.jobs.notify_all();
        }
        Some(output)
    }

    fn next_job(&self) -> Option<S::Job> {
        let mut state = self.lock();
        loop {
            if self.is_over(&state) || state.schedule.is_done() {
                return None;
            }
            match state.schedule.next_job() {
                Ok(job) => return Some(job),
                Err(time) => state = wait(&self.jobs, state, time),
            }
        }
    }

    fn is_over(&self, state: &State<S, E>) -> bool {
        state.is_closed || self.stop.is_set()
    }

    fn lock(&self) -> MutexGuard<'_, State<S, E>> {
        self.state.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

fn wait<'a, T>(on: &Condvar, state: MutexGuard<'a, T>, time: Duration) -> MutexGuard<'a, T> {
    on.wait_timeout(state, time).map(|(state, _)| state).unwrap_or_else(|e| e.into_inner().0)
}

#[cfg(test)]
mod tests;

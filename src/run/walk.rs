//! Runs a [`Walk`]: many threads, rows in the order of the walk, which is that
//! of the places, each place's own rows before those of the places it leads to.

use std::collections::{BTreeMap, HashSet};
use std::iter::{Enumerate, Peekable};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::shape::{Error, FatalError, Outcome, Places, Scan, Walk, WalkStep};

use super::cache_key::hash;
use super::response_cache::ResponseCache;
use super::scan::drain;
use super::walk_outcomes::{answer_of, failed, is_empty, limited, merged, round};
use super::walk_share::WalkShare;
use super::{Input, Plan, Progress, Sink, Stats, Stop, Summary};

/// Outcomes that may wait for an earlier place before no further one is asked.
const WINDOW: usize = 200_000;
/// Places that may wait so, or be asked, before no further one is begun.
const MOST_PLACES: usize = 10_000;
/// How often progress and the stop are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Runs the walk. `merge` takes its rows in order and gives those of the
/// output; `limit` ends the walk after so many rows.
pub fn run(
    plan: &Plan,
    walk: Arc<dyn Walk>,
    merge: Option<&mut dyn Scan>,
    limit: Option<u64>,
) -> Result<Summary, FatalError> {
    let none = Input::Rows(Box::new(std::iter::empty()));
    let (_, _, mut sink, tally) = plan.open(none, |input| {
        merge.as_ref().map_or_else(|| walk.shape(input), |merge| merge.shape(input))
    })?;
    let answers = plan.answers()?;
    let state = State {
        start: walk.start().enumerate().peekable(),
        places: BTreeMap::new(),
        share: WalkShare::new(walk.starts()),
        led: HashSet::new(),
        waiting: 0,
        answers,
        fault: None,
        over: false,
    };
    let traversal = Arc::new(Traversal {
        state: Mutex::new(state),
        changed: Condvar::new(),
        walk,
        tally: Arc::clone(&tally),
        stop: plan.stop.clone(),
    });
    for _ in 0..plan.jobs.max(1) {
        let walker = Arc::clone(&traversal);
        thread::spawn(move || walker.guarded());
    }
    let fault = FatalError::guard(|| traversal.follow(&mut sink, merge, limit)).err();
    let answers = traversal.close();
    Ok(plan.close(sink, &tally, answers, fault, None))
}

/// A place by its way from the start: the order of the ways is the order of the rows.
type Way = Vec<u32>;

enum Place {
    Waiting(String),
    Asked,
    Done(Vec<Outcome>),
}

struct State {
    /// Where to begin, as far as nobody has asked there.
    start: Peekable<Enumerate<Places>>,
    places: BTreeMap<Way, Place>,
    share: WalkShare,
    /// Places that others led to, by hash: a walk never goes round in a circle,
    /// not even over kept answers.
    led: HashSet<u64>,
    /// Outcomes that are done and not written.
    waiting: usize,
    answers: Option<ResponseCache>,
    fault: Option<FatalError>,
    over: bool,
}

struct Traversal {
    state: Mutex<State>,
    changed: Condvar,
    walk: Arc<dyn Walk>,
    tally: Arc<Stats>,
    stop: Stop,
}

impl Traversal {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, TICK).map(|(s, _)| s).unwrap_or_else(|e| e.into_inner().0)
    }

    /// A worker thread, which ends the run with its own end by a bug.
    fn guarded(&self) {
        let ended = FatalError::guard(|| {
            self.work();
            Ok(())
        });
        if let Err(fault) = ended {
            self.lock().fault.get_or_insert(fault);
            self.changed.notify_all();
        }
    }

    /// What it does.
    fn work(&self) {
        while let Some((way, name)) = self.next_place() {
            let step = match self.kept(&name) {
                Some(step) => Ok(step),
                None => self.walk.step(&name, &*self.tally),
            };
            match step {
                Ok(step) => self.arrive(way, &name, step),
                Err(Error::Row(what)) => self.arrive(way, &name, failed(&name, what)),
                Err(Error::Run(fault)) => _ = self.lock().fault.get_or_insert(fault),
            }
            self.changed.notify_all();
        }
    }

    /// The first place that nobody has asked. The very first is always open:
    /// what waits for it cannot be written before.
    fn next_place(&self) -> Option<(Way, String)> {
        let mut state = self.lock();
        loop {
            if state.over || state.fault.is_some() || self.stop.is_set() {
                return None;
            }
            let open = state.waiting < WINDOW;
            let mut places = state.places.iter_mut().enumerate();
            let found = places
                .find(|(at, (_, place))| (open || *at == 0) && matches!(place, Place::Waiting(_)));
            if let Some((_, (way, place))) = found
                && let Place::Waiting(name) = std::mem::replace(place, Place::Asked)
            {
                let way = way.clone();
                return Some((way, name));
            }
            if open
                && state.places.len() < MOST_PLACES
                && let Some((at, name)) = state.start.next()
            {
                let way = vec![at as u32];
                state.places.insert(way.clone(), Place::Asked);
                state.share.begin(&way);
                return Some((way, name));
            }
            state = self.wait(state);
        }
    }

    fn kept(&self, name: &str) -> Option<WalkStep> {
        let answer = self.lock().answers.as_mut()?.get(name)?;
        let mut outcomes = Vec::new();
        match answer.end {
            Some(end) => outcomes.push(Outcome::Ended(answer.rows.into_iter().next()?, end)),
            None => outcomes.push(Outcome::Rows(answer.rows)),
        }
        Some(WalkStep { outcomes, next: answer.next })
    }

    fn arrive(&self, way: Way, name: &str, step: WalkStep) {
        let mut state = self.lock();
        if let (Some(answer), Some(answers)) = (answer_of(&step), state.answers.as_mut())
            && let Err(fault) = answers.put(name, &answer)
        {
            state.fault.get_or_insert(fault);
        }
        let (mut outcomes, mut led) = (step.outcomes, Vec::new());
        for (at, next) in step.next.into_iter().enumerate() {
            if !state.led.insert(hash(&next)) {
                outcomes.push(round(name));
                continue;
            }
            let further: Way = way.iter().copied().chain([at as u32]).collect();
            led.push(further.clone());
            state.places.insert(further, Place::Waiting(next));
        }
        state.share.arrive(&way, &led);
        state.waiting += outcomes.len();
        state.places.insert(way, Place::Done(outcomes));
    }

    /// Hands on the outcomes in the order of the walk.
    fn follow(
        &self,
        sink: &mut Sink,
        mut merge: Option<&mut dyn Scan>,
        limit: Option<u64>,
    ) -> Result<(), FatalError> {
        let (mut out, mut is_nothing) = (Vec::new(), true);
        while let Some(outcomes) = self.next_outcomes(sink)? {
            for outcome in outcomes {
                is_nothing &= is_empty(&outcome);
                match &mut merge {
                    Some(scan) => merged(*scan, outcome, &mut out, &self.tally)?,
                    None => out.push(outcome),
                }
            }
            if limited(&mut out, limit, self.tally.counts().passed()) {
                drain(&mut out, sink)?;
                return Ok(());
            }
            drain(&mut out, sink)?;
            self.tally.progress(self.progress());
        }
        match merge {
            Some(scan) if !self.stop.is_set() => scan.end(&mut out, &*self.tally)?,
            _ => {}
        }
        limited(&mut out, limit, self.tally.counts().passed());
        drain(&mut out, sink)?;
        if is_nothing && !self.stop.is_set() {
            self.walk.nothing(&*self.tally);
        }
        Ok(())
    }

    fn next_outcomes(&self, sink: &mut Sink) -> Result<Option<Vec<Outcome>>, FatalError> {
        loop {
            let mut state = self.lock();
            if let Some(fault) = state.fault.take() {
                return Err(fault);
            }
            let is_begun = state.start.peek().is_none();
            match state.places.first_entry() {
                None if is_begun => return Ok(None),
                None if self.stop.is_set() => return Ok(None),
                None => {}
                Some(first) if matches!(first.get(), Place::Done(_)) => {
                    let Place::Done(outcomes) = first.remove() else { return Ok(None) };
                    state.waiting -= outcomes.len();
                    if state.places.len() + 1 == MOST_PLACES {
                        self.changed.notify_all();
                    }
                    return Ok(Some(outcomes));
                }
                Some(_) if self.stop.is_set() => return Ok(None),
                Some(_) => {}
            }
            drop(state);
            sink.flush()?;
            self.tally.progress(self.progress());
            let state = self.lock();
            if !matches!(state.places.first_key_value(), Some((_, Place::Done(_)))) {
                drop(self.wait(state));
            }
        }
    }

    fn progress(&self) -> Progress {
        Progress { share: self.lock().share.get(), ..Progress::default() }
    }

    fn close(&self) -> Option<ResponseCache> {
        let mut state = self.lock();
        state.over = true;
        self.changed.notify_all();
        state.answers.take()
    }
}

#[cfg(test)]
mod tests;

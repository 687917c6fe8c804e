//! Runs a [`Walk`] on many threads; the rows are in depth-first order: each node's own rows, then those of the nodes
//! that it leads to. A picture that several nodes have is passed on once, 16 bytes of memory each: pages move while a user
//! uploads, also between an interrupted run and the next one, and a picture may be in two tiles.

mod frontier;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::query::known::KnownIds;
use crate::query::service_errors::REPEATED;
use crate::shape::{Diagnostics, Error, FatalError, Outcome, Scan, Walk, WalkStep};
use crate::threads::{Pool, Taken};

use super::response_cache::ResponseCache;
use super::scan::drain;
use super::walk_outcomes::{answer_of, drop_repeated, failed, is_empty, limited, merged};
use super::{Input, Plan, Progress, Sink, Stats, Stop, Summary};
use frontier::{Frontier, NodePath};

/// Runs the walk. `merge` receives its rows in order and makes those of the output; `limit` ends the walk after this
/// many rows.
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
    let traversal = Arc::new(Traversal {
        pool: Pool::new(Frontier::new(&*walk), plan.stop.clone()),
        answers: Mutex::new(plan.answers()?),
        walk,
        tally: Arc::clone(&tally),
        stop: plan.stop.clone(),
    });
    for _ in 0..plan.jobs.max(1) {
        let walker = Arc::clone(&traversal);
        thread::spawn(move || walker.pool.work(|(way, name)| walker.visit(way, &name)));
    }
    let fault = FatalError::guard(|| traversal.follow(&mut sink, merge, limit)).err();
    traversal.pool.close();
    let answers = traversal.answers().take();
    Ok(plan.close(sink, &tally, answers, fault, None))
}

struct Traversal {
    pool: Pool<Frontier, FatalError>,
    answers: Mutex<Option<ResponseCache>>,
    walk: Arc<dyn Walk>,
    tally: Arc<Stats>,
    stop: Stop,
}

impl Traversal {
    fn answers(&self) -> MutexGuard<'_, Option<ResponseCache>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Processes a node on a worker thread.
    fn visit(&self, way: NodePath, name: &str) -> Result<(), FatalError> {
        let step = match self.kept(name) {
            Some(step) => Ok(step),
            None => self.walk.step(name, &*self.tally),
        };
        let step = match step {
            Ok(step) => step,
            Err(Error::Row(what)) => failed(name, what),
            Err(Error::Run(fault)) => return Err(fault),
        };
        // The response is cached before its turn, so that a kill loses at most the requests in flight.
        let kept = match (answer_of(&step), self.answers().as_mut()) {
            (Some(answer), Some(answers)) => answers.put(name, &answer),
            _ => Ok(()),
        };
        self.pool.with(|frontier| frontier.arrive(way, name, step));
        self.pool.wake();
        kept
    }

    fn kept(&self, name: &str) -> Option<WalkStep> {
        let answer = self.answers().as_mut()?.get(name)?;
        let mut outcomes = Vec::new();
        match answer.end {
            Some(end) => outcomes.push(Outcome::Ended(answer.rows.into_iter().next()?, end)),
            None => outcomes.push(Outcome::Rows(answer.rows)),
        }
        Some(WalkStep { outcomes, next: answer.next })
    }

    /// Passes on the outcomes in the order of the walk.
    fn follow(
        &self,
        sink: &mut Sink,
        mut merge: Option<&mut dyn Scan>,
        limit: Option<u64>,
    ) -> Result<(), FatalError> {
        let (mut out, mut is_nothing) = (Vec::new(), true);
        let mut seen = KnownIds::default();
        while let Some(outcomes) = self.next_outcomes(sink)? {
            for mut outcome in outcomes {
                is_nothing &= is_empty(&outcome);
                let repeated = drop_repeated(&mut outcome, &mut seen);
                if repeated > 0 {
                    self.tally.count(REPEATED, repeated);
                }
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
            match self.pool.take() {
                Taken::Output(outcomes) => return Ok(Some(outcomes)),
                Taken::End(end) => return end.map(|()| None),
                Taken::Idle => {}
            }
            // The header waits for the first answer: there may never be one.
            if self.pool.with(|frontier| frontier.has_arrived()) {
                sink.flush()?;
            }
            self.tally.progress(self.progress());
        }
    }

    fn progress(&self) -> Progress {
        let share = self.pool.with(|frontier| frontier.share.get());
        Progress { share, ..Progress::default() }
    }
}

#[cfg(test)]
mod tests;

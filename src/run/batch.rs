//! Runs chained [`Batch`] parts on many threads; the output keeps the input order.
//!
//! A reader thread fills the first part's queue as far as the window allows. Workers take a full batch from the last
//! part that has one, or any batch when the input pauses. The calling thread writes the rows that are next in order.

mod pipeline;

use std::sync::Arc;
use std::thread;

use crate::shape::{Batch, FatalError, InputHeader, Scan, Shape};
use crate::threads::{Pool, TICK, last_owner};

use super::batch_queues::RunState;
use super::failed::Answered;
use super::needed_columns::check_columns;
use super::outcome_chain::Downstream;
use super::shared_cache::SharedCache;
use super::{Input, Plan, Summary};
use pipeline::Pipeline;

/// Runs the parts over the input. `last` receives their rows in order; its input is cached, not its output.
pub fn run(
    plan: &Plan,
    input: Input,
    parts: Vec<Arc<dyn Batch>>,
    last: Option<&mut dyn Scan>,
) -> Result<Summary, FatalError> {
    let shape_of = |input: &InputHeader| {
        let last = last.as_ref().map(|last| last.shape(input));
        Shape::joined(parts.iter().map(|part| part.shape(input)).chain(last))
    };
    let (intake, shape, sink, tally) = plan.open(input, shape_of)?;
    let sets = parts.first().map(|part| part.shape(&intake.header()).sets).unwrap_or_default();
    check_columns(&shape, &intake)?;
    let answers = SharedCache::new(plan.answers()?);
    let meter = intake.meter();
    let sizes = parts.iter().map(|part| part.size()).collect();
    let pipeline = Arc::new(Pipeline {
        pool: Pool::new(RunState::new(sizes), plan.stop.clone()),
        key: plan.keep.as_ref().and_then(|keep| keep.key).filter(|_| answers.is_any()),
        answers,
        parts,
        shape,
        sets,
        tally: Arc::clone(&tally),
        stop: plan.stop.clone(),
    });
    let reading = Arc::clone(&pipeline);
    thread::spawn(move || {
        reading.pool.guard(|| {
            reading.read(intake);
            Ok(())
        });
    });
    for _ in 0..plan.jobs.max(1) {
        let working = Arc::clone(&pipeline);
        thread::spawn(move || working.pool.work(|(part, jobs)| working.work(part, jobs)));
    }
    let mut to = Downstream::new(sink, last);
    let fault = FatalError::guard(|| pipeline.write(&mut to, &meter)).err();
    pipeline.pool.close();
    let input_fault = pipeline.pool.with(|state| state.input_fault.take());
    let fault = fault.or(input_fault.filter(|_| !plan.stop.is_set()));
    if fault.is_none() && !plan.stop.is_set() && tally.counts().is_all_left_out() {
        pipeline.parts[0].nothing(&*tally);
    }
    pipeline.pool.with(|state| plan.say_unanswered(state, &to.sink, fault.is_some()));
    let answered = pipeline.pool.with(|state| state.answered());
    // After a stop, a thread may still be in a request: its rows count as unanswered.
    let answers = last_owner(pipeline, 5 * TICK, |pipeline| pipeline.pool.wake());
    let answers = answers.and_then(|pipeline| pipeline.answers.into_inner());
    let answered = (!to.may_hold_rows()).then_some(&answered as Answered);
    Ok(plan.close(to.sink, &tally, answers, fault, answered))
}

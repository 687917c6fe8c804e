//! Runs a [`Scan`]: rows in order, one thread.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::shape::{FatalError, Outcome, Scan, Shape};

use super::needed_columns::{check_columns, check_named, lacks};
use super::{Input, InputReader, Plan, Progress, Sink, Stats, Summary};

/// The number of rows between two updates of the progress and checks of the stop.
const STRIDE: u64 = 1024;

/// Runs the stage over the input.
pub fn run(plan: &Plan, input: Input, stage: &mut dyn Scan) -> Result<Summary, FatalError> {
    let (mut intake, shape, sink, tally) = plan.open(input, |input| stage.shape(input))?;
    let sink = Arc::new(Mutex::new(sink));
    let pausing = Arc::clone(&sink);
    // A write error returns again when the next rows are written.
    intake.on_pause(move || _ = lock(&pausing).flush());
    check_columns(&shape, &intake)?;
    check_named(&shape, &intake)?;
    let ended = FatalError::guard(|| follow(plan, &shape, &mut intake, stage, &sink, &tally));
    drop(intake);
    match Arc::try_unwrap(sink) {
        Ok(sink) => {
            let sink = sink.into_inner().unwrap_or_else(|broken| broken.into_inner());
            Ok(plan.close(sink, &tally, None, ended.err(), None))
        }
        Err(_) => Err(FatalError("the output is still in use".into())),
    }
}

/// Passes all rows through the stage.
fn follow(
    plan: &Plan,
    shape: &Shape,
    intake: &mut InputReader,
    stage: &mut dyn Scan,
    sink: &Mutex<Sink>,
    tally: &Arc<Stats>,
) -> Result<(), FatalError> {
    let mut out = Vec::new();
    each_row(plan, intake, tally, |row| match row {
        Ok(row) => {
            let pushed = push(shape, stage, row, &mut out, tally);
            // Rows that were finished before an error are written.
            pushed.and(drain(&mut out, &mut lock(sink)))
        }
        Err(wrong) => lock(sink).unreadable(&wrong.to_string()),
    })?;
    while !plan.stop.is_set() || stage.goes_on_when_stopped() {
        end(stage, &mut out, sink, tally)?;
        if !stage.goes_on() {
            break;
        }
        lock(sink).flush()?;
    }
    Ok(())
}

/// Passes on each row, or its read error, until the input ends or the run is stopped. Then reports the notes of the
/// input.
///
/// # Errors
///
/// If the input cannot be read any further, and errors of `take`.
pub fn each_row(
    plan: &Plan,
    intake: &mut InputReader,
    tally: &Stats,
    mut take: impl FnMut(Result<Row, ReadError>) -> Result<(), FatalError>,
) -> Result<(), FatalError> {
    let (meter, fault) = (intake.meter(), intake.faults());
    for (number, row) in (1u64..).zip(intake.by_ref()) {
        if let Err(ReadError::Input(error)) = row {
            return Err(fault(&error));
        }
        take(row)?;
        if number.is_multiple_of(STRIDE) {
            tally.progress(Progress { share: meter(), is_waiting: false });
        }
        if plan.stop.is_set() {
            break;
        }
    }
    intake.notes().iter().for_each(|note| plan.voice.warn(note));
    Ok(())
}

/// Passes a row to the stage, unless it lacks a column that the stage needs.
pub fn push(
    shape: &Shape,
    stage: &mut dyn Scan,
    row: Row,
    out: &mut Vec<Outcome>,
    tally: &Stats,
) -> Result<(), FatalError> {
    match lacks(shape, &row) {
        Some(what) => {
            out.push(Outcome::Failed(row, what));
            Ok(())
        }
        None => stage.push(row, out, tally),
    }
}

fn end(
    stage: &mut dyn Scan,
    out: &mut Vec<Outcome>,
    sink: &Mutex<Sink>,
    tally: &Arc<Stats>,
) -> Result<(), FatalError> {
    let ended = stage.end(out, &**tally);
    // Rows that were finished before an error are written.
    drain(out, &mut lock(sink))?;
    ended
}

fn lock(sink: &Mutex<Sink>) -> MutexGuard<'_, Sink> {
    sink.lock().unwrap_or_else(|broken| broken.into_inner())
}

/// Passes the outcomes to the sink.
pub fn drain(out: &mut Vec<Outcome>, sink: &mut Sink) -> Result<(), FatalError> {
    out.drain(..).try_for_each(|outcome| sink.take(outcome))
}

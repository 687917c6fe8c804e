//! Runs a [`Scan`]: rows in order, one thread.

use std::sync::Arc;

use crate::row::table::ReadError;
use crate::stage::{Fault, Outcome, Scan};

use super::{Input, Plan, Sink, Summary, Tally, check_columns, lacks};

/// Rows between two looks at the clock and at the stop.
const STRIDE: u64 = 1024;

/// Runs the stage over the input.
pub fn run(plan: &Plan, input: Input, stage: &mut dyn Scan) -> Result<Summary, Fault> {
    let shape = stage.shape();
    let (mut intake, mut sink, tally) = plan.open(input, &shape)?;
    check_columns(&shape, intake.columns())?;
    let meter = intake.meter();
    let mut out = Vec::new();
    let mut rows = 0;
    let mut fault = None;
    for row in intake.by_ref() {
        let row = match row {
            Ok(row) => row,
            Err(ReadError::Input(error)) => {
                fault = Some(Fault(format!("cannot read rows: {error}")));
                break;
            }
            Err(wrong) => {
                sink.unreadable(&wrong.to_string());
                continue;
            }
        };
        rows += 1;
        match lacks(&shape, &row) {
            Some(what) => out.push(Outcome::Failed(row, what)),
            None => fault = stage.push(row, &mut out, &*tally).err(),
        }
        fault = fault.or(drain(&mut out, &mut sink).err());
        if rows % STRIDE == 0 {
            tally.progress(meter());
        }
        if fault.is_some() || plan.stop.is_set() {
            break;
        }
    }
    intake.note().iter().for_each(|note| plan.voice.warn(note));
    if fault.is_none() && !plan.stop.is_set() {
        fault = end(stage, &mut out, &mut sink, &tally).err();
    }
    Ok(plan.close(sink, &tally, None, fault))
}

fn end(
    stage: &mut dyn Scan,
    out: &mut Vec<Outcome>,
    sink: &mut Sink,
    tally: &Arc<Tally>,
) -> Result<(), Fault> {
    let ended = stage.end(out, &**tally);
    // What was finished before a fault is printed.
    drain(out, sink)?;
    ended
}

/// Hands the outcomes on.
pub fn drain(out: &mut Vec<Outcome>, sink: &mut Sink) -> Result<(), Fault> {
    out.drain(..).try_for_each(|outcome| sink.take(outcome))
}

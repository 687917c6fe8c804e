//! Runs a [`Scan`] whose rows go into many files, all rows of one key into the same.

use std::path::PathBuf;
use std::sync::Arc;

use crate::photo::row_key::RowKey;
use crate::row::row_format::ReadError;
use crate::shape::{Diagnostics, FatalError, Outcome, Scan, Shape};
use crate::value::human_format::grouped;

use super::{
    Completion, Input, InputReader, Plan, Progress, RowTarget, Sink, Stats, Summary, check_columns,
    check_named,
};

/// Into which file a row goes.
pub struct Split {
    pub key: RowKey,
    /// The files, by the number of the share, from 1.
    pub files: Vec<PathBuf>,
}

/// Rows between two looks at the clock and at the stop.
const STRIDE: u64 = 1024;

/// Runs the stage, which gives one row for each.
pub fn run(
    plan: &Plan,
    input: Input,
    stage: &mut dyn Scan,
    split: &Split,
) -> Result<Summary, FatalError> {
    let mut intake = InputReader::open(input, plan.target.form, &plan.stop)?;
    let tally = Arc::new(Stats::new(Arc::clone(&plan.voice)));
    let shape = stage.shape(&intake.header());
    if intake.settled {
        split.key.check(intake.columns())?;
    }
    check_columns(&shape, intake.columns())?;
    check_named(&shape, &intake)?;
    let mut sinks = open(plan, &intake, &shape, split, &tally)?;
    let mut parting = Parting { plan, split, tally: &tally, sinks: &mut sinks, keyless: [0, 0] };
    let fault = FatalError::guard(|| parting.follow(&mut intake, stage)).err();
    parting.say_keyless();
    drop(intake);
    Ok(close(plan, sinks, split, &tally, fault))
}

/// All files are open before the work begins. The first one keeps what fails.
fn open(
    plan: &Plan,
    intake: &InputReader,
    shape: &Shape,
    split: &Split,
    tally: &Arc<Stats>,
) -> Result<Vec<Sink>, FatalError> {
    let target = |at: usize| RowTarget {
        output: Some(split.files[at].clone()),
        failed: plan.target.failed.clone().filter(|_| at == 0),
        ..plan.target.clone()
    };
    let files = 0..split.files.len();
    files.map(|at| Sink::open(&target(at), intake, shape, tally, &plan.stop)).collect()
}

/// The rows on their way to their files.
struct Parting<'a> {
    plan: &'a Plan,
    split: &'a Split,
    tally: &'a Stats,
    sinks: &'a mut [Sink],
    /// How many rows have nothing of the key, and the number of their file.
    keyless: [u64; 2],
}

impl Parting<'_> {
    fn follow(&mut self, intake: &mut InputReader, stage: &mut dyn Scan) -> Result<(), FatalError> {
        let (meter, mut out, mut rows) = (intake.meter(), Vec::new(), 0u64);
        for row in intake.by_ref() {
            let row = match row {
                Ok(row) => row,
                Err(ReadError::Input(error)) => {
                    return Err(FatalError(format!("cannot read rows: {error}")));
                }
                Err(wrong) => {
                    self.sinks[0].unreadable(&wrong.to_string())?;
                    continue;
                }
            };
            let number = self.split.key.share_of(&row, self.sinks.len() as u32);
            if self.split.key.is_empty_in(&row) {
                self.keyless = [self.keyless[0] + 1, number.into()];
            }
            let pushed = stage.push(row, &mut out, self.tally);
            pushed.and(self.give(number as usize - 1, &mut out))?;
            rows += 1;
            if rows.is_multiple_of(STRIDE) {
                self.tally.progress(Progress { share: meter(), is_waiting: false });
            }
            if self.plan.stop.is_set() {
                return Ok(());
            }
        }
        intake.notes().iter().for_each(|note| self.plan.voice.warn(note));
        let ended = stage.end(&mut out, self.tally);
        self.give(0, &mut out).and(ended)
    }

    fn give(&mut self, at: usize, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        out.drain(..).try_for_each(|outcome| self.sinks[at].take(outcome))
    }

    fn say_keyless(&self) {
        let [rows, number] = self.keyless;
        if rows > 0 {
            let rows = grouped(rows);
            self.tally.warn(&format!(
                "{rows} rows have nothing of what --by names: they are all in part {number}"
            ));
        }
    }
}

fn close(
    plan: &Plan,
    sinks: Vec<Sink>,
    split: &Split,
    tally: &Stats,
    mut fault: Option<FatalError>,
) -> Summary {
    tally.say_unnamed();
    let is_through = fault.is_none() && !plan.stop.is_set();
    let (mut completion, mut unfinished) = (Completion::Complete, None);
    for (sink, file) in sinks.into_iter().zip(&split.files) {
        let finished = sink.finish(is_through, None);
        let own = finished.as_ref().copied().unwrap_or(Completion::Cut);
        fault = fault.or(finished.err());
        completion = completion.max(own);
        if own != Completion::Complete {
            unfinished.get_or_insert(file.clone());
        }
    }
    let stopped = plan.stop.is_set() && completion != Completion::Complete;
    Summary { counts: tally.counts(), fault, stopped, unfinished, completion }
}

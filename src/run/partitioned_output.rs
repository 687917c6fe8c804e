//! Runs a [`Scan`] that writes its rows to several files, all rows of one key to the same file.

use std::path::PathBuf;
use std::sync::Arc;

use crate::photo::group_key::RowKey;
use crate::row::Row;
use crate::shape::{Diagnostics, FatalError, Outcome, Scan, Shape};
use crate::value::human_format::grouped;

use super::needed_columns::{check_columns, check_named};
use super::{Completion, Input, InputReader, Plan, RowTarget, Sink, Stats, Summary, scan};

/// How rows are distributed over files.
pub struct Split {
    pub key: RowKey,
    /// The files, by the number of the share, starting at 1.
    pub files: Vec<PathBuf>,
}

/// Runs the stage, whose rows go to the file of their input row.
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
    check_columns(&shape, &intake)?;
    check_named(&shape, &intake)?;
    let mut sinks = open(plan, &intake, &shape, split, &tally)?;
    let mut parting =
        RowSplitter { plan, split, tally: &tally, sinks: &mut sinks, keyless: [0, 0], listing: 0 };
    let fault = FatalError::guard(|| parting.follow(&shape, &mut intake, stage)).err();
    // The first sink counts the lines that are not rows, which the list reports as well.
    parting.pass_list_to(0);
    parting.say_keyless();
    drop(intake);
    Ok(close(plan, sinks, split, &tally, fault))
}

/// All files are opened before the work begins. The first sink has the list of failed rows at first.
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

/// Distributes rows to their files.
struct RowSplitter<'a> {
    plan: &'a Plan,
    split: &'a Split,
    tally: &'a Stats,
    sinks: &'a mut [Sink],
    /// The number of rows without a value of the key, and the number of their file.
    keyless: [u64; 2],
    /// The index of the sink that has the list of failed rows.
    listing: usize,
}

impl RowSplitter<'_> {
    fn follow(
        &mut self,
        shape: &Shape,
        intake: &mut InputReader,
        stage: &mut dyn Scan,
    ) -> Result<(), FatalError> {
        let (plan, tally, mut out) = (self.plan, self.tally, Vec::new());
        scan::each_row(plan, intake, tally, |row| match row {
            Ok(row) => {
                let at = self.share_of(&row);
                let pushed = scan::push(shape, stage, row, &mut out, tally);
                pushed.and(self.give(at, &mut out))
            }
            Err(wrong) => self.sinks[0].unreadable(&wrong.to_string()),
        })?;
        if plan.stop.is_set() {
            return Ok(());
        }
        let ended = stage.end(&mut out, tally);
        self.give(0, &mut out).and(ended)
    }

    /// The index of a row's file.
    fn share_of(&mut self, row: &Row) -> usize {
        let number = self.split.key.share_of(row, self.sinks.len() as u32);
        if self.split.key.is_empty_in(row) {
            self.keyless = [self.keyless[0] + 1, number.into()];
        }
        number as usize - 1
    }

    fn give(&mut self, at: usize, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        self.pass_list_to(at);
        out.drain(..).try_for_each(|outcome| self.sinks[at].take(outcome))
    }

    /// There is one list of failed rows for all parts: the sink at work has it.
    fn pass_list_to(&mut self, at: usize) {
        if let Ok([from, to]) = self.sinks.get_disjoint_mut([self.listing, at]) {
            from.hand_failed_list_to(to);
            self.listing = at;
        }
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

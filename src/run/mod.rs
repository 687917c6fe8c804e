//! Drives a stage between two streams: order, window, threads, answers kept
//! by key, counts, progress. It knows no tool, no flag and no terminal.

pub mod batch;
pub mod batch_queues;
pub mod cache_entry;
mod cache_key;
pub mod columns;
pub mod counting_reader;
pub mod failed;
pub mod file_identity;
pub mod infer_columns;
pub mod input;
mod input_file;
mod keyed_queue;
pub mod outcome_chain;
pub mod output_claim;
pub mod output_writer;
pub mod part_name;
pub mod pipe_completion;
pub mod response_cache;
pub mod row_in_flight;
mod row_subject;
pub mod scan;
mod share_filter;
pub mod shared_cache;
pub mod sink;
pub mod split;
pub mod stats;
pub mod stdio;
pub mod target;
pub mod walk;
pub mod walk_outcomes;
mod walk_share;

use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::output::Output;
use crate::row::names::unknown_column;
use crate::row::{Column, Columns, Field};
use crate::shape::{FatalError, InputHeader, Shape, missing_column};

pub use input::{Input, InputReader};
pub use pipe_completion::Completion;
pub use sink::Sink;
pub use stats::{Counts, Progress, Reporter, Stats, Stop};
pub use stdio::Outlet;
pub use target::RowTarget;

/// How a run is done, whatever its stage.
pub struct Plan {
    pub target: RowTarget,
    pub jobs: usize,
    pub voice: Arc<dyn Reporter>,
    pub stop: Stop,
    /// Kept answers, for tools that ask the service with `-o`.
    pub keep: Option<Keep>,
}

/// What a tool that asks the service tells of its answers.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The arguments that change the answers, as one text.
    pub identity: String,
    /// The field that is the key of a row; `None` for a source.
    pub key: Option<Field>,
    pub force: bool,
    pub recheck: bool,
    /// Where they are kept, if the user has named a file: there they stay.
    pub list: Option<PathBuf>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Summary {
    pub counts: Counts,
    /// What ended it early.
    pub fault: Option<FatalError>,
    /// Whether it was interrupted.
    pub stopped: bool,
    /// The `-o` file that is still a part.
    pub unfinished: Option<PathBuf>,
    /// What came out.
    pub completion: Completion,
}

impl Summary {
    /// Of a run that had nothing to do.
    pub fn nothing() -> Summary {
        Summary {
            counts: Counts::default(),
            fault: None,
            stopped: false,
            unfinished: None,
            completion: Completion::Complete,
        }
    }
}

impl Plan {
    fn open(
        &self,
        input: Input,
        shape: impl FnOnce(&InputHeader) -> Shape,
    ) -> Result<(InputReader, Shape, Sink, Arc<Stats>), FatalError> {
        let intake = InputReader::open(input, self.target.form, &self.stop)?;
        let tally = Arc::new(Stats::new(Arc::clone(&self.voice)));
        let shape = shape(&intake.header());
        let sink = Sink::open(&self.target, &intake, &shape, &tally, &self.stop)?;
        Ok((intake, shape, sink, tally))
    }

    fn answers(&self) -> Result<Option<response_cache::ResponseCache>, FatalError> {
        let Some(keep) = &self.keep else { return Ok(None) };
        let how = response_cache::Use {
            identity: &keep.identity,
            force: keep.force,
            recheck: keep.recheck,
            key: keep.key,
        };
        let (answers, note) = match (&keep.list, &self.target.output) {
            (Some(list), _) => response_cache::ResponseCache::open_list(list, &how)?,
            // What goes into a stream is asked each time: nothing can be completed there.
            (None, Some(output)) if matches!(Output::named(output), Ok(Output::File(_))) => {
                response_cache::ResponseCache::open(output, &how)?
            }
            _ => return Ok(None),
        };
        note.iter().for_each(|note| self.voice.warn(note));
        Ok(Some(answers))
    }

    /// Where the run has ended early, says how many rows have no answer, and where they are not.
    fn say_unanswered(&self, state: &batch_queues::RunState, sink: &Sink, is_fault: bool) {
        let failed = self
            .target
            .failed
            .as_ref()
            .map(|path| format!("; they are not among the failed in '{}'", path.display()));
        let is_plain = failed.is_none() && !state.has_answered();
        let is_through = !is_fault && !self.stop.is_set();
        if is_through || is_plain || sink.is_closed() || sink.keeps_unanswered() {
            return;
        }
        let is_lost = self.target.output.is_none()
            && self.keep.as_ref().is_some_and(|keep| keep.list.is_none());
        let way = if is_lost {
            ": -o FILE or --keep-list FILE keeps the answers for the next run"
        } else {
            ""
        };
        if let Some(what) = state.unanswered() {
            self.voice.warn(&(what + &failed.unwrap_or_default() + way));
        }
    }

    /// Closes the output and says how it went.
    fn close(
        &self,
        sink: Sink,
        tally: &Stats,
        answers: Option<response_cache::ResponseCache>,
        fault: Option<FatalError>,
        answered: Option<failed::Answered>,
    ) -> Summary {
        tally.say_unnamed();
        let (closed, is_stream) = (sink.is_closed(), sink.is_stream());
        let stopped = self.stop.is_set() && !closed;
        let is_through = fault.is_none() && !self.stop.is_set();
        let (completion, fault) = match sink.finish(is_through, answered) {
            Ok(completion) => (completion, fault),
            Err(error) => (Completion::Cut, fault.or(Some(error))),
        };
        let whole = completion == Completion::Complete;
        let is_list = self.keep.as_ref().is_some_and(|keep| keep.list.is_some());
        let answers = answers.filter(|_| whole && !is_list);
        if let (Some(answers), Some(output)) = (answers, &self.target.output) {
            let keep = self.keep.as_ref().is_some_and(|keep| keep.key.is_some());
            // ResponseCache that stay too long cost room, not correctness.
            let _ = answers.settle(keep.then_some(output));
        }
        let unfinished = self.target.output.clone().filter(|_| !whole && !is_stream);
        let stopped = stopped && !whole;
        Summary { counts: tally.counts(), fault, stopped, unfinished, completion }
    }
}

/// Refuses an input that lacks a needed column before any work is done. An
/// input without columns has no rows either, and JSON lines tell row by row.
fn check_columns(shape: &Shape, columns: &Columns) -> Result<(), FatalError> {
    if columns.list().is_empty() {
        return Ok(());
    }
    for group in &shape.needs {
        if !group.iter().any(|&field| columns.at(field).is_some()) {
            return Err(missing_column::error(group, columns));
        }
    }
    Ok(())
}

/// The same for names that the user gave, where the input tells all its columns.
fn check_named(shape: &Shape, intake: &InputReader) -> Result<(), FatalError> {
    let columns = intake.columns();
    let is_lacking = |column: &&Column| columns.place(column).is_none();
    match shape.named.iter().find(is_lacking) {
        Some(column) if intake.settled && !columns.list().is_empty() => {
            Err(FatalError(unknown_column(column, columns)))
        }
        _ => Ok(()),
    }
}

/// What a row lacks of what the stage needs.
fn lacks(shape: &Shape, row: &crate::row::Row) -> Option<String> {
    let missing =
        shape.needs.iter().find(|group| !group.iter().any(|&field| row.get(field).is_some()))?;
    Some(missing_column::of_row(missing, row))
}

#[cfg(test)]
mod tests;

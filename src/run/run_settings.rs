//! The settings of a run, independent of the stage, and its result.

use std::path::PathBuf;
use std::sync::Arc;

use crate::archive::deleted_originals::DeletedOriginals;
use crate::disk::output::Output;
use crate::disk::pipe_completion::Completion;
use crate::disk::{Action, AtPath};
use crate::row::Field;
use crate::shape::{FatalError, InputHeader, Shape};

use super::input::{Input, InputReader};
use super::sink::Sink;
use super::stats::{Counts, Reporter, Stats, Stop};
use super::target::RowTarget;
use super::{batch_queues, failed, response_cache};

/// The settings of a run, independent of the stage.
pub struct Plan {
    pub target: RowTarget,
    pub jobs: usize,
    pub voice: Arc<dyn Reporter>,
    pub stop: Stop,
    /// The response cache, for tools that send requests and have `-o`.
    pub keep: Option<Keep>,
}

/// The cache settings of a tool that sends requests to the service.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The arguments that affect the responses, as one text.
    pub identity: String,
    /// The field that is the key of a row; `None` for a source.
    pub key: Option<Field>,
    pub force: bool,
    pub recheck: bool,
    /// The cache file, if the user has named one: it is kept.
    pub list: Option<PathBuf>,
}

/// The result of a run.
#[derive(Debug)]
pub struct Summary {
    pub counts: Counts,
    /// The error that ended it early.
    pub fault: Option<FatalError>,
    /// Whether it was interrupted.
    pub stopped: bool,
    /// The `-o` file that still has the name `.part`.
    pub unfinished: Option<PathBuf>,
    /// How complete the output is.
    pub completion: Completion,
}

impl Summary {
    /// The result of a run that had nothing to do.
    pub fn nothing() -> Summary {
        Summary {
            counts: Counts::default(),
            fault: None,
            stopped: false,
            unfinished: None,
            completion: Completion::Complete,
        }
    }

    /// Whether the rows of the input have all come out, and none has failed.
    pub fn is_complete(&self) -> bool {
        self.fault.is_none()
            && !self.stopped
            && self.unfinished.is_none()
            && self.counts.failed == 0
            && self.completion == Completion::Complete
    }

    /// Forgets deleted originals whose rows have come out.
    ///
    /// # Errors
    /// Their list cannot be changed.
    pub fn forget_deleted(self, deleted: Option<DeletedOriginals>) -> Result<Summary, FatalError> {
        if let Some(deleted) = deleted.filter(|_| self.is_complete()) {
            deleted.forget().at_path(Action::Write, deleted.path())?;
        }
        Ok(self)
    }
}

impl Plan {
    pub(super) fn open(
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

    pub(super) fn answers(&self) -> Result<Option<response_cache::ResponseCache>, FatalError> {
        let Some(keep) = &self.keep else { return Ok(None) };
        let how = response_cache::Use {
            identity: &keep.identity,
            force: keep.force,
            recheck: keep.recheck,
            key: keep.key,
        };
        let (answers, note) = match (&keep.list, &self.target.output) {
            (Some(list), _) => response_cache::ResponseCache::open_list(list, &how)?,
            // Responses for a stream are not cached: a stream cannot be completed later.
            (None, Some(output)) if matches!(Output::named(output), Ok(Output::File(_))) => {
                response_cache::ResponseCache::open(output, &how)?
            }
            _ => return Ok(None),
        };
        note.iter().for_each(|note| self.voice.warn(note));
        Ok(Some(answers))
    }

    /// If the run has ended early, reports how many rows have no answer, and that they are not in the list of failed
    /// rows.
    pub(super) fn say_unanswered(
        &self,
        state: &batch_queues::RunState,
        sink: &Sink,
        is_fault: bool,
    ) {
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

    /// Closes the output and returns the result.
    pub(super) fn close(
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
            // A cache that is kept too long costs space, not correctness.
            let _ = answers.settle(keep.then_some(output));
        }
        let unfinished = self.target.output.clone().filter(|_| !whole && !is_stream);
        let stopped = stopped && !whole;
        Summary { counts: tally.counts(), fault, stopped, unfinished, completion }
    }
}

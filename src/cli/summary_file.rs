//! The file of `--summary`: the result of the run as one JSON object, described in docs/contract.md.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::disk::{Action, AtPath};
use crate::run::output_writer::OutputTarget;
use crate::run::{Counts, Stop, Summary};
use crate::service::Client;
use crate::service::request::Request;
use crate::shape::FatalError;
use crate::value::shown;

use super::terminal::json_log;

/// The summary file, opened before the work begins.
pub struct SummaryFile {
    path: PathBuf,
    /// The error if another process, which may be a copy of the same task, is writing it.
    out: io::Result<OutputTarget>,
    started_at: DateTime<Utc>,
}

/// The result of a run.
pub struct RunFacts<'a> {
    pub tool: &'a str,
    pub status: u8,
    pub took: Duration,
    pub summary: &'a Result<Summary, FatalError>,
    pub is_interrupted: bool,
    pub clients: &'a [Arc<Client>],
    /// Keys that the tool itself adds.
    pub more: &'a Map<String, Value>,
}

impl SummaryFile {
    /// Opens the file. With the name of the task in its name, it may be that of a copy: [`SummaryFile::open_again`] tells.
    ///
    /// # Errors
    /// It cannot be written, or another run is writing it.
    pub fn open(path: &Path, task: Option<&str>, stop: &Stop) -> Result<SummaryFile, FatalError> {
        let is_of_task = task.is_some_and(|task| path.to_string_lossy().contains(task));
        let out = match OutputTarget::open(path, stop, |_| ()) {
            Err(error) if is_of_task && error.kind() == io::ErrorKind::ResourceBusy => Err(error),
            out => Ok(out.at_path(Action::Write, path)?),
        };
        Ok(SummaryFile { path: path.to_path_buf(), out, started_at: Utc::now() })
    }

    /// Opens the file if another process had it before, which was a copy and has died.
    ///
    /// # Errors
    /// Another process still has it.
    pub fn open_again(&mut self, stop: &Stop) -> Result<(), FatalError> {
        if self.out.is_err() {
            let out = OutputTarget::open(&self.path, stop, |_| ());
            self.out = Ok(out.at_path(Action::Write, &self.path)?);
        }
        Ok(())
    }

    pub fn write(self, facts: &RunFacts) -> Result<(), FatalError> {
        let SummaryFile { path, out, started_at } = self;
        let text = format!("{:#}\n", facts.object(started_at));
        let write = |mut out: OutputTarget| {
            out.write(text.as_bytes())?;
            out.finish(true)
        };
        Ok(out.and_then(write).at_path(Action::Write, &path)?)
    }
}

impl RunFacts<'_> {
    fn object(&self, started_at: DateTime<Utc>) -> Value {
        let none = Counts::default();
        let (counts, fault, unfinished) = match self.summary {
            Ok(summary) => (&summary.counts, summary.fault.as_ref(), summary.unfinished.as_ref()),
            Err(fault) => (&none, Some(fault), None),
        };
        let mut object = json!({
            "tool": self.tool,
            "version": env!("CARGO_PKG_VERSION"),
            "status": self.status,
            "started_at": started_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "duration_s": seconds(self.took),
            "service": self.service(),
            "interrupted": self.is_interrupted,
            "error": fault.map(|fault| shown::message(&fault.0)),
            "unfinished": unfinished.map(|path| path.display().to_string()),
        });
        object.as_object_mut().into_iter().for_each(|all| {
            all.extend(json_log::of_counts(counts));
            all.extend(self.more.clone());
        });
        object
    }

    /// The request counts of all services together.
    fn service(&self) -> Value {
        let counts = || self.clients.iter().map(|client| client.counts());
        let requests = |kind| counts().map(|counts| counts.requests(kind)).sum::<u64>();
        let kinds = [
            ("entities", Request::Entity),
            ("searches", Request::Search),
            ("tiles", Request::Tile),
            ("pictures", Request::Picture),
            ("internet_archive", Request::InternetArchive),
            ("upload", Request::Upload),
        ];
        let by_kind: BTreeMap<&str, u64> =
            kinds.into_iter().map(|(name, kind)| (name, requests(kind))).collect();
        json!({
            "requests": by_kind.values().sum::<u64>(),
            "requests_by_kind": by_kind,
            "repeats": counts().map(|counts| counts.repeats()).sum::<u64>(),
            "received_bytes": counts().map(|counts| counts.bytes()).sum::<u64>(),
            "waits": counts().map(|counts| counts.waits()).sum::<u64>(),
            "waited_s": seconds(counts().map(|counts| counts.waited()).sum()),
        })
    }
}

/// Seconds, rounded to milliseconds.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

//! Runs of the tools that access archive.org.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use clap::Args;

use crate::disk::atomic_file;
use crate::row::row_format::Reader;
use crate::run::{Input, Summary};
use crate::service::Client;
use crate::shape::FatalError;
use crate::stage::ia_meta::{self, IaMeta};
use crate::stage::ia_stats::{self, IaStats, List};

use super::flags::Out;
use super::request_flags::NumberError;
use super::written_file::WrittenFile;
use super::{RequestFlags, Session, TmpDir, config};

/// How old an answer of archive.org may be.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Service")]
pub struct MaxAgeFlag {
    /// Reuse the list of an earlier run if it is younger than HOURS.
    #[arg(long, value_name = "HOURS", default_value_t = 24.0, value_parser = hours)]
    max_age: f64,
    /// Request the list again, whatever the age of the cached one.
    #[arg(long)]
    refresh: bool,
}

impl Session {
    /// A client for archive.org, configured by flags, environment and config file. It has no token.
    pub fn internet_archive(&self, patience: &RequestFlags) -> Result<Arc<Client>, FatalError> {
        let mut settings = config::internet_archive(patience)?;
        settings.log = self.terminal.log();
        settings.say = Some(self.terminal.waits());
        let client = Client::of_internet_archive(settings, Arc::clone(&self.stop.0));
        client.map(|client| self.counted(client)).map_err(FatalError::new)
    }

    /// Describes collections, and writes the script that uploads them to stdout or a file.
    pub fn ia_meta(
        &self,
        folders: &[PathBuf],
        output: Option<WrittenFile>,
        stage: IaMeta,
    ) -> Result<Summary, FatalError> {
        let rows = ia_meta::rows_of(folders)?;
        let input = Input::Rows(Box::new(rows.into_iter().map(Ok)));
        let out = Out { output, ..Out::default() };
        self.document_of(input, &out, &TmpDir::default(), stage)
    }

    /// Runs the stage on the list of items: the cached list if it is younger than `--max-age`, otherwise, or with
    /// `--refresh`, a new one.
    pub fn ia_stats(
        &self,
        out: Out,
        age: &MaxAgeFlag,
        patience: &RequestFlags,
        stage: IaStats,
    ) -> Result<Summary, FatalError> {
        let cache = config::cache_folder()?.join("ia-stats.csv");
        let old = age_of(&cache);
        let input = match old.filter(|old| !age.refresh && old.as_secs_f64() < age.max_age * 3600.0)
        {
            Some(old) => {
                self.say(&format!("the list is {} old: --refresh asks anew", rough(old)));
                Input::File(cache)
            }
            None => {
                let client = self.internet_archive(patience)?;
                let list = self.unless_stopped(move || ia_stats::fetch(&client));
                self.keep_list(list.map_err(|fault| or_the_old_one(fault, old))?, cache, old)?
            }
        };
        self.job(out.into(), input).scan(stage)
    }

    /// Saves a new list for later runs, unless it is doubtful (`List::doubt`).
    fn keep_list(
        &self,
        list: List,
        cache: PathBuf,
        old: Option<Duration>,
    ) -> Result<Input, FatalError> {
        let wrong = |error: &dyn std::fmt::Display| {
            FatalError(format!("cannot use '{}': {error}", cache.display()))
        };
        if let Some(doubt) = list.doubt {
            self.say(&or_the_old_one(FatalError(doubt), old).0);
            let text = std::io::Cursor::new(list.text);
            let mut rows = Reader::new(text).map_err(|error| wrong(&error))?;
            return Ok(Input::Rows(Box::new(std::iter::from_fn(move || rows.next_row()))));
        }
        atomic_file::write(&cache, &list.text).map_err(|error| wrong(&error))?;
        Ok(Input::File(cache))
    }
}

/// How often to check whether the run is to stop.
const TICK: Duration = Duration::from_millis(50);

impl Session {
    /// Runs work on another thread and waits for it. Ctrl-C abandons the thread, because a response may take a minute.
    fn unless_stopped<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, FatalError> + Send + 'static,
    ) -> Result<T, FatalError> {
        let (done, result) = mpsc::channel();
        // Nobody receives the result once the run has ended.
        std::thread::spawn(move || _ = done.send(FatalError::guard(work)));
        loop {
            match result.recv_timeout(TICK) {
                Ok(result) => return result,
                Err(RecvTimeoutError::Timeout) if !self.stop.is_set() => {}
                Err(_) => return Err(FatalError("stopped before the answer came".into())),
            }
        }
    }
}

/// The age of a file. `None` if there is no file, or its modification time is in the future.
fn age_of(file: &Path) -> Option<Duration> {
    let modified = fs::metadata(file).and_then(|meta| meta.modified()).ok()?;
    SystemTime::now().duration_since(modified).ok()
}

fn or_the_old_one(fault: FatalError, old: Option<Duration>) -> FatalError {
    let Some(old) = old else { return fault };
    let hours = old.as_secs() / 3600 + 1;
    FatalError(format!(
        "{fault}; there is a list that is {} old: --max-age {hours} takes it",
        rough(old)
    ))
}

fn rough(age: Duration) -> String {
    match age.as_secs() / 60 {
        minutes if minutes < 120 => format!("{minutes} min"),
        minutes if minutes < 48 * 60 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / (24 * 60)),
    }
}

fn hours(text: &str) -> Result<f64, NumberError> {
    match text.parse::<f64>() {
        Ok(number) if number >= 0.0 => Ok(number),
        _ => Err(NumberError::Hours),
    }
}

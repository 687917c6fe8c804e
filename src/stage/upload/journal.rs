//! What has been sent of an unfinished sequence: one line for each file, in a file that is also the lock of the
//! sequence. A kill loses only what was in transit.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::disk::lock::{Lock, try_lock};
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};

use super::error::Error;
use super::md5::Md5;

/// The service keeps files for a while; mapillary_tools relies on its handles for two days.
const TRUST_MS: i64 = 2 * 24 * 3_600_000;

/// The folder with the journals of a user at a host.
pub fn folder(state: &Path, upload: &str, token: &str) -> PathBuf {
    let mut md5 = Md5::default();
    [upload, "\n", token].iter().for_each(|text| md5.add(text.as_bytes()));
    state.join(&md5.text()[..24])
}

/// The time of a line: milliseconds since 1970 UTC.
pub fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// The journal of one sequence.
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
    handles: HashMap<String, String>,
    refusals: u64,
}

impl Journal {
    /// Opens or creates the journal.
    ///
    /// # Errors
    /// If another run has it open.
    pub fn open(folder: &Path, sequence: &str, now_ms: i64) -> Result<Journal, Error> {
        let path = folder.join(format!("{sequence}.jsonl"));
        let wrong = |error| Error::Journal(PathError::new(Action::KeepJournal, &path, error));
        fs::create_dir_all(folder).map_err(wrong)?;
        let file = File::options().append(true).create(true).open(&path).map_err(wrong)?;
        if try_lock(&file) == Lock::Busy {
            return Err(Error::Busy);
        }
        let text = open::read(&path).map_err(wrong)?;
        let journal = Journal {
            handles: read(&text, now_ms),
            refusals: lines(&text).filter(|line| line["refused"].is_i64()).count() as u64,
            path: path.clone(),
            file: Mutex::new(file),
        };
        // A line cut by a kill must not corrupt the next one.
        if text.last().is_some_and(|&byte| byte != b'\n') {
            journal.write(b"\n").map_err(wrong)?;
        }
        Ok(journal)
    }

    /// The handle of a file that was sent before.
    pub fn handle(&self, key: &str) -> Option<&str> {
        self.handles.get(key).map(String::as_str)
    }

    /// Records that a file was sent.
    pub fn note(&self, key: &str, handle: &str, now_ms: i64) -> Result<(), Error> {
        let line = format!("{}\n", json!({"key": key, "handle": handle, "at": now_ms}));
        self.write(line.as_bytes()).at_path(Action::KeepJournal, &self.path).map_err(Error::Journal)
    }

    /// How often the service has refused to make a sequence from these files.
    pub fn refusals(&self) -> u64 {
        self.refusals
    }

    pub fn note_refusal(&self, now_ms: i64) -> io::Result<()> {
        self.write(format!("{}\n", json!({"refused": now_ms})).as_bytes())
    }

    fn write(&self, line: &[u8]) -> io::Result<()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line)
    }

    /// Removes the journal of a sequence that is finished and recorded in the history.
    pub fn remove(self) -> Result<(), Error> {
        fs::remove_file(&self.path).at_path(Action::KeepJournal, &self.path).map_err(Error::Journal)
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = Value> {
    text.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}

fn read(text: &[u8], now_ms: i64) -> HashMap<String, String> {
    let line = |line: Value| {
        let is_fresh = now_ms - line["at"].as_i64()? < TRUST_MS;
        let pair = (line["key"].as_str()?.to_owned(), line["handle"].as_str()?.to_owned());
        is_fresh.then_some(pair)
    };
    lines(text).filter_map(line).collect()
}

#[cfg(test)]
mod tests;

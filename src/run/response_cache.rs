//! Responses of the service, stored beside `-o FILE` by the key of their request, so that an interrupted run requests
//! only the rest.
//!
//! `.FILE.answers` begins with a digest of the arguments that affect the responses. Then comes a line of JSON for each
//! response: the key, the kind, the number of rows, and the number of bytes of JSON lines that follow with them. An
//! incomplete last entry is discarded. Once FILE is complete, its rows are not stored twice: only the heads stay, with
//! the digest of FILE, and they are used only if FILE still has this digest. In memory a response takes about 24 bytes.

mod completed_output;
mod index;
mod named_file;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::disk::{Action, AtPath, open};
use crate::row::{Field, json};
use crate::shape::FatalError;
use crate::value::digest::Digest;

use super::cache_entry::{CacheEntry, Head};
use super::cache_key::hash;
use super::companion_files::beside;
use super::output_claim::lock_of;

/// The cached responses of one output file.
pub struct ResponseCache {
    file: File,
    path: PathBuf,
    places: HashMap<u64, u64>,
    /// The number of rows of the complete output for each id, and the digest of the row's own values.
    settled: HashMap<u64, (usize, Option<u64>)>,
    /// The digest of that output.
    wrote: Option<String>,
    /// The offsets where the entries begin and end.
    start: u64,
    end: u64,
}

/// How a run uses the cached responses.
pub struct Use<'a> {
    /// The arguments that affect the responses, as one text.
    pub identity: &'a str,
    /// Discard the cached responses.
    pub force: bool,
    /// Request again what was gone, empty or incomplete.
    pub recheck: bool,
    /// The field that is the key of a row, so that a complete file serves as a cache too; `None` for a source, which
    /// then lists everything again.
    pub key: Option<Field>,
}

impl ResponseCache {
    /// Opens or creates the cache of an output file. The note says why an earlier one was not used.
    pub fn open(output: &Path, how: &Use) -> Result<(ResponseCache, Option<String>), FatalError> {
        let path = beside(output, ".", ".answers");
        let mut answers = ResponseCache::locked(&path, output)?;
        let wrong = |error| cannot_use(&path, &error);
        let head = head(how.identity);
        let mut note = None;
        let known = answers.read_head().map_err(wrong)?;
        let same = known.as_deref() == Some(head.as_str());
        if how.force || !same || (how.key.is_none() && output.exists()) {
            if known.is_some() && !same && !how.force {
                note = Some(format!(
                    "the arguments or the service have changed since '{}' was begun: asking anew",
                    output.display()
                ));
            }
            answers.restart(&head).map_err(wrong)?;
        } else {
            answers.index(head.len() as u64, how.recheck).map_err(wrong)?;
        }
        if let Some(key) = how.key.filter(|_| !how.force && output.exists()) {
            note = match known {
                None => Some(format!(
                    "'{}' is not from this command: requesting again",
                    output.display()
                )),
                Some(_) => note.or(answers.adopt(output, key)?),
            };
        }
        Ok((answers, note))
    }

    /// Opened and locked, before anything is read. No other run may write the cache or the output.
    fn locked(path: &Path, output: &Path) -> Result<ResponseCache, FatalError> {
        let file = open::writable(path).map_err(|error| cannot_use(path, &error))?;
        lock_of(&file, output)?;
        Ok(ResponseCache {
            file,
            path: path.to_path_buf(),
            places: HashMap::new(),
            settled: HashMap::new(),
            wrote: None,
            start: 0,
            end: 0,
        })
    }

    /// The cached response for a key.
    pub fn get(&mut self, key: &str) -> Option<CacheEntry> {
        let at = *self.places.get(&hash(key))?;
        let (head, body) = self.entry(at).ok()??;
        (head.key == key).then(|| head.answer(&body)).flatten()
    }

    /// Adds a response, and writes it to the file before returning.
    pub fn put(&mut self, key: &str, answer: &CacheEntry) -> Result<(), FatalError> {
        let mut body = Vec::new();
        let mut writer = json::Writer::new(&[], &[]);
        answer.rows.iter().for_each(|row| writer.write(row, &mut body));
        let mut entry = Head::new(key, answer, body.len()).line();
        entry.extend_from_slice(&body);
        let at = self.end;
        let written = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.write_all(&entry));
        written.at_path(Action::Write, &self.path)?;
        self.end += entry.len() as u64;
        self.places.insert(hash(key), at);
        Ok(())
    }

    fn entry(&mut self, at: u64) -> io::Result<Option<(Head, String)>> {
        self.file.seek(SeekFrom::Start(at))?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let Some(head) = Head::parse(&line) else { return Ok(None) };
        let mut body = String::new();
        reader.take(head.bytes as u64).read_to_string(&mut body)?;
        Ok(Some((head, body)))
    }
}

fn cannot_use(path: &Path, error: &io::Error) -> FatalError {
    FatalError(format!("cannot use '{}': {error}", path.display()))
}

/// The first line. It has a digest of the arguments, since an area may be long.
fn head(identity: &str) -> String {
    let of = Digest(Sha256::digest(identity).into());
    serde_json::json!({"mapillary-pipes": "answers", "of": of.to_string()}).to_string() + "\n"
}

#[cfg(test)]
mod tests;

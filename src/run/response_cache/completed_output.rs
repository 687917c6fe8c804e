//! Reuses the rows of a complete output as cached responses.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::disk::atomic_file::Replacement;
use crate::disk::positioned_io::digest_of_file;
use crate::row::Field;
use crate::shape::FatalError;

use super::super::cache_entry::{CacheEntry, Head};
use super::super::cache_key::{self, hash};
use super::super::input::rows_of;
use super::ResponseCache;

impl ResponseCache {
    /// Shrinks the cache of a complete output, which has the rows itself: responses without rows stay, and the number
    /// of rows for each key. A source, which passes no output, keeps nothing.
    pub fn settle(mut self, output: Option<&PathBuf>) -> io::Result<()> {
        let Some(output) = output else { return fs::remove_file(&self.path) };
        // Sorted by key, so that the order does not show which response came first.
        let mut places: Vec<(u64, u64)> = self.places.iter().map(|(&k, &at)| (k, at)).collect();
        places.sort_unstable();
        let mut rest = Replacement::create(&self.path)?;
        rest.write_all(self.read_head()?.unwrap_or_default().as_bytes())?;
        rest.write_all(wrote_line(&digest_of(output)?).as_bytes())?;
        let shared = self.shared_ids()?;
        for (_, at) in places {
            let Some((head, body)) = self.entry(at)? else { continue };
            if head.is_in_output() && !shared.contains(&hash(cache_key::parts(&head.key).0)) {
                rest.write_all(&head.settled().line())?;
            } else {
                rest.write_all(&head.line())?;
                rest.write_all(body.as_bytes())?;
            }
        }
        rest.finish(None, false)
    }

    /// Adds the rows of a complete output as responses, if the output is unchanged: one response for each key, however
    /// many rows requested it.
    pub(super) fn adopt(
        &mut self,
        output: &Path,
        key: Field,
    ) -> Result<Option<String>, FatalError> {
        let Some(wrote) = self.wrote.take().filter(|_| !self.settled.is_empty()) else {
            return Ok(None);
        };
        let wrong = |error: String| FatalError(format!("'{}': {error}", output.display()));
        if digest_of(output).map_err(|error| wrong(error.to_string()))? != wrote {
            self.settled.clear();
            return Ok(Some(format!(
                "'{}' was changed since it was written: asking anew for its rows",
                output.display()
            )));
        }
        let (mut last, mut answer) = (String::new(), CacheEntry::default());
        for row in rows_of(output)? {
            let row = row.map_err(|error| wrong(error.to_string()))?;
            let name = row.get(key).unwrap_or_default();
            if name != last {
                self.adopt_one(&last, &answer)?;
                (last, answer) = (name.to_string(), CacheEntry::default());
            }
            if self.settled.get(&hash(name)).is_some_and(|&(rows, _)| answer.rows.len() < rows) {
                answer.rows.push(row);
            }
        }
        self.adopt_one(&last, &answer)?;
        self.settled = HashMap::new();
        Ok(None)
    }

    fn adopt_one(&mut self, id: &str, answer: &CacheEntry) -> Result<(), FatalError> {
        let Some(&(rows, own)) = self.settled.get(&hash(id)) else { return Ok(()) };
        let key = cache_key::joined(id, own);
        if rows != answer.rows.len() || self.places.contains_key(&hash(&key)) {
            return Ok(());
        }
        self.put(&key, answer)
    }

    /// Ids requested by rows with different values of their own. The output does not show which of its rows belong to
    /// which.
    fn shared_ids(&self) -> io::Result<HashSet<u64>> {
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        reader.seek(SeekFrom::Start(self.start))?;
        let (mut owns, mut shared, mut line) = (HashMap::new(), HashSet::new(), Vec::new());
        while reader.read_until(b'\n', &mut line)? > 0 {
            let Some(head) = Head::parse(&line) else { break };
            let (id, own) = cache_key::parts(&head.key);
            if *owns.entry(hash(id)).or_insert(own) != own {
                shared.insert(hash(id));
            }
            reader.seek_relative(head.bytes as i64)?;
            line.clear();
        }
        Ok(shared)
    }
}

/// The second line, once the output is complete.
fn wrote_line(digest: &str) -> String {
    serde_json::json!({"wrote": digest}).to_string() + "\n"
}

pub(super) fn wrote(line: &[u8]) -> Option<String> {
    let line: serde_json::Value = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
    Some(line.get("wrote")?.as_str()?.to_string())
}

fn digest_of(path: &Path) -> io::Result<String> {
    digest_of_file(path).map(|(_, digest)| digest.to_string())
}

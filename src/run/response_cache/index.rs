//! Finds the entries in the cache file, and truncates an incomplete last one.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use crate::shape::End;

use super::super::cache_entry::Head;
use super::super::cache_key::{self, hash};
use super::ResponseCache;
use super::completed_output::wrote;

impl ResponseCache {
    pub(super) fn read_head(&mut self) -> io::Result<Option<String>> {
        self.file.rewind()?;
        let mut line = String::new();
        BufReader::new((&self.file).take(1 << 12)).read_line(&mut line)?;
        Ok(line.ends_with('\n').then_some(line))
    }

    pub(super) fn restart(&mut self, head: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(head.as_bytes())?;
        (self.start, self.end) = (head.len() as u64, head.len() as u64);
        Ok(())
    }

    /// Finds the offsets of all complete entries, and truncates an incomplete last one.
    pub(super) fn index(&mut self, start: u64, recheck: bool) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        self.file.seek(SeekFrom::Start(start))?;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let (mut at, mut line) = (start, Vec::new());
        reader.read_until(b'\n', &mut line)?;
        match wrote(&line) {
            Some(digest) => (self.wrote, at) = (Some(digest), start + line.len() as u64),
            None => _ = reader.seek(SeekFrom::Start(start))?,
        }
        self.start = at;
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line)? as u64;
            let Some(head) = Head::parse(&line) else { break };
            let end = at + read + head.bytes as u64;
            if end > length {
                break;
            }
            // An entity that was gone, empty or incomplete may be complete by now.
            let is_end = End::ALL.iter().any(|end| end.word() == head.kind);
            match head.is_settled() {
                true => {
                    let (id, own) = cache_key::parts(&head.key);
                    self.settled.insert(hash(id), (head.rows, own));
                }
                false if recheck && is_end => {}
                false => _ = self.places.insert(hash(&head.key), at),
            }
            reader.seek_relative(head.bytes as i64)?;
            at = end;
        }
        self.end = at;
        self.file.set_len(at)
    }
}

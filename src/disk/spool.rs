//! Stores bytes to be read again: the first few in memory, the others in an unnamed temporary file, which
//! disappears with the process, however the process ends.

mod reader;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use reader::SpoolReader;

use super::positioned_io::read_at;
use super::{Action, AtPath, PathError};

/// The number of bytes held in memory, and written at once. A small input creates no file.
const MOST_HELD: usize = 1 << 20;

/// Bytes in the order in which they were appended.
#[derive(Debug, Default)]
pub struct Spool {
    folder: PathBuf,
    file: Option<File>,
    /// The number of bytes in the file; the others are in memory.
    filed: u64,
    held: Vec<u8>,
    /// Whether there was no room for `append_or_hold`; part of what is held may have been written after the others.
    is_refused: bool,
}

impl Spool {
    /// A spool whose file, once needed, is created in this folder.
    pub fn new(folder: &Path) -> Spool {
        Spool {
            folder: folder.to_path_buf(),
            file: None,
            filed: 0,
            held: Vec::new(),
            is_refused: false,
        }
    }

    /// An empty spool, whose file will be in the same folder.
    pub fn fresh(&self) -> Spool {
        Spool::new(&self.folder)
    }

    pub fn len(&self) -> u64 {
        self.filed + self.held.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// No file can be created in the folder, or its disk is full.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), PathError> {
        self.held.extend_from_slice(bytes);
        if self.held.len() < MOST_HELD {
            return Ok(());
        }
        self.put_away().at_path(Action::KeepTemporary, &self.folder)
    }

    /// Appends bytes. If no file can be created in the folder, or its disk is full, they are held in memory.
    pub fn append_or_hold(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= MOST_HELD && !self.is_refused {
            self.is_refused = self.put_away().is_err();
        }
    }

    fn put_away(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            // The file has no name if the system supports that (O_TMPFILE); otherwise its name is deleted at
            // once.
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        file.write_all(&self.held)?;
        self.filed += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Reads from an offset until the buffer is full or the end is reached; returns the number of bytes read.
    ///
    /// # Errors
    /// Errors of the temporary file.
    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> Result<usize, PathError> {
        let mut len = 0;
        if let Some(file) = self.file.as_ref().filter(|_| at < self.filed) {
            let most = usize::try_from(self.filed - at).unwrap_or(usize::MAX).min(buffer.len());
            let read = read_at(file, &mut buffer[..most], at);
            len = read.at_path(Action::ReadTemporary, &self.folder)?;
            if len < most {
                let short = Err(io::ErrorKind::UnexpectedEof.into());
                return short.at_path(Action::ReadTemporary, &self.folder);
            }
        }
        if len == buffer.len() {
            return Ok(len);
        }
        let from = usize::try_from(at + len as u64 - self.filed).unwrap_or(usize::MAX);
        let held = self.held.get(from..).unwrap_or_default();
        let some = held.len().min(buffer.len() - len);
        buffer[len..len + some].copy_from_slice(&held[..some]);
        Ok(len + some)
    }

    /// Passes on all bytes, part by part.
    ///
    /// # Errors
    /// Errors of the temporary file or of `take`.
    pub fn each_part<E: From<PathError>>(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut buffer = vec![0; 256 << 10];
        let mut at = 0;
        loop {
            match self.read_at(&mut buffer, at)? {
                0 => return Ok(()),
                len => take(&buffer[..len])?,
            }
            at += buffer.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests;

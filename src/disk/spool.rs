//! Bytes that are put aside and read again: the first few in memory, the others in a temporary file without a name, which
//! is gone with the process, however that ends.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::positioned_io::read_at;
use super::{Action, AtPath, PathError};

/// What is held in memory, and what is written at once. Small inputs make no file.
const MOST_HELD: usize = 1 << 20;

/// Bytes in the order in which they came.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    file: Option<File>,
    /// So many are in the file; the others are held.
    filed: u64,
    held: Vec<u8>,
}

impl Spool {
    /// A spool whose file lies in this folder, once there is one.
    pub fn new(folder: &Path) -> Spool {
        Spool { folder: folder.to_path_buf(), file: None, filed: 0, held: Vec::new() }
    }

    /// One without bytes, whose file will lie in the same folder.
    pub fn fresh(&self) -> Spool {
        Spool::new(&self.folder)
    }

    pub fn len(&self) -> u64 {
        self.filed + self.held.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds bytes to the end.
    ///
    /// # Errors
    /// No file can be made in the folder, or its disk is full.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), PathError> {
        self.held.extend_from_slice(bytes);
        if self.held.len() < MOST_HELD {
            return Ok(());
        }
        self.put_away().at_path(Action::KeepTemporary, &self.folder)
    }

    fn put_away(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            // It has no name where the system can (O_TMPFILE), and loses it at once elsewhere.
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        file.write_all(&self.held)?;
        self.filed += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Reads from a place until the buffer is full or the end is reached; how many bytes came.
    ///
    /// # Errors
    /// Of the temporary file.
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

    /// Hands all bytes on, part by part.
    ///
    /// # Errors
    /// Of the temporary file, or of `take`.
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
mod tests {
    use super::*;

    /// Bytes that tell their place.
    fn pattern(range: std::ops::Range<usize>) -> Vec<u8> {
        range.map(|at| (at * 7 + at / 251) as u8).collect()
    }

    #[test]
    fn bytes_come_back_from_any_place_whether_they_are_held_or_filed() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(folder.path());
        let all = MOST_HELD * 2 + MOST_HELD / 2;
        for first in (0..all).step_by(100_000) {
            spool.append(&pattern(first..(first + 100_000).min(all))).unwrap();
        }
        assert_eq!(spool.len(), all as u64);
        assert!(spool.filed > 0 && !spool.held.is_empty());
        let border = spool.filed as usize;
        for at in [0, 5, border - 3, border, border + 3, all - 2, all, all + 9] {
            let mut buffer = [0; 8];
            let len = spool.read_at(&mut buffer, at as u64).unwrap();
            assert_eq!(buffer[..len], pattern(at.min(all)..(at + 8).min(all)), "{at}");
        }
        let mut read = Vec::new();
        let each = spool.each_part(|part| {
            read.extend_from_slice(part);
            Ok::<_, PathError>(())
        });
        each.unwrap();
        assert!(read == pattern(0..all));
        let names = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 0, "the file has no name");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_once_a_file_is_wanted() {
        let mut spool = Spool::new(Path::new("/no/such/folder"));
        spool.append(b"few").unwrap();
        let error = spool.append(&vec![0; MOST_HELD]).unwrap_err();
        let words = "cannot keep temporary data in '/no/such/folder': No such file or directory";
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

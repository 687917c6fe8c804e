//! A byte range of a file, read as a file of its own, for example a picture in a tar.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::format::tar::Piece;

use super::read_at;

/// A byte range of a file, read as a file of its own, for example a picture in a tar.
#[derive(Debug)]
pub struct Part {
    pub(super) file: File,
    pub(super) at: u64,
    pub(super) len: u64,
    read: u64,
    /// Set if only these pieces are stored, one after the other, and the rest is zero.
    pieces: Option<Arc<[Piece]>>,
}

impl Part {
    /// `len` bytes from `at`, or fewer if the file ends early. Of a sparse part, only the pieces between the
    /// holes are stored.
    pub fn new(file: File, at: u64, len: u64, pieces: Option<Arc<[Piece]>>) -> Part {
        Part { file, at, len, read: 0, pieces }
    }

    /// The offset at which the next byte is stored (`None` in a hole), and how many bytes follow.
    fn next(&self) -> (Option<u64>, u64) {
        let left = self.len.saturating_sub(self.read);
        let Some(pieces) = &self.pieces else { return (Some(self.at + self.read), left) };
        let mut stored = self.at;
        for piece in pieces.iter() {
            if self.read < piece.at {
                return (None, (piece.at - self.read).min(left));
            }
            if self.read < piece.at + piece.len {
                let passed = self.read - piece.at;
                return (Some(stored + passed), (piece.len - passed).min(left));
            }
            stored += piece.len;
        }
        (None, left)
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (at, follow) = self.next();
        let wanted = buffer.len().min(usize::try_from(follow).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..wanted];
        let len = match at {
            Some(at) => read_at(&self.file, buffer, at)?,
            None => {
                buffer.fill(0);
                wanted
            }
        };
        self.read += len as u64;
        Ok(len)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.read.checked_add_signed(by),
        };
        self.read = place.ok_or_else(|| io::Error::other("a place before the start"))?;
        Ok(self.read)
    }
}

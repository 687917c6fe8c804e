//! The operation of a tool on the files of a streamed tar.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::archive::packed::sniff::Looked;
use crate::format::source::{Forward, Source};
use crate::format::tar::{Modified, Piece};
use crate::value::provenance::Status;

/// The operation of a tool on the files of a streamed tar.
pub trait TarVisitor: Send + Sync {
    /// Handles a file; `path` is relative to the folder that it belongs to. With `again`, a file with this path was
    /// handled before, which this one replaces.
    ///
    /// # Errors
    /// What is wrong, and whether a later file with this path may correct it.
    fn file(&self, path: &str, body: &mut Body<'_>, again: bool) -> Result<Status, Refused>;

    /// Makes a file from one that was handled before.
    fn link(
        &self,
        path: &str,
        target: &str,
        modified: Option<Modified>,
        again: bool,
    ) -> Result<Status, Refused>;
}

/// Why a file was rejected.
pub enum Refused {
    /// Another file has its path, possibly a later one in this tar.
    Other(String),
    Failed(String),
}

/// The bytes of a file in the stream.
pub struct Body<'a> {
    source: &'a mut Forward<Looked>,
    pub size: u64,
    pub modified: Option<Modified>,
    /// The offset of the next stored byte in the stream.
    at: u64,
    read: u64,
    pieces: VecDeque<Piece>,
}

impl<'a> Body<'a> {
    /// A body that is stored at an offset of the stream, in these pieces.
    pub(super) fn new(
        source: &'a mut Forward<Looked>,
        (at, size): (u64, u64),
        modified: Option<Modified>,
        pieces: VecDeque<Piece>,
    ) -> Body<'a> {
        Body { source, size, modified, at, read: 0, pieces }
    }

    /// Whether the stream has ended, which does not happen before the end of an intact tar.
    pub(super) fn is_cut(&self) -> bool {
        self.source.size() != u64::MAX
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.pieces.front().is_some_and(|piece| piece.at + piece.len <= self.read) {
            self.pieces.pop_front();
        }
        let (is_hole, follow) = match self.pieces.front() {
            None => (true, self.size - self.read),
            Some(piece) if self.read < piece.at => (true, piece.at - self.read),
            Some(piece) => (false, piece.at + piece.len - self.read),
        };
        let wanted = buffer.len().min(usize::try_from(follow).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..wanted];
        if is_hole {
            buffer.fill(0);
        } else {
            let bytes = self.source.at(self.at, wanted)?;
            if bytes.len() < wanted {
                let end = self.at + bytes.len() as u64;
                return Err(io::Error::other(format!(
                    "it is incomplete: the tar ends at byte {end}"
                )));
            }
            buffer.copy_from_slice(bytes);
            self.at += wanted as u64;
        }
        self.read += wanted as u64;
        Ok(wanted)
    }
}

//! The content to send, assembled from ranges of a file and inserted bytes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::disk::positioned_io::read_at;
use crate::format::metadata_container::Piece;
use crate::service::upload::Content;

/// Ranges of a file, with inserted bytes.
pub struct Spliced {
    file: Arc<File>,
    /// Each with its offset in the content.
    pieces: Vec<(u64, Piece)>,
    len: u64,
}

impl Spliced {
    pub fn new(file: Arc<File>, pieces: Vec<Piece>) -> Spliced {
        let mut len = 0;
        let place = |piece: Piece| {
            let at = len;
            len += piece_len(&piece);
            (at, piece)
        };
        let pieces = pieces.into_iter().map(place).collect();
        Spliced { file, pieces, len }
    }

    /// Reads all of it, into memory that is not zeroed first.
    pub fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.len as usize);
        for (_, piece) in &self.pieces {
            match piece {
                Piece::Bytes(own) => bytes.extend_from_slice(own),
                Piece::Original(range) => {
                    let (mut file, len) = (&*self.file, range.end - range.start);
                    file.seek(SeekFrom::Start(range.start))?;
                    if (file.take(len).read_to_end(&mut bytes)? as u64) < len {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
        }
        Ok(bytes)
    }
}

fn piece_len(piece: &Piece) -> u64 {
    match piece {
        Piece::Bytes(bytes) => bytes.len() as u64,
        Piece::Original(range) => range.end - range.start,
    }
}

impl Content for Spliced {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        let Some((start, piece)) = next.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return Ok(0);
        };
        let (within, left) = (at - start, piece_len(piece).saturating_sub(at - start));
        let len = buffer.len().min(left.try_into().unwrap_or(usize::MAX));
        match piece {
            Piece::Bytes(bytes) => buffer[..len].copy_from_slice(&bytes[within as usize..][..len]),
            Piece::Original(range) => {
                if read_at(&self.file, &mut buffer[..len], range.start + within)? < len {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        Ok(len)
    }
}

#[cfg(test)]
mod tests;

//! Bytes of files by their place, so that many threads may use one file, and
//! digests in one pass with a copy.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::disk::open;
use crate::format::tar::Piece;
use crate::value::digest::Digest;

/// What is read at once: in the second level of the cache, between reading,
/// hashing and writing. Measured with 2,000 pictures of 300 KB: parts of 256 KB
/// cost the system twice the time, since it then looks for larger pages.
pub const CHUNK: usize = 64 << 10;

/// Room for reading so many bytes part by part.
pub fn buffer_of(bytes: u64) -> Vec<u8> {
    vec![0; CHUNK.min(bytes.try_into().unwrap_or(CHUNK))]
}

/// A part of a file, read as if it were one: a picture in a tar, say.
#[derive(Debug)]
pub struct Part {
    file: File,
    at: u64,
    len: u64,
    read: u64,
    /// Where only these are stored, one behind the other; the rest is zero.
    pieces: Option<Arc<[Piece]>>,
}

impl Part {
    /// `len` bytes from `at`, or fewer where the file ends before; of a part
    /// with holes only the pieces between them are there.
    pub fn new(file: File, at: u64, len: u64, pieces: Option<Arc<[Piece]>>) -> Part {
        Part { file, at, len, read: 0, pieces }
    }

    /// Where the next byte is stored, none in a hole, and how many follow.
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

/// Reads until the buffer is full or the file ends; how many bytes came.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match some_at(file, &mut buffer[len..], at + len as u64) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

/// Bytes that are in memory already: as many as come without waiting for the disk, none where the system cannot tell.
#[cfg(target_os = "linux")]
pub fn cached_at(file: &File, buffer: &mut [u8], at: u64) -> usize {
    use rustix::io::{ReadWriteFlags, preadv2};
    let mut parts = [io::IoSliceMut::new(buffer)];
    preadv2(file, &mut parts, at, ReadWriteFlags::NOWAIT).unwrap_or(0)
}

#[cfg(not(target_os = "linux"))]
pub fn cached_at(_: &File, _: &mut [u8], _: u64) -> usize {
    0
}

/// Hands `len` bytes from a place to `take`, part by part, and gives their digest.
///
/// # Errors
/// Of the file, of `take`, or when the file ends before.
pub fn each_part(
    file: &File,
    (at, len): (u64, u64),
    buffer: &mut [u8],
    mut take: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut done = 0;
    while done < len {
        let wanted = buffer.len().min((len - done).try_into().unwrap_or(usize::MAX));
        let part = &mut buffer[..wanted];
        if read_at(file, part, at + done)? < wanted {
            return Err(io::Error::other(format!("it ends before byte {}", at + len)));
        }
        hash.update(&*part);
        take(part, done)?;
        done += wanted as u64;
    }
    Ok(Digest(hash.finalize().into()))
}

/// The same of anything that is read, `len` bytes of it.
pub fn each_read(
    from: &mut impl Read,
    len: u64,
    buffer: &mut [u8],
    mut take: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut done = 0;
    while done < len {
        let wanted = buffer.len().min((len - done).try_into().unwrap_or(usize::MAX));
        let part = match from.read(&mut buffer[..wanted]) {
            Ok(0) => return Err(io::Error::other(format!("it ends after {done} of {len} bytes"))),
            Ok(len) => &buffer[..len],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(part);
        take(part, done)?;
        done += part.len() as u64;
    }
    Ok(Digest(hash.finalize().into()))
}

/// The digest of bytes in memory.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The length and the digest of a file.
pub fn digest_of_file(path: &Path) -> io::Result<(u64, Digest)> {
    let file = open::file(path)?;
    let len = file.metadata()?.len();
    Ok((len, each_part(&file, (0, len), &mut vec![0; CHUNK], |_, _| Ok(()))?))
}

#[cfg(unix)]
fn some_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn some_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Writes all bytes at a place.
#[cfg(unix)]
pub fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Writes all bytes at a place.
#[cfg(windows)]
pub fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests;

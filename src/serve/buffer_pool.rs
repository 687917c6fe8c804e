//! File parts on the way to a client, in reused buffers: allocating and zeroing new ones would cost a tenth of serving
//! a picture.

use std::fs::File;
use std::io;
use std::sync::Mutex;

use hyper::body::Bytes;

use crate::disk::cached_io;
use crate::disk::positioned_io::cached_at;

/// The number of bytes read and sent at once: small enough that a slow client holds little memory, and that the data is
/// still in the processor's cache when it is sent.
pub const CHUNK_BYTES: u64 = 64 * 1024;

/// The maximum number of free buffers.
const MOST_KEPT: usize = 64;

static FREE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// A buffer of [`CHUNK_BYTES`], of which the first `len` bytes are used.
struct Chunk {
    buffer: Vec<u8>,
    len: usize,
}

impl Chunk {
    fn new() -> Chunk {
        let free = FREE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).pop();
        Chunk { buffer: free.unwrap_or_else(|| vec![0; CHUNK_BYTES as usize]), len: 0 }
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let mut free = FREE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if free.len() < MOST_KEPT {
            free.push(std::mem::take(&mut self.buffer));
        }
    }
}

/// The next `left` bytes of a file, at most one chunk.
///
/// # Errors
/// A file that cannot be read or is shorter than expected, or a wait for the disk that is refused.
pub fn read(file: &File, at: u64, left: u64) -> io::Result<Bytes> {
    let mut chunk = Chunk::new();
    chunk.len = left.min(CHUNK_BYTES) as usize;
    match cached_io::read_at(file, &mut chunk.buffer[..chunk.len], at)? {
        read if read == chunk.len => Ok(Bytes::from_owner(chunk)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Like [`read`], but only if the system has some of the bytes in memory.
pub fn cached(file: &File, at: u64, left: u64) -> Option<Bytes> {
    let mut chunk = Chunk::new();
    let most = left.min(CHUNK_BYTES) as usize;
    chunk.len = cached_at(file, &mut chunk.buffer[..most], at);
    (chunk.len > 0).then(|| Bytes::from_owner(chunk))
}

#[cfg(test)]
mod tests;

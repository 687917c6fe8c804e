//! Parts of files on their way to a client, in buffers that are used again: to make new ones, and to zero them, would cost
//! a tenth of what a picture costs.

use std::fs::File;
use std::io;
use std::sync::Mutex;

use hyper::body::Bytes;

use crate::disk::nonblocking_io;
use crate::disk::positioned_io::cached_at;

/// Read and sent at once: few enough that a slow client holds little memory, and that what was read is in the cache of
/// the processor when it is sent.
pub const CHUNK_BYTES: u64 = 64 * 1024;

/// So many buffers are kept for others.
const MOST_KEPT: usize = 64;

static FREE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// A buffer of [`CHUNK_BYTES`], of which the first are used.
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

/// The next bytes of a file, at most `left`; some at least, if there are any.
///
/// # Errors
/// A file that cannot be read, or that ends before; or where waiting for the disk is refused.
pub fn read(file: &File, at: u64, left: u64) -> io::Result<Bytes> {
    let mut chunk = Chunk::new();
    chunk.len = left.min(CHUNK_BYTES) as usize;
    match nonblocking_io::read_at(file, &mut chunk.buffer[..chunk.len], at)? {
        read if read == chunk.len => Ok(Bytes::from_owner(chunk)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The same, if the system has some of them in memory.
pub fn cached(file: &File, at: u64, left: u64) -> Option<Bytes> {
    let mut chunk = Chunk::new();
    let most = left.min(CHUNK_BYTES) as usize;
    chunk.len = cached_at(file, &mut chunk.buffer[..most], at);
    (chunk.len > 0).then(|| Bytes::from_owner(chunk))
}

#[cfg(test)]
mod tests;

//! Appends a request body to a file as it arrives.

use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::sync::Arc;

use hyper::body::Bytes;

use super::CHUNK_BYTES;

/// The end of a growing file.
pub(super) struct End {
    pub(super) file: Arc<File>,
    /// Parts of the body as received, without another copy.
    pub(super) waiting: Vec<Bytes>,
    pub(super) waiting_bytes: usize,
    /// The length of the file, including the parts in `waiting`.
    pub(super) bytes: u64,
}

impl End {
    pub(super) async fn take(&mut self, part: Bytes) -> io::Result<()> {
        self.bytes += part.len() as u64;
        self.waiting_bytes += part.len();
        self.waiting.push(part);
        if self.waiting_bytes >= CHUNK_BYTES { self.flush().await } else { Ok(()) }
    }

    /// Writes on another thread: a disk may be slow, and other clients are served meanwhile.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        self.waiting_bytes = 0;
        let (file, waiting) = (Arc::clone(&self.file), std::mem::take(&mut self.waiting));
        let written = tokio::task::spawn_blocking(move || write_all(&file, &waiting)).await;
        written.map_err(io::Error::other)?
    }
}

fn write_all(mut file: &File, parts: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<IoSlice> = parts.iter().map(|part| IoSlice::new(part)).collect();
    let mut left = &mut slices[..];
    // Empty slices are skipped first, so that a write of 0 bytes means a full disk.
    IoSlice::advance_slices(&mut left, 0);
    while !left.is_empty() {
        match file.write_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

//! The end of a file that grows while a body comes.

use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::sync::Arc;

use hyper::body::Bytes;

use super::CHUNK_BYTES;

/// The end of a file that grows.
pub(super) struct End {
    pub(super) file: Arc<File>,
    /// Parts of the body as they came: they are not copied again.
    pub(super) waiting: Vec<Bytes>,
    pub(super) waiting_bytes: usize,
    /// How many the file has, with those that wait.
    pub(super) bytes: u64,
}

impl End {
    pub(super) async fn take(&mut self, part: Bytes) -> io::Result<()> {
        self.bytes += part.len() as u64;
        self.waiting_bytes += part.len();
        self.waiting.push(part);
        if self.waiting_bytes >= CHUNK_BYTES { self.flush().await } else { Ok(()) }
    }

    /// On a thread of its own: a disk may be slow, and others are served meanwhile.
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
    // What is empty is passed by first, so that an empty write is one to a full disk.
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

//! Sends a file: cached parts immediately, the rest as it is read.

use std::fs::File;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::disk::page_residency;

use super::super::buffer_pool;
use super::Part;

/// A file whose cached parts are used immediately, while the rest is read on other threads: a disk that does not
/// respond must not block the serving threads.
#[derive(Debug)]
pub(super) struct FileReader {
    pub(super) file: Arc<File>,
    pub(super) at: u64,
    /// The number of bytes from `at` on that were in memory a moment ago.
    pub(super) held: u64,
    pub(super) ready: Bytes,
    pub(super) pending: Option<JoinHandle<io::Result<Bytes>>>,
}

/// The maximum sent at once: data found in memory is still there, and no other client waits for long.
const MOST_HELD: u64 = 256 << 10;

pub(super) fn held(file: &File, at: u64, left: u64) -> u64 {
    let most = left.min(MOST_HELD);
    if page_residency::holds(file, at, most) { most } else { 0 }
}

impl FileReader {
    /// The next part, if it is in memory and no bytes already read are waiting to be sent.
    pub(super) fn cached(&mut self, left: u64) -> Option<Part> {
        if !self.ready.is_empty() || self.pending.is_some() || left == 0 {
            return None;
        }
        let len = match std::mem::take(&mut self.held).min(left) {
            0 => held(&self.file, self.at, left),
            held => held,
        };
        (len > 0).then(|| Part::Cached { file: Arc::clone(&self.file), at: self.at, len })
    }

    /// The next bytes, of `left` that remain.
    pub(super) fn poll(
        &mut self,
        left: u64,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<&mut Bytes>> {
        if self.ready.is_empty() {
            self.ready = match self
                .pending
                .is_none()
                .then(|| buffer_pool::cached(&self.file, self.at, left))
                .flatten()
            {
                Some(cached) => cached,
                None => {
                    let pending = self.pending.get_or_insert_with(|| {
                        let (file, at) = (Arc::clone(&self.file), self.at);
                        spawn_blocking(move || buffer_pool::read(&file, at, left))
                    });
                    let read = ready!(Pin::new(pending).poll(context));
                    self.pending = None;
                    read.map_err(io::Error::other)??
                }
            };
            self.at += self.ready.len() as u64;
        }
        Poll::Ready(Ok(&mut self.ready))
    }
}

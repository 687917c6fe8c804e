//! The body of a response: bytes in memory, or a range of a file that is read while it is sent; and the point where an
//! injected fault cuts it off.

mod disturbance;
mod file_reader;

use std::fs::File;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::buffer_pool::{self, CHUNK_BYTES};
use super::slow_body::SlowBody;
use file_reader::{FileReader, held};

/// The body, and where it is cut off.
#[derive(Debug)]
pub struct Payload {
    source: PayloadSource,
    left: u64,
    /// The length announced in the head.
    announced: u64,
    /// The connection breaks after this many bytes.
    cut_after: Option<u64>,
    flushed: bool,
    /// The body is slowed down after this many bytes.
    brake: Option<Box<(u64, SlowBody)>>,
    held: Option<Arc<()>>,
}

#[derive(Debug)]
enum PayloadSource {
    Bytes(Bytes),
    File(FileReader),
}

/// The next part of a body.
#[derive(Debug)]
pub enum Part {
    Bytes(Bytes),
    /// A range of a file that the system has in memory.
    Cached {
        file: Arc<File>,
        at: u64,
        len: u64,
    },
    End,
}

impl Payload {
    pub fn none() -> Payload {
        Payload::bytes(Bytes::new())
    }

    pub fn bytes(bytes: Bytes) -> Payload {
        let length = bytes.len() as u64;
        Payload::new(PayloadSource::Bytes(bytes), length)
    }

    /// `length` bytes of a file, of which the first are read now unless they are in memory.
    ///
    /// # Errors
    /// A file that cannot be read or is shorter than expected, or a wait for the disk that is refused.
    pub fn file(file: File, at: u64, length: u64) -> io::Result<Payload> {
        let file = Arc::new(file);
        let held = held(&file, at, length);
        let ready = if held > 0 { Bytes::new() } else { buffer_pool::read(&file, at, length)? };
        let at = at + ready.len() as u64;
        let reader = FileReader { file, at, held, ready, pending: None };
        Ok(Payload::new(PayloadSource::File(reader), length))
    }

    fn new(source: PayloadSource, length: u64) -> Payload {
        Payload {
            source,
            left: length,
            announced: length,
            cut_after: None,
            flushed: false,
            brake: None,
            held: None,
        }
    }

    /// The length announced in the head.
    pub fn length(&self) -> u64 {
        self.announced
    }

    /// The next part, for a caller that can have the system send files.
    pub fn poll_part(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Part>> {
        let (left, is_disturbed) = (self.left, self.is_disturbed());
        let part = match &mut self.source {
            _ if is_disturbed || left == 0 => None,
            PayloadSource::Bytes(bytes) => {
                self.left = 0;
                Some(Part::Bytes(bytes.split_to(left as usize)))
            }
            PayloadSource::File(reader) => reader.cached(left),
        };
        match part {
            Some(part) => Poll::Ready(Ok(part)),
            None => self.poll_frame_as_part(context),
        }
    }

    fn poll_frame_as_part(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Part>> {
        let frame = ready!(Pin::new(self).poll_frame(context)).transpose()?;
        let bytes = frame.and_then(|frame| frame.into_data().ok());
        Poll::Ready(Ok(bytes.map_or(Part::End, Part::Bytes)))
    }

    /// Records that this many bytes of the cached part were sent.
    pub fn took(&mut self, sent: u64) {
        self.left = self.left.saturating_sub(sent);
        if let PayloadSource::File(reader) = &mut self.source {
            reader.at += sent;
        }
    }

    /// The bytes, if they are in memory.
    pub fn in_memory(&self) -> Option<&Bytes> {
        match &self.source {
            PayloadSource::Bytes(bytes) => Some(bytes),
            PayloadSource::File(_) => None,
        }
    }

    /// Keeps `held` until the body is sent or dropped.
    pub fn hold(&mut self, held: Arc<()>) {
        self.held = Some(held);
    }

    /// The next bytes, at most `most`.
    fn next(&mut self, most: u64, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let allowed = self.cut_after.unwrap_or(u64::MAX).min(self.left).min(CHUNK_BYTES).min(most);
        if allowed == 0 && self.cut_after == Some(0) {
            return Poll::Ready(Err(io::Error::other("cut short on order")));
        }
        if allowed == 0 {
            return Poll::Ready(Ok(None));
        }
        let chunk = match &mut self.source {
            PayloadSource::Bytes(bytes) => bytes.split_to(allowed as usize),
            PayloadSource::File(reading) => {
                let ready = ready!(reading.poll(self.left, context))?;
                ready.split_to(ready.len().min(allowed as usize))
            }
        };
        self.left -= chunk.len() as u64;
        if let Some((free, _)) = self.brake.as_deref_mut() {
            *free = free.saturating_sub(chunk.len() as u64);
        }
        if let Some(cut) = &mut self.cut_after {
            *cut -= chunk.len() as u64;
        }
        Poll::Ready(Ok(Some(chunk)))
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.cut_after == Some(0) && !self.flushed {
            // hyper drops what it has not sent when a body fails. A pause makes it send the head and the bytes before
            // the cut.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(most) = ready!(self.braked(context)) else {
            return Poll::Ready(Some(Err(io::Error::other("broken off on order"))));
        };
        let chunk = ready!(self.next(most, context));
        Poll::Ready(chunk.transpose().map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.cut_after.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        // hyper compares this with the header, so it must be the announced length.
        SizeHint::with_exact(self.announced)
    }
}

#[cfg(test)]
mod tests;

//! An answer before it goes on the wire: status, headers, body; and the error
//! bodies of the service.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use serde_json::json;

use super::brake::Brake;

pub const JSON: &str = "application/json; charset=UTF-8";

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Payload,
}

/// What is sent, and where it breaks off.
#[derive(Debug)]
pub struct Payload {
    source: Source,
    left: u64,
    /// The length that the head claims.
    announced: u64,
    /// After so many bytes the connection breaks.
    cut_after: Option<u64>,
    flushed: bool,
    /// After so many bytes it is held back.
    brake: Option<Box<(u64, Brake)>>,
    held: Option<Arc<()>>,
}

#[derive(Debug)]
enum Source {
    Bytes(Bytes),
    File(File),
}

/// Read and sent at once: few enough that a slow client holds little memory.
const CHUNK_BYTES: u64 = 64 * 1024;

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let headers = vec![("content-type", content_type.to_owned())];
        Answer { status, headers, body: Payload::bytes(body.into()) }
    }

    pub fn json(body: String) -> Answer {
        Answer::new(200, JSON, body)
    }

    pub fn text(status: u16, body: &'static str) -> Answer {
        Answer::new(status, "text/plain", body)
    }

    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((header, value.into()));
        self
    }
}

impl Payload {
    pub fn bytes(bytes: Bytes) -> Payload {
        let length = bytes.len() as u64;
        Payload::of(Source::Bytes(bytes), length)
    }

    /// The next `length` bytes of a file that is open at the right place.
    pub fn file(file: File, length: u64) -> Payload {
        Payload::of(Source::File(file), length)
    }

    fn of(source: Source, length: u64) -> Payload {
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

    /// The length that the head claims.
    pub fn length(&self) -> u64 {
        self.announced
    }

    /// Ends properly after `length` bytes.
    pub fn shorten(&mut self, length: u64) {
        self.left = self.left.min(length);
        self.announced = self.left;
    }

    /// Claims a length beyond the true one, and breaks the connection at the end.
    pub fn overstate(&mut self, by: u64) {
        self.announced += by;
        self.cut_after = Some(self.left);
    }

    /// Breaks the connection after `length` bytes.
    pub fn cut(&mut self, length: u64) {
        self.cut_after = Some(length);
    }

    /// Holds the rest back after `length` bytes.
    pub fn brake(&mut self, length: u64, brake: Brake) {
        self.brake = Some(Box::new((length, brake)));
    }

    /// The bytes, where they are in memory.
    pub fn in_memory(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            Source::File(_) => None,
        }
    }

    /// Holds `held` until it is sent, or given up.
    pub fn hold(&mut self, held: Arc<()>) {
        self.held = Some(held);
    }

    /// How many bytes may go now; none any more once the time of a brake is over.
    fn braked(&mut self, context: &mut Context<'_>) -> Poll<Option<u64>> {
        match self.brake.as_deref_mut() {
            Some((free, _)) if *free > 0 => Poll::Ready(Some(*free)),
            Some((_, brake)) if self.left > 0 => {
                brake.poll(context).map(|goes_on| goes_on.then_some(brake.bytes))
            }
            _ => Poll::Ready(Some(CHUNK_BYTES)),
        }
    }

    /// The next bytes, at most so many.
    fn next(&mut self, most: u64) -> io::Result<Option<Bytes>> {
        let allowed = self.cut_after.unwrap_or(u64::MAX).min(self.left).min(CHUNK_BYTES).min(most);
        if allowed == 0 && self.cut_after == Some(0) {
            return Err(io::Error::other("cut short on order"));
        }
        if allowed == 0 {
            return Ok(None);
        }
        let size = usize::try_from(allowed).expect("a chunk fits into memory");
        let chunk = match &mut self.source {
            Source::Bytes(bytes) => bytes.split_to(size),
            Source::File(file) => {
                let mut chunk = vec![0; size];
                // The file is in the page cache or on a local disk, so this does
                // not hold a thread of the runtime for long.
                let read = file.read(&mut chunk)?;
                chunk.truncate(read);
                Bytes::from(chunk)
            }
        };
        if chunk.is_empty() {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        self.left -= chunk.len() as u64;
        if let Some((free, _)) = self.brake.as_deref_mut() {
            *free = free.saturating_sub(chunk.len() as u64);
        }
        if let Some(cut) = &mut self.cut_after {
            *cut -= chunk.len() as u64;
        }
        Ok(Some(chunk))
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
            // hyper drops what it has not sent when a body fails. A pause makes
            // it send the head and the bytes before the cut.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let most = match self.braked(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => {
                return Poll::Ready(Some(Err(io::Error::other("broken off on order"))));
            }
            Poll::Ready(Some(most)) => most,
        };
        Poll::Ready(self.next(most).transpose().map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.cut_after.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        // hyper holds this against the header, so it must be the claim.
        SizeHint::with_exact(self.announced)
    }
}

/// An answer that is an error of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: i32,
    pub subcode: Option<i32>,
    pub transient: bool,
    pub message: String,
}

impl Refusal {
    pub fn new(status: u16, code: i32, message: impl Into<String>) -> Refusal {
        Refusal { status, code, subcode: None, transient: false, message: message.into() }
    }

    /// Something about the request is wrong.
    pub fn parameter(message: impl Into<String>) -> Refusal {
        Refusal::new(400, 100, message)
    }

    /// Unknown, deleted, private, or no id at all: the service tells them not apart.
    pub fn no_such_object(id: &str) -> Refusal {
        let message = format!(
            "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due \
             to missing permissions, or does not support this operation"
        );
        Refusal { subcode: Some(33), ..Refusal::parameter(message) }
    }

    pub fn transient(self) -> Refusal {
        Refusal { transient: true, ..self }
    }

    /// `trace` is the service's mark for the request.
    pub fn answer(self, trace: &str) -> Answer {
        let mut error = json!({"message": self.message, "type": "MLYApiException"});
        if self.transient {
            error["is_transient"] = json!(true);
        }
        error["code"] = json!(self.code);
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if self.code == 190 {
            error["error_data"] = json!({});
        }
        error["fbtrace_id"] = json!(trace);
        Answer::new(self.status, JSON, json!({"error": error}).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_gives_its_bytes_and_ends() {
        let mut payload = Payload::bytes(Bytes::from_static(b"abc"));
        assert_eq!(payload.next(CHUNK_BYTES).expect("bytes").as_deref(), Some(&b"abc"[..]));
        assert!(payload.next(CHUNK_BYTES).expect("the end").is_none());
    }

    #[test]
    fn a_cut_payload_gives_some_bytes_and_breaks() {
        let mut payload = Payload::bytes(Bytes::from_static(b"abc"));
        payload.cut(2);
        assert_eq!(payload.next(CHUNK_BYTES).expect("bytes").as_deref(), Some(&b"ab"[..]));
        assert!(payload.next(CHUNK_BYTES).is_err());
    }

    #[test]
    fn a_file_shorter_than_promised_breaks_the_answer() {
        let file = tempfile::tempfile().expect("a file");
        assert!(Payload::file(file, 3).next(CHUNK_BYTES).is_err());
    }
}

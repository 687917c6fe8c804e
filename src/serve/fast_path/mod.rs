//! Answers simple requests without hyper, which would take most of the time of a 200-byte response, and would have
//! pictures copied twice instead of sent by the system (sendfile).
//!
//! `head` decides what is simple; a connection with any other request is handed to hyper, with all bytes that are not
//! answered yet. Both paths give the same responses, made by the same code; a test compares their bytes.

mod head;
mod wire;

use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::Method;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::call::Call;
use super::crowd::Crowd;
use super::payload::{Part, Payload};
use super::timeout_stream::Impatient;
use super::{Site, request_handler};
use head::{Head, Plain};

/// A client that does not send a complete request head within this time has gone.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The number of bytes read at once; a head longer than twice this is left to hyper.
const READ_BYTES: usize = 8 << 10;

/// A connection, as long as it has only simple requests.
pub struct FastPath {
    stream: Impatient,
    /// Received bytes that are not answered yet.
    came: Vec<u8>,
    /// When the head must be complete, and the timer for it, which may fire earlier because it is seldom reset.
    deadline: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl FastPath {
    /// `idle` is the time after which it is closed if others cannot connect.
    pub fn new(stream: Impatient, idle: Duration) -> FastPath {
        let now = Instant::now();
        let alarm = Box::pin(sleep_until(now + idle.min(HEAD_TIMEOUT)));
        FastPath { stream, came: Vec::new(), deadline: now + HEAD_TIMEOUT, alarm }
    }

    /// Answers until the connection ends (`None`) or a request is not simple.
    pub async fn run(mut self, site: &Arc<Site>, peer: Option<SocketAddr>) -> Option<Impatient> {
        loop {
            self.deadline = Instant::now() + HEAD_TIMEOUT;
            let plain = loop {
                match head::read(&self.came) {
                    Head::Plain(plain) => break plain,
                    Head::Partial if self.came.len() <= 2 * READ_BYTES => {
                        self.more(&site.crowd).await.ok()?;
                    }
                    _ => return Some(self.rest()),
                }
            };
            let Plain { parts, len, is_last } = *plain;
            let call = Call::new(parts, peer);
            if !request_handler::is_plain(site, &call) {
                return Some(self.rest());
            }
            self.forget(len);
            self.answer(site, Arc::new(call), is_last).await.ok()?;
            if is_last {
                let _ = poll_fn(|context| Pin::new(&mut self.stream).poll_shutdown(context)).await;
                return None;
            }
        }
    }

    fn rest(self) -> Impatient {
        self.stream.with_rest(self.came)
    }

    /// A connection that waits for its next request holds no buffer.
    fn forget(&mut self, len: usize) {
        if self.came.len() == len {
            self.came = Vec::new();
        } else {
            self.came.drain(..len);
        }
    }

    /// # Errors
    /// The connection fails, a picture is shorter than expected, or the client reads nothing for too long.
    async fn answer(&mut self, site: &Arc<Site>, call: Arc<Call>, is_last: bool) -> io::Result<()> {
        // Held until all is sent: a server that is stopping waits for it.
        let _busy = site.busy.clone();
        let answer = request_handler::plain(site, &call).await;
        let head = wire::head(&answer, is_last);
        let body = if call.method == Method::HEAD { Payload::none() } else { answer.body };
        self.send(&head, body).await
    }

    async fn send(&mut self, mut head: &[u8], mut body: Payload) -> io::Result<()> {
        loop {
            match poll_fn(|context| body.poll_part(context)).await? {
                Part::Bytes(bytes) => self.write(std::mem::take(&mut head), &bytes).await?,
                Part::Cached { file, at, len } => {
                    self.announce(std::mem::take(&mut head)).await?;
                    let part = (at, len);
                    let sent = poll_fn(|context| self.stream.poll_send_file(&file, part, context));
                    body.took(sent.await?);
                }
                Part::End => return self.write(head, &[]).await,
            }
        }
    }

    async fn announce(&mut self, mut head: &[u8]) -> io::Result<()> {
        while !head.is_empty() {
            let sent = poll_fn(|context| self.stream.poll_send_more(head, context));
            head = &head[sent.await?..];
        }
        Ok(())
    }

    async fn write(&mut self, mut first: &[u8], mut second: &[u8]) -> io::Result<()> {
        while !first.is_empty() || !second.is_empty() {
            let parts = [IoSlice::new(first), IoSlice::new(second)];
            let parts = if first.is_empty() { &parts[1..] } else { &parts[..] };
            let written =
                poll_fn(|context| Pin::new(&mut self.stream).poll_write_vectored(context, parts));
            let written = written.await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            let of_first = written.min(first.len());
            (first, second) = (&first[of_first..], &second[written - of_first..]);
        }
        Ok(())
    }

    /// # Errors
    /// The connection has ended, or no complete head arrived in time.
    async fn more(&mut self, crowd: &Crowd) -> io::Result<()> {
        poll_fn(|context| self.poll_more(crowd, context)).await
    }

    fn poll_more(&mut self, crowd: &Crowd, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut room = [MaybeUninit::uninit(); READ_BYTES];
        let mut read = ReadBuf::uninit(&mut room);
        match Pin::new(&mut self.stream).poll_read(context, &mut read) {
            Poll::Ready(Ok(())) if read.filled().is_empty() => {
                Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
            }
            Poll::Ready(Ok(())) => {
                self.came.extend_from_slice(read.filled());
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                ready!(self.poll_deadline(crowd, context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    fn poll_deadline(&mut self, crowd: &Crowd, context: &mut Context<'_>) -> Poll<()> {
        while self.alarm.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            // The alarm was set a moment before the deadline.
            let is_idle = now + HEAD_TIMEOUT >= self.deadline + crowd.idle() / 2;
            if now >= self.deadline || (is_idle && self.came.is_empty() && crowd.is_full()) {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(self.deadline.min(now + crowd.idle()));
        }
        Poll::Pending
    }
}

//! Plain requests, answered without hyper. Of an answer of 200 bytes hyper would take the larger part of the time, and it
//! would have pictures copied twice, which the system sends by itself.
//!
//! What is plain is told by `head`; a connection that brings anything else is handed to hyper, with all bytes that
//! are not answered yet. Both ways give the same answers, made by the same code; a test compares their bytes.

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
use super::impatient::Impatient;
use super::payload::{Part, Payload};
use super::{Site, request_handler};
use head::{Head, Plain};

/// A client that sends no whole request head within this time has gone.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Read at once; a head that is longer than twice as much is hyper's.
const READ_BYTES: usize = 8 << 10;

/// A connection, as long as it brings nothing but plain requests.
pub struct FastPath {
    stream: Impatient,
    /// What has come and is not answered.
    came: Vec<u8>,
    /// When a head has to be there, and what wakes for that: at some time before, since it is seldom set anew.
    deadline: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl FastPath {
    pub fn new(stream: Impatient) -> FastPath {
        let deadline = Instant::now() + HEAD_TIMEOUT;
        FastPath { stream, came: Vec::new(), deadline, alarm: Box::pin(sleep_until(deadline)) }
    }

    /// Answers until the connection ends (`None`) or something comes that is not plain.
    pub async fn run(mut self, site: &Arc<Site>, peer: Option<SocketAddr>) -> Option<Impatient> {
        loop {
            self.deadline = Instant::now() + HEAD_TIMEOUT;
            let plain = loop {
                match head::read(&self.came) {
                    Head::Plain(plain) => break plain,
                    Head::Partial if self.came.len() <= 2 * READ_BYTES => self.more().await.ok()?,
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
    /// Of the connection, of a picture that ends before its end, or where the client takes nothing for too long.
    async fn answer(&mut self, site: &Arc<Site>, call: Arc<Call>, is_last: bool) -> io::Result<()> {
        // Held until all is sent: a server that is to stop waits for it.
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
    /// The connection has ended, or no whole head came in time.
    async fn more(&mut self) -> io::Result<()> {
        poll_fn(|context| self.poll_more(context)).await
    }

    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
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
                ready!(self.poll_deadline(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.alarm.as_mut().poll(context).is_ready() {
            if Instant::now() >= self.deadline {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(self.deadline);
        }
        Poll::Pending
    }
}

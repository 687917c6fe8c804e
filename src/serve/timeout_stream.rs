//! A connection with a write timeout, which can be handed over with the bytes already received.

use std::fs::File;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::sendfile;

pub struct Impatient {
    stream: TcpStream,
    timeout: Duration,
    /// The timer that runs while nothing can be written.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Bytes already received, which are read again.
    came: Vec<u8>,
}

impl Impatient {
    pub fn new(stream: TcpStream, timeout: Duration) -> Impatient {
        Impatient { stream, timeout, waiting: None, came: Vec::new() }
    }

    /// For the next owner: these bytes are read again, before further bytes from the connection.
    pub fn with_rest(self, came: Vec<u8>) -> Impatient {
        Impatient { came, ..self }
    }

    /// Has the system send a part of a file that it has in memory; returns the number of bytes sent.
    pub fn poll_send_file(
        &mut self,
        file: &File,
        (at, len): (u64, u64),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<u64>> {
        self.poll_send(context, |stream| sendfile::send_file(stream, file, at, len))
    }

    /// Sends bytes that are followed by more at once.
    pub fn poll_send_more(
        &mut self,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        self.poll_send(context, |stream| sendfile::send_more(stream, bytes))
    }

    fn poll_send<T>(
        &mut self,
        context: &mut Context<'_>,
        send: impl Fn(&TcpStream) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            let writable = self.stream.poll_write_ready(context);
            ready!(self.judge(writable, context))?;
            match self.stream.try_io(Interest::WRITABLE, || send(&self.stream)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return self.judge(Poll::Ready(sent), context),
            }
        }
    }

    /// The result of an attempt to write, or an error if nothing could be written for too long.
    fn judge<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let timeout = self.timeout;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(timeout)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.came.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let len = self.came.len().min(buffer.remaining());
        buffer.put_slice(&self.came[..len]);
        self.came.drain(..len);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judge(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

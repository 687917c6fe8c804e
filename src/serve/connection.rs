//! Accepts connections, serves their requests in turn, and closes those whose client does not read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::buffer_pool::CHUNK_BYTES;
use super::fast_path::{FastPath, HEAD_TIMEOUT};
use super::timeout_stream::Impatient;
use super::{Site, request_handler};

/// Serves the archive until aborted, with connections distributed over the threads in turn.
pub async fn accept(listener: TcpListener, threads: Arc<[Handle]>, site: Arc<Site>) {
    let mut turns = threads.iter().cycle();
    let take = |stream: TcpStream| {
        if let (Ok(stream), Some(thread)) = (stream.into_std(), turns.next()) {
            thread.spawn(serve(stream, site.clone()));
        }
    };
    let refused = || {
        if site.crowd.refused() {
            site.warn(FULL);
        }
    };
    each(listener, take, refused).await;
}

const FULL: &str = "the limit of open files is reached: new clients wait, and connections without a request are closed; 'ulimit -n' raises it";

/// Accepts connections until aborted. `refused` is called when the system gives none, although a client waits.
pub async fn each(
    listener: TcpListener,
    mut take: impl FnMut(TcpStream),
    mut refused: impl FnMut(),
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // For example too many open files: other connections will be closed in a while.
            refused();
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small responses must not wait for the acknowledgement of the previous one.
        let _ = stream.set_nodelay(true);
        take(stream);
    }
}

async fn serve(stream: std::net::TcpStream, site: Arc<Site>) {
    let Ok(stream) = TcpStream::from_std(stream) else { return };
    let peer = stream.peer_addr().ok();
    let stream = Impatient::new(stream, site.write_timeout);
    if let Some(rest) = FastPath::new(stream, site.crowd.idle()).run(&site, peer).await {
        // Boxed, so that a connection has memory for this only when it is needed.
        Box::pin(serve_by_hyper(rest, site, peer)).await;
    }
}

async fn serve_by_hyper(rest: Impatient, site: Arc<Site>, peer: Option<SocketAddr>) {
    let service = service_fn(move |request| request_handler::serve(site.clone(), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // A chunk is sent before the next is read. This limits request heads, too.
        .max_buf_size(CHUNK_BYTES as usize)
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(rest), service);
    // An error means that a configured fault broke the connection, or that the client has gone.
    let _ = connection.await;
}

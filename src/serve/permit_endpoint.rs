//! The HTTP interface of the shared request rate: a permit for each request, and throttling reported to all processes.
//!
//! `POST /permits/KIND?good=N&usage=PERCENT` is answered by `{"permit":true,"per_s":RATE}` when it is the client's turn, with
//! the rate of all clients, or, if that is far off, by `{"permit":false,"again_ms":N,"held_ms":N,"per_s":RATE}`, with the length of a current pause. `POST /throttles/KIND?asked_ago_ms=N&hold_ms=N` pauses all
//! processes. `GET /` returns the status.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::time::sleep;

use crate::service::shared_quota::{self, PermitTime, Permits};

use super::connection;
use super::fast_path::HEAD_TIMEOUT;

/// The maximum of `asked_ago_ms`: no process has waited longer for its response.
const LONGEST_AGO: Duration = Duration::from_secs(24 * 3600);

/// Gives permits until it is dropped.
pub struct PaceServer {
    pub address: SocketAddr,
    permits: Arc<Permits>,
    runtime: Option<Runtime>,
}

impl PaceServer {
    /// # Errors
    /// The address cannot be bound.
    pub fn start(listen: SocketAddr, permits: Permits) -> io::Result<PaceServer> {
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime =
            runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let permits = Arc::new(permits);
        let guard = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        drop(guard);
        runtime.spawn(accept(listener, Arc::clone(&permits)));
        Ok(PaceServer { address, permits, runtime: Some(runtime) })
    }

    /// The address in the format that tools expect.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The permits given so far.
    pub fn status(&self) -> Value {
        self.permits.status(Instant::now())
    }
}

impl Drop for PaceServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, permits: Arc<Permits>) {
    let take = |stream| drop(tokio::spawn(serve(stream, Arc::clone(&permits))));
    connection::each(listener, take, || ()).await;
}

async fn serve(stream: TcpStream, permits: Arc<Permits>) {
    let answer = service_fn(move |request| answer(Arc::clone(&permits), request));
    let mut server = http1::Builder::new();
    let server = server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    // An error means that the client has gone.
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    permits: Arc<Permits>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let query = request.uri().query().unwrap_or_default().to_string();
    let path: Vec<&str> = request.uri().path().trim_matches('/').split('/').collect();
    let kind = path.get(1).and_then(|name| shared_quota::kind(name));
    let (status, body) = match (request.method(), path[0], kind) {
        (&Method::GET, "", None) => (StatusCode::OK, permits.status(Instant::now())),
        (&Method::POST, "permits", Some(kind)) => {
            let (good, usage) = (number(&query, "good"), number(&query, "usage"));
            permits.report(kind, good.unwrap_or(0.0) as u32, usage, Instant::now());
            (StatusCode::OK, permit(&permits, kind).await)
        }
        (&Method::POST, "throttles", Some(kind)) => {
            let time = |name| Duration::from_millis(number(&query, name).unwrap_or(0.0) as u64);
            let ago = time("asked_ago_ms").min(LONGEST_AGO);
            permits.throttle(kind, ago, time("hold_ms"), Instant::now());
            (StatusCode::OK, json!({}))
        }
        _ => (
            StatusCode::NOT_FOUND,
            json!({"error": "POST /permits/KIND, POST /throttles/KIND, GET /"}),
        ),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}

/// Waits for the turn, if that is not far off. A turn that falls into a hold does not count.
async fn permit(permits: &Permits, kind: usize) -> Value {
    loop {
        match permits.ask(kind, Instant::now()) {
            PermitTime::Later(wait) => {
                let held = permits.held(kind, Instant::now());
                return json!({
                    "permit": false,
                    "again_ms": wait.as_millis().max(1) as u64,
                    "held_ms": held.as_millis() as u64,
                    "per_s": permits.per_s(kind),
                });
            }
            PermitTime::In(wait) => sleep(wait).await,
        }
        if permits.is_due(kind, Instant::now()) {
            return json!({"permit": true, "per_s": permits.per_s(kind)});
        }
    }
}

/// A parameter of the query that is a finite number of at least 0.
fn number(query: &str, name: &str) -> Option<f64> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let text = pairs.into_iter().find(|(key, _)| *key == name)?.1;
    text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

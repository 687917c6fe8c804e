//! A request to a host: its kind, its limits, and which of its waits were reported.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use reqwest::Url;

use super::classify::Endpoint;

/// The kind of a request, for rate limits and counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    Entity,
    Search,
    Tile,
    Picture,
    InternetArchive,
    /// Bytes sent to the service, and the request that finishes an upload.
    Upload,
}

impl Request {
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            Request::Entity | Request::Search => Endpoint::Graph,
            Request::Tile => Endpoint::Tile,
            Request::Picture => Endpoint::Picture,
            Request::InternetArchive => Endpoint::InternetArchive,
            Request::Upload => Endpoint::Upload,
        }
    }
}

/// A request to a host.
pub(super) struct Ask {
    pub kind: Request,
    pub url: Url,
    pub most_bytes: u64,
    /// Fewer retries than the settings allow.
    pub retries: Option<u32>,
    /// Request again once if the object is reported as gone.
    pub confirms: bool,
    /// Whether a failure counts towards the end of the run; otherwise the caller counts it.
    pub counts: bool,
}

impl Ask {
    pub fn new(kind: Request, url: Url, most_bytes: u64) -> Self {
        Self { kind, url, most_bytes, retries: None, confirms: false, counts: true }
    }
}

/// The waits that were reported, so that each is reported once and not by each thread.
#[derive(Debug, Default)]
pub(super) struct ReportedWaits {
    /// By endpoint: the end of the longest wait that was reported.
    pub until: [Mutex<Option<Instant>>; 5],
    /// By kind of request: whether a slow rate was reported.
    pub slow: [AtomicBool; 7],
}

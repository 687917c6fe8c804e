//! A question to a host: its kind, what is allowed for it, and what is said while it waits.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use reqwest::Url;

use super::classify::Endpoint;

/// The kind of a request, as it is paced and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    Entity,
    Search,
    Tile,
    Picture,
    InternetArchive,
    /// Bytes that go to the service, and what ends an upload.
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

/// A question to the service's own hosts.
pub(super) struct Ask {
    pub kind: Request,
    pub url: Url,
    pub most_bytes: u64,
    /// Fewer tries after the first than the settings allow.
    pub retries: Option<u32>,
    /// Ask once more for what is said to be gone.
    pub confirms: bool,
    /// Whether a failure counts towards the end of the run; else the caller counts.
    pub counts: bool,
}

impl Ask {
    pub fn new(kind: Request, url: Url, most_bytes: u64) -> Self {
        Self { kind, url, most_bytes, retries: None, confirms: false, counts: true }
    }
}

/// What was said of waits, so that each is said once and not by each thread.
#[derive(Debug, Default)]
pub(super) struct ReportedWaits {
    /// By host: the end of the longest wait that was said.
    pub until: [Mutex<Option<Instant>>; 5],
    /// By kind of request: whether a slow pace was said.
    pub slow: [AtomicBool; 7],
}

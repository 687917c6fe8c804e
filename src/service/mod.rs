//! The service as it really behaves: one function for each endpoint.
//!
//! `ask` holds the loop that every request goes through: wait for the rate limiter, send (`http`), classify the
//! response (`classify`), wait and retry (`retry`), and give up on a service that is down (`circuit_breaker`). The
//! endpoints are in `graph`, `batch`, `tiles`, `picture` and `internet_archive`. Flags and the environment are read
//! elsewhere; this module takes values.

pub mod ask;
pub mod batch;
pub mod circuit_breaker;
pub mod classify;
pub mod client;
pub mod clock;
mod counts;
pub mod detections;
pub mod error;
mod gone_doubt;
pub mod graph;
pub mod http;
pub mod internet_archive;
pub mod map_features;
mod no_answer;
pub mod pace_client;
pub mod picture;
pub mod proxy;
pub mod rate_limiter;
pub mod request;
pub mod resume;
pub mod retry;
pub mod search;
pub mod settings;
pub mod shared_quota;
pub mod slow_response;
pub mod throughput_floor;
pub mod tiles;
mod tls_fault;
pub mod token;
pub mod upload;

#[cfg(test)]
pub(crate) mod mock_server;

pub use client::Client;
pub use counts::Counts;
pub use detections::Detections;
pub use error::{Error, ErrorKind};
pub use graph::Entity;
pub use rate_limiter::Rates;
pub use search::{Ids, Next, Page, Search, id_of, is_id, unread_entries};
pub use settings::ClientSettings;
pub use token::Token;

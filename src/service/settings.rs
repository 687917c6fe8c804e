//! The settings of the client, from flags and the environment.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::clock::{Clock, SystemClock};
use super::proxy::Proxies;
use super::rate_limiter::Rates;
use super::token::Token;

/// Receives a line, free of secrets.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// The settings of the client, from flags and the environment.
#[derive(Clone)]
pub struct ClientSettings {
    pub graph: String,
    pub tiles: String,
    pub internet_archive: String,
    /// The upload host.
    pub upload: String,
    pub token: Option<Token>,
    /// Requests per second; not applied to loopback addresses.
    pub rates: Rates,
    /// Requests per second for each kind, instead of `rates`: applied to every host.
    pub rate: Option<f64>,
    pub retries: u32,
    /// Requests in a row that may fail with all their tries before the run ends; 0 means no limit.
    pub max_failures: u32,
    /// Take pictures as gone although the service knows not one of many: somebody has seen that message, and asks again.
    pub believes_gone: bool,
    /// The unit of every wait.
    pub retry_wait: Duration,
    pub timeout: Duration,
    pub proxies: Proxies,
    /// The address of the pacer, if many processes share one rate.
    pub pace: Option<String>,
    /// Bytes of pictures per second, over all threads.
    pub max_bytes_per_s: Option<f64>,
    /// Receives a line about each request, for `--verbose`.
    pub log: Option<Log>,
    /// Receives messages for the user, such as a long wait.
    pub say: Option<Log>,
    pub clock: Arc<dyn Clock>,
}

/// When this many requests in a row have failed, minutes have passed: the service is down.
pub const MAX_FAILURES: u32 = 5;

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            graph: "https://graph.mapillary.com".to_owned(),
            tiles: "https://tiles.mapillary.com".to_owned(),
            internet_archive: "https://archive.org".to_owned(),
            upload: "https://rupload.facebook.com/mapillary_public_uploads".to_owned(),
            token: None,
            rates: Rates::default(),
            rate: None,
            retries: 8,
            max_failures: MAX_FAILURES,
            believes_gone: false,
            retry_wait: Duration::from_secs(1),
            timeout: Duration::from_secs(60),
            proxies: Proxies::default(),
            pace: None,
            max_bytes_per_s: None,
            log: None,
            say: None,
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("graph", &self.graph)
            .field("tiles", &self.tiles)
            .finish_non_exhaustive()
    }
}

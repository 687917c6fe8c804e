//! What flags and the environment decide about the client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::pace::Rates;
use super::token::Token;

/// Takes a line about each request, free of secrets, for `--verbose`.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What flags and the environment decide about the client.
#[derive(Clone)]
pub struct Settings {
    pub graph: String,
    pub tiles: String,
    pub internet_archive: String,
    pub token: Option<Token>,
    /// Requests a second; not kept towards loopback.
    pub rates: Rates,
    pub retries: u32,
    /// The unit of every waiting time.
    pub retry_wait: Duration,
    pub timeout: Duration,
    /// Bytes of pictures a second, all threads together.
    pub max_bytes_per_s: Option<f64>,
    pub log: Option<Log>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            graph: "https://graph.mapillary.com".to_owned(),
            tiles: "https://tiles.mapillary.com".to_owned(),
            internet_archive: "https://archive.org".to_owned(),
            token: None,
            rates: Rates::default(),
            retries: 8,
            retry_wait: Duration::from_secs(1),
            timeout: Duration::from_secs(60),
            max_bytes_per_s: None,
            log: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("graph", &self.graph)
            .field("tiles", &self.tiles)
            .finish_non_exhaustive()
    }
}

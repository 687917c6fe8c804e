//! The rates that the services accept.

/// Requests a second for each kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub entity: f64,
    pub search: f64,
    pub tile: f64,
    pub internet_archive: f64,
}

/// Below the documented quotas (1000, 167 and 0.6 per second, the last averaged over a day), and below what was seen to
/// cause throttling: about 6 tiles per second for half an hour. archive.org documents no quota for these requests; for
/// others its staff named 60 per minute, and an address that exceeds it is barred.
impl Default for Rates {
    fn default() -> Self {
        Self { entity: 50.0, search: 10.0, tile: 1.0, internet_archive: 1.0 }
    }
}

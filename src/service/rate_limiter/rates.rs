//! The rates that the services bear.

/// Requests a second for each kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub entity: f64,
    pub search: f64,
    pub tile: f64,
    pub internet_archive: f64,
}

/// Below the documented quotas (1000, 167 and 0.6 a second, the last averaged over a day), and below what was seen
/// to bring throttling: about 6 tiles a second for half an hour. archive.org names no quota for these questions; for
/// others its staff named 60 a minute, and bars an address that asks on.
impl Default for Rates {
    fn default() -> Self {
        Self { entity: 50.0, search: 10.0, tile: 1.0, internet_archive: 1.0 }
    }
}

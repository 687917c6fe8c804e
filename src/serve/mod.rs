//! The service's API over an archive on disk: entities, searches, coverage tiles and pictures, with configurable
//! faults. The archive is read-only except for uploads.

use std::fmt;

mod access_log;
mod answer;
mod base_url;
mod boundary;
mod buffer_pool;
mod byte_cache;
mod call;
mod clip;
mod conditional;
mod connection;
mod constant_time;
mod crowd;
mod detection_row;
mod entity_cache;
mod fast_path;
mod fault_injection;
mod field_types;
mod graph;
mod index;
mod link;
mod load;
mod map_feature_row;
mod map_features;
mod object;
mod payload;
pub mod permit_endpoint;
mod picture;
mod picture_scan;
mod record;
mod request_handler;
mod route;
pub mod sample_town;
mod search;
mod selectors;
mod sendfile;
mod server;
mod server_state;
mod settings;
mod site;
mod slow_body;
mod snapshot;
mod spoil;
mod tiles;
mod timeout_stream;
mod upload;
mod web;
mod workers;

pub use crate::value::quality::Quality;
pub use fault_injection::{InjectedFault, Order};
pub use settings::{Log, ServerSettings};
pub use site::{SiteCounts, SiteFault, SiteSettings, write as write_site};
pub use upload::Limits;
pub use web::WebSettings;
pub use web::base_map::{BaseFault, BaseMap};

use server_state::Site;

use crate::disk::PathError;

pub use server::Server;

/// Why an archive cannot be served.
#[derive(Debug)]
pub struct ServeError(String);

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}

impl From<PathError> for ServeError {
    fn from(error: PathError) -> ServeError {
        ServeError(error.to_string())
    }
}

#[cfg(test)]
mod tests;

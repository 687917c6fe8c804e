//! What several tools ask the service: areas by tiles, selections, lists of what is known.

pub mod coverage;
pub mod empty_result;
pub mod image_urls;
pub mod known;
pub mod search;
pub mod select;
pub mod service_errors;
pub mod tile_search;

//! Queries that several tools share: areas by tiles, selections, lists of known pictures.

pub mod cell_search;
pub mod coverage_tile;
pub mod creator_pages;
pub mod empty_result;
pub mod known;
pub mod select;
pub mod service_errors;
pub mod thumbnail_urls;
pub mod tile_search;

use select::Select;

/// Creator, area and filters.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub orgs: Vec<String>,
    pub creators: Vec<String>,
    /// User names; in an area they are looked up, since tiles contain ids only.
    pub users: Vec<String>,
    pub select: Select,
    /// Request every tile of zoom 14 of the area, however many.
    pub thorough: bool,
    /// The zooms between which a large area is pruned.
    pub zooms: Option<(u8, u8)>,
}

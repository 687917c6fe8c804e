//! Queries that several tools share: areas by tiles, selections, and known pictures.

pub mod coverage_tile;
pub mod creator_pages;
pub mod empty_result;
pub mod known;
pub mod select;
pub mod service_errors;
pub mod thumbnail_urls;
pub mod tile_and_bbox_search;
pub mod tile_search;
pub mod unread_parts;

use select::Select;

/// Creator, area and filters.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub orgs: Vec<String>,
    pub creators: Vec<String>,
    /// User names. In an area their ids are looked up, because tiles contain only ids.
    pub users: Vec<String>,
    pub select: Select,
    /// Whether to request every tile of zoom 14 in the area, however many there are.
    pub thorough: bool,
    /// The zooms between which a large area is pruned.
    pub zooms: Option<(u8, u8)>,
}

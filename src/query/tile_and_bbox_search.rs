//! Finds the pictures of a tile by both ways the service offers: its coverage tile, and bounding-box searches.
//!
//! A box is split in four if the service refuses it because it has too many pictures, or if the response looks
//! incomplete. The tile is the reference: a picture that the tile has and the response lacks is requested by
//! its id.

mod merge_sources;

use std::sync::Arc;

use crate::row::{Row, json};
use crate::service::{Client, Entity, ErrorKind, Next, Search};
use crate::value::area::Overlap;
use crate::value::geo::Position;
use crate::value::string_enum::words;
use crate::value::tile::Tile;

use super::coverage_tile::ZOOM;
use super::service_errors::unread;
use super::tile_search::{TileSearch, tile_row};
use crate::shape::{Diagnostics, Error, Outcome};

use merge_sources::OfTile;

/// The zoom of the first boxes: 0.0055 degrees wide, where the service takes less than 0.01.
const FIRST_ZOOM: u8 = 16;
/// The zoom of the last boxes: 0.0003 degrees wide. For denser boxes only the tile is used.
const LAST_ZOOM: u8 = 20;
/// The documented limit is 2,000, at which dense boxes were seen to time out.
const LIMIT: u32 = 1_000;
/// A response with this many rows may have been thinned without notice.
const SUSPECT_ROWS: usize = LIMIT as usize / 2;
/// At most this many pictures are requested by id; if more are missing, the response counts as thinned.
const MOST_ASKED: usize = 50;
const FACTS: &str = "sequence,captured_at,geometry,is_pano,compass_angle,creator,organization";

/// How a picture was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The tile alone.
    Tiles,
    /// The search alone.
    Search,
    Both,
}

words!(FoundBy: Tiles = "tiles", Search = "search", Both = "both");

/// The walk over the tiles of an area, each of which is also searched by boxes.
pub struct CellSearch {
    client: Arc<Client>,
    pub tiles: TileSearch,
}

/// A picture, its position, and how it was found.
pub struct Found {
    pub row: Row,
    pub place: Option<Position>,
    pub by: FoundBy,
}

/// A box whose search is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub tile: Tile,
    /// The number of pictures in the coverage tile, and in the search.
    pub tiles: u64,
    pub search: u64,
    /// Pictures of the tile that the service still has there, although no search lists them.
    pub missed_by_search: u64,
    pub missed_by_tiles: u64,
    /// Pictures of the tile that the service does not have any more.
    pub gone: u64,
    pub end: CellEnd,
}

/// How the search of a box ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellEnd {
    /// The search lists every picture that the tile has.
    Agreed,
    /// The search leaves some out, and the box is not split further.
    Thinned,
    /// The service refuses the box because it has too many pictures, and it is not split further.
    Refused,
}

/// Everything that is known about a tile of zoom 14.
#[derive(Default)]
pub struct TileImages {
    /// In the order of the tile, followed by those found only by the search, by time.
    pub found: Vec<Found>,
    pub cells: Vec<Cell>,
    /// The outcome of lists with entries that cannot be read.
    pub unread: Option<Outcome>,
}

impl CellSearch {
    pub fn new(client: Arc<Client>, tiles: TileSearch) -> CellSearch {
        CellSearch { client, tiles }
    }

    /// All pictures of a tile of zoom 14. Only boxes outside the area are left out; there are no other filters.
    pub fn images(&self, tile: Tile, notes: &dyn Diagnostics) -> Result<TileImages, Error> {
        let mut of_tile = OfTile::new(tile, self.tiles.every_image(tile, notes)?);
        let mut cells = Vec::new();
        let mut open: Vec<Tile> = descendants(tile, FIRST_ZOOM);
        open.reverse();
        while let Some(cell) = open.pop() {
            if self.tiles.query().select.area.cover(&cell.bounds()) == Overlap::Outside {
                continue;
            }
            match self.ask(cell, &mut of_tile, notes)? {
                Some(closed) => cells.push(closed),
                None => open.extend(cell.children().rev()),
            }
        }
        Ok(TileImages {
            unread: unread(tile_row(tile), of_tile.odd),
            found: of_tile.union(),
            cells,
        })
    }

    /// Searches a box; `None` if it has to be split in four.
    fn ask(
        &self,
        cell: Tile,
        of_tile: &mut OfTile,
        notes: &dyn Diagnostics,
    ) -> Result<Option<Cell>, Error> {
        let is_last = cell.z() >= LAST_ZOOM;
        notes.count("searches", 1);
        let page = match self.client.images(&search(cell)) {
            Err(error) if error.kind == ErrorKind::TooMuch && is_last => {
                return Ok(Some(of_tile.close(cell, CellEnd::Refused)));
            }
            Err(error) if error.kind == ErrorKind::TooMuch => return Ok(None),
            page => page?,
        };
        let is_suspect = page.rows.len() >= SUSPECT_ROWS || page.next != Next::End;
        of_tile.take(&page, notes);
        if is_suspect && !is_last {
            return Ok(None);
        }
        let missing = of_tile.missing(cell);
        let is_asked = !missing.is_empty() && (missing.len() <= MOST_ASKED || is_last);
        if is_asked {
            self.ask_by_id(cell, &missing, of_tile)?;
        }
        let is_thinned = is_suspect || !of_tile.missing(cell).is_empty();
        Ok(match (is_thinned, is_last) {
            (true, false) => None,
            (true, true) => Some(of_tile.close(cell, CellEnd::Thinned)),
            (false, _) => Some(of_tile.close(cell, CellEnd::Agreed)),
        })
    }

    /// Requests pictures that a search leaves out, because some no longer exist or have moved.
    fn ask_by_id(&self, cell: Tile, missing: &[String], of_tile: &mut OfTile) -> Result<(), Error> {
        for ids in missing.chunks(MOST_ASKED) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            for (id, entity) in self.client.multi_get(&ids, FACTS)? {
                match entity {
                    Entity::Gone => of_tile.lose(id),
                    Entity::Failed(error) if error.is_of_run() => return Err(error.into()),
                    // If the service does not answer, the picture counts as missed by the search.
                    Entity::Failed(_) => {}
                    Entity::Found(text) => {
                        if let Ok(row) = json::parse(text.get()) {
                            of_tile.tell(id, cell, &row);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

fn search(cell: Tile) -> Search {
    let bounds = cell.bounds();
    let sides = [bounds.west_deg(), bounds.south_deg(), bounds.east_deg(), bounds.north_deg()];
    let fields = format!("id,{FACTS}");
    Search { bbox: Some(sides), fields, limit: LIMIT, ..Search::default() }
}

/// The tiles of a zoom inside a tile.
fn descendants(tile: Tile, zoom: u8) -> Vec<Tile> {
    let mut tiles = vec![tile];
    for _ in tile.z()..zoom.max(ZOOM) {
        tiles = tiles.into_iter().flat_map(Tile::children).collect();
    }
    tiles
}

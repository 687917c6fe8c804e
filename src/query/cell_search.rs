//! The pictures of a tile by both ways that the service has: its coverage tile, and searches by box.
//!
//! A box that is refused for its many pictures, or whose answer looks thinned, is asked for in quarters. The tile is what
//! an answer is held against: a picture that it has, and that the answer leaves out, is asked for by its id.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::row::{Field, Row};
use crate::service::{Client, Entity, ErrorKind, Next, Page, Search};
use crate::value::area::Cover;
use crate::value::geo::Position;
use crate::value::string_enum::words;
use crate::value::tile::Tile;

use super::coverage_tile::ZOOM;
use super::creator_pages::read_rows;
use super::service_errors::{self, dropped};
use super::tile_search::TileSearch;
use crate::shape::{Diagnostics, Error};

/// The first boxes: 0.0055 degrees wide, where the service takes less than 0.01.
const FIRST_ZOOM: u8 = 16;
/// The last: 0.0003 degrees wide. What is too dense there is left to the tile.
const LAST_ZOOM: u8 = 20;
/// The documented limit is 2,000, with which dense boxes were seen to time out.
const LIMIT: u32 = 1_000;
/// An answer of so many rows may have been thinned without a word.
const SUSPECT_ROWS: usize = LIMIT as usize / 2;
/// So many pictures are asked for by their ids at most; where more are missing, the answer is thinned.
const MOST_ASKED: usize = 50;
const FACTS: &str = "sequence,captured_at,geometry,is_pano,compass_angle,creator,organization";

/// Which way a picture was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The tile alone.
    Tiles,
    /// The search alone.
    Search,
    Both,
}

words!(FoundBy: Tiles = "tiles", Search = "search", Both = "both");

/// The walk over the tiles of an area, each of which is searched by boxes, too.
pub struct CellSearch {
    client: Arc<Client>,
    pub tiles: TileSearch,
}

/// A picture, where it is, and how it was found.
pub struct Found {
    pub row: Row,
    pub place: Option<Position>,
    pub by: FoundBy,
}

/// A box that was asked for to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub tile: Tile,
    /// Pictures that the coverage tile has there, and that the search has.
    pub tiles: u64,
    pub search: u64,
    /// Pictures of the tile that the service still has there, and that no search lists.
    pub missed_by_search: u64,
    pub missed_by_tiles: u64,
    /// Pictures of the tile that the service does not have any more.
    pub gone: u64,
    pub end: CellEnd,
}

/// How the search of a box ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellEnd {
    /// It lists all that the tile has.
    Agreed,
    /// It leaves some out, and is not cut further.
    Thinned,
    /// It is refused for its many pictures, and is not cut further.
    Refused,
}

/// All that is known of a tile of zoom 14.
#[derive(Default)]
pub struct TileImages {
    /// In the order of the tile; then those of the search alone, by time.
    pub found: Vec<Found>,
    pub cells: Vec<Cell>,
}

impl CellSearch {
    pub fn new(client: Arc<Client>, tiles: TileSearch) -> CellSearch {
        CellSearch { client, tiles }
    }

    /// All pictures of a tile of zoom 14; no filter but the area, in whole boxes.
    pub fn images(&self, tile: Tile, notes: &dyn Diagnostics) -> Result<TileImages, Error> {
        let images = self.tiles.every_image(tile, notes)?;
        let mut of_tile = OfTile { tile, ..OfTile::default() };
        for image in images {
            let (id, place) = (image.row.get(Field::ImgId), image.places.first());
            if let (Some(id), Some(&place)) = (id, place) {
                of_tile.listed.insert(id.to_string());
                of_tile.images.push((id.to_string(), place, image.row));
            }
        }
        let mut cells = Vec::new();
        let mut open: Vec<Tile> = descendants(tile, FIRST_ZOOM);
        open.reverse();
        while let Some(cell) = open.pop() {
            if self.tiles.query().select.area.cover(&cell.bounds()) == Cover::Outside {
                continue;
            }
            match self.ask(cell, &mut of_tile, notes)? {
                Some(closed) => cells.push(closed),
                None => open.extend(cell.children().rev()),
            }
        }
        Ok(TileImages { found: of_tile.union(), cells })
    }

    /// Asks for a box; none where it has to be asked for in quarters.
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
        of_tile.take(&page, cell, notes);
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

    /// Asks for pictures that a search leaves out: some are gone, or lie elsewhere now.
    fn ask_by_id(&self, cell: Tile, missing: &[String], of_tile: &mut OfTile) -> Result<(), Error> {
        for ids in missing.chunks(MOST_ASKED) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            for (id, entity) in self.client.multi_get(&ids, FACTS)? {
                match entity {
                    Entity::Gone => _ = of_tile.gone.insert(id),
                    Entity::Failed(error) if error.is_of_run() => return Err(error.into()),
                    // What it does not tell is held against the search.
                    Entity::Failed(_) => {}
                    Entity::Found(text) => {
                        let place =
                            crate::row::json::parse(text.get()).ok().and_then(|r| place(&r));
                        if place.is_some_and(|place| Tile::at(place, cell.z()) != cell) {
                            of_tile.elsewhere.insert(id);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// What the two ways say of a tile of zoom 14.
struct OfTile {
    tile: Tile,
    /// Of the coverage tile: ids, places to half a metre, rows.
    images: Vec<(String, Position, Row)>,
    listed: HashSet<String>,
    /// Of the searches, by id.
    searched: HashMap<String, (Row, Option<Position>)>,
    gone: HashSet<String>,
    /// Pictures that the tile has in another box than where they are.
    elsewhere: HashSet<String>,
}

impl Default for OfTile {
    fn default() -> OfTile {
        OfTile {
            tile: Tile::WORLD,
            images: Vec::new(),
            listed: HashSet::new(),
            searched: HashMap::new(),
            gone: HashSet::new(),
            elsewhere: HashSet::new(),
        }
    }
}

impl OfTile {
    fn take(&mut self, page: &Page, cell: Tile, notes: &dyn Diagnostics) {
        let (rows, odd) = read_rows(page);
        dropped(&format!("the search in {cell}"), odd, 0, notes);
        for mut row in rows {
            service_errors::clean(&mut row);
            let Some(id) = row.get(Field::ImgId).map(String::from) else { continue };
            let at = place(&row);
            // What lies on the edge, or beyond, is the neighbour's.
            let is_here = at.is_none_or(|at| Tile::at(at, self.tile.z()) == self.tile);
            if is_here || self.listed.contains(&id) {
                self.searched.insert(id, (row, at));
            }
        }
    }

    /// Pictures that the tile has in a box and that no search has listed.
    fn missing(&self, cell: Tile) -> Vec<String> {
        let is_missing = |id: &str| {
            !self.searched.contains_key(id)
                && !self.gone.contains(id)
                && !self.elsewhere.contains(id)
        };
        let there = self.images.iter().filter(|(_, at, _)| Tile::at(*at, cell.z()) == cell);
        there.filter(|(id, ..)| is_missing(id)).map(|(id, ..)| id.clone()).collect()
    }

    fn close(&self, cell: Tile, end: CellEnd) -> Cell {
        let is_in = |at: Position| Tile::at(at, cell.z()) == cell;
        let in_tile = || self.images.iter().filter(|(_, at, _)| is_in(*at));
        let searched = || {
            let placed = |(id, (_, at)): (_, &(Row, Option<Position>))| at.map(|at| (id, at));
            let there = self.searched.iter().filter_map(placed).filter(|(_, at)| is_in(*at));
            there.map(|(id, _): (&String, _)| id)
        };
        Cell {
            tile: cell,
            tiles: in_tile().count() as u64,
            search: searched().count() as u64,
            missed_by_search: self.missing(cell).len() as u64,
            missed_by_tiles: searched().filter(|id| !self.listed.contains(*id)).count() as u64,
            gone: in_tile().filter(|(id, ..)| self.gone.contains(id)).count() as u64,
            end,
        }
    }

    fn union(mut self) -> Vec<Found> {
        let mut found = Vec::new();
        for (id, at, row) in self.images {
            found.push(match self.searched.remove(&id) {
                Some((row, exact)) => Found { row, place: exact.or(Some(at)), by: FoundBy::Both },
                None => Found { row, place: Some(at), by: FoundBy::Tiles },
            });
        }
        let mut rest: Vec<(String, (Row, Option<Position>))> = self.searched.into_iter().collect();
        let captured = |row: &Row| row.integer(Field::CapturedAt).ok().flatten();
        rest.sort_by(|a, b| (captured(&a.1.0), &a.0).cmp(&(captured(&b.1.0), &b.0)));
        let only = |(_, (row, place))| Found { row, place, by: FoundBy::Search };
        found.extend(rest.into_iter().map(only));
        found
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

fn place(row: &Row) -> Option<Position> {
    let number = |field| row.number(field).ok().flatten();
    Position::new(number(Field::Lon)?, number(Field::Lat)?).ok()
}

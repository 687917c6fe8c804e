//! Combines what the coverage tile and the searches report for one tile of zoom 14.

use std::collections::{HashMap, HashSet};

use crate::row::{Field, Row};
use crate::service::Page;
use crate::shape::Diagnostics;
use crate::value::geo::Position;
use crate::value::tile::Tile;

use super::super::coverage_tile::TileFeature;
use super::super::creator_pages::{Entries, read_rows};
use super::super::service_errors::dropped;
use super::{Cell, CellEnd, Found, FoundBy};

/// The results of both ways for a tile of zoom 14.
pub(super) struct OfTile {
    tile: Tile,
    /// From the coverage tile: ids, positions with a resolution of half a metre, and rows.
    images: Vec<(String, Position, Row)>,
    listed: HashSet<String>,
    /// From the searches, by id.
    searched: HashMap<String, (Row, Option<Position>)>,
    gone: HashSet<String>,
    /// Pictures that the tile has in a box other than that of their true position.
    elsewhere: HashSet<String>,
    /// Entries and features that cannot be read.
    pub(super) odd: u64,
}

impl OfTile {
    /// Starts from the coverage tile; features without an id or a position are left out.
    pub(super) fn new(tile: Tile, (features, odd): (Vec<TileFeature>, u64)) -> OfTile {
        let placed = |feature: TileFeature| {
            let id = feature.row.get(Field::ImgId)?.to_string();
            Some((id, *feature.places.first()?, feature.row))
        };
        let images: Vec<_> = features.into_iter().filter_map(placed).collect();
        let listed = images.iter().map(|(id, ..)| id.clone()).collect();
        let (searched, gone, elsewhere) = Default::default();
        OfTile { tile, images, listed, searched, gone, elsewhere, odd }
    }

    /// Records that the service no longer has this picture.
    pub(super) fn lose(&mut self, id: String) {
        self.gone.insert(id);
    }

    /// Records the service's own row of a picture that the tile has in this box.
    pub(super) fn tell(&mut self, id: String, cell: Tile, row: &Row) {
        if place(row).is_some_and(|place| Tile::at(place, cell.z()) != cell) {
            self.elsewhere.insert(id);
        }
    }

    pub(super) fn take(&mut self, page: &Page, notes: &dyn Diagnostics) {
        let Entries { rows, failed } = read_rows(page);
        let odd = page.odd + failed.len() as u64;
        dropped(odd, 0, notes);
        self.odd += odd;
        for row in rows {
            let Some(id) = row.get(Field::ImgId).map(String::from) else { continue };
            let at = place(&row);
            // A picture on the edge or beyond belongs to the neighbouring tile.
            let is_here = at.is_none_or(|at| Tile::at(at, self.tile.z()) == self.tile);
            if is_here || self.listed.contains(&id) {
                self.searched.insert(id, (row, at));
            }
        }
    }

    /// Pictures that the tile has in this box and that no search has listed.
    pub(super) fn missing(&self, cell: Tile) -> Vec<String> {
        let is_missing = |id: &str| {
            !self.searched.contains_key(id)
                && !self.gone.contains(id)
                && !self.elsewhere.contains(id)
        };
        let there = self.images.iter().filter(|(_, at, _)| Tile::at(*at, cell.z()) == cell);
        there.filter(|(id, ..)| is_missing(id)).map(|(id, ..)| id.clone()).collect()
    }

    pub(super) fn close(&self, cell: Tile, end: CellEnd) -> Cell {
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

    pub(super) fn union(mut self) -> Vec<Found> {
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

fn place(row: &Row) -> Option<Position> {
    let number = |field| row.number(field).ok().flatten();
    Position::new(number(Field::Lon)?, number(Field::Lat)?).ok()
}

#[cfg(test)]
mod tests;

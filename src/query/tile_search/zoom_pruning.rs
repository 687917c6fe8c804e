//! Reduces a large area to its tiles of zoom 14 that are not empty, using tiles of lower zooms.

use crate::format::mvt::Layer;
use crate::value::area::Overlap;
use crate::value::tile::{Tile, covering};

use super::super::coverage_tile::{self, ZOOM};
use super::{TileResult, TileSearch};

/// A larger area, in tiles of zoom 14, is pruned first.
const MOST_TILES: u64 = 5_000;

/// The step from one requested zoom to the next: 256 tiles each.
const ZOOM_STEP: u8 = 4;

impl TileSearch {
    pub(super) fn first_zoom(&self) -> u8 {
        self.zooms().map_or(ZOOM, |(first, _)| first)
    }

    /// The number of tiles of zoom 14 in the area, and whether it is pruned first.
    pub fn extent(&self) -> (u64, bool) {
        (self.tiles, self.zooms().is_some())
    }

    pub(super) fn below(&self, layers: &[Layer<'_>], tile: Tile) -> TileResult {
        let last = self.zooms().map_or(ZOOM, |(_, last)| last);
        let zoom = if tile.z() + ZOOM_STEP > last { ZOOM } else { tile.z() + ZOOM_STEP };
        let filled = coverage_tile::filled(layers, tile, zoom);
        let inside = filled
            .into_iter()
            .filter(|tile| self.query.select.area.cover(&tile.bounds()) != Overlap::Outside);
        TileResult { next: inside.map(|tile| tile.to_string()).collect(), ..TileResult::default() }
    }

    /// The first start tile, whose result reports the doubt about the whole area.
    pub(super) fn first(&self) -> Option<Tile> {
        let (first, _) = self.zooms()?;
        covering(&self.query.select.area, first).next()
    }

    pub(super) fn zooms(&self) -> Option<(u8, u8)> {
        let thins = self.tiles > MOST_TILES && !self.query.thorough;
        thins.then(|| self.query.zooms.unwrap_or((6, ZOOM - ZOOM_STEP)))
    }
}

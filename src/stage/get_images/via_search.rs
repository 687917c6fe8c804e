//! get-images --via search: the pictures of an area both by tiles and by search, and what each of them misses.

mod cell_row;
mod merge_sources;

use std::sync::{Arc, LazyLock};

use crate::query::Query;
use crate::query::coverage_tile::{self, ZOOM};
use crate::query::known::KnownIds;
use crate::query::tile_and_bbox_search::{CellSearch, Found};
use crate::query::tile_search::{TileSearch, may_contain};
use crate::row::{Column, Columns};
use crate::service::Client;
use crate::shape::{
    Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Shape, Walk, WalkStep,
};
use crate::value::human_format::counted;
use crate::value::tile::Tile;

use super::named::unless_known;
use cell_row::{CELL, cell_row, refused};
pub use merge_sources::MergedPictures;

const FOUND_BY: &str = "found_by";
static COLUMNS: LazyLock<Arc<Columns>> = LazyLock::new(|| {
    let fields = coverage_tile::FIELDS.into_iter().map(Column::from);
    Columns::new(fields.chain([Column::named(FOUND_BY)]))
});

/// The walk over tiles, each of which is also searched.
pub struct ViaSearch {
    cells: CellSearch,
    known: KnownIds,
    /// Output the cells instead of the pictures.
    check: bool,
}

impl ViaSearch {
    /// # Errors
    /// If there is no area, or the service does not know a user.
    pub fn new(
        client: Arc<Client>,
        query: Query,
        known: KnownIds,
        check: bool,
    ) -> Result<ViaSearch, FatalError> {
        if query.select.area.is_empty() {
            return Err(FatalError("--via search looks in an area: give --bbox or --area".into()));
        }
        let tiles = TileSearch::new(Arc::clone(&client), query)?;
        Ok(ViaSearch { cells: CellSearch::new(client, tiles), known, check })
    }

    /// The text of a dry run.
    pub fn plan(&self) -> String {
        let (tiles, _) = self.cells.tiles.extent();
        format!(
            "would request {} of zoom 14, and search up to {} there, more where they are dense",
            counted(tiles, "tiles"),
            counted(tiles * 16, "boxes")
        )
    }

    fn image(&self, found: Found) -> Outcome {
        let query = self.cells.tiles.query();
        let is_inside = found.place.is_some_and(|place| may_contain(&query.select.area, place));
        match query.wants(&found.row) {
            Ok(true) if is_inside => {}
            Err(wrong) if is_inside => return Outcome::failed(found.row, wrong),
            _ => return Outcome::Filtered,
        }
        let mut row = found.row.under(&COLUMNS);
        row.set_column(&Column::named(FOUND_BY), found.by.word(), false);
        unless_known(row, &self.known)
    }
}

impl Walk for ViaSearch {
    fn shape(&self, _: &InputHeader) -> Shape {
        shape(self.check)
    }

    fn start(&self) -> Places {
        self.cells.tiles.start()
    }

    fn starts(&self) -> Option<u64> {
        Some(self.cells.tiles.starts())
    }

    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error> {
        let tile: Tile = place.parse().map_err(|_| format!("'{place}' is not a tile"))?;
        if tile.z() < ZOOM {
            let found = self.cells.tiles.step(place, notes)?;
            return Ok(WalkStep { outcomes: found.doubt.into_iter().collect(), next: found.next });
        }
        let all = self.cells.images(tile, notes)?;
        let mut outcomes: Vec<Outcome> = if self.check {
            all.cells.iter().map(|cell| Outcome::Rows(vec![cell_row(cell)])).collect()
        } else {
            all.found.into_iter().map(|found| self.image(found)).collect()
        };
        if !self.check {
            outcomes.extend(all.cells.iter().filter_map(refused));
        }
        outcomes.extend(all.unread);
        Ok(WalkStep { outcomes, next: Vec::new() })
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        if !self.check {
            self.cells.tiles.nothing(notes);
        }
    }
}

fn shape(check: bool) -> Shape {
    let mut sets: Vec<Column> = coverage_tile::FIELDS.map(Into::into).to_vec();
    sets.push(Column::named(FOUND_BY));
    if check {
        sets = CELL.map(Column::named).to_vec();
    }
    Shape { sets, only_sets: check, ..Shape::default() }
}

//! get-images --via search: the pictures of an area by tiles and by search, and what each of them misses.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::query::Query;
use crate::query::cell_search::{Cell, CellEnd, CellSearch, Found, FoundBy};
use crate::query::coverage_tile::{self, ZOOM};
use crate::query::known::{self, KnownIds};
use crate::query::tile_search::TileSearch;
use crate::row::{Column, Columns, Field, Row};
use crate::service::Client;
use crate::shape::{
    Cut, Diagnostics, Error, FatalError, InputHeader, Outcome, Places, Scan, Shape, Walk, WalkStep,
};
use crate::value::human_format::counted;
use crate::value::tile::Tile;

use super::named::unless_known;

const FOUND_BY: &str = "found_by";
const STATUS: &str = "status";
/// The columns of a cell, of which each but the first and the last two is a count.
const CELL: [&str; 8] =
    ["cell", "tiles", "search", "missed_by_search", "missed_by_tiles", "gone", STATUS, "why"];

static COLUMNS: LazyLock<Arc<Columns>> = LazyLock::new(|| {
    let fields = coverage_tile::FIELDS.into_iter().map(Column::from);
    Columns::new(fields.chain([Column::named(FOUND_BY)]))
});

/// The walk over tiles, each of which is searched, too.
pub struct ViaSearch {
    cells: CellSearch,
    known: KnownIds,
    /// Gives the cells instead of the pictures.
    check: bool,
}

impl ViaSearch {
    /// # Errors
    /// No area; a user that the service does not know.
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

    /// What a dry run says.
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
        let is_inside = found.place.is_some_and(|place| query.select.area.contains(place));
        if !is_inside || !query.wants(&found.row) {
            return Outcome::Filtered;
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
            let doubt = found.doubt().into_iter().collect();
            return Ok(WalkStep { outcomes: doubt, next: found.next });
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
        Ok(WalkStep { outcomes, next: Vec::new() })
    }

    fn nothing(&self, notes: &dyn Diagnostics) {
        if !self.check {
            self.cells.tiles.nothing(notes);
        }
    }
}

/// A cell whose pictures are those of the tile alone.
fn refused(cell: &Cell) -> Option<Outcome> {
    let list = || Row::from_cells(&[(Field::Path, &cell.tile.to_string())]);
    let why = || "the search is refused even there: its pictures are those of the tile".to_string();
    let cut = || Outcome::Cut(Cut { rows: Vec::new(), list: list(), why: why() });
    (cell.end == CellEnd::Refused).then(cut)
}

fn cell_row(cell: &Cell) -> Row {
    let counts = [cell.tiles, cell.search, cell.missed_by_search, cell.missed_by_tiles, cell.gone];
    let mut row = Row::new(Columns::new(CELL.map(Column::named)));
    row.set_column(&Column::named(CELL[0]), &cell.tile.to_string(), false);
    for (name, count) in CELL[1..].iter().zip(counts) {
        row.set_column(&Column::named(name), &count.to_string(), true);
    }
    let why = why(cell);
    let status = if why.is_empty() { "complete" } else { "incomplete" };
    row.set_column(&Column::named(STATUS), status, false);
    row.set_column(&Column::named("why"), &why, false);
    row
}

/// Why a cell is not complete; empty when it is.
fn why(cell: &Cell) -> String {
    match cell.end {
        CellEnd::Agreed => String::new(),
        CellEnd::Refused => "the search is refused: too many pictures".into(),
        CellEnd::Thinned if cell.missed_by_search == 0 => {
            format!("the search lists {} and may have more", cell.search)
        }
        CellEnd::Thinned => {
            format!("the search leaves out {} that the tile has", cell.missed_by_search)
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

/// Takes each picture once, since what lies on the edge of a tile may come with its neighbour, too; names cells that
/// are not complete; and says at the end what each way has missed.
pub struct Union {
    check: bool,
    /// How each picture was found first: some 20 bytes a picture.
    seen: HashMap<u64, FoundBy>,
    missed_by_search: u64,
    missed_by_tiles: u64,
    cells: u64,
    incomplete: u64,
}

impl Union {
    pub fn new(check: bool) -> Union {
        let seen = HashMap::new();
        Union { check, seen, missed_by_search: 0, missed_by_tiles: 0, cells: 0, incomplete: 0 }
    }

    fn cell(&mut self, row: Row) -> Outcome {
        let count = |at: usize| {
            row.get_column(&Column::named(CELL[at])).and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        self.missed_by_search += count(3);
        self.missed_by_tiles += count(4);
        self.cells += 1;
        match row.get_column(&Column::named("why")).map(String::from) {
            None => Outcome::Rows(vec![row]),
            Some(why) => {
                self.incomplete += 1;
                Outcome::Found(row, why)
            }
        }
    }

    /// Whether the picture has not come before.
    fn is_new(&mut self, row: &Row) -> bool {
        let by = row.get_column(&Column::named(FOUND_BY)).and_then(|by| by.parse().ok());
        let by = by.unwrap_or(FoundBy::Both);
        let key = known::key(row.get(Field::ImgId).unwrap_or_default());
        let before = self.seen.insert(key, by);
        let joined = match before {
            Some(before) if before != by => FoundBy::Both,
            _ => by,
        };
        self.seen.insert(key, joined);
        let count = |by| match by {
            Some(FoundBy::Tiles) => (1, 0),
            Some(FoundBy::Search) => (0, 1),
            _ => (0, 0),
        };
        let ((search_before, tiles_before), (search, tiles)) = (count(before), count(Some(joined)));
        self.missed_by_search = self.missed_by_search + search - search_before;
        self.missed_by_tiles = self.missed_by_tiles + tiles - tiles_before;
        before.is_none()
    }
}

impl Scan for Union {
    fn shape(&self, _: &InputHeader) -> Shape {
        shape(self.check)
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        if self.check {
            out.push(self.cell(row));
        } else if self.is_new(&row) {
            out.push(Outcome::Rows(vec![row]));
        } else {
            notes.count("repeats dropped", 1);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        notes.count("missed by search", self.missed_by_search);
        notes.count("missed by tiles", self.missed_by_tiles);
        if self.check && self.cells > 0 && self.incomplete == 0 {
            notes.warn(&format!("all {} cells are complete", self.cells));
        } else if self.check && self.cells > 0 {
            notes.warn(&format!("{} of {} cells are not complete", self.incomplete, self.cells));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! The cells of a check as rows: the number of pictures found each way, and why a cell is incomplete.

use crate::query::tile_and_bbox_search::{Cell, CellEnd};
use crate::row::{Column, Columns, Field, Row};
use crate::shape::{Cut, Outcome};

const STATUS: &str = "status";

/// The columns of a cell; all but the first and the last two are counts.
pub const CELL: [&str; 8] =
    ["cell", "tiles", "search", "missed_by_search", "missed_by_tiles", "gone", STATUS, "why"];

/// The outcome of a cell whose search was refused, so that its pictures come from the tile alone.
pub fn refused(cell: &Cell) -> Option<Outcome> {
    let list = || Row::from_cells(&[(Field::Path, &cell.tile.to_string())]);
    let why = || "the search is refused even there: its pictures are those of the tile".to_string();
    let cut = || Outcome::Cut(Cut { rows: Vec::new(), list: list(), why: why() });
    (cell.end == CellEnd::Refused).then(cut)
}

pub fn cell_row(cell: &Cell) -> Row {
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

/// Why a cell is incomplete; empty if it is complete.
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

#[cfg(test)]
mod tests;

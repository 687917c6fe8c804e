//! Merges the pictures found both ways, without duplicates, and counts what each way has missed.

use std::collections::HashMap;

use super::cell_row::CELL;
use super::{FOUND_BY, shape};
use crate::query::known::{self};
use crate::query::tile_and_bbox_search::FoundBy;
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

/// Passes each picture once, because pictures on the edge of a tile may be found with its neighbour too; reports
/// incomplete cells; and at the end reports what each way has missed.
pub struct MergedPictures {
    check: bool,
    /// How each picture was found so far: some 20 bytes a picture.
    seen: HashMap<u64, FoundBy>,
    missed_by_search: u64,
    missed_by_tiles: u64,
    cells: u64,
    incomplete: u64,
}

impl MergedPictures {
    pub fn new(check: bool) -> MergedPictures {
        let seen = HashMap::new();
        MergedPictures {
            check,
            seen,
            missed_by_search: 0,
            missed_by_tiles: 0,
            cells: 0,
            incomplete: 0,
        }
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

    /// Whether the picture has not been seen before.
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

impl Scan for MergedPictures {
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

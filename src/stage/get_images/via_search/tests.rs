//! Tests of what the union of two ways counts.

use super::*;
use crate::shape::Outcome;

/// Counts what is noted.
#[derive(Default)]
struct Notes(std::sync::Mutex<Vec<(&'static str, u64)>>);

impl Diagnostics for Notes {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, what: &'static str, more: u64) {
        self.0.lock().unwrap().push((what, more));
    }
}

fn found(id: &str, by: FoundBy) -> Row {
    let mut row = Row::from_cells(&[(Field::ImgId, id)]).under(&COLUMNS);
    row.set_column(&Column::named(FOUND_BY), by.word(), false);
    row
}

fn counted(rows: &[(&str, FoundBy)]) -> (usize, u64, u64) {
    let (mut union, mut out, notes) = (Union::new(false), Vec::new(), Notes::default());
    for (id, by) in rows {
        union.push(found(id, *by), &mut out, &notes).unwrap();
    }
    union.end(&mut out, &notes).unwrap();
    let counts = notes.0.into_inner().unwrap();
    let count = |name| counts.iter().filter(|(what, _)| *what == name).map(|(_, n)| n).sum();
    let rows = out.iter().filter(|outcome| matches!(outcome, Outcome::Rows(_))).count();
    (rows, count("missed by search"), count("missed by tiles"))
}

#[test]
fn a_picture_on_the_edge_of_two_tiles_comes_once_and_is_missed_by_none() {
    use FoundBy::{Both, Search, Tiles};
    assert_eq!(counted(&[("1", Both), ("2", Tiles), ("3", Search)]), (3, 1, 1));
    assert_eq!(counted(&[("1", Search), ("1", Tiles)]), (1, 0, 0));
    assert_eq!(counted(&[("1", Tiles), ("1", Both), ("2", Search), ("2", Search)]), (2, 0, 1));
}

#[test]
fn a_cell_is_complete_only_when_the_search_has_all_of_the_tile() {
    let cell = |end, missed_by_search| Cell {
        tile: Tile::new(20, 5, 6).unwrap(),
        tiles: 4,
        search: 4 - missed_by_search,
        missed_by_search,
        missed_by_tiles: 0,
        gone: 0,
        end,
    };
    assert_eq!(why(&cell(CellEnd::Agreed, 0)), "");
    assert_eq!(why(&cell(CellEnd::Thinned, 1)), "the search leaves out 1 that the tile has");
    assert_eq!(why(&cell(CellEnd::Thinned, 0)), "the search lists 4 and may have more");
    assert!(why(&cell(CellEnd::Refused, 4)).contains("refused"));
    let mut union = Union::new(true);
    let outcome = union.cell(cell_row(&cell(CellEnd::Thinned, 1)));
    assert!(matches!(outcome, Outcome::Found(..)), "{outcome:?}");
    let outcome = union.cell(cell_row(&cell(CellEnd::Agreed, 0)));
    assert!(matches!(outcome, Outcome::Rows(_)), "{outcome:?}");
    assert_eq!((union.cells, union.incomplete, union.missed_by_search), (2, 1, 1));
}

use super::*;
use crate::photo::silent_reporter::tests::LineAction;
use crate::query::tile_and_bbox_search::Cell;
use crate::query::tile_and_bbox_search::CellEnd::{self, Agreed, Refused, Thinned};
use crate::stage::get_images::via_search::COLUMNS;
use crate::stage::get_images::via_search::cell_row::cell_row;
use crate::value::tile::Tile;

fn found(id: &str, by: FoundBy) -> Row {
    let mut row = Row::from_cells(&[(Field::ImgId, id)]).under(&COLUMNS);
    row.set_column(&Column::named(FOUND_BY), by.word(), false);
    row
}

fn counted(rows: &[(&str, FoundBy)]) -> (usize, u64, u64) {
    let (mut union, mut out, heard) =
        (MergedPictures::new(false), Vec::new(), LineAction::default());
    for (id, by) in rows {
        union.push(found(id, *by), &mut out, &heard).unwrap();
    }
    union.end(&mut out, &heard).unwrap();
    let rows = out.iter().filter(|outcome| matches!(outcome, Outcome::Rows(_))).count();
    (rows, heard.count_of("missed by search"), heard.count_of("missed by tiles"))
}

#[test]
fn a_picture_on_the_edge_of_two_tiles_comes_once_and_is_missed_by_none() {
    use FoundBy::{Both, Search, Tiles};
    assert_eq!(counted(&[("1", Both), ("2", Tiles), ("3", Search)]), (3, 1, 1));
    assert_eq!(counted(&[("1", Search), ("1", Tiles)]), (1, 0, 0));
    assert_eq!(counted(&[("1", Tiles), ("1", Both), ("2", Search), ("2", Search)]), (2, 0, 1));
}

fn cell(end: CellEnd, missed_by_search: u64, missed_by_tiles: u64) -> Row {
    let (tile, search) = (Tile::new(20, 5, 6).unwrap(), 4 - missed_by_search);
    let (tiles, gone) = (4 - missed_by_tiles, 0);
    cell_row(&Cell { tile, tiles, search, missed_by_search, missed_by_tiles, gone, end })
}

fn checked(rows: Vec<Row>) -> (Vec<Outcome>, Vec<String>) {
    let (mut union, mut out, heard) =
        (MergedPictures::new(true), Vec::new(), LineAction::default());
    rows.into_iter().for_each(|row| union.push(row, &mut out, &heard).unwrap());
    union.end(&mut out, &heard).unwrap();
    (out, heard.said())
}

#[test]
fn a_cell_is_complete_only_when_the_search_has_all_of_the_tile() {
    let (out, said) = checked(vec![cell(Thinned, 1, 0), cell(Agreed, 0, 0)]);
    assert!(matches!(&out[0], Outcome::Found(_, why) if why.contains("leaves out 1")), "{out:?}");
    assert!(matches!(&out[1], Outcome::Rows(_)), "{out:?}");
    assert_eq!(said, ["1 of 2 cells are not complete"]);
}

#[test]
fn only_where_there_are_cells_they_are_said_to_be_complete() {
    assert_eq!(checked(vec![cell(Agreed, 0, 2)]).1, ["all 1 cells are complete"]);
    assert_eq!(checked(Vec::new()).1, [""; 0]);
    assert_eq!(checked(vec![cell(Refused, 4, 0)]).1, ["1 of 1 cells are not complete"]);
}

use super::*;
use crate::value::tile::Tile;

fn why(end: CellEnd, missed_by_search: u64) -> (String, String) {
    let (tile, search) = (Tile::new(20, 5, 6).unwrap(), 4 - missed_by_search);
    let cell = Cell { tile, tiles: 4, search, missed_by_search, missed_by_tiles: 0, gone: 0, end };
    let row = cell_row(&cell);
    let text = |name| row.get_column(&Column::named(name)).unwrap_or_default().to_string();
    (text(STATUS), text("why"))
}

#[test]
fn a_cell_says_why_it_is_not_complete() {
    let incomplete = |why: &str| ("incomplete".to_string(), why.to_string());
    assert_eq!(why(CellEnd::Agreed, 0), ("complete".into(), String::new()));
    let thinned = incomplete("the search leaves out 1 that the tile has");
    assert_eq!(why(CellEnd::Thinned, 1), thinned);
    let full = incomplete("the search lists 4 and may have more");
    assert_eq!(why(CellEnd::Thinned, 0), full);
    let refused = incomplete("the search is refused: too many pictures");
    assert_eq!(why(CellEnd::Refused, 4), refused);
}

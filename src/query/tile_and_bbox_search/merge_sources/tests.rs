use serde_json::value::RawValue;

use super::*;
use crate::service::Next;
use crate::shape::Diagnostics;

struct Silent;

impl Diagnostics for Silent {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

fn at(lon: f64) -> Position {
    Position::new(lon, 54.32).unwrap()
}

fn tile() -> Tile {
    Tile::at(at(9.95), 14)
}

/// A coverage tile with these ids and positions.
fn listed(images: &[(&str, f64)]) -> OfTile {
    let feature = |&(id, lon): &(&str, f64)| TileFeature {
        row: Row::from_cells(&[(Field::ImgId, id)]),
        places: vec![at(lon)],
    };
    OfTile::new(tile(), (images.iter().map(feature).collect(), 0))
}

/// A page of a search with these ids, positions and times.
fn page(images: &[(&str, f64, i64)]) -> Page {
    let row = |&(id, lon, ms): &(&str, f64, i64)| {
        let text = format!(
            r#"{{"id":"{id}","captured_at":{ms},"geometry":{{"type":"Point","coordinates":[{lon},54.32]}}}}"#
        );
        RawValue::from_string(text).unwrap()
    };
    Page { rows: images.iter().map(row).collect(), odd: 0, next: Next::End }
}

#[test]
fn what_a_tile_has_and_no_search_lists_is_missing_until_it_is_known_to_be_gone_or_elsewhere() {
    let mut both = listed(&[("1", 9.95), ("2", 9.95), ("3", 9.95), ("4", 9.95)]);
    both.take(&page(&[("1", 9.95, 1)]), &Silent);
    assert_eq!(both.missing(tile()), ["2", "3", "4"]);
    both.lose("2".into());
    both.tell("3".into(), tile(), &Row::from_cells(&[(Field::Lon, "9.95"), (Field::Lat, "54.32")]));
    assert_eq!(both.missing(tile()), ["3", "4"], "it is there");
    both.tell("3".into(), tile(), &Row::from_cells(&[(Field::Lon, "8"), (Field::Lat, "54.32")]));
    both.tell("4".into(), tile(), &Row::from_cells(&[]));
    assert_eq!(both.missing(tile()), ["4"], "a place that is not told moves nothing");
    assert!(both.missing(Tile::at(at(9.0), 14)).is_empty(), "of another box");
}

#[test]
fn a_box_is_counted_by_both_ways() {
    let mut both = listed(&[("1", 9.95), ("2", 9.95)]);
    both.take(&page(&[("1", 9.95, 1), ("7", 9.95, 1)]), &Silent);
    both.lose("2".into());
    let cell = both.close(tile(), CellEnd::Agreed);
    let counts = (cell.tiles, cell.search, cell.missed_by_search, cell.missed_by_tiles, cell.gone);
    assert_eq!(counts, (2, 2, 0, 1, 1));
}

#[test]
fn the_union_has_each_picture_once_with_the_better_place_and_those_of_the_search_by_time() {
    let mut both = listed(&[("2", 9.95), ("1", 9.95)]);
    let neighbour = ("9", 9.0, 1);
    both.take(
        &page(&[("8", 9.9501, 30), ("7", 9.9501, 20), ("1", 9.9502, 40), neighbour]),
        &Silent,
    );
    let union = both.union();
    let id = |found: &Found| found.row.get(Field::ImgId).unwrap().to_string();
    let found: Vec<_> = union.iter().map(|found| (id(found), found.by)).collect();
    let (tiles, search) = (FoundBy::Tiles, FoundBy::Search);
    let wanted = [("2", tiles), ("1", FoundBy::Both), ("7", search), ("8", search)];
    assert_eq!(found, wanted.map(|(id, by)| (id.to_string(), by)));
    assert_eq!(union[1].place, Some(at(9.9502)), "the tile's is rounded");
}

#[test]
fn a_feature_without_an_id_or_a_place_is_no_picture() {
    let feature = |id: &str, places: Vec<Position>| TileFeature {
        row: Row::from_cells(&[(Field::ImgId, id)]),
        places,
    };
    let both =
        OfTile::new(tile(), (vec![feature("", vec![at(9.95)]), feature("1", Vec::new())], 0));
    assert!(both.missing(tile()).is_empty() && both.union().is_empty());
}

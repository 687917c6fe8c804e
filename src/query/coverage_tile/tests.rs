use super::*;
use crate::format::mvt::{self, GeometryType, LayerWriter};

fn tile_bytes() -> Vec<u8> {
    let mut images = LayerWriter::new("image", 4096);
    let values = [
        ("id", Value::Uint(7)),
        ("sequence_id", Value::Text("s")),
        ("captured_at", Value::Text("")),
    ];
    images.feature(Some(1), GeometryType::Points, &[&[(100, 200)]], &values);
    images.feature(Some(2), GeometryType::Points, &[&[(-5, 200)]], &values);
    mvt::write([images])
}

#[test]
fn blank_properties_are_absent_and_points_beyond_the_edge_are_the_neighbours() {
    let bytes = tile_bytes();
    let layers = mvt::read(&bytes).unwrap();
    let found = images(&layers, Tile::new(14, 8801, 5373).unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].row.get(Field::ImgId), Some("7"));
    assert_eq!(found[0].row.get(Field::CapturedAt), None);
}

#[test]
fn a_long_line_fills_the_tiles_it_passes() {
    let mut lines = LayerWriter::new("sequence", 4096);
    lines.feature(None, GeometryType::Lines, &[&[(10, 10), (4000, 10)]], &[]);
    let bytes = mvt::write([lines]);
    let tiles = filled(&mvt::read(&bytes).unwrap(), Tile::new(6, 1, 1).unwrap(), 8);
    assert_eq!(
        tiles.iter().map(|t| (t.x(), t.y())).collect::<Vec<_>>(),
        [(4, 4), (5, 4), (6, 4), (7, 4)]
    );
}

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
fn a_feature_without_a_point_has_no_place_and_an_id_with_lost_digits_is_none() {
    let mut layer = LayerWriter::new("image", 4096);
    layer.feature(None, GeometryType::Points, &[], &[("id", Value::Uint(7))]);
    let ids = [
        (Value::Text("8"), Some("8")),
        (Value::Text("x/../y"), None),
        (Value::Double(1_020_304_050_600_100.0), Some("1020304050600100")),
        (Value::Double(1e17), None),
        (Value::Double(1.5), None),
        (Value::Float(1e15), None),
        (Value::Float(9.0), Some("9")),
        (Value::Int(-1), None),
        (Value::Sint(10), Some("10")),
        (Value::Uint(u64::MAX), Some("18446744073709551615")),
        (Value::Bool(true), None),
    ];
    for (id, _) in &ids {
        layer.feature(None, GeometryType::Points, &[&[(1, 2)]], &[("id", *id)]);
    }
    let bytes = mvt::write([layer]);
    let found = images(&mvt::read(&bytes).unwrap(), Tile::new(14, 8801, 5373).unwrap());
    assert!(found[0].places.is_empty() && found[0].row.get(Field::ImgId) == Some("7"));
    let read: Vec<_> = found[1..].iter().map(|found| found.row.get(Field::ImgId)).collect();
    assert_eq!(read, ids.map(|(_, wanted)| wanted));
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

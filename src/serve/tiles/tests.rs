use super::*;
use crate::format::mvt::{self, Value};
use crate::serve::index::build::Builder;
use crate::value::geo::Position;

fn archive(rows: &[&str]) -> Index {
    let mut builder = Builder::new(None);
    for row in rows {
        builder.add(row, None).expect("written").expect("a readable row");
    }
    Index::open(builder.finish("", "").expect("written")).expect("an index")
}

fn coverage(index: &Index, tile: Tile) -> Vec<u8> {
    super::coverage(index, tile, false).expect("readable")
}

fn tile(z: u8) -> Tile {
    Tile::at(Position::new(13.4, 52.52).expect("a place"), z)
}

fn street() -> Index {
    archive(&[
        r#"{"id":"1012345678901234","sequence":"seq-A","captured_at":1717245296123,"compass_angle":271.5,"is_pano":false,"creator":{"username":"ada","id":"100200300400500"},"organization":{"id":"9"},"geometry":{"coordinates":[13.4,52.52]}}"#,
        r#"{"id":"1012345678901299","sequence":"seq-A","captured_at":1717245298123,"geometry":{"coordinates":[13.401,52.52]}}"#,
        r#"{"id":"1012345678901300","sequence":"lone","captured_at":1717245298123,"geometry":{"coordinates":[13.4005,52.521]}}"#,
    ])
}

#[test]
fn the_deepest_tile_has_lines_and_images_with_integer_ids() {
    let bytes = coverage(&street(), tile(14));
    let layers = mvt::read(&bytes).expect("a tile");
    assert_eq!(layers.iter().map(|layer| layer.name()).collect::<Vec<_>>(), ["sequence", "image"]);
    let line = layers[0].features().next().expect("a line");
    assert_eq!(line.property("id"), Some(Value::Text("seq-A")));
    assert_eq!(line.property("image_id").and_then(Value::as_u64), Some(1012345678901234));
    assert_eq!(layers[0].features().count(), 1, "a single image is no line");
    let ids: Vec<_> =
        layers[1].features().filter_map(|image| image.property("id")?.as_u64()).collect();
    assert_eq!(ids.len(), 3);
    let first = layers[1].features().next().expect("an image");
    assert_eq!(first.property("sequence_id"), Some(Value::Text("seq-A")));
    assert_eq!(first.property("captured_at").and_then(Value::as_i64), Some(1717245296123));
    assert_eq!(first.property("compass_angle").and_then(Value::as_f64), Some(271.5));
    assert_eq!(first.property("organization_id").and_then(Value::as_u64), Some(9));
    let second = layers[1].features().nth(1).expect("an image");
    assert_eq!(second.property("is_pano"), None, "absent is no key");
}

#[test]
fn each_zoom_has_its_layer() {
    for (z, name) in [(0, "overview"), (5, "overview"), (6, "sequence"), (12, "sequence")] {
        let bytes = coverage(&street(), tile(z));
        let layers = mvt::read(&bytes).map_err(|e| e.to_string()).expect("a tile");
        let names: Vec<_> = layers.iter().map(|layer| layer.name()).collect();
        // At zoom 6 the street is shorter than a unit, so there is no line.
        assert!(names == [name] || (z == 6 && names.is_empty()), "{names:?} at {z}");
    }
}

#[test]
fn where_nothing_is_there_are_no_bytes() {
    assert!(coverage(&street(), Tile::WORLD.children().nth(3).expect("a tile")).is_empty());
    assert!(coverage(&archive(&[]), tile(14)).is_empty());
}

#[test]
fn an_image_lies_in_exactly_one_tile_of_each_zoom() {
    let archive = street();
    let middle = tile(14);
    let around = (-1i32..=1).flat_map(|dx| (-1i32..=1).map(move |dy| (dx, dy)));
    let tiles = around.filter_map(|(dx, dy)| {
        Tile::new(14, middle.x().checked_add_signed(dx)?, middle.y().checked_add_signed(dy)?)
    });
    let count: usize = tiles
        .map(|tile| coverage(&archive, tile))
        .map(|bytes| {
            mvt::read(&bytes)
                .expect("a tile")
                .iter()
                .filter(|l| l.name() == "image")
                .map(|l| l.features().count())
                .sum::<usize>()
        })
        .sum();
    assert_eq!(count, 3);
}

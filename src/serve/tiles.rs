//! Coverage tiles with the layers and the property types of the service:
//! ids of images and users are integers here, and strings in the Graph API.

use std::io;

use hyper::body::Bytes;

use super::answer::{Answer, Refusal};
use super::clip::parts_inside;
use super::index::grid::{self, EXTENT};
use super::index::layout::{BoxRecord, NO_TIME, NONE, Spot};
use super::index::{self, Image, Index};
use super::snapshot::Snapshot;
use crate::format::mvt::{self, Kind, LayerWriter, Value};
use crate::value::geo::Position;
use crate::value::tile::Tile;

/// Below this zoom there are points for sequences, from it on lines.
const LINES_FROM_ZOOM: u8 = 6;

/// The deepest zoom, and the only one with images.
const IMAGES_AT_ZOOM: u8 = 14;

type Point = (i32, i32);

/// The sets of the service. Only coverage is held; the others are there, and empty.
const SETS: [&str; 4] = [
    "mly1_public",
    "mly1_computed_public",
    "mly_map_feature_point",
    "mly_map_feature_traffic_sign",
];

/// A tile of a set; an empty body where there is nothing.
pub fn answer(archive: &Snapshot, set: &str, z: u32, x: u32, y: u32) -> Result<Answer, Refusal> {
    if !SETS.contains(&set) {
        let text = format!("Not Found: tile set '{set}' is not served, but {}\n", SETS.join(", "));
        return Ok(Answer::new(404, "text/plain", text));
    }
    let tile =
        u8::try_from(z).ok().filter(|z| *z <= IMAGES_AT_ZOOM).and_then(|z| Tile::new(z, x, y));
    let bytes = match (set, tile) {
        ("mly1_public", Some(tile)) => cached(archive, tile, false)?,
        ("mly1_computed_public", Some(tile)) => cached(archive, tile, true)?,
        _ => Bytes::new(),
    };
    Ok(Answer::new(200, "application/x-protobuf", bytes))
}

fn cached(archive: &Snapshot, tile: Tile, is_computed: bool) -> io::Result<Bytes> {
    if let Some(bytes) = archive.tiles.get(&(is_computed, tile)) {
        return Ok(bytes);
    }
    let bytes = Bytes::from(coverage(&archive.index, tile, is_computed)?);
    archive.tiles.put((is_computed, tile), bytes.clone());
    Ok(bytes)
}

/// The coverage inside a tile; no bytes where there is none.
fn coverage(index: &Index, tile: Tile, is_computed: bool) -> io::Result<Vec<u8>> {
    // Feature ids are running numbers across the layers.
    let mut count = 0;
    let layers = match tile.z() {
        z if z < LINES_FROM_ZOOM => vec![overview(index, tile, &mut count)?],
        IMAGES_AT_ZOOM => vec![
            lines(index, tile, is_computed, &mut count)?,
            images(index, tile, is_computed, &mut count)?,
        ],
        _ => vec![lines(index, tile, is_computed, &mut count)?],
    };
    Ok(if count == 0 { Vec::new() } else { mvt::write(layers) })
}

/// A point for each sequence: its first image. Of those that lie side by side there is one.
fn overview(index: &Index, tile: Tile, count: &mut u64) -> io::Result<LayerWriter> {
    let mut layer = LayerWriter::new("overview", EXTENT);
    for spot in index.samples_in(tile)? {
        let sequence = index.sequence(spot.number)?;
        let sample = index.image(sequence.sample)?;
        let mut properties = of_both(index, &sample);
        push_number(&mut properties, "id", Some(&sample.id));
        properties.push(("sequence_id", Property::Text(index.sequence_name(&sequence)?)));
        let at = point(tile, &spot).into_iter().collect();
        add(&mut layer, count, Kind::Points, &[at], &properties);
    }
    Ok(layer)
}

fn lines(index: &Index, tile: Tile, is_computed: bool, count: &mut u64) -> io::Result<LayerWriter> {
    let mut layer = LayerWriter::new("sequence", EXTENT);
    let is_coarse = tile.z() <= grid::COARSE_ZOOM;
    let zoom = if is_coarse { grid::COARSE_ZOOM } else { grid::DEEPEST };
    let shift = grid::DEEPEST - tile.z();
    for found in index.sequences_in(&window(tile), is_computed)? {
        // A line shorter than a unit is none.
        if found.west >> shift == found.east >> shift
            && found.north >> shift == found.south >> shift
        {
            continue;
        }
        let sequence = index.sequence(found.number)?;
        let line = index.line(&sequence, is_computed, is_coarse)?;
        let path: Vec<Point> = line.iter().map(|&unit| grid::local(tile, unit, zoom)).collect();
        let parts = parts_inside(&path);
        if !parts.is_empty() {
            let sample = index.image(index::some(sequence.sample).unwrap_or(sequence.first))?;
            let mut properties = of_both(index, &sample);
            properties.push(("id", Property::Text(index.sequence_name(&sequence)?)));
            push_number(&mut properties, "image_id", Some(&sample.id));
            push_number(&mut properties, "organization_id", index.name(sample.record.organization));
            add(&mut layer, count, Kind::Lines, &parts, &properties);
        }
    }
    Ok(layer)
}

/// The tile in world units, with the edge that it shares with the next ones.
fn window(tile: Tile) -> BoxRecord {
    let side = EXTENT << (grid::DEEPEST - tile.z());
    let (west, north) = (tile.x() * side, tile.y() * side);
    BoxRecord { west, north, east: west + side, south: north + side, number: 0 }
}

fn images(
    index: &Index,
    tile: Tile,
    is_computed: bool,
    count: &mut u64,
) -> io::Result<LayerWriter> {
    let mut layer = LayerWriter::new("image", EXTENT);
    let spots = index.in_tile(tile, is_computed)?;
    let numbers: Vec<u32> = spots.iter().map(|spot| spot.number).collect();
    let mut sequence = (NONE, None);
    for (spot, image) in spots.iter().zip(index.images(&numbers)?) {
        let Some(at) = point(tile, spot) else { continue };
        // Images of a sequence come together.
        if image.record.sequence != sequence.0 {
            sequence = (image.record.sequence, name_of_sequence(index, image.record.sequence)?);
        }
        let mut properties = of_both(index, &image);
        push_number(&mut properties, "id", Some(&image.id));
        push_number(&mut properties, "organization_id", index.name(image.record.organization));
        let angle = Some(image.record.compass_deg).filter(|angle| !angle.is_nan());
        properties.extend(angle.map(|angle| ("compass_angle", Property::Double(angle))));
        properties.extend(sequence.1.clone().map(|id| ("sequence_id", Property::Text(id))));
        add(&mut layer, count, Kind::Points, &[vec![at]], &properties);
    }
    Ok(layer)
}

fn name_of_sequence(index: &Index, number: u32) -> io::Result<Option<String>> {
    let sequence = index::some(number).map(|number| index.sequence(number)).transpose()?;
    sequence.map(|sequence| index.sequence_name(&sequence)).transpose()
}

/// Where an image lies inside the tile. The service's tiles have no buffer of images.
fn point(tile: Tile, spot: &Spot) -> Option<Point> {
    Some(tile.local(Position::new(spot.lon_deg, spot.lat_deg).ok()?, EXTENT))
}

enum Property {
    Text(String),
    Uint(u64),
    Int(i64),
    Double(f64),
    Bool(bool),
}

impl Property {
    fn value(&self) -> Value<'_> {
        match *self {
            Property::Text(ref text) => Value::Text(text),
            Property::Uint(number) => Value::Uint(number),
            Property::Int(number) => Value::Int(number),
            Property::Double(number) => Value::Double(number),
            Property::Bool(yes) => Value::Bool(yes),
        }
    }
}

type Properties = Vec<(&'static str, Property)>;

/// What every layer says of an image or of a sequence's first image.
fn of_both(index: &Index, image: &Image) -> Properties {
    let mut properties = Vec::new();
    let captured = Some(image.record.captured_ms).filter(|ms| *ms != NO_TIME);
    properties.extend(captured.map(|ms| ("captured_at", Property::Int(ms))));
    push_number(&mut properties, "creator_id", index.name(image.record.creator));
    let pano = index::is_pano(&image.record);
    properties.extend(pano.map(|pano| ("is_pano", Property::Bool(pano))));
    properties
}

/// An id that is not a number cannot stand in a tile.
fn push_number(properties: &mut Properties, key: &'static str, id: Option<&str>) {
    let number = id.and_then(|id| id.parse().ok());
    properties.extend(number.map(|number| (key, Property::Uint(number))));
}

fn add(
    layer: &mut LayerWriter,
    count: &mut u64,
    kind: Kind,
    parts: &[Vec<Point>],
    properties: &Properties,
) {
    *count += 1;
    let parts: Vec<&[Point]> = parts.iter().map(Vec::as_slice).collect();
    let properties: Vec<_> =
        properties.iter().map(|(key, property)| (*key, property.value())).collect();
    layer.feature(Some(*count), kind, &parts, &properties);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::index::build::Builder;

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
        assert_eq!(
            layers.iter().map(|layer| layer.name()).collect::<Vec<_>>(),
            ["sequence", "image"]
        );
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
            // At zoom 6 the street is shorter than a unit, and so no line.
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
}

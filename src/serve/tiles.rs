//! Coverage tiles with the layers and the property types of the service:
//! ids of images and users are integers here, and strings in the Graph API.

use super::Site;
use super::answer::Answer;
use super::archive::Archive;
use super::record::Image;
use crate::format::mvt::{self, Kind, LayerWriter, Value};
use crate::value::tile::Tile;

const EXTENT: u32 = 4096;

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
pub fn answer(site: &Site, set: &str, z: u32, x: u32, y: u32) -> Answer {
    if !SETS.contains(&set) {
        let text = format!("Not Found: tile set '{set}' is not served, but {}\n", SETS.join(", "));
        return Answer::new(404, "text/plain", text);
    }
    let tile =
        u8::try_from(z).ok().filter(|z| *z <= IMAGES_AT_ZOOM).and_then(|z| Tile::new(z, x, y));
    let bytes = match tile {
        Some(tile) if set == "mly1_public" => coverage(&site.archive, tile),
        _ => Vec::new(),
    };
    Answer::new(200, "application/x-protobuf", bytes)
}

/// The coverage inside a tile; no bytes where there is none.
fn coverage(archive: &Archive, tile: Tile) -> Vec<u8> {
    // Feature ids are running numbers across the layers.
    let mut count = 0;
    let layers = match tile.z() {
        z if z < LINES_FROM_ZOOM => vec![overview(archive, tile, &mut count)],
        IMAGES_AT_ZOOM => vec![lines(archive, tile, &mut count), images(archive, tile, &mut count)],
        _ => vec![lines(archive, tile, &mut count)],
    };
    if count == 0 { Vec::new() } else { mvt::write(layers) }
}

/// A point for each sequence: its first image.
fn overview(archive: &Archive, tile: Tile, count: &mut u64) -> LayerWriter {
    let mut layer = LayerWriter::new("overview", EXTENT);
    for (id, sequence) in archive.sequences() {
        let sample = sequence.into_iter().find(|image| image.place.is_some() && !image.gone);
        let Some(sample) = sample.filter(|image| point(tile, image).is_some()) else { continue };
        let mut properties = of_both(sample);
        push_number(&mut properties, "id", Some(&sample.id));
        properties.push(("sequence_id", Property::Text(id.to_owned())));
        add(
            &mut layer,
            count,
            Kind::Points,
            &[point(tile, sample).into_iter().collect()],
            &properties,
        );
    }
    layer
}

fn lines(archive: &Archive, tile: Tile, count: &mut u64) -> LayerWriter {
    let mut layer = LayerWriter::new("sequence", EXTENT);
    for (id, sequence) in archive.sequences() {
        let seen: Vec<&Image> =
            sequence.filter(|image| !image.gone && image.place.is_some()).collect();
        let places = seen.iter().filter_map(|image| image.place);
        let path: Vec<Point> = places.map(|place| tile.local(place, EXTENT)).collect();
        let parts = parts_inside(&path);
        if let (false, Some(sample)) = (parts.is_empty(), seen.first()) {
            let mut properties = of_both(sample);
            properties.push(("id", Property::Text(id.to_owned())));
            push_number(&mut properties, "image_id", Some(&sample.id));
            push_number(
                &mut properties,
                "organization_id",
                sample.text_in("organization", "id").as_deref(),
            );
            add(&mut layer, count, Kind::Lines, &parts, &properties);
        }
    }
    layer
}

fn images(archive: &Archive, tile: Tile, count: &mut u64) -> LayerWriter {
    let mut layer = LayerWriter::new("image", EXTENT);
    for image in archive.within(tile.bounds()) {
        let Some(at) = point(tile, image) else { continue };
        let mut properties = of_both(image);
        push_number(&mut properties, "id", Some(&image.id));
        push_number(
            &mut properties,
            "organization_id",
            image.text_in("organization", "id").as_deref(),
        );
        let angle = image.text_of("compass_angle").and_then(|text| text.parse().ok());
        properties.extend(angle.map(|angle| ("compass_angle", Property::Double(angle))));
        properties.extend(
            image.sequence.as_deref().map(|id| ("sequence_id", Property::Text(id.to_owned()))),
        );
        add(&mut layer, count, Kind::Points, &[vec![at]], &properties);
    }
    layer
}

/// Where an image lies inside the tile. What lies on an edge belongs to one tile only. The service's tiles have no buffer of images.
fn point(tile: Tile, image: &Image) -> Option<Point> {
    let place = image.place?;
    (Tile::at(place, tile.z()) == tile).then(|| tile.local(place, EXTENT))
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
fn of_both(image: &Image) -> Properties {
    let mut properties = Vec::new();
    properties.extend(image.captured_ms.map(|ms| ("captured_at", Property::Int(ms))));
    push_number(&mut properties, "creator_id", image.text_in("creator", "id").as_deref());
    let pano = image.text_of("is_pano").and_then(|text| text.parse().ok());
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

/// The parts of a path inside the tile: one for each time that it enters.
fn parts_inside(path: &[Point]) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for (&from, &to) in path.iter().zip(path.iter().skip(1)) {
        let Some((from, to)) = segment_inside(from, to).filter(|(from, to)| from != to) else {
            continue;
        };
        match parts.last_mut().filter(|part| part.last() == Some(&from)) {
            Some(part) => part.push(to),
            None => parts.push(vec![from, to]),
        }
    }
    parts
}

/// The part of a segment inside the tile, after Liang and Barsky (1984).
fn segment_inside(from: Point, to: Point) -> Option<(Point, Point)> {
    let limit = f64::from(EXTENT);
    let (x, y) = (f64::from(from.0), f64::from(from.1));
    let (dx, dy) = (f64::from(to.0) - x, f64::from(to.1) - y);
    let (mut start, mut end) = (0.0f64, 1.0f64);
    for (step, room) in [(-dx, x), (dx, limit - x), (-dy, y), (dy, limit - y)] {
        if step == 0.0 && room < 0.0 {
            return None;
        } else if step < 0.0 {
            start = start.max(room / step);
        } else if step > 0.0 {
            end = end.min(room / step);
        }
    }
    let at = |share: f64| ((x + share * dx).round() as i32, (y + share * dy).round() as i32);
    (start <= end).then(|| (at(start), at(end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::archive::Builder;
    use crate::value::geo::Position;

    fn archive(rows: &[&str]) -> Archive {
        let mut builder = Builder::default();
        for row in rows {
            builder.add(row).expect("a readable row");
        }
        builder.finish().0
    }

    fn tile(z: u8) -> Tile {
        Tile::at(Position::new(13.4, 52.52).expect("a place"), z)
    }

    fn street() -> Archive {
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

    #[test]
    fn a_path_that_leaves_and_comes_back_has_two_parts() {
        let path = [(10, 10), (20, 10), (5000, 10), (5000, 20), (20, 20)];
        let parts = parts_inside(&path);
        assert_eq!(parts, [vec![(10, 10), (20, 10), (4096, 10)], vec![(4096, 20), (20, 20)]]);
    }

    #[test]
    fn a_path_through_a_tile_without_a_stop_is_seen() {
        assert_eq!(parts_inside(&[(-10, 5), (5000, 5)]), [vec![(0, 5), (4096, 5)]]);
        assert!(parts_inside(&[(-10, 5), (-10, 500)]).is_empty());
    }
}

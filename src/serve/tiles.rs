//! Coverage tiles with the layers and the property types of the service:
//! ids of images and users are integers here, and strings in the Graph API.

use std::io;

use hyper::body::Bytes;

use super::answer::{Answer, Refusal};
use super::clip::parts_inside;
use super::conditional;
use super::index::layout::{BoxRecord, ImageRecord, NO_TIME, NONE, Spot};
use super::index::z_order::{self, EXTENT};
use super::index::{self, Index};
use super::record;
use super::selectors;
use super::snapshot::{Snapshot, TileForm};
use crate::disk::waiting;
use crate::format::mvt::{self, GeometryType, LayerWriter, Value};
use crate::value::tile::Tile;

/// Below this zoom there are points for sequences, from it on lines.
const LINES_FROM_ZOOM: u8 = 6;

/// The deepest zoom, and the only one with images.
const IMAGES_AT_ZOOM: u8 = 14;

type TilePoint = (i32, i32);

/// The sets of the service: coverage, and map features.
const SETS: [&str; 4] = [
    "mly1_public",
    "mly1_computed_public",
    "mly_map_feature_point",
    "mly_map_feature_traffic_sign",
];

/// A tile of a set; an empty body where there is nothing.
pub fn answer(
    archive: &Snapshot,
    set: &str,
    (z, x, y): (u32, u32, u32),
    takes_gzip: bool,
) -> Result<Answer, Refusal> {
    if !SETS.contains(&set) {
        let text = format!("Not Found: tile set '{set}' is not served, but {}\n", SETS.join(", "));
        return Ok(Answer::new(404, "text/plain", text));
    }
    let tile =
        u8::try_from(z).ok().filter(|z| *z <= IMAGES_AT_ZOOM).and_then(|z| Tile::new(z, x, y));
    let plain = |bytes: Bytes| Ok(Answer::new(200, CONTENT_TYPE, bytes));
    let cache = match (set, tile) {
        ("mly1_public", Some(tile)) => CachedTile { archive, tile, is_computed: false },
        ("mly1_computed_public", Some(tile)) => CachedTile { archive, tile, is_computed: true },
        ("mly_map_feature_point", Some(tile)) => {
            return plain(features(&archive.index, tile, "point")?.into());
        }
        ("mly_map_feature_traffic_sign", Some(tile)) => {
            return plain(features(&archive.index, tile, "traffic_sign")?.into());
        }
        _ => return plain(Bytes::new()),
    };
    let plain = cache.plain()?;
    let tag = cache.kept(TileForm::Tag, || conditional::tag(&plain).into());
    let is_packed = takes_gzip && conditional::is_worth_packing(&plain);
    let body =
        if is_packed { cache.kept(TileForm::Gzip, || conditional::packed(&plain)) } else { plain };
    let answer = Answer::new(200, CONTENT_TYPE, body);
    let answer = answer.with("etag", String::from_utf8_lossy(&tag));
    Ok(if is_packed { answer.with("content-encoding", "gzip") } else { answer })
}

const CONTENT_TYPE: &str = "application/x-protobuf";

/// A tile whose bytes, packed bytes and tag are worked out once, as long as they are asked for.
struct CachedTile<'a> {
    archive: &'a Snapshot,
    tile: Tile,
    is_computed: bool,
}

impl CachedTile<'_> {
    fn plain(&self) -> io::Result<Bytes> {
        let key = (self.is_computed, self.tile, TileForm::Plain);
        if let Some(bytes) = self.archive.tiles.get(&key) {
            return Ok(bytes);
        }
        waiting::ask()?;
        let bytes = Bytes::from(coverage(&self.archive.index, self.tile, self.is_computed)?);
        self.archive.tiles.put(key, bytes.clone());
        Ok(bytes)
    }

    fn kept(&self, form: TileForm, make: impl FnOnce() -> Bytes) -> Bytes {
        let key = (self.is_computed, self.tile, form);
        self.archive.tiles.get(&key).unwrap_or_else(|| {
            let bytes = make();
            self.archive.tiles.put(key, bytes.clone());
            bytes
        })
    }
}

/// The coverage inside a tile; no bytes where there is none.
pub fn coverage(index: &Index, tile: Tile, is_computed: bool) -> io::Result<Vec<u8>> {
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
        let mut properties = of_both(index, &sample.record);
        push_number(&mut properties, "id", Some(&sample.id));
        let name = index.sequence_name(&sequence)?;
        properties.push(("sequence_id", Value::Text(&name)));
        add(&mut layer, count, GeometryType::Points, &[&[point(tile, &spot)]], &properties);
    }
    Ok(layer)
}

fn lines(index: &Index, tile: Tile, is_computed: bool, count: &mut u64) -> io::Result<LayerWriter> {
    let mut layer = LayerWriter::new("sequence", EXTENT);
    let is_coarse = tile.z() <= z_order::COARSE_ZOOM;
    let zoom = if is_coarse { z_order::COARSE_ZOOM } else { z_order::DEEPEST };
    let shift = z_order::DEEPEST - tile.z();
    for found in index.sequences_in(&window(tile), is_computed)? {
        // A line shorter than a unit is none.
        if found.west >> shift == found.east >> shift
            && found.north >> shift == found.south >> shift
        {
            continue;
        }
        let sequence = index.sequence(found.number)?;
        let line = index.line(&sequence, is_computed, is_coarse)?;
        let path: Vec<TilePoint> =
            line.iter().map(|&unit| z_order::local(tile, unit, zoom)).collect();
        let parts = parts_inside(&path);
        if !parts.is_empty() {
            let sample = index.image(index::some(sequence.sample).unwrap_or(sequence.first))?;
            let mut properties = of_both(index, &sample.record);
            let name = index.sequence_name(&sequence)?;
            properties.push(("id", Value::Text(&name)));
            push_number(&mut properties, "image_id", Some(&sample.id));
            push_number(&mut properties, "organization_id", index.name(sample.record.organization));
            let parts: Vec<&[TilePoint]> = parts.iter().map(Vec::as_slice).collect();
            add(&mut layer, count, GeometryType::Lines, &parts, &properties);
        }
    }
    Ok(layer)
}

/// Whether a tile, or any below it, may have something in it.
pub fn has_any(index: &Index, tile: Tile) -> io::Result<bool> {
    Ok(index.has_spot(tile)? || !index.sequences_in(&window(tile), false)?.is_empty())
}

/// The tile in world units, with the edge that it shares with the next ones.
fn window(tile: Tile) -> BoxRecord {
    let side = EXTENT << (z_order::DEEPEST - tile.z());
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
    layer.reserve(spots.len());
    let numbers: Vec<u32> = spots.iter().map(|spot| spot.number).collect();
    let mut sequence = (NONE, None);
    for (spot, record) in spots.iter().zip(index.records(&numbers)?) {
        // Images of a sequence come together.
        if record.sequence != sequence.0 {
            sequence = (record.sequence, name_of_sequence(index, record.sequence)?);
        }
        let mut properties = of_both(index, &record);
        properties.extend(index.number_of(&record)?.map(|id| ("id", Value::Uint(id))));
        push_number(&mut properties, "organization_id", index.name(record.organization));
        let angle = Some(record.compass_deg).filter(|angle| !angle.is_nan());
        properties.extend(angle.map(|angle| ("compass_angle", Value::Double(angle))));
        properties.extend(sequence.1.as_deref().map(|id| ("sequence_id", Value::Text(id))));
        add(&mut layer, count, GeometryType::Points, &[&[point(tile, spot)]], &properties);
    }
    Ok(layer)
}

fn name_of_sequence(index: &Index, number: u32) -> io::Result<Option<String>> {
    let sequence = index::some(number).map(|number| index.sequence(number)).transpose()?;
    sequence.map(|sequence| index.sequence_name(&sequence)).transpose()
}

/// The map features inside a tile of the deepest zoom, signs or all others, by the name of their layer.
fn features(index: &Index, tile: Tile, layer: &'static str) -> io::Result<Vec<u8>> {
    waiting::ask()?;
    let (mut out, mut count) = (LayerWriter::new(layer, EXTENT), 0);
    if tile.z() != IMAGES_AT_ZOOM {
        return Ok(Vec::new());
    }
    for (spot, feature) in index.features_in(tile)? {
        let held = record::fields_of(&feature.text);
        let said = |name: &str| held.get(name).and_then(|raw| record::text(raw));
        let is_sign = said("object_type").as_deref() == Some("trafficsign");
        if is_sign != (layer == "traffic_sign") {
            continue;
        }
        let mut properties = Properties::new();
        push_number(&mut properties, "id", Some(&feature.id));
        let value = said("object_value");
        properties.extend(value.as_deref().map(|value| ("value", Value::Text(value))));
        for name in ["first_seen_at", "last_seen_at"] {
            let seen = said(name).and_then(|text| selectors::read_instant_ms(&text));
            properties.extend(seen.map(|ms| (name, Value::Int(ms))));
        }
        add(&mut out, &mut count, GeometryType::Points, &[&[point(tile, &spot)]], &properties);
    }
    Ok(if count == 0 { Vec::new() } else { mvt::write(vec![out]) })
}

/// Where an image lies inside the tile. The service's tiles have no buffer of images.
fn point(tile: Tile, spot: &Spot) -> TilePoint {
    z_order::local(tile, z_order::unit(spot.key), z_order::DEEPEST)
}

type Properties<'a> = Vec<(&'static str, Value<'a>)>;

/// What every layer says of an image or of a sequence's first image.
fn of_both<'a>(index: &Index, record: &ImageRecord) -> Properties<'a> {
    let mut properties = Vec::with_capacity(8);
    let captured = Some(record.captured_ms).filter(|ms| *ms != NO_TIME);
    properties.extend(captured.map(|ms| ("captured_at", Value::Int(ms))));
    push_number(&mut properties, "creator_id", index.name(record.creator));
    let pano = index::is_pano(record);
    properties.extend(pano.map(|pano| ("is_pano", Value::Bool(pano))));
    properties
}

/// An id that is not a number cannot stand in a tile.
fn push_number(properties: &mut Properties<'_>, key: &'static str, id: Option<&str>) {
    let number = id.and_then(|id| id.parse().ok());
    properties.extend(number.map(|number| (key, Value::Uint(number))));
}

fn add(
    layer: &mut LayerWriter,
    count: &mut u64,
    kind: GeometryType,
    parts: &[&[TilePoint]],
    properties: &Properties<'_>,
) {
    *count += 1;
    layer.feature(Some(*count), kind, parts, properties);
}

#[cfg(test)]
mod tests;

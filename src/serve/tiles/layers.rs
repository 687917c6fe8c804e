//! The layers of coverage tiles.

use std::io;

use crate::format::mvt::{self, GeometryType, LayerWriter, Value};
use crate::value::tile::Tile;

use super::super::clip::parts_inside;
use super::super::index::layout::{BoxRecord, ImageRecord, NO_TIME, NONE, Spot};
use super::super::index::z_order::{self, EXTENT};
use super::super::index::{self, Index, line_pieces};
use super::IMAGES_AT_ZOOM;

/// Below this zoom sequences are points, from it on lines.
const LINES_FROM_ZOOM: u8 = 6;

type TilePoint = (i32, i32);

/// The coverage in a tile; no bytes if there is none.
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

/// A point for each sequence, at its first image. Of points close to each other there is only one.
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
    let is_long = |found: &BoxRecord| {
        found.west >> shift != found.east >> shift || found.north >> shift != found.south >> shift
    };
    let found = index.sequences_in(&window(tile), is_computed)?;
    for found in found.chunk_by(|a, b| a.number == b.number) {
        // Lines shorter than a unit are left out.
        if !found.iter().any(is_long) {
            continue;
        }
        let sequence = index.sequence(found[0].number)?;
        let line = index.line(&sequence, is_computed, is_coarse)?;
        let parts: Vec<Vec<TilePoint>> = line_pieces::pieces(&line, zoom)
            .into_iter()
            .map(|piece| piece.into_iter().map(|unit| z_order::local(tile, unit, zoom)).collect())
            .flat_map(|path: Vec<TilePoint>| parts_inside(&path))
            .collect();
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

/// The tile in world units, including the edge that it shares with its neighbours.
pub(super) fn window(tile: Tile) -> BoxRecord {
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
        // Images of a sequence are consecutive.
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

/// The position of an image in the tile. The service's tiles have no buffer of images.
pub(super) fn point(tile: Tile, spot: &Spot) -> TilePoint {
    let (x, y) = z_order::unit(spot.key);
    z_order::local(tile, (x.into(), y.into()), z_order::DEEPEST)
}

pub(super) type Properties<'a> = Vec<(&'static str, Value<'a>)>;

/// The properties that every layer has for an image or for the first image of a sequence.
fn of_both<'a>(index: &Index, record: &ImageRecord) -> Properties<'a> {
    let mut properties = Vec::with_capacity(8);
    let captured = Some(record.captured_ms).filter(|ms| *ms != NO_TIME);
    properties.extend(captured.map(|ms| ("captured_at", Value::Int(ms))));
    push_number(&mut properties, "creator_id", index.name(record.creator));
    let pano = index::is_pano(record);
    properties.extend(pano.map(|pano| ("is_pano", Value::Bool(pano))));
    properties
}

/// Adds a numeric id. Other ids cannot be represented in a tile.
pub(super) fn push_number(properties: &mut Properties<'_>, key: &'static str, id: Option<&str>) {
    let number = id.and_then(|id| id.parse().ok());
    properties.extend(number.map(|number| (key, Value::Uint(number))));
}

pub(super) fn add(
    layer: &mut LayerWriter,
    count: &mut u64,
    kind: GeometryType,
    parts: &[&[TilePoint]],
    properties: &Properties<'_>,
) {
    *count += 1;
    layer.feature(Some(*count), kind, parts, properties);
}

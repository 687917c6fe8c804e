//! How positions are stored in an index.

use std::io;

use super::layout::{ImageRecord, Spot, Table};
use super::storage::IndexOutput;
use super::tables::Tables;
use super::z_order;
use crate::value::geo::Position;

/// The position of an image. Without a computed position it is the recorded one, since the service's computed positions
/// are often the same.
pub fn place(image: &ImageRecord, is_computed: bool) -> Option<Position> {
    let recorded = || Position::new(image.lon_deg, image.lat_deg).ok();
    let computed = || Position::new(image.computed_lon_deg, image.computed_lat_deg).ok();
    if is_computed { computed().or_else(recorded) } else { recorded() }
}

pub fn spot(image: &ImageRecord, number: u32, is_computed: bool) -> Option<Spot> {
    Some(spot_at(place(image, is_computed)?, number))
}

pub fn spot_at(place: Position, number: u32) -> Spot {
    let key = z_order::key(z_order::units(place));
    Spot { key, lon_deg: place.lon_deg(), lat_deg: place.lat_deg(), number }
}

pub fn write_spots(
    tables: &mut Tables,
    sink: &mut IndexOutput,
    table: Table,
    mut spots: Vec<Spot>,
) -> io::Result<()> {
    spots.sort_unstable_by_key(|spot| (spot.key, spot.number));
    tables.put(sink, table, spots)
}

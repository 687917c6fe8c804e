//! Archive totals for the start of the page: counts, extent, times and users.

use std::io;

use serde_json::{Value, json};

use crate::serve::index::layout::{BoxRecord, IS_GONE, NO_TIME};
use crate::serve::index::z_order::{self, EXTENT};
use crate::serve::index::{Index, kind};
use crate::value::extent::LonExtent;
use crate::value::geo::Position;
use crate::value::tile::Tile;

/// The maximum number of users listed, those with most images first.
const MOST_USERS: usize = 1000;

/// Images read at once while the extent is computed.
const CHUNK: usize = 4096;

/// The side of the world in units.
const WORLD: f64 = (1u64 << z_order::WORLD_BITS) as f64;

pub fn summary(index: &Index) -> io::Result<Value> {
    let mut users = index.names().map(|name| user(index, name)).collect::<io::Result<Vec<_>>>()?;
    users.retain(|(images, ..)| *images > 0);
    users.sort_by_key(|(images, name, _)| (std::cmp::Reverse(*images), *name));
    let users = users.into_iter().take(MOST_USERS);
    let users: Vec<Value> = users
        .map(|(images, name, id)| json!({"username": name, "id": id, "images": images}))
        .collect();
    let (from_ms, to_ms) = times(index)?;
    Ok(json!({
        "images": index.len(),
        "pictures": index.pictures_len(),
        "sequences": index.sequences_len(),
        "bounds": extent(index)?,
        "from_ms": from_ms,
        "to_ms": to_ms,
        "users": users,
    }))
}

/// The number of images of a user, with the name, and the id if the rows have it.
fn user<'a>(index: &Index, name: &'a str) -> io::Result<(u64, &'a str, Option<String>)> {
    let list = index.list(kind::USERNAME, name)?;
    let id = if list.is_empty() { None } else { index.id_of_user(name)? };
    Ok((list.end - list.start, name, id))
}

/// West, south, east, north of all images that have a position, in or outside of sequences, in degrees. West is greater
/// than east if the box crosses the antimeridian.
fn extent(index: &Index) -> io::Result<Option<[f64; 4]>> {
    let everywhere = BoxRecord { west: 0, north: 0, east: u32::MAX, south: u32::MAX, number: 0 };
    let mut extent = WorldExtent::default();
    index.sequences_in(&everywhere, false)?.into_iter().for_each(|one| extent.add(one));
    let numbers: Vec<u32> = index.without_sequence()?.collect();
    for numbers in numbers.chunks(CHUNK) {
        let records = index.records(numbers)?;
        let present = records.iter().filter(|record| record.flags & IS_GONE == 0);
        let places = present.filter_map(|one| Position::new(one.lon_deg, one.lat_deg).ok());
        let units = places.map(|at| [z_order::units(at)].into_iter());
        units.filter_map(|unit| BoxRecord::around(unit, 0)).for_each(|one| extent.add(one));
    }
    Ok(extent.bounds_deg())
}

/// The box around boxes.
#[derive(Default)]
struct WorldExtent {
    lon: LonExtent,
    around: Option<BoxRecord>,
}

impl WorldExtent {
    fn add(&mut self, one: BoxRecord) {
        // Longitudes are proportional to world units, and both ends of the map are on the antimeridian.
        let lon_deg = |x: u32| f64::from(x) / WORLD * 360.0 - 180.0;
        self.lon.add(lon_deg(one.west), lon_deg(one.east));
        self.around = Some(self.around.map_or(one, |around| around.with(one)));
    }

    fn bounds_deg(&self) -> Option<[f64; 4]> {
        let corner = Tile::new(z_order::DEEPEST, 0, 0)?;
        let lat_deg = |y: u32| Some(corner.position(0, y as i32, EXTENT)?.lat_deg());
        let (west, east) = self.lon.west_east_deg()?;
        let around = self.around?;
        Some([west, lat_deg(around.south)?, east, lat_deg(around.north)?])
    }
}

/// The first and the last capture time.
fn times(index: &Index) -> io::Result<(Option<i64>, Option<i64>)> {
    let all = index.list(kind::ALL, "")?;
    let timed = index.within_times(all, Some(NO_TIME + 1), None)?;
    if timed.is_empty() {
        return Ok((None, None));
    }
    let at = |place: u64| -> io::Result<Option<i64>> {
        Ok(index.posted(place..place + 1)?.first().map(|image| image.record.captured_ms))
    };
    Ok((at(timed.end - 1)?, at(timed.start)?))
}

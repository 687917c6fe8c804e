//! Archive totals for the start of the page: counts, extent, times and users.

use std::io;

use serde_json::{Value, json};

use crate::serve::index::layout::{BoxRecord, IS_GONE, NO_TIME};
use crate::serve::index::z_order::{self, EXTENT};
use crate::serve::index::{Index, kind};
use crate::value::geo::Position;
use crate::value::tile::Tile;

/// The maximum number of users listed, those with most images first.
const MOST_USERS: usize = 1000;

/// Images read at once while the extent is computed.
const CHUNK: usize = 4096;

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
        "bounds": extent(index)?.and_then(degrees),
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

/// The box around all images that have a position, in or outside of sequences, in world units.
fn extent(index: &Index) -> io::Result<Option<BoxRecord>> {
    let everywhere = BoxRecord { west: 0, north: 0, east: u32::MAX, south: u32::MAX, number: 0 };
    let mut extent = index.sequences_in(&everywhere, false)?.into_iter().reduce(BoxRecord::with);
    let numbers: Vec<u32> = index.without_sequence()?.collect();
    for numbers in numbers.chunks(CHUNK) {
        let records = index.records(numbers)?;
        let present = records.iter().filter(|record| record.flags & IS_GONE == 0);
        let places = present.filter_map(|one| Position::new(one.lon_deg, one.lat_deg).ok());
        let found = BoxRecord::around(places.map(z_order::units), 0);
        extent = extent.into_iter().chain(found).reduce(BoxRecord::with);
    }
    Ok(extent)
}

/// West, south, east, north, in degrees.
fn degrees(extent: BoxRecord) -> Option<[f64; 4]> {
    let corner = Tile::new(z_order::DEEPEST, 0, 0)?;
    let north_west = corner.position(extent.west as i32, extent.north as i32, EXTENT)?;
    let south_east = corner.position(extent.east as i32, extent.south as i32, EXTENT)?;
    Some([north_west.lon_deg(), south_east.lat_deg(), south_east.lon_deg(), north_west.lat_deg()])
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

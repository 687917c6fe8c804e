//! Archive totals for the start of the page: counts, extent, times and users.

use std::collections::BTreeSet;
use std::io;

use serde_json::{Value, json};

use crate::serve::index::layout::{BoxRecord, NO_TIME};
use crate::serve::index::z_order::{self, EXTENT};
use crate::serve::index::{Index, kind};
use crate::value::tile::Tile;

/// The maximum number of users listed, those with most images first.
const MOST_USERS: usize = 1000;

pub fn summary(index: &Index) -> io::Result<Value> {
    let everywhere = BoxRecord { west: 0, north: 0, east: u32::MAX, south: u32::MAX, number: 0 };
    let boxes = index.sequences_in(&everywhere, false)?;
    let mut usernames = BTreeSet::new();
    for found in &boxes {
        usernames.insert(index.image(index.sequence(found.number)?.first)?.record.username);
    }
    let names = usernames.into_iter().filter_map(|number| index.name(number));
    let mut users = names.map(|name| user(index, name)).collect::<io::Result<Vec<_>>>()?;
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
        "bounds": bounds(&boxes),
        "from_ms": from_ms,
        "to_ms": to_ms,
        "users": users,
    }))
}

/// The number of images of a user, with the name, and the id if the rows have it.
fn user<'a>(index: &Index, name: &'a str) -> io::Result<(u64, &'a str, Option<String>)> {
    let list = index.list(kind::USERNAME, name)?;
    Ok((list.end - list.start, name, index.id_of_user(name)?))
}

/// West, south, east, north, in degrees.
fn bounds(boxes: &[BoxRecord]) -> Option<[f64; 4]> {
    let west = boxes.iter().map(|one| one.west).min()?;
    let north = boxes.iter().map(|one| one.north).min()?;
    let east = boxes.iter().map(|one| one.east).max()?;
    let south = boxes.iter().map(|one| one.south).max()?;
    let corner = Tile::new(z_order::DEEPEST, 0, 0)?;
    let north_west = corner.position(west as i32, north as i32, EXTENT)?;
    let south_east = corner.position(east as i32, south as i32, EXTENT)?;
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

//! Explains why an area has no results: what was searched where, and whether latitude and longitude may have
//! been swapped.

use crate::format::mvt;
use crate::service::Client;
use crate::value::area::{Area, BBox};
use crate::value::instant::format_instant;
use crate::value::tile::{count_covering, covering};

use super::Query;
use super::coverage_tile::{self, ZOOM};
use crate::shape::Diagnostics;

/// The boxes of an area are listed up to this number.
const MOST_BOXES: usize = 3;
/// The maximum number of tiles requested to find out whether something else was meant.
const MOST_TILES: u64 = 4;

/// Reports the explanation, which takes requests of a few tiles.
pub fn explain(client: &Client, query: &Query, notes: &dyn Diagnostics) {
    let boxes = query.select.area.bounds();
    for bbox in boxes.iter().take(MOST_BOXES) {
        notes.warn(&format!("nothing was found between {}{}", edges(bbox), only(query)));
        if let Some(swapped) = bbox.swapped() {
            notes.warn(&hint(client, &swapped));
        }
    }
    if boxes.len() > MOST_BOXES {
        notes.warn(&format!("nor in {} more boxes", boxes.len() - MOST_BOXES));
    }
}

fn edges(bbox: &BBox) -> String {
    let (west, south, east, north) =
        (bbox.west_deg(), bbox.south_deg(), bbox.east_deg(), bbox.north_deg());
    format!("west {west}, south {south}, east {east}, north {north}")
}

/// The other filters of the query, as text.
fn only(query: &Query) -> String {
    let select = &query.select;
    let instant = |word: &str, ms: Option<i64>| Some(format!("{word} {}", format_instant(ms?)?));
    let any = |word: &str, list: &[String]| {
        (!list.is_empty()).then(|| format!("{word} {}", list.join(" or ")))
    };
    let all = [
        any("of organization", &query.orgs),
        any("of the user with the id", &query.creators),
        instant("since", select.since_ms),
        instant("until", select.until_ms),
        select
            .pano
            .map(|pano| if pano { "only 360 degrees" } else { "no 360 degrees" }.to_string()),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

fn hint(client: &Client, swapped: &BBox) -> String {
    let order = "the order is west,south,east,north";
    match has_pictures(client, swapped) {
        Some(true) => format!("{order}: did you mean '{swapped}'? There are pictures"),
        Some(false) => format!(
            "{order}; with latitude first it would be '{swapped}', and there is nothing either"
        ),
        None => format!("{order}: did you mean '{swapped}'?"),
    }
}

/// Whether a box has any pictures; `None` if that cannot be determined.
fn has_pictures(client: &Client, bbox: &BBox) -> Option<bool> {
    let area = Area::from(*bbox);
    let zoom = (0..=ZOOM).rev().find(|&zoom| count_covering(&area, zoom) <= MOST_TILES)?;
    for tile in covering(&area, zoom) {
        let bytes = coverage_tile::tile(client, tile).ok()?;
        let layers = mvt::read(&bytes).ok()?;
        let found = coverage_tile::images(&layers, tile)
            .into_iter()
            .chain(coverage_tile::lines(&layers, tile));
        if found.flat_map(|found| found.places).any(|place| bbox.contains(place)) {
            return Some(true);
        }
    }
    Some(false)
}

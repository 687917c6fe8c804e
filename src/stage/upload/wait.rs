//! Waits until pictures appear on the service. Its response to an upload names no picture, so they are found by user,
//! time and position.

use serde_json::Value;

use crate::photo::description::columns;
use crate::row::Row;
use crate::service::{Client, Error, Next, Search};
use crate::value::geo::chord_m;

/// The service keeps both as they were sent, except for the last digits.
const SAME_MS: i64 = 1000;
const SAME_M: f64 = 2.0;
/// The number of pictures on a page.
const PAGE: u32 = 2000;
/// The maximum number of pages of a search: a sequence has 1,000 images, and a user has few cameras at once.
const MOST_PAGES: usize = 50;

/// A photo that was sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    pub captured_ms: i64,
    pub lon_deg: f64,
    pub lat_deg: f64,
}

/// The time and position of a row's photo, as described.
pub fn wanted(row: &Row) -> Option<Wanted> {
    let description = columns::read(row).ok()?;
    Some(Wanted {
        captured_ms: description.captured_ms?,
        lon_deg: description.lon_deg?,
        lat_deg: description.lat_deg?,
    })
}

/// A picture that has appeared.
#[derive(Debug, Clone, PartialEq)]
struct AppearedPicture {
    id: String,
    at: Wanted,
}

/// The ids of a user's pictures that match these photos; `None` for a photo that has not appeared.
pub fn find(
    client: &Client,
    username: &str,
    wanted: &[Wanted],
) -> Result<Vec<Option<String>>, Error> {
    let times = || wanted.iter().map(|photo| photo.captured_ms);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(Vec::new()) };
    let iso = |ms: i64| {
        let time = chrono::DateTime::from_timestamp_millis(ms);
        time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    };
    let mut search = Search {
        creator_username: Some(username.to_owned()),
        start_captured_at: iso(first - SAME_MS),
        end_captured_at: iso(last + SAME_MS),
        fields: "id,captured_at,geometry".into(),
        limit: PAGE,
        ..Search::default()
    };
    let mut there = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = client.images(&search)?;
        there.extend(page.rows.iter().filter_map(|row| read(row.get())));
        match page.next {
            Next::After(after) => search.after = Some(after),
            _ => break,
        }
    }
    Ok(matched(wanted, &there))
}

fn read(row: &str) -> Option<AppearedPicture> {
    let row: Value = serde_json::from_str(row).ok()?;
    let place = row["geometry"]["coordinates"].as_array()?;
    let id = match &row["id"] {
        Value::String(id) => id.clone(),
        id => id.as_u64()?.to_string(),
    };
    let at = Wanted {
        captured_ms: row["captured_at"].as_i64()?,
        lon_deg: place.first()?.as_f64()?,
        lat_deg: place.get(1)?.as_f64()?,
    };
    Some(AppearedPicture { id, at })
}

/// Matches each photo with the nearest picture by time, then by position; no picture is used twice.
fn matched(wanted: &[Wanted], there: &[AppearedPicture]) -> Vec<Option<String>> {
    let mut pairs: Vec<(i64, f64, usize, usize)> = Vec::new();
    for (photo, a) in wanted.iter().enumerate() {
        for (picture, b) in there.iter().enumerate() {
            let ms = (a.captured_ms - b.at.captured_ms).abs();
            let m = || chord_m((a.lon_deg, a.lat_deg), (b.at.lon_deg, b.at.lat_deg));
            if ms <= SAME_MS && m() <= SAME_M {
                pairs.push((ms, m(), photo, picture));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let mut found = vec![None; wanted.len()];
    let mut is_taken = vec![false; there.len()];
    for (_, _, photo, picture) in pairs {
        if found[photo].is_none() && !is_taken[picture] {
            is_taken[picture] = true;
            found[photo] = Some(there[picture].id.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests;

//! What a search of images asks for: places, cells, times, users, cameras; each as the service reads it.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::answer::Refusal;
use super::index::layout::NO_TIME;
use super::index::{self, Image, Index};
use super::route::Query;
use crate::value::area::BBox;
use crate::value::geo::Position;
use crate::value::s2_cell::S2Cell;

/// Larger boxes are refused, square degrees.
const BOX_LIMIT_DEG2: f64 = 0.01;

/// The other reading of the documentation, for each side.
const SIDE_LIMIT_DEG: f64 = 0.01;

const RADIUS_LIMIT_M: f64 = 50.0;

/// From here on a number is one of milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The box asked for, or the one around the circle or the cell asked for.
pub fn bounds(query: &Query, strict_box: bool) -> Result<Option<BBox>, Refusal> {
    if let Some(circle) = circle(query)? {
        return Ok(Some(circle.bounds()));
    }
    if let Some(cell) = cell(query)? {
        let too_large =
            || Refusal::parameter("The s2 cell is too large: level 8 or deeper expected");
        return cell.bounds().ok_or_else(too_large).map(Some);
    }
    let Some(text) = query.get("bbox") else { return Ok(None) };
    let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    let Some(&[west, south, east, north]) = sides.as_deref() else {
        return Err(Refusal::parameter(format!("Invalid bbox '{text}': four numbers expected")));
    };
    let bounds = BBox::new(west, south, east, north);
    let bounds = bounds.ok().filter(|_| west <= east);
    let bounds = bounds.ok_or_else(|| Refusal::parameter(format!("Invalid bbox '{text}'")))?;
    let (width_deg, height_deg) = (bounds.width_deg(), bounds.height_deg());
    let wide = width_deg >= SIDE_LIMIT_DEG || height_deg >= SIDE_LIMIT_DEG;
    if width_deg * height_deg >= BOX_LIMIT_DEG2 || (strict_box && wide) {
        return Err(Refusal::parameter(
            "The bbox is too large: it must be smaller than 0.01 degrees square",
        ));
    }
    Ok(Some(bounds))
}

struct Circle {
    center: Position,
    radius_m: f64,
}

impl Circle {
    fn bounds(&self) -> BBox {
        let edge = |bearing_deg| self.center.destination(bearing_deg, self.radius_m);
        let (west, east) = (edge(270.0).lon_deg(), edge(90.0).lon_deg());
        // Across the antimeridian the half of the circle beyond it is left out.
        let (west, east) = if west <= east { (west, east) } else { (self.center.lon_deg(), 180.0) };
        BBox::new(west, edge(180.0).lat_deg(), east, edge(0.0).lat_deg())
            .expect("edges around a position make a box")
    }
}

fn circle(query: &Query) -> Result<Option<Circle>, Refusal> {
    if query.get("lat").is_none() && query.get("lng").is_none() {
        return Ok(None);
    }
    let number = |key: &str| {
        let value = query.get(key).and_then(|text| text.parse::<f64>().ok());
        value.ok_or_else(|| {
            Refusal::parameter(format!("lat, lng and radius go together: {key} is not a number"))
        })
    };
    let center = Position::new(number("lng")?, number("lat")?);
    let center = center.map_err(|e| Refusal::parameter(e.to_string()))?;
    let radius_m = number("radius")?;
    if !(0.0..=RADIUS_LIMIT_M).contains(&radius_m) {
        return Err(Refusal::parameter("The radius must be at most 50 meters"));
    }
    Ok(Some(Circle { center, radius_m }))
}

/// A cell of S2, by its number.
fn cell(query: &Query) -> Result<Option<S2Cell>, Refusal> {
    let Some(text) = query.get("s2") else { return Ok(None) };
    let cell = text.parse().ok().and_then(S2Cell::new);
    let wrong =
        || Refusal::parameter(format!("Invalid s2 '{text}': the number of a cell expected"));
    cell.ok_or_else(wrong).map(Some)
}

/// What narrows a list, whichever selector made it.
pub struct Wanted {
    circle: Option<Circle>,
    cell: Option<S2Cell>,
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub is_pano: Option<bool>,
    username: Option<String>,
    organization: Option<String>,
    make: Option<String>,
    model: Option<String>,
    sequences: Option<Vec<String>>,
    ids: Option<Vec<String>>,
}

impl Wanted {
    pub fn from_query(query: &Query) -> Result<Wanted, Refusal> {
        let owned = |key: &str| query.get(key).map(str::to_owned);
        let list = |key: &str| Some(query.list(key)?.into_iter().map(str::to_owned).collect());
        Ok(Wanted {
            circle: circle(query)?,
            cell: cell(query)?,
            from_ms: instant_ms(query, "start_captured_at")?,
            to_ms: instant_ms(query, "end_captured_at")?,
            is_pano: truth(query, "is_pano")?,
            username: owned("creator_username"),
            organization: owned("organization_id"),
            make: owned("make"),
            model: owned("model"),
            sequences: list("sequence_ids"),
            ids: list("image_ids"),
        })
    }

    pub fn takes(&self, index: &Index, image: &Image) -> bool {
        let record = &image.record;
        let captured = Some(record.captured_ms).filter(|ms| *ms != NO_TIME);
        let time = |holds: &dyn Fn(i64) -> bool| captured.is_some_and(holds);
        let is = |wanted: &Option<String>, number: u32| {
            wanted.as_deref().is_none_or(|wanted| index.name(number) == Some(wanted))
        };
        self.from_ms.is_none_or(|from| time(&|ms| ms >= from))
            && self.to_ms.is_none_or(|to| time(&|ms| ms <= to))
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&image.id))
            && self.is_in_sequences(index, record.sequence)
            && self.circle.as_ref().is_none_or(|circle| {
                let place = image.place();
                place.is_some_and(|place| place.distance_m(circle.center) <= circle.radius_m)
            })
            && self.cell.is_none_or(|cell| image.place().is_some_and(|place| cell.contains(place)))
            && self.is_pano.is_none_or(|pano| (index::is_pano(record) == Some(true)) == pano)
            && is(&self.username, record.username)
            && is(&self.organization, record.organization)
            && is(&self.make, record.make)
            && is(&self.model, record.model)
    }

    fn is_in_sequences(&self, index: &Index, number: u32) -> bool {
        self.sequences.as_ref().is_none_or(|wanted| {
            let sequence = index::some(number).and_then(|number| index.sequence(number).ok());
            let name = sequence.and_then(|sequence| index.sequence_name(&sequence).ok());
            name.is_some_and(|name| wanted.contains(&name))
        })
    }
}

/// `true`, as Python writes it too (`True`), or 1.
fn truth(query: &Query, key: &str) -> Result<Option<bool>, Refusal> {
    let Some(text) = query.get(key) else { return Ok(None) };
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(Refusal::parameter(format!("Invalid {key} '{text}': true or false expected"))),
    }
}

pub fn instant_ms(query: &Query, key: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = query.get(key) else { return Ok(None) };
    let wrong = || Refusal::parameter(format!("Invalid {key} '{text}': an ISO 8601 time expected"));
    read_instant_ms(text).ok_or_else(wrong).map(Some)
}

/// A time of ISO 8601 in the ways that clients write it: with a zone (`Z`, `+00:00`, `+0000`) or without one (UTC), with
/// seconds or without, or a date alone; or seconds since 1970, or milliseconds.
pub fn read_instant_ms(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        let is_ms = number.abs() >= MILLISECONDS_FROM;
        return Some(if is_ms { number } else { number * 1000 });
    }
    // A plus sign in a query is a space.
    let text = text.trim().replace(' ', if text.contains('T') { "+" } else { "T" });
    let zoned = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    let plain = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let zoned = zoned.iter().find_map(|form| DateTime::parse_from_str(&text, form).ok());
    let plain = || plain.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_time(Default::default()));
    let utc = || plain().or_else(date).map(|time| time.and_utc().timestamp_millis());
    zoned.map(|time| time.timestamp_millis()).or_else(utc)
}

/// The documented limit of a page, and what comes without one.
const PAGE_LIMIT: usize = 2000;

/// How many entries a page may have.
pub fn limit(query: &Query) -> Result<usize, Refusal> {
    let Some(text) = query.get("limit") else { return Ok(PAGE_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        Refusal::parameter(format!("Invalid limit '{text}': 1 to {PAGE_LIMIT} expected"))
    })
}

#[cfg(test)]
mod tests;

//! The parameters of an image search: areas, cells, times, users, cameras; each parsed as by the service.

mod area;
mod time;

use crate::value::s2_cell::S2Cell;

use super::answer::Refusal;
use super::index::layout::NO_TIME;
use super::index::{self, Image, Index};
use super::route::Query;
pub use area::bounds;
use area::{GeoCircle, cell, circle};
pub use time::{instant_ms, read_instant_ms};

/// The filters for a list, whichever selector produced it.
pub struct Wanted {
    circle: Option<GeoCircle>,
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

/// `true` or `false`, also as written by Python (`True`), or 1 or 0.
fn truth(query: &Query, key: &str) -> Result<Option<bool>, Refusal> {
    let Some(text) = query.get(key) else { return Ok(None) };
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(Refusal::parameter(format!("Invalid {key} '{text}': true or false expected"))),
    }
}

/// The documented maximum length of a page, and the default.
const PAGE_LIMIT: usize = 2000;

/// The maximum number of entries on the page.
pub fn limit(query: &Query) -> Result<usize, Refusal> {
    let Some(text) = query.get("limit") else { return Ok(PAGE_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        Refusal::parameter(format!("Invalid limit '{text}': 1 to {PAGE_LIMIT} expected"))
    })
}

#[cfg(test)]
mod tests;

//! Lists of images: `/images` by place, user, organization, sequence, time and
//! camera; and `/image_ids` of a sequence.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::graph::{self, Ask};
use super::record::Image;
use super::route::{self, Query};
use super::selectors::{self, Wanted};

/// The documented limit of a page, and what comes without one.
const PAGE_LIMIT: usize = 2000;

/// `/images`
pub fn search(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let wanted = Wanted::of(ask.query)?;
    let fields = route::fields(ask.query);
    let limit = limit(ask.query)?;
    let selected = select(site, ask.query)?;
    let start = if selected.paged { Start::of(ask.query)? } else { Start::default() };
    let page = Page::take(&selected.images, start, limit, |image| wanted.takes(image));
    let objects: Result<Vec<String>, Refusal> =
        page.images.iter().map(|image| graph::image(site, ask, image, fields.as_deref())).collect();
    let data = format!("\"data\":[{}]", objects?.join(","));
    let paging = match selected.paged && !page.images.is_empty() {
        true => format!(",{}", paging(ask, &page)),
        false => String::new(),
    };
    Ok(Answer::json(format!("{{{data}{paging}}}")))
}

/// `/image_ids?sequence_id=`: all ids in capture order, gone ones among them;
/// an unknown sequence is an empty list.
pub fn image_ids(site: &Site, query: &Query) -> Result<Answer, Refusal> {
    let sequence = query.get("sequence_id");
    let sequence =
        sequence.ok_or_else(|| Refusal::parameter("The parameter sequence_id is required"))?;
    let ids: Vec<String> =
        site.archive.sequence(sequence).map(|image| json!({"id": *image.id}).to_string()).collect();
    Ok(Answer::json(format!("{{\"data\":[{}]}}", ids.join(","))))
}

/// The images that the first selector gives, for the others to narrow.
struct Selected<'a> {
    images: Vec<&'a Image>,
    /// Lists of a user, an organization, a camera or a time come in pages.
    paged: bool,
}

fn select<'a>(site: &'a Site, query: &Query) -> Result<Selected<'a>, Refusal> {
    let archive = &site.archive;
    let whole = |images: Vec<&'a Image>| Ok(Selected { images, paged: false });
    let paged = |images: Vec<&'a Image>| Ok(Selected { images, paged: true });
    if let Some(bounds) = selectors::bounds(query, site.strict_box)? {
        let images: Vec<_> = archive.within(bounds).collect();
        if images.len() > site.density_limit {
            let message =
                "Please reduce the amount of data you're asking for, then retry your request";
            return Err(Refusal::new(500, 1, message));
        }
        return whole(images);
    }
    if let Some(ids) = query.list("image_ids") {
        return whole(ids.iter().filter_map(|id| archive.image(id)).collect());
    }
    if let Some(sequences) = query.list("sequence_ids") {
        let images = sequences.iter().flat_map(|id| archive.sequence(id));
        return whole(images.filter(|image| !image.gone).collect());
    }
    if let Some(username) = query.get("creator_username") {
        return paged(archive.of_user(username).collect());
    }
    if let Some(id) = query.get("organization_id") {
        return paged(archive.of_organization(id).collect());
    }
    if ALONE.iter().any(|key| query.get(key).is_some()) {
        return paged(archive.newest_first().collect());
    }
    Err(Refusal::parameter(
        "At least one of bbox, lat and lng, s2, creator_username, organization_id, sequence_ids, \
         image_ids, make, model, is_pano, start_captured_at, end_captured_at is required",
    ))
}

/// What selects from all images, where nothing else selects.
const ALONE: [&str; 5] = ["make", "model", "is_pano", "start_captured_at", "end_captured_at"];

fn limit(query: &Query) -> Result<usize, Refusal> {
    let Some(text) = query.get("limit") else { return Ok(PAGE_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        Refusal::parameter(format!("Invalid limit '{text}': 1 to {PAGE_LIMIT} expected"))
    })
}

/// Where a page begins, or ends: so many places into the list, and so many matching images on from there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Start {
    place: usize,
    skip: usize,
    /// The page ends there, instead of beginning.
    backward: bool,
}

impl Start {
    fn of(query: &Query) -> Result<Start, Refusal> {
        let (key, cursor) = match (query.get("after"), query.get("before")) {
            (Some(cursor), _) => ("after", cursor),
            (None, Some(cursor)) => ("before", cursor),
            (None, None) => return Ok(Start::default()),
        };
        let text =
            URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let numbers = text.as_deref().and_then(|text| {
            let (place, skip) = text.strip_prefix("at:")?.split_once('+')?;
            Some((place.parse().ok()?, skip.parse().ok()?))
        });
        let (place, skip) = numbers.ok_or_else(|| {
            Refusal::parameter(format!("Invalid cursors values provided in the parameter {key}"))
        })?;
        Ok(Start { place, skip, backward: key == "before" })
    }

    fn cursor(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("at:{}+{}", self.place, self.skip))
    }
}

/// The cursor of the page that begins so many rows behind the start of the one asked for.
pub fn cursor_behind(query: &Query, rows: usize) -> String {
    let start = Start::of(query).unwrap_or_default();
    Start { skip: start.skip + rows, ..start }.cursor()
}

/// Some images of a list, and the places in it where they begin and end.
struct Page<'a> {
    images: Vec<&'a Image>,
    begin: usize,
    end: usize,
    /// Whether anything comes before, and after.
    is_first: bool,
    is_last: bool,
}

impl<'a> Page<'a> {
    fn take(
        list: &[&'a Image],
        start: Start,
        limit: usize,
        wanted: impl Fn(&Image) -> bool,
    ) -> Page<'a> {
        let matching = |range: std::ops::Range<usize>| {
            range.filter(|&place| list.get(place).is_some_and(|image| wanted(image)))
        };
        let mid = start.place.min(list.len());
        let mut places: Vec<usize> = match start.backward {
            true => matching(0..mid).rev().take(limit).collect(),
            false => matching(mid..list.len()).skip(start.skip).take(limit).collect(),
        };
        places.sort_unstable();
        let begin = places.first().copied().unwrap_or(mid);
        let end = places.last().map_or(mid, |last| last + 1);
        Page {
            images: places.into_iter().map(|place| list[place]).collect(),
            begin,
            end,
            is_first: matching(0..begin).next().is_none(),
            is_last: matching(end..list.len()).next().is_none(),
        }
    }
}

/// Cursors and links, in the service's order.
fn paging(ask: &Ask, page: &Page) -> String {
    let cursor = |place| Start { place, ..Start::default() }.cursor();
    let (before, after) = (cursor(page.begin), cursor(page.end));
    let link = |key: &str, cursor: &str| {
        let query = ask.query.without(if key == "after" { "before" } else { "after" });
        json!(format!("{}/images?{}", ask.origin, query.with(key, cursor).written())).to_string()
    };
    let mut text =
        format!("\"paging\":{{\"cursors\":{{\"before\":\"{before}\",\"after\":\"{after}\"}}");
    if !page.is_first {
        text.push_str(&format!(",\"previous\":{}", link("before", &before)));
    }
    if !page.is_last {
        text.push_str(&format!(",\"next\":{}", link("after", &after)));
    }
    text + "}"
}

//! Lists of images: `/images` by place, user, organization, sequence, time and
//! camera; and `/image_ids` of a sequence.

use std::io;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::Site;
use super::answer::{Answer, Refusal};
use super::graph::{self, Ask};
use super::index::{Image, Index, kind};
use super::route::{self, Query};
use super::selectors::{self, Wanted};

/// `/images`
pub fn search(site: &Site, ask: &Ask) -> Result<Answer, Refusal> {
    let wanted = Wanted::from_query(ask.query)?;
    let fields = route::fields(ask.query);
    let limit = selectors::limit(ask.query)?;
    let selected = select(site, ask, &wanted)?;
    let start = if selected.is_paged() { Start::from_query(ask.query)? } else { Start::default() };
    let page = Page::take(ask.index, &selected, start, limit, &wanted)?;
    let objects: Result<Vec<String>, Refusal> =
        page.images.iter().map(|image| graph::image(site, ask, image, fields.as_deref())).collect();
    let data = format!("\"data\":[{}]", objects?.join(","));
    let paging = if selected.is_paged() && !page.images.is_empty() {
        format!(",{}", paging(ask, &page))
    } else {
        String::new()
    };
    Ok(Answer::json(format!("{{{data}{paging}}}")))
}

/// `/image_ids?sequence_id=`: all ids in capture order, gone ones among them;
/// an unknown sequence is an empty list.
pub fn image_ids(ask: &Ask) -> Result<Answer, Refusal> {
    let sequence = ask.query.get("sequence_id");
    let sequence =
        sequence.ok_or_else(|| Refusal::parameter("The parameter sequence_id is required"))?;
    let images = ask.index.images_of_sequence(sequence)?;
    let ids: Vec<String> = images.iter().map(|image| json!({"id": image.id}).to_string()).collect();
    Ok(Answer::json(format!("{{\"data\":[{}]}}", ids.join(","))))
}

/// The images that the first selector gives, for the others to narrow.
enum Selected {
    /// By their numbers.
    Numbers(Vec<u32>),
    /// Lists of a user, an organization, a camera or a time come in pages: a part of the postings.
    List(Range<u64>),
}

fn select(site: &Site, ask: &Ask, wanted: &Wanted) -> Result<Selected, Refusal> {
    let (query, index) = (ask.query, ask.index);
    if let Some(bounds) = selectors::bounds(query, site.strict_box)? {
        let found = index.within(bounds, site.density_limit)?;
        let numbers = found.ok_or_else(Refusal::too_much)?.iter().map(|spot| spot.number).collect();
        return Ok(Selected::Numbers(thinned(numbers, site.thin_to)));
    }
    if let Some(ids) = query.list("image_ids") {
        let found: io::Result<Vec<_>> = ids.iter().map(|id| index.present(id)).collect();
        return Ok(Selected::Numbers(found?.into_iter().flatten().map(|one| one.number).collect()));
    }
    if let Some(sequences) = query.list("sequence_ids") {
        let mut numbers = Vec::new();
        for id in sequences {
            let images = index.images_of_sequence(id)?;
            numbers.extend(images.iter().filter(|image| !image.is_gone()).map(|one| one.number));
        }
        return Ok(Selected::Numbers(numbers));
    }
    let lists = LISTS.iter().filter_map(|(key, kind)| Some((query.get(key)?, *kind)));
    let lists: io::Result<Vec<Range<u64>>> =
        lists.map(|(name, kind)| index.list(kind, name)).collect();
    let mut lists = lists?;
    if wanted.is_pano == Some(true) {
        lists.push(index.list(kind::IS_PANO, "")?);
    }
    let has_time = wanted.from_ms.or(wanted.to_ms).is_some();
    if lists.is_empty() && (has_time || wanted.is_pano.is_some()) {
        lists.push(index.list(kind::ALL, "")?);
    }
    // All of them hold what is wanted: the shortest is looked through.
    let list = lists.into_iter().min_by_key(|list| list.end - list.start);
    let list = list.ok_or_else(|| {
        Refusal::parameter(
            "At least one of bbox, lat and lng, s2, creator_username, organization_id, sequence_ids, \
             image_ids, make, model, is_pano, start_captured_at, end_captured_at is required",
        )
    })?;
    Ok(Selected::List(index.within_times(list, wanted.from_ms, wanted.to_ms)?))
}

/// So many of a list at most, spread over it.
fn thinned(numbers: Vec<u32>, most: Option<usize>) -> Vec<u32> {
    match most.filter(|&most| most < numbers.len()) {
        Some(most) => (0..most).map(|at| numbers[at * numbers.len() / most]).collect(),
        None => numbers,
    }
}

const LISTS: [(&str, u8); 4] = [
    ("creator_username", kind::USERNAME),
    ("organization_id", kind::ORGANIZATION),
    ("make", kind::MAKE),
    ("model", kind::MODEL),
];

impl Selected {
    fn is_paged(&self) -> bool {
        matches!(self, Selected::List(_))
    }

    fn len(&self) -> usize {
        match self {
            Selected::Numbers(numbers) => numbers.len(),
            Selected::List(list) => (list.end - list.start) as usize,
        }
    }

    fn images(&self, index: &Index, places: Range<usize>) -> io::Result<Vec<Image>> {
        match self {
            Selected::Numbers(numbers) => index.images(&numbers[places]),
            Selected::List(list) => {
                let at = |place: usize| list.start + place as u64;
                index.posted(at(places.start)..at(places.end))
            }
        }
    }
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
    fn from_query(query: &Query) -> Result<Start, Refusal> {
        let (key, cursor) = match (query.get("after"), query.get("before")) {
            (Some(cursor), _) => ("after", cursor),
            (None, Some(cursor)) => ("before", cursor),
            (None, None) => return Ok(Start::default()),
        };
        let text =
            URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let numbers = text.as_deref().and_then(|text| {
            let (place, skip) = text.strip_prefix("at:")?.split_once('+')?;
            Some((place.parse().ok()?, skip.parse::<u32>().ok()? as usize))
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
    let start = Start::from_query(query).unwrap_or_default();
    Start { skip: start.skip + rows, ..start }.cursor()
}

/// Some images of a list, and the places in it where they begin and end.
struct Page {
    images: Vec<Image>,
    begin: usize,
    end: usize,
    /// Whether nothing comes before, and after.
    is_first: bool,
    is_last: bool,
}

/// Images that are looked at at once.
const CHUNK: usize = 256;

impl Page {
    fn take(
        index: &Index,
        list: &Selected,
        start: Start,
        limit: usize,
        wanted: &Wanted,
    ) -> io::Result<Page> {
        let matching = |range: Range<usize>, backward: bool, limit: usize| {
            matching(index, list, range, backward, limit, wanted)
        };
        let middle = start.place.min(list.len());
        let mut found = if start.backward {
            matching(0..middle, true, limit)?
        } else {
            let mut found = matching(middle..list.len(), false, limit + start.skip)?;
            found.drain(..start.skip.min(found.len()));
            found
        };
        found.sort_unstable_by_key(|(place, _)| *place);
        let begin = found.first().map_or(middle, |(place, _)| *place);
        let end = found.last().map_or(middle, |(place, _)| place + 1);
        let is_first = !list.is_paged() || matching(0..begin, true, 1)?.is_empty();
        let is_last = !list.is_paged() || matching(end..list.len(), false, 1)?.is_empty();
        let images = found.into_iter().map(|(_, image)| image).collect();
        Ok(Page { images, begin, end, is_first, is_last })
    }
}

/// The first wanted images of a range, or the last ones, with their places.
fn matching(
    index: &Index,
    list: &Selected,
    mut range: Range<usize>,
    backward: bool,
    limit: usize,
    wanted: &Wanted,
) -> io::Result<Vec<(usize, Image)>> {
    let mut found = Vec::new();
    while !range.is_empty() && found.len() < limit {
        let size = range.len().min(CHUNK.min(limit.max(16)));
        let part =
            if backward { range.end - size..range.end } else { range.start..range.start + size };
        range = if backward { range.start..part.start } else { part.end..range.end };
        let images = part.clone().zip(list.images(index, part)?);
        let mut images: Vec<_> = images.filter(|(_, image)| wanted.takes(index, image)).collect();
        if backward {
            images.reverse();
        }
        found.extend(images);
    }
    found.truncate(limit);
    Ok(found)
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

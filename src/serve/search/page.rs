//! The pages of a list: their start and end, and the links between them.

use std::io;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::super::answer::Refusal;
use super::super::graph::Ask;
use super::super::index::{Image, Index};
use super::super::route::Query;
use super::super::selectors::Wanted;
use super::selection::Selected;

/// The start or the end of a page: a position in the list, and a number of matching images to skip from there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Start {
    place: usize,
    skip: usize,
    /// The page ends here instead of starting here.
    backward: bool,
}

impl Start {
    pub(super) fn from_query(query: &Query) -> Result<Start, Refusal> {
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

/// The cursor of the page that starts `rows` rows after the start of the requested one.
pub fn cursor_behind(query: &Query, rows: usize) -> String {
    let start = Start::from_query(query).unwrap_or_default();
    Start { skip: start.skip + rows, ..start }.cursor()
}

/// Some images of a list, and the positions where they begin and end.
pub(super) struct Page {
    pub(super) images: Vec<Image>,
    begin: usize,
    end: usize,
    /// Whether this is the first page, and the last.
    is_first: bool,
    is_last: bool,
}

/// The number of images read at once.
const CHUNK: usize = 256;

impl Page {
    pub(super) fn take(
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

/// The first matching images of a range, or the last ones, with their positions.
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

/// Cursors and links, in the order of the service.
pub(super) fn paging(ask: &Ask, page: &Page) -> String {
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

#[cfg(test)]
mod tests;

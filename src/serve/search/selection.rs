//! The images matched by the first selector of a search, to be filtered by the others.

use std::io;
use std::ops::Range;

use super::super::Site;
use super::super::answer::Refusal;
use super::super::graph::Ask;
use super::super::index::{Image, Index, kind};
use super::super::selectors::{self, Wanted};

/// The images matched by the first selector, to be filtered by the others.
pub(super) enum Selected {
    /// By their numbers.
    Numbers(Vec<u32>),
    /// The paged list of a user, an organization, a camera or a time: a range of the postings.
    List(Range<u64>),
}

pub(super) fn select(site: &Site, ask: &Ask, wanted: &Wanted) -> Result<Selected, Refusal> {
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
    // All of them contain the matching images: the shortest is scanned.
    let list = lists.into_iter().min_by_key(|list| list.end - list.start);
    let list = list.ok_or_else(|| {
        Refusal::parameter(
            "At least one of bbox, lat and lng, s2, creator_username, organization_id, sequence_ids, \
             image_ids, make, model, is_pano, start_captured_at, end_captured_at is required",
        )
    })?;
    Ok(Selected::List(index.within_times(list, wanted.from_ms, wanted.to_ms)?))
}

/// At most `most` entries of a list, spread over it evenly.
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
    pub(super) fn is_paged(&self) -> bool {
        matches!(self, Selected::List(_))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Selected::Numbers(numbers) => numbers.len(),
            Selected::List(list) => (list.end - list.start) as usize,
        }
    }

    pub(super) fn images(&self, index: &Index, places: Range<usize>) -> io::Result<Vec<Image>> {
        match self {
            Selected::Numbers(numbers) => index.images(&numbers[places]),
            Selected::List(list) => {
                let at = |place: usize| list.start + place as u64;
                index.posted(at(places.start)..at(places.end))
            }
        }
    }
}

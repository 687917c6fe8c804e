//! Writes lists of images by user, organization and camera.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use super::super::layout::{IS_GONE, IS_PANO, ImageRecord, List, NONE, Number, Table};
use super::super::storage::IndexOutput;
use super::super::tables::{Tables, hash};
use super::super::{self as index, kind};
use super::age;

const KINDS: [u8; 7] = [
    kind::USERNAME,
    kind::CREATOR,
    kind::ORGANIZATION,
    kind::MAKE,
    kind::MODEL,
    kind::IS_PANO,
    kind::ALL,
];

/// Writes the lists of images, newest first; returns the user with the most images.
pub(super) fn write_lists<'a>(
    tables: &mut Tables,
    sink: &mut IndexOutput,
    images: &[ImageRecord],
    name: impl Fn(u32) -> Option<&'a str>,
) -> io::Result<Option<String>> {
    let newest = newest(images);
    let (mut lists, mut postings, mut largest) = (Vec::new(), Vec::new(), None);
    for kind in KINDS {
        let mut by_name: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &at in &newest {
            if let Some(number) = index::some(number_of(kind, &images[at as usize])) {
                by_name.entry(number).or_default().push(at);
            }
        }
        if kind == kind::USERNAME {
            // Of users with as many images the first by name, as on the web page.
            let rank =
                |(&number, list): (&u32, &Vec<u32>)| (Reverse(list.len()), name(number), number);
            largest = by_name.iter().map(rank).min().map(|(_, _, number)| number);
        }
        for (number, list) in by_name {
            let named =
                if [kind::IS_PANO, kind::ALL].contains(&kind) { Some("") } else { name(number) };
            lists.push(List {
                hash: hash(kind, named.unwrap_or_default()),
                first: postings.len() as u64,
                count: list.len() as u32,
            });
            postings.extend(list.into_iter().map(|number| Number { number }));
        }
    }
    lists.sort_unstable_by_key(|list| list.hash);
    tables.put(sink, Table::Lists, lists)?;
    tables.put(sink, Table::Postings, postings)?;
    Ok(largest.and_then(name).map(str::to_owned))
}

/// The images that are not gone, newest first.
fn newest(images: &[ImageRecord]) -> Vec<u32> {
    let mut newest: Vec<u32> = (0..images.len() as u32).collect();
    newest.retain(|&at| images[at as usize].flags & IS_GONE == 0);
    newest.sort_by_key(|&at| (Reverse(age(&images[at as usize])), at));
    newest
}

/// The number of an image's name of this kind; 0 for a kind with a single list without a name.
fn number_of(kind: u8, image: &ImageRecord) -> u32 {
    match kind {
        kind::USERNAME => image.username,
        kind::CREATOR => image.creator,
        kind::ORGANIZATION => image.organization,
        kind::MAKE => image.make,
        kind::MODEL => image.model,
        kind::IS_PANO if image.flags & IS_PANO == 0 => NONE,
        _ => 0,
    }
}

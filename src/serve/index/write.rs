//! The tables of an index, written from what the builder has gathered.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use super::boxes;
use super::feature_tables::{LocatedFeature, write_features};
use super::kind;
use super::layout::{
    BoxRecord, HAS_TEXT_ID, IS_GONE, IS_PANO, ImageRecord, Key, List, NO_TIME, NONE, Number,
    PictureRecord, SequenceRecord, Table,
};
use super::names::Interner;
use super::spots::{place, spot, write_spots};
use super::storage::{Sink, Storage};
use super::tables::{Tables, hash};
use super::z_order::{self, COARSE_ZOOM, DEEPEST};
use crate::value::quality::Quality;

/// A picture that was found for an image.
#[derive(Debug)]
pub struct LocatedPicture {
    pub image: u32,
    pub quality: Quality,
    /// Where its path lies in the index.
    pub path: (u64, u32),
    pub part: Option<(u64, u64)>,
    pub is_webp: bool,
}

/// What the builder has gathered.
pub struct IndexContents {
    pub sink: Sink,
    pub images: Vec<ImageRecord>,
    pub names: Interner,
    pub sequences: Interner,
    pub found: Vec<LocatedPicture>,
    pub features: Vec<LocatedFeature>,
}

pub fn finish(gathered: IndexContents, sources: &str, notes: &str) -> io::Result<Storage> {
    let IndexContents { mut sink, images, mut names, sequences, mut found, features } = gathered;
    let order = order(&images, sequences.len());
    let mut number_of = vec![0u32; images.len()];
    for (number, &old) in (0u32..).zip(&order) {
        number_of[old as usize] = number;
    }
    let mut images: Vec<ImageRecord> = order.iter().map(|&old| images[old as usize]).collect();
    drop(order);
    // The first that was found of a quality stays: copies are the same picture.
    found.iter_mut().for_each(|found| found.image = number_of[found.image as usize]);
    drop(number_of);
    found.sort_by_key(|found| (found.image, found.quality));
    found.dedup_by_key(|found| (found.image, found.quality));
    for (at, found) in (0u32..).zip(&found) {
        let image = &mut images[found.image as usize];
        if image.pictures == 0 {
            image.first_picture = at;
        }
        image.pictures += 1;
    }
    let mut tables = Tables::default();
    let names_of_sequences: Vec<&str> =
        (0..sequences.len() as u32).filter_map(|number| sequences.name(number)).collect();
    write_sequences(&mut tables, &mut sink, &mut images, &names_of_sequences)?;
    tables.put_bytes(&mut sink, Table::Freshness, sources.as_bytes())?;
    tables.put_bytes(&mut sink, Table::Notes, notes.as_bytes())?;
    write_ids(&mut tables, &mut sink, &images)?;
    tables.put(
        &mut sink,
        Table::Pictures,
        found.iter().map(|found| PictureRecord {
            path_at: found.path.0,
            path_len: found.path.1,
            part_at: found.part.map_or(0, |part| part.0),
            part_len: found.part.map_or(0, |part| part.1),
            quality: found.quality as u8,
            is_webp: found.is_webp.into(),
            is_part: found.part.is_some().into(),
        }),
    )?;
    drop(found);
    for (table, is_computed) in [(Table::Spots, false), (Table::ComputedSpots, true)] {
        let all = (0u32..).zip(&images);
        let spots = all.filter(|(_, image)| image.flags & IS_GONE == 0);
        let spots = spots.filter_map(|(number, image)| spot(image, number, is_computed));
        write_spots(&mut tables, &mut sink, table, spots.collect())?;
    }
    write_features(&mut tables, &mut sink, features)?;
    let name = |number: u32| names.name(number);
    let owner = write_lists(&mut tables, &mut sink, &images, name)?;
    names.set_first(&owner.unwrap_or_default());
    tables.put_bytes(&mut sink, Table::Names, &names.to_bytes())?;
    tables.put(&mut sink, Table::Images, images)?;
    tables.finish(&mut sink)?;
    sink.finish()
}

/// By time, then by id.
fn age(image: &ImageRecord) -> (i64, bool, u64) {
    (image.captured_ms, image.flags & HAS_TEXT_ID != 0, image.id)
}

/// The images by their sequences, each in capture order; those of none come last.
fn order(images: &[ImageRecord], sequences: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..images.len() as u32).collect();
    let sequence = |at: &u32| (images[*at as usize].sequence as usize).min(sequences);
    order.sort_by_key(sequence);
    for run in order.chunk_by_mut(|a, b| sequence(a) == sequence(b)) {
        // Rows of get-images stand in capture order and may lack the time;
        // sorting some by time and some not would tear that order.
        if run.iter().all(|&at| images[at as usize].captured_ms != NO_TIME) {
            run.sort_by_key(|&at| age(&images[at as usize]));
        }
    }
    order
}

fn write_ids(tables: &mut Tables, sink: &mut Sink, images: &[ImageRecord]) -> io::Result<()> {
    let mut ids = Vec::with_capacity(images.len());
    for (number, image) in (0u32..).zip(images) {
        let id = match image.flags & HAS_TEXT_ID {
            0 => image.id.to_string(),
            _ => {
                String::from_utf8_lossy(&sink.read(image.id >> 16, image.id & 0xffff)?).into_owned()
            }
        };
        ids.push(Key { hash: hash(kind::IMAGE, &id), number });
    }
    ids.sort_unstable_by_key(|key| (key.hash, key.number));
    tables.put(sink, Table::Ids, ids)
}

/// Sequences by their numbers, their names, lines, boxes and first images.
fn write_sequences(
    tables: &mut Tables,
    sink: &mut Sink,
    images: &mut [ImageRecord],
    names: &[&str],
) -> io::Result<()> {
    let (mut records, mut keys, mut samples) = (Vec::new(), Vec::new(), Vec::new());
    let mut boxes_of = [Vec::new(), Vec::new()];
    let mut first = 0u32;
    for run in images.chunk_by_mut(|a, b| a.sequence == b.sequence) {
        let start = first;
        first += run.len() as u32;
        let Some(name) = names.get(run[0].sequence as usize) else { continue };
        let number = records.len() as u32;
        // The numbers of the builder give way to those in the order of the images.
        run.iter_mut().for_each(|image| image.sequence = number);
        let mut record = SequenceRecord {
            name_at: sink.write(name.as_bytes())?,
            name_len: name.len() as u32,
            first: start,
            count: run.len() as u32,
            sample: NONE,
            line_at: 0,
            line_len: 0,
            coarse_len: 0,
            computed_line_at: 0,
            computed_line_len: 0,
            computed_coarse_len: 0,
        };
        for is_computed in [false, true] {
            let line: Vec<(u32, u32)> = seen(run)
                .filter_map(|image| place(image, is_computed).map(z_order::units))
                .collect();
            let (coarse, fine) = (
                z_order::pack(line.iter().copied(), COARSE_ZOOM),
                z_order::pack(line.iter().copied(), DEEPEST),
            );
            let at = sink.write(&coarse)?;
            sink.write(&fine)?;
            let lens = (coarse.len() as u32, fine.len() as u32);
            if !is_computed {
                (record.line_at, record.coarse_len, record.line_len) = (at, lens.0, lens.1);
            } else {
                (record.computed_line_at, record.computed_coarse_len, record.computed_line_len) =
                    (at, lens.0, lens.1);
            }
            boxes_of[usize::from(is_computed)].extend(BoxRecord::around(line.into_iter(), number));
        }
        let sample = run
            .iter()
            .position(|image| image.flags & IS_GONE == 0 && place(image, false).is_some());
        if let Some(at) = sample {
            record.sample = start + at as u32;
            samples.extend(spot(&run[at], number, false));
        }
        keys.push(Key { hash: hash(kind::SEQUENCE, name), number });
        records.push(record);
    }
    keys.sort_unstable_by_key(|key| (key.hash, key.number));
    let [recorded, computed] = boxes_of.map(boxes::tree);
    tables.put(sink, Table::Sequences, records)?;
    tables.put(sink, Table::SequenceIds, keys)?;
    write_spots(tables, sink, Table::Samples, samples)?;
    tables.put(sink, Table::Boxes, recorded)?;
    tables.put(sink, Table::ComputedBoxes, computed)
}

fn seen(run: &[ImageRecord]) -> impl Iterator<Item = &ImageRecord> {
    run.iter().filter(|image| image.flags & IS_GONE == 0)
}

/// Lists of images by what they have in common, newest first; the user with the most images.
fn write_lists<'a>(
    tables: &mut Tables,
    sink: &mut Sink,
    images: &[ImageRecord],
    name: impl Fn(u32) -> Option<&'a str>,
) -> io::Result<Option<String>> {
    let mut newest: Vec<u32> = (0..images.len() as u32).collect();
    newest.retain(|&at| images[at as usize].flags & IS_GONE == 0);
    newest.sort_by_key(|&at| (Reverse(age(&images[at as usize])), at));
    let (mut lists, mut postings, mut largest) = (Vec::new(), Vec::new(), None);
    let of = |kind: u8, image: &ImageRecord| match kind {
        kind::USERNAME => image.username,
        kind::CREATOR => image.creator,
        kind::ORGANIZATION => image.organization,
        kind::MAKE => image.make,
        kind::MODEL => image.model,
        kind::IS_PANO => {
            if image.flags & IS_PANO != 0 {
                0
            } else {
                NONE
            }
        }
        _ => 0,
    };
    for kind in [
        kind::USERNAME,
        kind::CREATOR,
        kind::ORGANIZATION,
        kind::MAKE,
        kind::MODEL,
        kind::IS_PANO,
        kind::ALL,
    ] {
        let mut by_name: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &at in &newest {
            let number = of(kind, &images[at as usize]);
            if number != NONE {
                by_name.entry(number).or_default().push(at);
            }
        }
        if kind == kind::USERNAME {
            // Of as many the first by name, as the page lists them.
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

//! Writes the tables of an index from the data that the builder has collected.

mod lists;
mod sequences;

use std::io;

use crate::value::quality::Quality;

use super::feature_tables::{LocatedFeature, write_features};
use super::kind;
use super::layout::{HAS_TEXT_ID, IS_GONE, ImageRecord, Key, NO_TIME, PictureRecord, Table};
use super::names::Interner;
use super::spots::{spot, write_spots};
use super::storage::{IndexOutput, Storage};
use super::tables::{Tables, hash};
use lists::write_lists;
use sequences::write_sequences;

/// A picture found for an image.
#[derive(Debug)]
pub struct LocatedPicture {
    pub image: u32,
    pub quality: Quality,
    /// Position and length of its path in the index.
    pub path: (u64, u32),
    pub part: Option<(u64, u64)>,
    pub is_webp: bool,
}

/// The data that the builder has collected.
pub struct IndexContents {
    pub sink: IndexOutput,
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
    // Of each quality the first one found is used: copies are the same picture.
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

/// The images by sequence, each in capture order; those without a sequence come last.
fn order(images: &[ImageRecord], sequences: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..images.len() as u32).collect();
    let sequence = |at: &u32| (images[*at as usize].sequence as usize).min(sequences);
    order.sort_by_key(sequence);
    for run in order.chunk_by_mut(|a, b| sequence(a) == sequence(b)) {
        // Rows of get-images are in capture order and may lack the time; sorting only those with a time would break
        // that order.
        if run.iter().all(|&at| images[at as usize].captured_ms != NO_TIME) {
            run.sort_by_key(|&at| age(&images[at as usize]));
        }
    }
    order
}

fn write_ids(
    tables: &mut Tables,
    sink: &mut IndexOutput,
    images: &[ImageRecord],
) -> io::Result<()> {
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

//! Rows in compressed blocks, one for each sequence, with a sorted table by which a page finds the block of an id in
//! one or two short reads.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::encoded;
use crate::disk::atomic_file::Replacement;
use crate::format::pmtiles::gzip;
use crate::serve::index::{HeldPicture, Image, Index};
use crate::serve::record;
use crate::value::quality::Quality;

/// The number of images without a sequence in a block.
const LONE: usize = 64;
/// The maximum number of images in a block: a longer sequence has several, so that each loads quickly.
const MOST: usize = 1000;
/// The page knows one of every this many entries of the table, and requests the range between two.
const STEP: usize = 512;

/// The values that the page needs.
pub struct SiteBlocks {
    pub index: Value,
    pub without_picture: u64,
}

/// An entry of the table: a hash, and the block with its rows.
struct Entry {
    hash: u64,
    offset: u64,
    length: u32,
}

struct Blocks<'a> {
    index: &'a Index,
    /// Only files in this folder are visible to the page.
    dir: PathBuf,
    file: Replacement,
    entries: Vec<Entry>,
    /// Numbers of files, by URL.
    files: HashMap<String, usize>,
    names: Vec<String>,
    without_picture: u64,
}

/// Writes `rows.bin` and `index.bin`.
pub fn write(index: &Index, dir: &Path, into: &Path) -> io::Result<SiteBlocks> {
    let mut blocks = Blocks {
        index,
        dir: fs::canonicalize(dir)?,
        file: Replacement::create(&into.join("rows.bin"))?,
        entries: Vec::new(),
        files: HashMap::new(),
        names: Vec::new(),
        without_picture: 0,
    };
    let mut lone = Vec::new();
    for number in 0..index.sequences_len() as u32 {
        let sequence = index.sequence(number)?;
        let name = index.sequence_name(&sequence)?;
        let numbers: Vec<u32> = (sequence.first..sequence.first + sequence.count).collect();
        for part in numbers.chunks(MOST) {
            let images = index.images(part)?;
            blocks.add(
                &images.into_iter().filter(|image| !image.is_gone()).collect::<Vec<_>>(),
                Some(&name),
            )?;
        }
    }
    for number in 0..index.len() as u32 {
        let image = index.image(number)?;
        if crate::serve::index::some(image.record.sequence).is_none() && !image.is_gone() {
            lone.push(image);
        }
        if lone.len() == LONE {
            blocks.add(&std::mem::take(&mut lone), None)?;
        }
    }
    blocks.add(&lone, None)?;
    blocks.finish(into)
}

impl Blocks<'_> {
    fn add(&mut self, images: &[Image], sequence: Option<&str>) -> io::Result<()> {
        if images.is_empty() {
            return Ok(());
        }
        let rows = images.iter().map(|image| self.row(image)).collect::<io::Result<Vec<_>>>()?;
        let block = gzip(Value::Array(rows).to_string().as_bytes())?;
        let (offset, length) = (self.file.written(), block.len() as u32);
        self.file.write_all(&block)?;
        let ids = images.iter().map(|image| hash('i', &image.id));
        let hashes = ids.chain(sequence.map(|name| hash('s', name)));
        self.entries.extend(hashes.map(|hash| Entry { hash, offset, length }));
        Ok(())
    }

    /// An image as the service would return it, and the location of its best picture.
    fn row(&mut self, image: &Image) -> io::Result<Value> {
        let text = self.index.fields_text(image)?;
        let mut row = Map::new();
        for (key, raw) in record::fields_of(&text) {
            if !["mesh", "sfm_cluster", "detections"].contains(&key.as_str()) {
                row.insert(key, serde_json::from_str(raw.get())?);
            }
        }
        row.insert("id".into(), json!(image.id));
        let pictures = self.index.pictures(image)?;
        let best = pictures.iter().max_by_key(|held| held.quality);
        match best.and_then(|held| self.place(held)) {
            Some(place) => drop(row.insert("picture".into(), place)),
            None => self.without_picture += 1,
        }
        // The picture that the page shows, if it is not the best.
        let view = pictures.iter().find(|held| held.quality == Quality::W2048);
        let view = view.filter(|view| best.is_some_and(|best| best.quality > view.quality));
        if let Some(place) = view.and_then(|held| self.place(held)) {
            row.insert("view".into(), place);
        }
        Ok(Value::Object(row))
    }

    /// The location of a picture: its file, its type, and in a tar its position and length.
    fn place(&mut self, held: &HeldPicture) -> Option<Value> {
        let path = self.below(&held.path)?;
        let mut place = vec![self.file_number(&encoded(&path)), json!(held.content_type)];
        place.extend(held.part.into_iter().flat_map(|(at, len)| [json!(at), json!(len)]));
        Some(Value::Array(place))
    }

    /// The path of a file relative to the archive's folder, if it is in it.
    fn below(&self, path: &Path) -> Option<PathBuf> {
        let path = if path.is_absolute() { path.strip_prefix(&self.dir).ok()? } else { path };
        Some(path.to_path_buf())
    }

    /// Tars are listed once and numbered; the row of a loose picture has its file name.
    fn file_number(&mut self, address: &str) -> Value {
        if !address.ends_with(".tar") {
            return json!(address);
        }
        let next = self.names.len();
        let number = *self.files.entry(address.to_owned()).or_insert_with(|| {
            self.names.push(address.to_owned());
            next
        });
        json!(number)
    }

    fn finish(mut self, into: &Path) -> io::Result<SiteBlocks> {
        self.entries.sort_unstable_by_key(|entry| (entry.hash, entry.offset));
        let mut table = Replacement::create(&into.join("index.bin"))?;
        let mut bytes = Vec::with_capacity(self.entries.len() * 20);
        for entry in &self.entries {
            bytes.extend(entry.hash.to_be_bytes());
            bytes.extend(entry.offset.to_be_bytes());
            bytes.extend(entry.length.to_be_bytes());
        }
        table.write_all(&bytes)?;
        table.finish(Some(bytes.len() as u64), false)?;
        let written = self.file.written();
        self.file.finish(Some(written), false)?;
        // Numbers beyond 2^53 are strings, since JavaScript reads numbers as doubles.
        let firsts: Vec<String> =
            self.entries.iter().step_by(STEP).map(|entry| format!("{:016x}", entry.hash)).collect();
        let index = json!({"step": STEP, "count": self.entries.len(), "firsts": firsts, "files": self.names});
        Ok(SiteBlocks { index, without_picture: self.without_picture })
    }
}

/// FNV-1a with 64 bits, which is short in JavaScript, too. Two names may have the same hash: the page checks the rows.
pub fn hash(kind: char, name: &str) -> u64 {
    let mut text = String::from(kind);
    text.push_str(name);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

//! Builds an index: rows are added one by one, their text is written immediately, and everything is sorted at the end.

mod image_record;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use crate::serve::map_feature_row::MapFeature;
use crate::serve::record::{self, Record, RecordError, RecordFacts};
use crate::value::quality::Quality;

use super::feature_tables::LocatedFeature;
use super::layout::{HAS_TEXT_ID, IS_GONE, ImageRecord, NONE};
use super::names::Interner;
use super::storage::{IndexOutput, Storage};
use super::tar_version::TarVersion;
pub use super::write::LocatedPicture;
use super::write::{self, IndexContents};

/// A file that a row names for an image, used if the folder has no file with the image's name.
#[derive(Debug)]
pub struct Claim {
    pub image: u32,
    pub path: Option<Box<str>>,
    pub quality: Option<Quality>,
}

/// Collects rows into an index.
pub struct Builder {
    sink: IndexOutput,
    spill: Option<(usize, PathBuf)>,
    images: Vec<ImageRecord>,
    by_number: HashMap<u64, u32>,
    by_text: HashMap<Box<str>, u32>,
    names: Interner,
    sequences: Interner,
    pub claims: Vec<Claim>,
    pub found: Vec<LocatedPicture>,
    features: HashMap<String, LocatedFeature>,
    /// How many rows contradict an earlier one of their image, and the image and the field of the first.
    pub contradictions: (u64, Option<(String, &'static str)>),
    /// Why the index could not be stored in a file, if that failed.
    pub unwritten: Option<String>,
}

impl Builder {
    /// In memory until there are this many images; then in a file.
    pub fn new(spill: Option<(usize, PathBuf)>) -> Builder {
        Builder {
            sink: IndexOutput::new(),
            spill,
            images: Vec::new(),
            by_number: HashMap::new(),
            by_text: HashMap::new(),
            names: Interner::new(),
            sequences: Interner::new(),
            claims: Vec::new(),
            found: Vec::new(),
            features: HashMap::new(),
            contradictions: (0, None),
            unwritten: None,
        }
    }

    /// Adds a row in its JSON form; rows that are not images are skipped. `user` is the creator of images whose rows
    /// name none.
    pub fn add(&mut self, row: &str, user: Option<&str>) -> io::Result<Result<(), RecordError>> {
        let record = match Record::read(row) {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(Ok(())),
            Err(why) => return Ok(Err(why)),
        };
        let known = self.number_of(&record.id);
        let before = match known {
            Some(at) => {
                let image = &self.images[at as usize];
                Some(self.sink.read(image.text_at, image.text_len.into())?)
            }
            None => None,
        };
        let before = before.map(|text| String::from_utf8_lossy(&text).into_owned());
        if let Some(field) =
            before.as_deref().and_then(|before| record::contradiction(before, &record.text))
        {
            self.contradictions.0 += 1;
            self.contradictions.1.get_or_insert_with(|| (record.id.clone(), field));
        }
        let text = record::merged(before.as_deref(), &record.text, user);
        let facts = match RecordFacts::read(&text) {
            Ok(facts) => facts,
            Err(why) => return Ok(Err(why)),
        };
        let at = self.place(known, &record, &facts, &text)?;
        if record.path.is_some() || record.quality.is_some() {
            let quality = record.quality.and_then(|name| name.parse().ok());
            self.claims.push(Claim { image: at, path: record.path.map(Into::into), quality });
        }
        Ok(Ok(()))
    }

    /// Adds a map feature; a later row of the same feature replaces it.
    pub fn add_feature(&mut self, feature: MapFeature) -> io::Result<()> {
        let MapFeature { id, place, text } = feature;
        let text = (self.sink.write(text.as_bytes())?, text.len() as u32);
        self.features.insert(id.clone(), LocatedFeature { id, place, text });
        Ok(())
    }

    fn place(
        &mut self,
        known: Option<u32>,
        record: &Record,
        facts: &RecordFacts,
        text: &str,
    ) -> io::Result<u32> {
        self.grow()?;
        let text_at = self.sink.write(text.as_bytes())?;
        let (id, id_flag) = match numeric(&record.id) {
            Some(number) => (number, 0),
            None => (
                self.sink.write(record.id.as_bytes())? << 16 | record.id.len() as u64 & 0xffff,
                HAS_TEXT_ID,
            ),
        };
        let was_gone = known.is_some_and(|at| self.images[at as usize].flags & IS_GONE != 0);
        let mut image = self.image_of(facts);
        (image.id, image.text_at, image.text_len) = (id, text_at, text.len() as u32);
        image.flags |= id_flag | if record.is_gone || was_gone { IS_GONE } else { 0 };
        if let Some(at) = known {
            self.images[at as usize] = image;
            return Ok(at);
        }
        let at = u32::try_from(self.images.len()).ok().filter(|at| *at != NONE);
        let at = at.ok_or_else(|| io::Error::other("more than 2^32 images"))?;
        match numeric(&record.id) {
            Some(number) => self.by_number.insert(number, at),
            None => self.by_text.insert(record.id.as_str().into(), at),
        };
        self.images.push(image);
        Ok(at)
    }

    /// Continues in a file once there are many images.
    fn grow(&mut self) -> io::Result<()> {
        let is_due = |(from, _): &mut (usize, PathBuf)| self.images.len() >= *from;
        if let Some((_, path)) = self.spill.take_if(is_due)
            && let Err(error) = self.sink.spill(&path)
        {
            self.unwritten = Some(format!("'{}': {error}", path.display()));
        }
        Ok(())
    }

    /// The number of an image by its id, during the build.
    pub fn number_of(&self, id: &str) -> Option<u32> {
        match numeric(id) {
            Some(number) => self.by_number.get(&number).copied(),
            None => self.by_text.get(id).copied(),
        }
    }

    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Marks an image as deleted from the service.
    pub fn lose(&mut self, id: &str) -> bool {
        let Some(at) = self.number_of(id) else { return false };
        self.images[at as usize].flags |= IS_GONE;
        true
    }

    /// Writes a path, and returns its position and length.
    pub fn write_path(&mut self, bytes: &[u8]) -> io::Result<(u64, u32)> {
        Ok((self.sink.write(bytes)?, bytes.len() as u32))
    }

    /// Writes the path of a tar with its version behind it, and returns the position and length of the path.
    pub fn write_tar(&mut self, bytes: &[u8], version: TarVersion) -> io::Result<(u64, u32)> {
        let at = self.sink.write(&[bytes, &version.to_bytes()].concat())?;
        Ok((at, bytes.len() as u32))
    }

    /// The finished index. `sources` and `notes` are stored in it unchanged.
    pub fn finish(self, sources: &str, notes: &str) -> io::Result<Storage> {
        let Builder { sink, images, names, sequences, found, features, .. } = self;
        let mut features: Vec<LocatedFeature> = features.into_values().collect();
        features.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let contents = IndexContents { sink, images, names, sequences, found, features };
        write::finish(contents, sources, notes)
    }
}

/// An id as a number, if the number is written exactly like the id.
fn numeric(id: &str) -> Option<u64> {
    let is_plain =
        id.bytes().all(|byte| byte.is_ascii_digit()) && (id == "0" || !id.starts_with('0'));
    id.parse().ok().filter(|_| is_plain)
}

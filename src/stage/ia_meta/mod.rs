//! ia-meta: prepares a collection for the Internet Archive.
//!
//! It counts the pictures by the indexes of the tars, completes the listing, makes a thumbnail, writes the tags as
//! files, and outputs the commands that upload it all. It uses no network, and does not rewrite unchanged files.

mod collection_reader;
mod contradictions;
mod facts;
mod item_metadata;
mod item_tag_files;
mod picture_listing;
mod thumb;
mod upload_command;
mod wish;
mod write;

use std::io::Write;
use std::path::{Path, PathBuf};

pub use wish::TagOverride;

use crate::disk::pictures::is_named_so;
use crate::row::{Field, Row};
use crate::service::retry::Stop;
use crate::shape::document::{Document, put};
use crate::shape::{Diagnostics, Error, FatalError, InputHeader, RowError, Shape};
use crate::value::collection::Collection;
use collection_reader::{At, CollectionReader};
use contradictions::Contradictions;
use facts::CollectionFacts;
use upload_command::Upload;
use write::Writes;

/// The picture that archive.org shows for an item.
const THUMBNAIL: &str = "__ia_thumb__.jpg";

/// The options of ia-meta.
#[derive(Debug, Clone)]
pub struct IaMetaOptions {
    /// The collection of archive.org to put the item into.
    pub into: String,
    /// Tag values given by the user.
    pub wishes: Vec<TagOverride>,
    /// Make the thumbnail again.
    pub force: bool,
    pub dry_run: bool,
    /// Stops the work on a large collection.
    pub stop: Stop,
}

/// Takes rows with the folders of collections, and collects the commands that upload them.
pub struct IaMeta {
    settings: IaMetaOptions,
    script: String,
}

impl IaMeta {
    pub fn new(settings: IaMetaOptions) -> IaMeta {
        let script = "#!/bin/sh\n# Uploads with ia, the client of archive.org (pip install internetarchive; ia configure).\n\
                      # What is there already, by its MD5, is skipped: after a failure, run it again.\nset -e\n";
        IaMeta { settings, script: script.to_string() }
    }

    fn describe(&self, folder: &Path, notes: &dyn Diagnostics) -> Result<String, RowError> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let collection: Collection = name.parse()?;
        if let Some(why) = collection.unfit() {
            return Err(why.into());
        }
        if !folder.is_dir() {
            return Err("no such folder".into());
        }
        let source = CollectionReader::open(folder, &self.settings.stop)?;
        contradictions::check_tars(&source)?;
        let mut found = Contradictions::new(&collection);
        let (facts, shown) = count(&source, &mut found)?;
        found.warn(notes);
        let mut writes = Writes { dry_run: self.settings.dry_run, ..Writes::default() };
        picture_listing::complete(&source, &mut writes)?;
        thumb::make(&source, &shown, self.settings.force, &mut writes, notes)?;
        let wanted =
            item_metadata::derive(&collection, &facts, &self.settings.into, &self.settings.wishes);
        item_tag_files::write(folder, &wanted, &mut writes)?;
        writes.tell(notes);
        let upload = Upload::read(folder)?;
        upload.warn(&name, notes);
        let tags = if self.settings.dry_run { wanted } else { item_tag_files::read(folder)? };
        Ok(upload.script(&name, &tags))
    }
}

/// The statistics of the collection from the indexes of its tars, or from the list of rows for tars of other
/// programs, which have no index; and the pictures that may become the thumbnail.
fn count(
    source: &CollectionReader,
    found: &mut Contradictions<'_>,
) -> Result<(CollectionFacts, Vec<At>), RowError> {
    let (mut facts, mut shown) = (CollectionFacts::default(), Vec::new());
    source.each_member(|at, member| {
        if !is_named_so(Path::new(&member.name)) {
            return Ok(());
        }
        if !found.add(member) {
            return Ok(());
        }
        // A panorama looks odd as a thumbnail.
        if member.row.flag(Field::IsPano).ok().flatten() != Some(true) {
            shown.push(at);
        }
        facts.add(&member.row)
    })?;
    if facts.pictures == 0 || !source.is_indexed() {
        let mut listed = CollectionFacts::default();
        source.each_listed(|row| listed.add(row))?;
        facts = if listed.pictures > 0 { listed } else { facts };
    }
    facts.is_indexed = source.is_indexed();
    match facts.pictures {
        0 => {
            let sources = "neither tars, which pack-tar makes, nor metadata.jsonl.gz";
            Err(format!("no pictures: {sources}").into())
        }
        _ => Ok((facts, shown)),
    }
}

impl Document for IaMeta {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { needs: vec![vec![Field::Path]], ..Shape::default() }
    }

    fn add(&mut self, row: &Row, _: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error> {
        let folder = PathBuf::from(row.get(Field::Path).unwrap_or_default());
        self.script += &self.describe(&folder, notes)?;
        Ok(())
    }

    fn finish(self, out: &mut dyn Write, _: &dyn Diagnostics) -> Result<(), FatalError> {
        put(out, self.script)
    }
}

/// The rows of folders.
pub fn rows_of(folders: &[PathBuf]) -> Result<Vec<Row>, FatalError> {
    let row = |folder: &PathBuf| match folder.to_str() {
        Some(path) => Ok(Row::from_cells(&[(Field::Path, path)])),
        None => Err(FatalError(format!("the name '{}' is not UTF-8", folder.display()))),
    };
    if folders.is_empty() {
        Err(FatalError("no collection: name a folder such as mapillary-USER-original".into()))
    } else {
        folders.iter().map(row).collect()
    }
}

//! `metadata.jsonl.gz`: a line for each picture, as the service knew it.
//!
//! What is listed already stays as it is; pictures in the tars that are not listed are added. So a listing that
//! another tool made is kept, and addenda find their way in.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::source::CollectionReader;
use super::write::Writes;
use crate::archive::packed;
use crate::disk::atomic_file::Replacement;
use crate::disk::{Action, AtPath};
use crate::query::known::KnownIds;
use crate::row::{Columns, Field, Row, json};
use crate::shape::RowError;

const NAME: &str = "metadata.jsonl.gz";

/// Brings the listing up to what is in the tars. An id costs about 16 bytes while it works.
pub fn complete(source: &CollectionReader, writes: &mut Writes) -> Result<(), RowError> {
    let path = source.folder.join(NAME);
    let mut listed = KnownIds::default();
    source.each_listed(|row| {
        row.get(Field::ImgId).into_iter().for_each(|id| listed.insert(id));
        Ok(())
    })?;
    let mut missing = 0;
    source.each_member(|(tar, _), member| {
        missing += u64::from(is_missing(source, tar, &member.row, &listed));
        Ok(())
    })?;
    if missing == 0 && source.list().is_none_or(|list| list == path) {
        return Ok(());
    }
    writes.changed.push(path.clone());
    if writes.dry_run {
        return Ok(());
    }
    let file = Replacement::create(&path).at_path(Action::Write, &path)?;
    // No name and no time: the same rows give the same bytes (RFC 1952, section 2.3.1).
    let mut packed = GzBuilder::new().mtime(0).write(file, Compression::default());
    source.each_listed(|row| Ok(packed.write_all(&line(row)).at_path(Action::Write, &path)?))?;
    source.each_member(|(tar, _), member| {
        if !is_missing(source, tar, &member.row, &listed) {
            return Ok(());
        }
        member.row.get(Field::ImgId).into_iter().for_each(|id| listed.insert(id));
        Ok(packed.write_all(&line(&member.row)).at_path(Action::Write, &path)?)
    })?;
    let finished = packed.finish().and_then(|file| file.finish(None, true));
    Ok(finished.at_path(Action::Write, &path)?)
}

/// A sidecar has no id, and a photo that has none could not be told from one that is listed. Of the tars of others only
/// names are known.
fn is_missing(source: &CollectionReader, tar: u32, row: &Row, listed: &KnownIds) -> bool {
    row.get(Field::ImgId).is_some_and(|id| !listed.has(id))
        && packed::has_index(&source.tars[tar as usize])
}

/// The row as a line of its own, without what changes from run to run: links, places on disk.
fn line(row: &Row) -> Vec<u8> {
    let mut lasting = Row::new(Columns::from_fields(&[]));
    for (column, text, raw) in packed::lasting(row) {
        lasting.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&lasting, &mut text);
    text
}

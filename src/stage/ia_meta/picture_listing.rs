//! `metadata.jsonl.gz`: one line for each picture, with the service's metadata.
//!
//! Existing lines are kept; pictures that only later lists or the tars have are added. So a listing made by another tool is kept, and it
//! includes addenda.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::collection_reader::CollectionReader;
use super::write::Writes;
use crate::archive::packed;
use crate::disk::atomic_file::Replacement;
use crate::disk::{Action, AtPath};
use crate::query::known::KnownIds;
use crate::row::{Columns, Field, Row, json};
use crate::shape::RowError;

const NAME: &str = "metadata.jsonl.gz";

/// Adds the pictures of later lists and of the tars that are missing in the listing. Uses about 16 bytes of memory per id.
pub fn complete(source: &CollectionReader, writes: &mut Writes) -> Result<(), RowError> {
    let path = source.folder.join(NAME);
    let mut listed = KnownIds::default();
    let mut missing = source.each_listed(|row| {
        row.get(Field::ImgId).into_iter().for_each(|id| _ = listed.insert(id));
        Ok(())
    })?;
    source.each_member(|(tar, _), member| {
        missing += u64::from(is_missing(source, tar, &member.row, &listed));
        Ok(())
    })?;
    if missing == 0 && source.lists().first().is_none_or(|list| *list == path) {
        return Ok(());
    }
    writes.changed.push(path.clone());
    if writes.dry_run {
        return Ok(());
    }
    let file = Replacement::create(&path).at_path(Action::Write, &path)?;
    // No name and no time, so that the same rows give the same bytes (RFC 1952, section 2.3.1).
    let mut packed = GzBuilder::new().mtime(0).write(file, Compression::default());
    // Another run may have completed it before this one had its turn.
    source.each_listed(|row| {
        row.get(Field::ImgId).into_iter().for_each(|id| _ = listed.insert(id));
        Ok(packed.write_all(&line(row)).at_path(Action::Write, &path)?)
    })?;
    source.each_member(|(tar, _), member| {
        if !is_missing(source, tar, &member.row, &listed) {
            return Ok(());
        }
        member.row.get(Field::ImgId).into_iter().for_each(|id| _ = listed.insert(id));
        Ok(packed.write_all(&line(&member.row)).at_path(Action::Write, &path)?)
    })?;
    let finished = packed.finish().and_then(|file| file.finish(None, true));
    Ok(finished.at_path(Action::Write, &path)?)
}

/// Sidecars have no id, and a photo without one could not be matched with the listing. For tars of other programs,
/// only names are known.
fn is_missing(source: &CollectionReader, tar: u32, row: &Row, listed: &KnownIds) -> bool {
    row.get(Field::ImgId).is_some_and(|id| !listed.has(id))
        && packed::has_index(&source.tars[tar as usize])
}

/// The row as a line of its own, without values that change from run to run: links, paths on disk.
fn line(row: &Row) -> Vec<u8> {
    let mut lasting = Row::new(Columns::from_fields(&[]));
    for (column, text, raw) in packed::lasting(row) {
        lasting.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&lasting, &mut text);
    text
}

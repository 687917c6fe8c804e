//! `metadata.jsonl.gz`: a line for each picture, as the service knew it.
//!
//! What is listed already stays as it is; pictures in the tars that are not listed are added. So a listing that
//! another tool made is kept, and addenda find their way in.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

use super::write::Writes;
use crate::disk::packed;
use crate::disk::replace::Replacement;
use crate::row::table::Reader;
use crate::row::{Columns, Field, Row, json};
use crate::stage::known::Known;
use crate::stage::verify_archive::LISTS;

const NAME: &str = "metadata.jsonl.gz";

/// Hands on each listed row, of the first list that the folder has; the rows of none.
pub fn each(folder: &Path, mut take: impl FnMut(Row) -> Result<(), String>) -> Result<(), String> {
    let Some(path) = list(folder) else { return Ok(()) };
    let wrong = |what: String| format!("cannot read '{}': {what}", path.display());
    let file = File::open(&path).map_err(|error| wrong(error.to_string()))?;
    let mut rows = Reader::new(file).map_err(|error| wrong(error.to_string()))?;
    while let Some(row) = rows.next_row() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.line;
        take(row).map_err(|what| wrong(format!("line {line}: {what}")))?;
    }
    Ok(())
}

fn list(folder: &Path) -> Option<PathBuf> {
    LISTS.iter().map(|name| folder.join(name)).find(|path| path.exists())
}

/// Brings the listing up to what is in these tars. An id costs about 16 bytes while it works.
pub fn complete(folder: &Path, tars: &[PathBuf], writes: &mut Writes) -> Result<(), String> {
    let path = folder.join(NAME);
    let mut listed = Known::default();
    each(folder, |row| {
        row.get(Field::ImgId).into_iter().for_each(|id| listed.insert(id));
        Ok(())
    })?;
    // Of tars of others no more is known than their names.
    let tars: Vec<_> = tars.iter().filter(|tar| packed::has_index(tar)).collect();
    if list(folder).is_none_or(|list| list == path) && !any_missing(&tars, &listed)? {
        return Ok(());
    }
    writes.changed.push(path.clone());
    if writes.dry_run {
        return Ok(());
    }
    let wrong = |error: io::Error| format!("cannot write '{}': {error}", path.display());
    let file = Replacement::create(&path).map_err(wrong)?;
    // No name and no time: the same rows give the same bytes (RFC 1952, section 2.3.1).
    let mut packed = GzBuilder::new().mtime(0).write(file, Compression::default());
    each(folder, |row| packed.write_all(&line(&row)).map_err(|error| error.to_string()))?;
    for tar in tars {
        for member in packed::read(tar)? {
            if is_missing(&member.row, &listed) {
                member.row.get(Field::ImgId).into_iter().for_each(|id| listed.insert(id));
                packed.write_all(&line(&member.row)).map_err(wrong)?;
            }
        }
    }
    packed.finish().and_then(|file| file.finish(None, true)).map_err(wrong)
}

fn any_missing(tars: &[&PathBuf], listed: &Known) -> Result<bool, String> {
    for tar in tars {
        if packed::read(tar)?.iter().any(|member| is_missing(&member.row, listed)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A sidecar has no id, and a photo that has none could not be told from one that is listed.
fn is_missing(row: &Row, listed: &Known) -> bool {
    row.get(Field::ImgId).is_some_and(|id| !listed.has(id))
}

/// The row as a line of its own, without what changes from run to run: links, places on disk.
fn line(row: &Row) -> Vec<u8> {
    let mut lasting = Row::new(Columns::of(&[]));
    for (column, text, raw) in packed::lasting(row) {
        lasting.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&lasting, &mut text);
    text
}

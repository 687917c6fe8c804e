//! The rows to check: the members of all tars, the loose pictures, and the
//! rows that the collection says it has.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Fault;
use crate::disk::packed;
use crate::row::table::Reader;
use crate::row::{Field, Row};
use crate::stage::unpack_tar;

/// Where a collection keeps its rows, in the order in which it is looked for.
pub const LISTS: [&str; 4] = ["metadata.jsonl.gz", "metadata.jsonl", "images.jsonl", "images.csv"];

type Rows = Box<dyn Iterator<Item = Row> + Send>;

/// What is to be checked of a folder, of a tar, or (none) of the rows of a file.
pub fn rows_of(path: &Path) -> Result<Option<Rows>, Fault> {
    let Some(members) = unpack_tar::rows_of(path)? else { return Ok(None) };
    if !path.is_dir() {
        return Ok(Some(members));
    }
    let listed = LISTS.iter().map(|name| path.join(name)).find(|file| file.exists());
    let missing = listed.map(|file| without_picture(path, &file)).transpose()?;
    let wrong = |error| Fault(format!("cannot read folder '{}': {error}", path.display()));
    let loose = loose(path).map_err(wrong)?.into_iter().filter_map(|path| as_row(&path));
    Ok(Some(Box::new(members.chain(loose).chain(missing.into_iter().flatten()))))
}

/// A loose picture as a row; its name tells the id, as download has it.
fn as_row(path: &Path) -> Option<Row> {
    let mut row = Row::of(&[(Field::Path, path.to_str()?)]);
    let id = path.file_stem()?.to_str()?.split('_').next()?;
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        row.set(Field::ImgId, id);
    }
    Some(row)
}

/// The rows of the collection that no tar and no file has a picture for.
fn without_picture(folder: &Path, file: &Path) -> Result<Vec<Row>, Fault> {
    let wrong = |what: String| Fault(format!("cannot read '{}': {what}", file.display()));
    let held = held(folder).map_err(wrong)?;
    let input = fs::File::open(file).map_err(|error| wrong(error.to_string()))?;
    let mut rows = Reader::new(input).map_err(|error| wrong(error.to_string()))?;
    let mut missing = Vec::new();
    while let Some(row) = rows.next_row() {
        let mut row = row.map_err(|error| wrong(error.to_string()))?;
        let Some(id) = row.get(Field::ImgId) else { continue };
        if !held.contains(id) {
            for field in [Field::Path, Field::Archive, Field::Member] {
                row.clear(field);
            }
            missing.push(row);
        }
    }
    Ok(missing)
}

/// The ids of all pictures of a folder.
fn held(folder: &Path) -> Result<HashSet<String>, String> {
    let mut held = HashSet::new();
    let wrong = |error: std::io::Error| error.to_string();
    for tar in packed::tars(folder).map_err(wrong)? {
        for member in packed::read(&tar)? {
            held.extend(member.row.get(Field::ImgId).map(str::to_string));
        }
    }
    for path in loose(folder).map_err(wrong)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        held.extend(stem.split('_').next().map(str::to_string));
        held.insert(stem);
    }
    Ok(held)
}

/// The pictures that lie loose in a folder and below it.
fn loose(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_path_buf()];
    let mut pictures = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            } else if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| {
                ["jpg", "jpeg", "webp"].iter().any(|known| ending.eq_ignore_ascii_case(known))
            }) {
                pictures.push(path);
            }
        }
    }
    pictures.sort();
    Ok(pictures)
}

/// What to say of a row for which nothing was found.
pub fn why_missing(row: &Row) -> String {
    match row.get(Field::Path) {
        Some(path) => format!("neither '{path}' is there nor a tar that holds it"),
        None => "no picture of this row is there".to_string(),
    }
}

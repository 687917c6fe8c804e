//! The files with the tags of an item, `.meta/TAG/NUMBER`, one for each value, as read by the uploader `rip`.

use std::fs;
use std::io;
use std::path::Path;

use super::item_metadata::Tags;
use super::write::Writes;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::shape::RowError;

const FOLDER: &str = ".meta";

/// Tags written by this tool; a tag that no longer has a value loses its files.
const OWN: [&str; 12] = [
    "collection",
    "coverage",
    "creator",
    "date",
    "description",
    "licenseurl",
    "mapillary_pipes",
    "mediatype",
    "scanner",
    "source",
    "subject",
    "title",
];

/// Writes the files of these tags, and deletes obsolete ones. Tags written by other programs are kept.
pub fn write(folder: &Path, tags: &Tags, writes: &mut Writes) -> Result<(), RowError> {
    let meta = folder.join(FOLDER);
    let none = Vec::new();
    let given = tags.keys().map(String::as_str);
    for tag in OWN.into_iter().chain(given.filter(|tag| !OWN.contains(tag))) {
        let values = tags.get(tag).unwrap_or(&none);
        for (at, value) in values.iter().enumerate() {
            writes.put(&meta.join(tag).join(at.to_string()), value.as_bytes())?;
        }
        for at in numbers(&meta.join(tag))?.into_iter().filter(|&at| at >= values.len()) {
            writes.remove(&meta.join(tag).join(at.to_string()))?;
        }
    }
    Ok(())
}

/// All tags of the folder, whichever program wrote them.
pub fn read(folder: &Path) -> Result<Tags, RowError> {
    let meta = folder.join(FOLDER);
    let wrong = |error| PathError::new(Action::Read, &meta, error);
    let mut tags = Tags::new();
    let entries = match fs::read_dir(&meta) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tags),
        entries => entries.map_err(wrong)?,
    };
    for entry in entries {
        let path = entry.map_err(wrong)?.path();
        let Some(tag) = path.file_name().and_then(|name| name.to_str()).map(String::from) else {
            continue;
        };
        let mut values = Vec::new();
        for at in numbers(&path)? {
            let value = open::text(path.join(at.to_string())).map_err(wrong)?;
            values.push(value.trim_end_matches('\n').to_string());
        }
        values.retain(|value| !value.is_empty());
        if !values.is_empty() {
            tags.insert(tag, values);
        }
    }
    Ok(tags)
}

/// The numbers of the files of a tag, in order.
fn numbers(folder: &Path) -> Result<Vec<usize>, RowError> {
    let mut numbers = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(numbers) };
    for entry in entries {
        let entry = entry.at_path(Action::Read, folder)?;
        numbers.extend(entry.file_name().to_str().and_then(|name| name.parse::<usize>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

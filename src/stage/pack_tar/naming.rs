//! The tar, member name and time of a picture, all from its row: nothing depends on the disk, the zone or the clock.

use std::path::{Component, Path};

use crate::archive::packed;
use crate::format::tar;
use crate::photo::taken::taken_ms;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::instant::format_instant;
use crate::value::string_enum::words;

/// How pictures are grouped into tars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Date,
    Month,
    Sequence,
    None,
}

words!(By: Date = "date", Month = "month", Sequence = "sequence", None = "none");

/// The longest name of a file or a folder on common file systems, in bytes.
const MAX_NAME: usize = 255;
/// The longest name of a group: the names of its tars, and of what is beside them, have up to 30 bytes more.
const MAX_GROUP: usize = MAX_NAME - 30;

/// The name of the group, which is also that of its tar.
pub fn group(by: By, row: &Row) -> Result<String, RowError> {
    let date = |len: usize| -> Result<String, RowError> {
        let Some(taken_ms) = taken_ms(row)? else { return Ok("unknown-date".to_string()) };
        let date = format_instant(taken_ms).filter(|date| !date.starts_with(['-', '+']));
        let date = date.ok_or_else(|| format!("{taken_ms} ms is beyond the calendar"))?;
        Ok(date.chars().take(len).collect())
    };
    match by {
        By::Date => date("2024-01-15".len()),
        By::Month => date("2024-01".len()),
        By::Sequence => Ok(match row.get(Field::SeqId) {
            Some(sequence) => file_name(sequence, MAX_GROUP)?.to_string(),
            None => "unknown-sequence".to_string(),
        }),
        By::None => Ok("pictures".to_string()),
    }
}

/// The grouping, and whether the names are for WebDataset.
pub type Naming = (By, bool);

/// The name of the member of a row in its tar.
///
/// # Errors
/// A row that has none; so for the others.
pub fn name(naming: Naming, row: &Row, file: &Path) -> Result<String, RowError> {
    member_in(naming, &group(naming.0, row)?, row, file)
}

/// The same, in this group.
pub fn member_in(
    (by, is_webdataset): Naming,
    group: &str,
    row: &Row,
    file: &Path,
) -> Result<String, RowError> {
    let name = member(by, group, row, file)?;
    Ok(if is_webdataset { with_plain_stem(&name) } else { name })
}

/// The name of the member: `GROUP/SEQUENCE/FILE`; a photo without a sequence has its own folders instead.
pub fn member(by: By, group: &str, row: &Row, path: &Path) -> Result<String, RowError> {
    let mut parts = Vec::new();
    if by != By::None {
        parts.push(group);
    }
    match row.get(Field::SeqId) {
        Some(_) if by == By::Sequence => parts.push(name_of(path)?),
        Some(sequence) => parts.extend([file_name(sequence, MAX_NAME)?, name_of(path)?]),
        None => {
            for part in path.components() {
                match part {
                    Component::Normal(name) => parts.push(name.to_str().ok_or("not UTF-8")?),
                    Component::ParentDir => parts.clear(),
                    _ => {}
                }
            }
            if by != By::None && parts.first() != Some(&group) {
                parts.insert(0, group);
            }
        }
    }
    let name = parts.join("/");
    let name = tar::normal(&name);
    tar::check_name(&name)?;
    Ok(name.into_owned())
}

/// The name that readers of WebDataset need: the part before the first dot is the key of a sample.
pub fn with_plain_stem(member: &str) -> String {
    let (folders, file) = member.rsplit_once('/').unwrap_or(("", member));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let file = format!("{}.{ending}", packed::plain_stem(stem));
    if folders.is_empty() { file } else { format!("{folders}/{file}") }
}

/// Checks that an id can be the name of a folder or a file.
fn file_name(id: &str, max_bytes: usize) -> Result<&str, RowError> {
    if id.len() > max_bytes {
        Err(format!("'{id}' is too long for the name of a file: {} bytes", id.len()).into())
    } else if id.contains(['/', '\\']) || id.starts_with('.') {
        Err(format!("'{id}' cannot be the name of a file").into())
    } else {
        Ok(id)
    }
}

fn name_of(path: &Path) -> Result<&str, RowError> {
    path.file_name().and_then(|name| name.to_str()).ok_or_else(|| "not UTF-8".into())
}

#[cfg(test)]
mod tests;

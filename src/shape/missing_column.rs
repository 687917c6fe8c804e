//! Messages about rows that lack a required column: what the rows have, and which tool adds the column.

use crate::row::{Columns, Field, Row};
use crate::value::shown;

use super::FatalError;

/// The error for rows that have none of these columns.
pub fn error(wanted: &[Field], there: &Columns) -> FatalError {
    let names: Vec<_> = wanted.iter().map(|field| format!("'{}'", field.flat())).collect();
    let list = shown::list(there.list().iter().map(|column| &*column.name));
    let way = misspelt(wanted, there)
        .or_else(|| way(wanted, |field| there.at(field).is_some()).map(String::from));
    FatalError(format!("no column {}: the input has {list}{}", names.join(" or "), joined(way)))
}

/// The reason why a row fails that has no value in any of these columns. It depends on this row only: the same
/// row fails with the same message, whatever the other rows are.
pub fn of_row(wanted: &[Field], row: &Row) -> String {
    let names: Vec<_> = wanted.iter().map(|field| field.flat()).collect();
    let way = way(wanted, |field| row.get(field).is_some()).map(String::from);
    format!("no value for {}{}", names.join(" or "), joined(way))
}

fn joined(way: Option<String>) -> String {
    way.map(|way| format!("; {way}")).unwrap_or_default()
}

/// Names that other programs use for ids.
const OTHERS: [(&str, Field); 2] = [("imagekey", Field::ImgId), ("sequencekey", Field::SeqId)];

/// A column whose name differs from one of these only in spelling.
fn misspelt(wanted: &[Field], there: &Columns) -> Option<String> {
    let plain = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let is_it = |name: &str, field: Field| {
        let entry = field.entry();
        entry.others.iter().chain([&entry.flat]).any(|known| plain(known) == name)
            || OTHERS.contains(&(name, field))
    };
    let unknown = there.list().iter().filter(|column| column.field.is_none());
    unknown.map(|column| &*column.name).find_map(|name| {
        let field = wanted.iter().find(|&&field| is_it(&plain(name), field))?;
        Some(format!("if '{}' is meant, name it '{}'", shown::short(name), field.flat()))
    })
}

/// How to get one of the columns, given those that the rows already have.
fn way(wanted: &[Field], has: impl Fn(Field) -> bool) -> Option<&'static str> {
    let is_photo = has(Field::Path) || has(Field::Archive);
    let is_picture = has(Field::ImgId);
    Some(match wanted.first()? {
        Field::SeqId if is_picture => "get-meta takes rows of pictures, and adds 'seq_id'",
        Field::SeqId if is_photo => "time-split adds 'seq_id' to photos",
        Field::SeqId => "get-sequences lists sequences",
        Field::ImgId if has(Field::SeqId) => "get-images lists the pictures of sequences",
        Field::ImgId => "get-images lists pictures by area, user or sequence",
        Field::Path | Field::Archive if is_picture => "download adds 'path' to rows of pictures",
        Field::Path | Field::Archive => "read-exif makes rows of the photos in a folder",
        Field::CapturedAt | Field::TakenAt if is_photo => "read-exif adds the time of photos",
        Field::CapturedAt if is_picture => "get-meta adds 'captured_at' to rows of pictures",
        Field::Lon | Field::Lat if is_photo => {
            "read-exif adds the position of photos, geotag-gpx takes it from a track"
        }
        Field::Lon | Field::Lat if is_picture => "get-meta adds the position of pictures",
        Field::Collection | Field::CreatorUsername if is_picture => {
            "get-meta adds 'creator_username' to rows of pictures"
        }
        Field::Collection => "a collection is named mapillary-USER-QUALITY",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

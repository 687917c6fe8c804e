//! What a message says of rows that lack a column which a tool needs: what they have, and which tool adds it.

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

/// The reason why a row fails that has a value in none of these columns. It depends on nothing but the row: the same row
/// fails with the same words whatever stands beside it.
pub fn of_row(wanted: &[Field], row: &Row) -> String {
    let names: Vec<_> = wanted.iter().map(|field| field.flat()).collect();
    let way = way(wanted, |field| row.get(field).is_some()).map(String::from);
    format!("no value for {}{}", names.join(" or "), joined(way))
}

fn joined(way: Option<String>) -> String {
    way.map(|way| format!("; {way}")).unwrap_or_default()
}

/// Names that other programs give to ids.
const OTHERS: [(&str, Field); 2] = [("imagekey", Field::ImgId), ("sequencekey", Field::SeqId)];

/// A column whose name is one of these but for its spelling.
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

/// How to get one of the columns, by what the rows have already.
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::row::Column;

    /// What is said of rows with these columns.
    fn said(wanted: &[Field], there: &[Field]) -> String {
        error(wanted, &Columns::from_fields(there)).0
    }

    fn named(names: &[&str]) -> Arc<Columns> {
        Columns::new(names.iter().map(|name| Column::named(name)))
    }

    #[test]
    fn the_columns_that_there_are_and_the_tool_that_adds_the_one_that_is_wanted_are_named() {
        use Field::{Archive, CapturedAt, Collection, CreatorUsername, ImgId, Lon, Path, SeqId};
        for (wanted, there, words) in [
            (
                &[SeqId][..],
                &[ImgId][..],
                "no column 'seq_id': the input has img_id; get-meta takes rows of pictures, and adds 'seq_id'",
            ),
            (&[SeqId], &[Path], "; time-split adds"),
            (&[SeqId], &[Lon], "; get-sequences lists"),
            (&[ImgId], &[SeqId, Lon], "the input has seq_id, lon; get-images lists"),
            (&[ImgId], &[Lon], "; get-images lists pictures by area"),
            (
                &[Path, Archive],
                &[ImgId],
                "no column 'path' or 'archive': the input has img_id; download adds",
            ),
            (&[Path], &[Lon], "; read-exif makes rows"),
            (&[CapturedAt], &[Path], "; read-exif adds the time"),
            (&[CapturedAt], &[ImgId], "; get-meta adds 'captured_at'"),
            (&[Lon], &[Path, ImgId], "geotag-gpx takes it from a track"),
            (&[Lon], &[ImgId], "; get-meta adds the position"),
            (&[Collection, CreatorUsername], &[ImgId], "; get-meta adds 'creator_username'"),
            (&[Collection, CreatorUsername], &[SeqId], "mapillary-USER-QUALITY"),
        ] {
            let text = said(wanted, there);
            assert!(text.contains(words), "{wanted:?} of {there:?}: {text}");
        }
        assert_eq!(said(&[Field::Make], &[Lon]), "no column 'make': the input has lon");
    }

    #[test]
    fn a_column_that_has_another_spelling_is_named() {
        for name in ["imgID", "Image ID", "IMAGE_KEY", "image-id"] {
            let text = error(&[Field::ImgId], &named(&["lon", name])).0;
            let wanted = format!("; if '{name}' is meant, name it 'img_id'");
            assert!(text.ends_with(&wanted), "{text}");
        }
        let text = error(&[Field::ImgId], &named(&["image", "key"])).0;
        assert!(text.ends_with("; get-images lists pictures by area, user or sequence"), "{text}");
    }

    #[test]
    fn a_row_is_told_the_way_by_its_own_values() {
        let wanted = "no value for seq_id; get-meta takes rows of pictures, and adds 'seq_id'";
        for cells in [&[(Field::ImgId, "1"), (Field::SeqId, "")][..], &[(Field::ImgId, "1")]] {
            assert_eq!(of_row(&[Field::SeqId], &Row::from_cells(cells)), wanted);
        }
        let row = Row::from_cells(&[(Field::ImgId, ""), (Field::SeqId, "")]);
        assert_eq!(
            of_row(&[Field::SeqId], &row),
            "no value for seq_id; get-sequences lists sequences"
        );
    }
}

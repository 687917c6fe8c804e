use std::sync::Arc;

use super::*;
use crate::row::Column;

/// The message for rows with these columns.
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
    assert_eq!(of_row(&[Field::SeqId], &row), "no value for seq_id; get-sequences lists sequences");
}

//! Tests of the columns carried from rows of sequences to rows of pictures.

use super::*;
use crate::service::mock_server::{Script, client, raw};

fn names(row: &Row) -> Vec<&str> {
    row.filled().map(|(column, ..)| &*column.name).collect()
}

#[test]
fn what_is_of_a_picture_or_unknown_never_crosses_to_another() {
    let client = client(&Script::play(vec![raw(b"")]));
    let stage = OfSequences::new(Arc::new(client), KnownIds::default(), None);
    let mut picture = Row::from_cells(&[
        (Field::OrgId, "8"),
        (Field::SeqId, "s"),
        (Field::ImgId, "1"),
        (Field::CreatorUsername, "ada"),
        (Field::CapturedAt, "5"),
        (Field::Quality, "256"),
        (Field::Path, "1.jpg"),
    ]);
    picture.set_column(&Column::named("note"), "x", false);
    assert_eq!(names(&stage.carried(&picture)), ["org_id", "seq_id", "creator_username"]);
    let mut sequence = Row::from_cells(&[
        (Field::SeqId, "s"),
        (Field::Quality, "256"),
        (Field::CapturedAt, "5"),
        (Field::IsPano, "true"),
        (Field::ImageCount, "3"),
    ]);
    sequence.set_column(&Column::named("note"), "x", false);
    assert_eq!(names(&stage.carried(&sequence)), ["seq_id", "quality", "note"]);
}

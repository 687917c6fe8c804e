use super::*;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Shape};

/// A stage whose links never stay, and which does not carry the model.
struct Asks;

impl Batch for Asks {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    fn may_stay(&self, column: &Column) -> bool {
        column.field != Some(Field::Thumb256Url)
    }

    fn carried(&self, row: &Row) -> Row {
        let mut row = row.clone();
        row.clear(Field::Model);
        row
    }

    fn run(&self, _: Vec<Row>, _: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        Ok(Vec::new())
    }
}

#[test]
fn rows_have_one_key_if_they_agree_in_all_that_can_stay() {
    let sets = [Field::ImgId, Field::SeqId, Field::Thumb256Url, Field::Model].map(Column::from);
    let key = |cells: &[(Field, &str)]| {
        of_row(&Row::from_cells(cells), Field::ImgId, &Asks, &sets).unwrap()
    };
    let id = (Field::ImgId, "1");
    let alone = key(&[id]);
    assert_eq!(alone, "1");
    assert_eq!(key(&[id, (Field::Make, "not set by the answer")]), alone);
    assert_eq!(key(&[id, (Field::Thumb256Url, "never stays"), (Field::SeqId, "")]), alone);
    assert_eq!(key(&[id, (Field::Model, "not carried on")]), alone);
    let of_a = key(&[id, (Field::SeqId, "a")]);
    assert!(of_a != alone && of_a != key(&[id, (Field::SeqId, "b")]));
    assert_eq!(of_a, key(&[(Field::SeqId, "a"), id, (Field::Make, "M")]));
    let (name, own) = parts(&of_a);
    assert_eq!((name, joined(name, own)), ("1", of_a.clone()));
    assert_eq!((parts("1"), parts("odd\0one")), (("1", None), ("odd\0one", None)));
}

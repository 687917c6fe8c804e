//! What an answer is kept under: the id that was asked for, and what the row itself had in the columns that the answer
//! sets. What the service leaves out of an answer stays as the row had it, and a filter may have judged by it: rows of
//! one id that differ there have each an outcome of their own.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::row::{Column, Field, Row};
use crate::shape::Batch;

/// Stands between the id and the digest of what the row had.
const MARK: char = '\0';

/// The key of a row's question. Only the id where the row has nothing of its own that could stay.
pub fn of_row(row: &Row, key: Field, stage: &dyn Batch, sets: &[Column]) -> Option<String> {
    let id = row.get(key)?;
    let can_stay = |column: &&Column| column.field != Some(key) && stage.may_stay(column);
    let is_own = |column: &Column| row.get_column(column).is_some();
    if !sets.iter().filter(can_stay).any(is_own) {
        return Some(id.to_string());
    }
    let carried = stage.carried(row);
    let mut own = String::new();
    for column in sets.iter().filter(can_stay) {
        if let Some(text) = carried.get_column(column) {
            own.extend([&*column.name, "\0", text, "\0"]);
        }
    }
    Some(joined(id, (!own.is_empty()).then(|| hash(&own))))
}

/// The id, and the digest of what its row had.
pub fn parts(key: &str) -> (&str, Option<u64>) {
    let split = key.rsplit_once(MARK);
    let own = split.and_then(|(id, own)| Some((id, u64::from_str_radix(own, 16).ok()?)));
    own.map_or((key, None), |(id, own)| (id, Some(own)))
}

pub fn joined(id: &str, own: Option<u64>) -> String {
    own.map_or(id.to_string(), |own| format!("{id}{MARK}{own:x}"))
}

/// What stands for a key in memory.
pub fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Shape};

    /// Lets links go, and makes of a picture.
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
}

//! Values that were requested for the work on a picture: for its path, its time and its quality. The tool does not
//! pass them on. The row of a picture that exists already is passed on without a request, and both rows are the same.

use crate::row::{Column, Field, Row};
use crate::shape::Outcome;

const FIELDS: [Field; 4] = [Field::SeqId, Field::CapturedAt, Field::Width, Field::Height];

/// The names of the fields that a row has from the answer, while it is on its way through the tool. Those that the
/// input row did not name at all have a `+`.
pub fn note() -> Column {
    Column::named("values that download requested")
}

/// Fills in what the row lacks.
pub fn take(row: &mut Row, answer: &Row) {
    let note = note();
    let mut taken = row.get_column(&note).unwrap_or_default().to_owned();
    for field in FIELDS {
        if let (None, Some(text)) = (row.get(field), answer.get(field)) {
            let is_new = !row.names(field);
            taken += &format!("{}{} ", if is_new { "+" } else { "" }, field.flat());
            row.set(field, text);
        }
    }
    if !taken.is_empty() {
        row.set_column(&note, &taken, false);
    }
}

/// The rows as they came, without what was filled in.
pub fn drop_requested(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Rows(rows) => Outcome::Rows(rows.into_iter().map(without).collect()),
        Outcome::Failed(row, what) => Outcome::Failed(without(row), what),
        Outcome::Ended(row, end) => Outcome::Ended(without(row), end),
        other => other,
    }
}

fn without(mut row: Row) -> Row {
    let note = note();
    let taken = row.get_column(&note).unwrap_or_default().to_owned();
    for field in FIELDS {
        let has = |name: &str| taken.split(' ').any(|taken| taken == name);
        if has(&format!("+{}", field.flat())) {
            row.forget(&field.into());
        } else if has(field.flat()) {
            row.clear(field);
        }
    }
    row.forget(&note);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_leaves_with_the_values_and_the_names_that_it_came_with() {
        let answer = Row::from_cells(&[
            (Field::SeqId, "s"),
            (Field::CapturedAt, "5"),
            (Field::Width, "64"),
            (Field::Height, "48"),
        ]);
        let came =
            Row::from_cells(&[(Field::ImgId, "1"), (Field::SeqId, "own"), (Field::Width, "")]);
        let mut row = came.clone();
        take(&mut row, &answer);
        take(&mut row, &answer);
        let values = FIELDS.map(|field| row.get(field));
        assert_eq!(values, [Some("own"), Some("5"), Some("64"), Some("48")]);
        let Outcome::Rows(rows) = drop_requested(Outcome::Rows(vec![row])) else { panic!() };
        assert_eq!(rows, [came]);
        let names = FIELDS.map(|field| rows[0].names(field));
        assert_eq!(names, [true, false, true, false]);
        assert!(!rows[0].names_column(&note()));
    }
}

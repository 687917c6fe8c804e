use super::*;
use crate::row::{Column, Field};

fn row() -> Row {
    let mut row = Row::from_cells(&[(Field::ImgId, "12"), (Field::Make, "Käm\0era")]);
    row.set_column(&Column::named("list"), "[1,2]", true);
    row.set_column(&Column::named("long"), &"x".repeat(300), false);
    row.line = 1 << 40;
    row.clear(Field::ImgId);
    row
}

#[test]
fn a_row_comes_back_with_its_texts_its_marks_and_its_line() {
    let row = row();
    let mut bytes = Vec::new();
    row.store(&mut bytes);
    let read = Row::restore(row.columns(), &bytes).unwrap();
    assert_eq!((read.line, &read.cells), (row.line, &row.cells));
    assert!(read.is_raw(read.columns().place(&Column::named("list")).unwrap()));
}

#[test]
fn bytes_that_are_cut_or_changed_make_no_panic() {
    let row = row();
    let mut bytes = Vec::new();
    row.store(&mut bytes);
    for cut in 0..bytes.len() {
        assert!(Row::restore(row.columns(), &bytes[..cut]).is_none(), "{cut}");
    }
    for at in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            if let Some(row) = Row::restore(row.columns(), &changed) {
                row.filled().for_each(|(_, text, _)| assert!(text.len() <= bytes.len()));
            }
        }
    }
}

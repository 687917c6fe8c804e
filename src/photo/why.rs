//! The column `why`: each tool writes why its own value is missing, and clears only its own text.

use crate::row::{Field, Row};

/// Writes why a value is missing, unless another tool has given a reason for one of its own.
pub fn explain(row: &mut Row, why: &str) {
    if row.get(Field::Why).is_none() {
        row.set(Field::Why, why);
    }
}

/// Clears the text of [`explain`], and nothing else.
pub fn no_longer(row: &mut Row, why: &str) {
    if row.get(Field::Why) == Some(why) {
        row.clear(Field::Why);
    }
}

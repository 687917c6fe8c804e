//! The column `why`: each tool says why its own value is missing, and takes back only that.

use crate::row::{Field, Row};

/// Says why a value is missing, unless another tool has said why one of its own is.
pub fn explain(row: &mut Row, why: &str) {
    if row.get(Field::Why).is_none() {
        row.set(Field::Why, why);
    }
}

/// Takes back what [`explain`] said, and nothing else.
pub fn no_longer(row: &mut Row, why: &str) {
    if row.get(Field::Why) == Some(why) {
        row.clear(Field::Why);
    }
}

//! The column `why`: each tool writes why its own value is missing, and clears only its own text.

use crate::row::{Field, Row};

/// Writes why a value is missing, unless another tool has given a reason for one of its own.
pub fn explain(row: &mut Row, why: &str) {
    if row.get(Field::Why).is_none() {
        row.set(Field::Why, why);
    }
}

/// Adds a remark to those that are there.
pub fn remark(row: &mut Row, why: &str) {
    match row.get(Field::Why).map(|said| format!("{said}; {why}")) {
        Some(both) => row.set(Field::Why, &both),
        None => row.set(Field::Why, why),
    }
}

/// Clears remarks that begin with one of these texts, and nothing else.
pub fn clear_remarks(row: &mut Row, beginnings: &[&str]) {
    let Some(said) = row.get(Field::Why) else { return };
    let is_other = |part: &&str| !beginnings.iter().any(|begin| part.starts_with(begin));
    let others: Vec<&str> = said.split("; ").filter(is_other).collect();
    match others.join("; ") {
        none if none.is_empty() => row.clear(Field::Why),
        some => row.set(Field::Why, &some),
    }
}

/// Clears the text of [`explain`], and nothing else.
pub fn no_longer(row: &mut Row, why: &str) {
    if row.get(Field::Why) == Some(why) {
        row.clear(Field::Why);
    }
}

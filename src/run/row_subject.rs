//! The beginning of a message about a row.

use std::path::Path;

use crate::row::{Field, Row};
use crate::value::shown::quoted;

/// Messages about a file that does not exist, and a possible cause in a row that names it.
const NOT_THERE: [&str; 2] = ["No such file or directory", "it is not there"];
const RELATIVE: &str =
    "paths of rows are relative to the folder where they were written: run from there";

/// A possible cause of a row's failure.
pub fn hint(row: &Row, what: &str) -> Option<&'static str> {
    let is_relative = |path: &str| Path::new(path).is_relative();
    let is_missing = NOT_THERE.iter().any(|it| what.contains(it));
    (is_missing && row.line > 0 && row.get(Field::Path).is_some_and(is_relative))
        .then_some(RELATIVE)
}

/// A message about a row, which names its subject once.
pub fn about(row: &Row, what: &str) -> String {
    let subject = subject(row);
    let name = subject.trim_end_matches(": ").rsplit(": ").next().unwrap_or_default();
    if name.starts_with('\'') && what.contains(name) { line_of(row) + what } else { subject + what }
}

/// The beginning of a message about a row: its line, and its name.
pub fn subject(row: &Row) -> String {
    let named = [Field::Path, Field::ImgId, Field::SeqId, Field::CreatorUsername, Field::OrgId];
    let name = named.iter().find_map(|&field| row.get(field)).map(|name| quoted(name) + ": ");
    line_of(row) + &name.unwrap_or_default()
}

fn line_of(row: &Row) -> String {
    if row.line > 0 { format!("line {}: ", row.line) } else { String::new() }
}

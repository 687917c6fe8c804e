//! The rows of a tar: its files and its errors.

use std::path::Path;

use super::Notify;
use crate::archive::packed::{self, unindexed};
use crate::row::{Field, Row};
use crate::value::provenance::Status;

/// The error of a row that was made here.
pub fn fault_of(row: &Row) -> Option<&str> {
    // Rows made by other programs may have the error of an earlier attempt.
    row.get(Field::Error).filter(|_| row.line == 0)
}

/// The status of a file that was handled as it passed.
pub fn taken(row: &Row) -> Option<Status> {
    row.get(Field::Status).filter(|_| row.line == 0)?.parse().ok()
}

/// The rows of a tar; remarks on it are reported to `say`.
pub fn rows_in(tar: &Path, say: Option<&Notify>) -> Vec<Row> {
    let contents = match packed::contents(tar) {
        Ok(contents) => contents,
        Err(what) => return vec![failed_tar(tar, &what.to_string())],
    };
    if let Some(say) = say {
        contents.remarks.iter().for_each(|text| say(&format!("'{}': {text}", tar.display())));
    }
    let mut rows: Vec<_> = contents.members.iter().map(|member| member.as_row(tar)).collect();
    rows.extend(contents.lost.iter().map(|lost| failed(tar, &lost.name, &lost.why)));
    rows.extend(
        contents
            .fault
            .iter()
            .map(|fault| failed_tar(tar, &format!("'{}': {fault}", tar.display()))),
    );
    rows
}

/// The row of a file, with its error.
pub fn failed(tar: &Path, name: &str, why: &str) -> Row {
    let mut row = Row::clone(&unindexed::row(name));
    let tar = tar.display();
    row.set(Field::Archive, &tar.to_string());
    row.set(Field::Member, name);
    row.set(Field::Error, &format!("'{name}' in '{tar}': {why}"));
    row
}

/// The row of a tar. The error must name it.
pub fn failed_tar(tar: &Path, error: &str) -> Row {
    Row::from_cells(&[(Field::Archive, &tar.display().to_string()), (Field::Error, error)])
}

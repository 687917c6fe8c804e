//! The rows of a tar: its files and its errors.

use std::path::Path;

use super::Notify;
use crate::archive::packed::{self, Member, unindexed, unnamed};
use crate::row::{Field, Row};
use crate::value::provenance::Status;

/// The error of a row that was made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault<'a> {
    /// Of a file or a tar.
    Tar(&'a str),
    /// Of something that was not looked at, such as a file that the index does not name: it may be sound.
    Unseen(&'a str),
    /// Of this process, such as too many open files: it says nothing about any picture.
    Run(&'a str),
}

impl<'a> Fault<'a> {
    pub fn text(self) -> &'a str {
        match self {
            Fault::Tar(text) | Fault::Unseen(text) | Fault::Run(text) => text,
        }
    }
}

/// The error of a row that was made here.
pub fn fault_of(row: &Row) -> Option<Fault<'_>> {
    // Rows made by other programs may have the error of an earlier attempt.
    let text = row.get(Field::Error).filter(|_| row.line == 0)?;
    // A row of the run has nothing else; one of what was not looked at has 'bytes'.
    Some(match (row.filled().nth(1), row.get(Field::Archive), row.get(Field::Bytes)) {
        (None, ..) => Fault::Run(text),
        (_, Some(_), Some(_)) => Fault::Unseen(text),
        _ => Fault::Tar(text),
    })
}

/// The status of a file that was handled as it passed.
pub fn taken(row: &Row) -> Option<Status> {
    row.get(Field::Status).filter(|_| row.line == 0)?.parse().ok()
}

/// The rows of a tar; remarks on it are reported to `say`.
pub fn rows_in(tar: &Path, say: Option<&Notify>) -> Vec<Row> {
    let contents = match packed::contents(tar) {
        Ok(contents) => contents,
        Err(what) if what.is_of_process() => {
            return vec![Row::from_cells(&[(Field::Error, &what.to_string())])];
        }
        // It was there when the folder was read.
        Err(_) if !tar.exists() && !packed::has_index(tar) => return vec![gone(tar)],
        Err(what) => return vec![failed_tar(tar, &what.to_string())],
    };
    if let Some(say) = say {
        contents.remarks.iter().for_each(|text| say(&format!("'{}': {text}", tar.display())));
    }
    let mut rows: Vec<_> = contents.members.iter().map(|member| member.as_row(tar)).collect();
    rows.extend(contents.unnamed.iter().map(|member| unnamed(tar, member)));
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

/// The row of a tar that another process has removed, or merged into another one.
fn gone(tar: &Path) -> Row {
    let error =
        format!("cannot read '{}': it is gone since this run began: run again", tar.display());
    let mut row = failed_tar(tar, &error);
    row.set_display(Field::Bytes, 0);
    row
}

fn unnamed(tar: &Path, member: &Member) -> Row {
    let mut row = failed(tar, &member.name, unnamed::WHY);
    row.set_display(Field::Bytes, member.bytes);
    row
}

/// The row of a tar. The error must name it.
pub fn failed_tar(tar: &Path, error: &str) -> Row {
    Row::from_cells(&[(Field::Archive, &tar.display().to_string()), (Field::Error, error)])
}

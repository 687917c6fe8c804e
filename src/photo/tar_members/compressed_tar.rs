//! Compressed tars as rows.

use std::path::Path;
use std::sync::Arc;

use super::Notify;
use super::member_handler::TarVisitor;
use super::stream::Rows;
use super::tar_rows::failed_tar;
use crate::archive::packed::sniff::{self, TarKind};
use crate::archive::packed::unindexed::{self};
use crate::disk::{Action, PathError};
use crate::format::source::Forward;
use crate::format::tar::{Entries, TarStep};
use crate::row::{Field, Row};

/// The rows of a compressed tar, or one row with the error.
pub fn of_file(
    path: &Path,
    take: Arc<dyn TarVisitor>,
    say: Notify,
) -> Box<dyn Iterator<Item = Row> + Send> {
    let shown = path.display();
    let error = match sniff::detect(path) {
        Ok(TarKind::Tar(looked) | TarKind::GzipTar(looked)) => {
            return Box::new(Rows::new(looked, &path.to_string_lossy(), take, say));
        }
        Ok(TarKind::Other(what, program)) => {
            format!("'{shown}': {}", sniff::advice(path, what, program))
        }
        Ok(TarKind::None(_)) => format!("'{shown}': it is not a tar"),
        Err(error) => PathError::new(Action::Open, path, error).to_string(),
    };
    Box::new(std::iter::once(failed_tar(path, &error)))
}

/// Rows from the file names in a compressed tar, as far as it can be read.
pub fn rows_of_names(path: &Path) -> Vec<Row> {
    let Ok(TarKind::Tar(looked) | TarKind::GzipTar(looked)) = sniff::detect(path) else {
        return Vec::new();
    };
    let mut entries = Entries::new(Forward::new(looked));
    let mut rows = Vec::new();
    while let Ok(TarStep::Entry(_) | TarStep::Joined(_)) = entries.step().inspect(|step| {
        if let TarStep::Entry(entry) = step {
            let mut row = Row::clone(&unindexed::row(&entry.name));
            row.set(Field::Member, &entry.name);
            rows.push(row);
        }
    }) {}
    rows
}

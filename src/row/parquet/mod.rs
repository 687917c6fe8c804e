//! Rows as Parquet and GeoParquet, and any Parquet file as rows. Columns have types ([`super::column_type`]),
//! and all of them must be known before the first row.
//!
//! Not a general reader: what a flat row cannot hold, such as a list, becomes JSON in a cell.

mod cell;
mod chunk;
mod geo;
mod place;
mod read;
mod wkb;
mod write;

use std::fs::File;
use std::io::{Read, Seek};

use parquet::errors::ParquetError;

use crate::threads::panics::Panic;

pub use read::Reader;
pub use write::{WriteError, Writer};

/// The first bytes of every Parquet file; one with an encrypted footer has an `E` in place of the `1`.
pub const MAGIC: &[u8; 4] = b"PAR1";

/// Whether a file is Parquet. The file position is left unchanged.
pub fn is(file: &mut File) -> bool {
    let mut start = [0; MAGIC.len()];
    let is_file = file.metadata().is_ok_and(|meta| meta.is_file());
    if !is_file || !file.stream_position().is_ok_and(|at| at == 0) {
        return false;
    }
    let is = file.read_exact(&mut start).is_ok() && start == *MAGIC;
    file.rewind().is_ok() && is
}

/// Why a file cannot be read or written as Parquet.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    /// An input file that cannot be read.
    #[error("{}", unread(.0))]
    Unread(ParquetError),
    #[error("{0} columns, and no row has more than {most}", most = super::columns::MAX_COLUMNS)]
    TooWide(usize),
    /// The crate gives the values of the last one for both.
    #[error("two columns have the name '{0}': rename or remove one")]
    TwoOfOneName(String),
    #[error("the input has no columns, and Parquet has no table without one")]
    NoColumns,
    #[error("no column '{0}': GeoParquet has a point for each row")]
    NoPlace(&'static str),
    #[error(transparent)]
    Bug(#[from] Panic),
    /// Never happens: the work is not cancelled.
    #[error("the columns were left unwritten")]
    Stopped,
}

/// Why a file cannot be read, in a message that does not assume knowledge of the crate.
fn unread(error: &ParquetError) -> String {
    let text = error.to_string();
    if let Some((_, codec)) = text.split_once("Disabled feature at compile time: ") {
        return format!(
            "its columns are compressed with {codec}, which is not read: write it with zstd or snappy"
        );
    }
    let kinds = ["Parquet error: ", "EOF: ", "NYI: "];
    let what = kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(&text);
    match error {
        ParquetError::NYI(_) => format!("it has what is not read: {what}"),
        ParquetError::External(_) => text,
        _ => format!("the file is damaged or incomplete: {what}"),
    }
}

#[cfg(test)]
mod tests;

//! Rows as Parquet and GeoParquet, and Parquet of anybody as rows. Columns have types there
//! ([`super::column_type`]), and all of them stand before the first row.
//!
//! Not a general reader: what has no place in a flat row, such as a list, becomes JSON in a cell.

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

/// How every Parquet file begins; one with an encrypted footer ends its own with an E.
pub const MAGIC: &[u8; 4] = b"PAR1";

/// Whether a file is Parquet. It is left where it was.
pub fn is(file: &mut File) -> bool {
    let mut start = [0; MAGIC.len()];
    let is_file = file.metadata().is_ok_and(|meta| meta.is_file());
    if !is_file || !file.stream_position().is_ok_and(|at| at == 0) {
        return false;
    }
    let is = file.read_exact(&mut start).is_ok() && start == *MAGIC;
    file.rewind().is_ok() && is
}

/// Bytes that are no Parquet, or none that can be read here.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    /// The file of somebody.
    #[error("{}", unread(.0))]
    Unread(ParquetError),
    #[error("{0} columns, and no row has more than {most}", most = super::columns::MAX_COLUMNS)]
    TooWide(usize),
    #[error("the input has no columns, and Parquet has no table without one")]
    NoColumns,
    #[error("no column '{0}': GeoParquet has a point for each row")]
    NoPlace(&'static str),
    #[error(transparent)]
    Bug(#[from] Panic),
    /// Nobody stops it.
    #[error("the columns were left unwritten")]
    Stopped,
}

/// Why a file cannot be read, in words that do not ask the reader to know the crate.
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

//! Tars as rows: a row for each file of one tar, of all tars of a folder, or of a tar that is read from a stream.
//!
//! Such rows have no line number. Problems of a file or tar are in the column `error`; files that are left out, or
//! read differently from how they are stored, are reported.

mod compressed_tar;
mod member_handler;
mod stream;
mod tar_rows;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use compressed_tar::rows_of_names;
pub use member_handler::{Body, Refused, TarVisitor};

use crate::archive::packed::sniff::{self, TarKind};
use crate::archive::packed::{self};
use crate::disk::{Action, PathError};
use crate::row::{Columns, Field, Row};
use crate::shape::{FatalError, Opened, OwnRows};
pub use tar_rows::{Fault, fault_of, rows_in, taken};

/// Reports a message to the user.
pub type Notify = Arc<dyn Fn(&str) + Send + Sync>;

/// Where a tar tool gets its rows.
pub trait Places {
    /// The rows of a folder or a tar; `None` if the path is neither.
    fn of_path(&self, path: &Path, say: Notify) -> Result<Option<OwnRows>, FatalError>;

    /// The rows of a stream that may be a tar.
    fn of_stream(
        &self,
        name: &str,
        from: Box<dyn Read + Send>,
        say: Notify,
    ) -> Result<Opened, FatalError>;
}

/// The tars of a path.
pub struct Members {
    /// Tars whose files can be read by offset, and missing tars that only have an index.
    pub tars: Vec<PathBuf>,
    /// Tars that can only be read sequentially.
    pub streams: Vec<PathBuf>,
    columns: Arc<Columns>,
}

impl Members {
    /// One tar, or all tars of a folder and its subfolders; `None` if the path is neither.
    pub fn find(path: &Path) -> Result<Option<Members>, FatalError> {
        let wrong = PathError::at(Action::Open, path);
        let is_folder = fs::metadata(path).map_err(wrong)?.is_dir();
        let found = if is_folder {
            packed::tars_below(path).map_err(FatalError::new)?
        } else {
            vec![path.to_path_buf()]
        };
        let (mut tars, mut streams) = (Vec::new(), Vec::new());
        for tar in found {
            let is_named = packed::is_tar(&tar) || sniff::is_compressed_tar(&tar);
            match sniff::detect(&tar) {
                _ if packed::has_index(&tar) => tars.push(tar),
                Ok(TarKind::GzipTar(_)) => streams.push(tar),
                Ok(TarKind::Other(what, program)) if !is_folder => {
                    let advice = sniff::advice(&tar, what, program);
                    return Err(FatalError(format!("cannot read '{}': {advice}", tar.display())));
                }
                Ok(TarKind::None(_)) if !is_named => return Ok(None),
                _ => tars.push(tar),
            }
        }
        Ok(Some(Members::new(tars, streams)))
    }

    fn new(tars: Vec<PathBuf>, streams: Vec<PathBuf>) -> Members {
        let fields = [Field::Archive, Field::Member, Field::Error];
        let mut columns = Columns::from_fields(&fields);
        if !streams.is_empty() {
            columns = STREAMED.iter().fold(columns, |columns, &field| columns.with(&field.into()));
        }
        // Read twice, because all rows get the union of the columns.
        for tar in &tars {
            columns = rows_in(tar, None).iter().fold(columns, |columns, row| columns.with_all(row));
        }
        Members { tars, streams, columns }
    }

    /// Whether there is no tar of any kind.
    pub fn is_empty(&self) -> bool {
        self.tars.is_empty() && self.streams.is_empty()
    }

    /// The union of the columns.
    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// A row for each file of each tar for which `is_wanted` is true, given the number of the tar. Files of streams
    /// are handled as they pass.
    pub fn rows(
        self,
        take: Arc<dyn TarVisitor>,
        say: Notify,
        is_wanted: impl Fn(usize, &Row) -> bool + Send + 'static,
    ) -> impl Iterator<Item = Row> + Send {
        let of_streams = Arc::clone(&say);
        let rows = self.tars.into_iter().enumerate().flat_map(move |(at, tar)| {
            let mut rows = rows_in(&tar, Some(&say));
            rows.retain(|row| is_wanted(at, row));
            rows
        });
        rows.chain(self.streams.into_iter().flat_map(move |path| {
            compressed_tar::of_file(&path, Arc::clone(&take), Arc::clone(&of_streams))
        }))
    }
}

/// The columns of the files of a stream.
const STREAMED: [Field; 5] =
    [Field::ImgId, Field::Quality, Field::Path, Field::Bytes, Field::Status];

/// A stream that may be a tar: the rows of its files, which are handled as they pass.
pub fn open_stream(
    name: &str,
    from: Box<dyn Read + Send>,
    take: Arc<dyn TarVisitor>,
    say: Notify,
) -> Result<Opened, FatalError> {
    let wrong = |what: &dyn std::fmt::Display| FatalError(format!("cannot read '{name}': {what}"));
    match sniff::look(from).map_err(|error| wrong(&error))? {
        TarKind::Tar(looked) | TarKind::GzipTar(looked) => {
            let columns = Members::new(Vec::new(), vec![PathBuf::from(name)]).columns;
            let rows = stream::Rows::new(looked, name, take, say);
            Ok(Opened::Own(Box::new(rows.map(move |row| row.under(&columns)))))
        }
        TarKind::Other(what, program) => {
            Err(wrong(&format!("it is {what}, which is not read: unpack it with {program} first")))
        }
        TarKind::None(looked) => Ok(Opened::Rows(Box::new(looked))),
    }
}

#[cfg(test)]
mod tests;

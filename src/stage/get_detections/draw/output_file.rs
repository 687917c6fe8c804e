//! Output files: each may replace only an older file made by this tool.

use std::io;
use std::path::Path;

use crate::disk::{atomic_file, open};
use crate::format::thumbnail::{self, Pixels};
use crate::shape::{FatalError, RowError};

/// The marker in our files: files of other programs are not replaced.
pub const SOFTWARE: &str = "mapillary-pipes get-detections";

/// Whether there is no file at the path, or one made by this tool.
pub fn is_free(path: &Path) -> bool {
    match open::read(path) {
        Ok(bytes) => {
            let start = &bytes[..bytes.len().min(200)];
            start.windows(SOFTWARE.len()).any(|part| part == SOFTWARE.as_bytes())
        }
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Writes a file; only an older file made by this tool is replaced.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if !is_free(path) {
        let what = format!("'{}' is there, and is not of this tool", path.display());
        return Err(Failure::Picture(what + ": give another folder"));
    }
    atomic_file::write(path, bytes).map_err(|error| Failure::new(path, &error))
}

pub fn put_picture(path: &Path, pixels: &Pixels) -> Result<(), Failure> {
    let bytes = thumbnail::jpeg(pixels, SOFTWARE)
        .map_err(|error| Failure::Picture(format!("'{}': {error}", path.display())))?;
    put(path, &bytes)
}

/// Why a picture's files cannot be made.
pub enum Failure {
    Picture(String),
    Run(FatalError),
}

impl From<RowError> for Failure {
    fn from(error: RowError) -> Failure {
        Failure::Picture(error.to_string())
    }
}

impl Failure {
    pub fn new(path: &std::path::Path, error: &io::Error) -> Failure {
        let what = format!("cannot write '{}': {error}", path.display());
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Failure::Run(FatalError(what + ": make room and run the same command again"))
            }
            _ => Failure::Picture(what),
        }
    }
}

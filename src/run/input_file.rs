//! The file that rows come from, before anything is known of it.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;

use crate::archive::packed::sniff;
use crate::disk::{self, Action, AtPath};
use crate::shape::FatalError;

use super::stdio;

/// Whether a file is no archive; it is left where it was.
pub fn is_rows(file: &mut File) -> bool {
    let Ok(start) = file.stream_position() else { return true };
    let form = file.try_clone().and_then(sniff::look);
    let is_back = file.seek(SeekFrom::Start(start)).is_ok();
    is_back && matches!(form, Ok(sniff::Form::None(_)))
}

pub fn open(path: &Path) -> Result<File, FatalError> {
    Ok(disk::open::stream_at_once(path).at_path(Action::Open, path)?)
}

pub fn stdin() -> Result<File, FatalError> {
    stdio::stdin().map_err(|error| FatalError(format!("cannot read standard input: {error}")))
}

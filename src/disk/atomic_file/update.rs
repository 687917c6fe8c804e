//! Changes a file that several processes share.

use std::io::{self, Write};
use std::path::Path;

use super::Replacement;
use crate::disk::{attributes, open};

/// Replaces a file by what `change` makes of its bytes. Processes that do so take turns, each from reading to writing,
/// so that none undoes what another has written. `change` gets `None` if there is no file, and returns `None` to leave
/// it as it is. The new file is on disk before this returns.
///
/// # Errors
/// Those of `change`, that the file cannot be read or written, or that another process takes longer than
/// [`PATIENCE`](super::PATIENCE). Then nothing has changed.
pub fn update<E: From<io::Error>>(
    path: &Path,
    change: impl FnOnce(Option<Vec<u8>>) -> Result<Option<Vec<u8>>, E>,
) -> Result<(), E> {
    // Its lock is the turn: it is held until the file has its name.
    change_in(Replacement::create_in_turn(path)?, path, change)
}

/// Like [`update`], for a file that only its owner may read.
pub fn update_secret<E: From<io::Error>>(
    path: &Path,
    change: impl FnOnce(Option<Vec<u8>>) -> Result<Option<Vec<u8>>, E>,
) -> Result<(), E> {
    let mut file = Replacement::create_in_turn(path)?;
    attributes::close_to_others(file.file_mut())?;
    change_in(file, path, change)
}

fn change_in<E: From<io::Error>>(
    mut file: Replacement,
    path: &Path,
    change: impl FnOnce(Option<Vec<u8>>) -> Result<Option<Vec<u8>>, E>,
) -> Result<(), E> {
    let old = match open::read(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let Some(new) = change(old)? else { return Ok(()) };
    file.write_all(&new)?;
    Ok(file.finish(Some(new.len() as u64), true)?)
}

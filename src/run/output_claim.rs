//! Whose an output is: one process writes it, and another one with the same task waits for that.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use crate::disk::lock::{self, Lock};
use crate::disk::{Action, AtPath, open};
use crate::shape::FatalError;

use super::Stop;
use super::companion_files::beside;
use super::file_identity::Origin;

/// What came of the wish to write an output that another process of the same task may be writing.
pub enum Claim {
    /// Its part, locked.
    Taken(File),
    /// The other one has completed it.
    Done,
}

/// Takes the part of an output, or waits for whoever is writing it: an engine starts a slow task once more, and takes the
/// first that ends with status 0 for its end. Where the other one dies, its work is gone on with.
///
/// # Errors
/// An output that cannot be written; the end of the run while it waits.
pub fn claim(path: &Path, stop: &Stop, say: impl Fn(&str)) -> Result<Claim, FatalError> {
    let wait = |file: &File| {
        if lock::try_lock(file) != Lock::Busy {
            return Ok(false);
        }
        say(&format!("'{}' is being written by another process: waiting for it", path.display()));
        while lock::try_lock(file) == Lock::Busy {
            if !stop.sleep(WAIT) {
                return Err(FatalError(format!("interrupted: '{}' is not ours", path.display())));
            }
        }
        Ok(true)
    };
    let (file, has_waited) = taken(path, wait)?;
    if has_waited && Origin::new(&file).is(path) {
        say(&format!("'{}' is complete: another process has written it", path.display()));
        return Ok(Claim::Done);
    }
    Ok(Claim::Taken(file))
}

/// How often it is looked whether the other one is done.
const WAIT: Duration = Duration::from_millis(50);

/// The part of an output, once `lock` has its lock and tells whether it has waited for that. Meanwhile it may have become
/// the output, which is whole then.
pub fn taken(
    path: &Path,
    lock: impl Fn(&File) -> Result<bool, FatalError>,
) -> Result<(File, bool), FatalError> {
    let part = beside(path, "", ".part");
    loop {
        let file = open::writable(&part).at_path(Action::Write, &part)?;
        let has_waited = lock(&file)?;
        let origin = Origin::new(&file);
        if origin.is(&part) || (has_waited && origin.is(path)) {
            return Ok((file, has_waited));
        }
    }
}

/// Takes the lock that keeps other runs from what belongs to an output.
pub fn lock_of(file: &File, output: &Path) -> Result<(), FatalError> {
    match lock::try_lock(file) {
        Lock::Taken | Lock::Unsupported => Ok(()),
        Lock::Busy => {
            Err(FatalError(format!("'{}' is being written by another run", output.display())))
        }
    }
}

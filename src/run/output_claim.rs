//! Claims an output for one process; another process with the same task waits for it.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use crate::disk::lock::{self, Lock};
use crate::disk::{Action, AtPath, open};
use crate::shape::FatalError;

use super::Stop;
use super::companion_files::beside;
use super::file_identity::Origin;

/// The result of claiming an output that another process with the same task may be writing.
pub enum Claim {
    /// The locked `.part` file.
    Taken(File),
    /// Another process has completed the output.
    Done,
}

/// Locks the `.part` file of an output, or waits for the process that is writing it: an engine may start a slow task
/// twice, and takes the first that ends with status 0 as the result. If the other process dies, this one continues its
/// work.
///
/// # Errors
///
/// If the output cannot be written, or the run is stopped during the wait.
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

/// How often to check whether the other process has finished.
const WAIT: Duration = Duration::from_millis(50);

/// The `.part` file of an output, once `lock` holds its lock; `lock` returns whether it had to wait. Meanwhile the file
/// may have been renamed to the output, which is then complete.
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

/// Takes the lock that keeps other runs from the files of an output.
pub fn lock_of(file: &File, output: &Path) -> Result<(), FatalError> {
    match lock::try_lock(file) {
        Lock::Taken | Lock::Unsupported => Ok(()),
        Lock::Busy => {
            Err(FatalError(format!("'{}' is being written by another run", output.display())))
        }
    }
}

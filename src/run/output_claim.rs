//! Claims an output for one process; another process with the same task waits for it.

use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::disk::lock::{self, Lock};
use crate::disk::{Action, AtPath, open};
use crate::shape::FatalError;

use super::Stop;
use super::companion_files::beside;
use super::file_identity::Origin;

/// The result of claiming an output that another process with the same task may be writing.
pub enum Claim {
    Taken(Claimed),
    /// Another process has completed the output.
    Done,
}

/// The locked `.part` file of an output, and the file that tells others which command is writing it.
#[derive(Debug)]
pub struct Claimed {
    pub part: File,
    marker: PathBuf,
}

impl Drop for Claimed {
    fn drop(&mut self) {
        // What a killed run leaves is replaced by the next one.
        let _ = fs::remove_file(&self.marker);
    }
}

/// Locks the `.part` file of an output, or waits for the process that is writing it: an engine may start a slow task
/// twice, and takes the first that ends with status 0 as the result. If the other process dies, this one continues its
/// work. `command` is what both have to have in common.
///
/// # Errors
///
/// If the output cannot be written, another command is writing it, or the run is stopped during the wait.
pub fn claim(
    path: &Path,
    command: &str,
    stop: &Stop,
    say: impl Fn(&str),
) -> Result<Claim, FatalError> {
    let marker = beside(path, ".", ".task");
    let copy = Cell::new(false);
    let wait = |file: &File| {
        if lock::try_lock(file) != Lock::Busy {
            return Ok(false);
        }
        // Looked at first: the other process may end at once.
        copy.set(has_text(&marker, command));
        say(&format!("'{}' is being written by another process: waiting for it", path.display()));
        wait_for(file, path, stop, || {
            copy.set(copy.get() || has_text(&marker, command));
            copy.get()
        })?;
        Ok(true)
    };
    let (part, has_waited) = taken(path, wait)?;
    if has_waited && Origin::new(&part).is(path) {
        if !copy.get() {
            return Err(other_command(path));
        }
        say(&format!("'{}' is complete: another process has written it", path.display()));
        return Ok(Claim::Done);
    }
    fs::write(&marker, command).at_path(Action::Write, &marker)?;
    Ok(Claim::Taken(Claimed { part, marker }))
}

/// Waits until nobody has the lock. A process that is no copy of this one is not waited for.
fn wait_for(
    file: &File,
    path: &Path,
    stop: &Stop,
    is_copy: impl Fn() -> bool,
) -> Result<(), FatalError> {
    let mut turns = 0;
    while lock::try_lock(file) == Lock::Busy {
        turns += 1;
        if !is_copy() && turns > TURNS_UNTIL_MARKED {
            return Err(other_command(path));
        }
        if !stop.sleep(WAIT) {
            return Err(FatalError(format!("interrupted: '{}' is not ours", path.display())));
        }
    }
    Ok(())
}

fn has_text(marker: &Path, command: &str) -> bool {
    open::text(marker).is_ok_and(|text| text == command)
}

fn other_command(path: &Path) -> FatalError {
    FatalError(format!(
        "'{}' is being written by another command with the same task: give each task a name of its own",
        path.display()
    ))
}

/// How often to look for the command of the other process, which writes it after it has the lock.
const TURNS_UNTIL_MARKED: u32 = 20;

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

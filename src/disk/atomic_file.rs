//! Writes a file atomically: under a temporary name in the same folder, which is then replaced by the final one
//! after the byte count was checked. After a crash the old file (or none) is still there, and a temporary file
//! that the next run reuses.

mod exchange;
mod finish;
mod sync;
mod update;

use std::fs::{self, File};
use std::io::ErrorKind::ResourceBusy;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::disk::open;

use super::lock::{self, Lock};
use super::locked_file::{Identity, LockedFile};
pub use sync::{sync_disk_of, sync_folder};
pub use update::{update, update_secret};

/// How long to wait while another process writes the same file: pictures are small, but connections may be
/// slow.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a new file may replace.
#[derive(Debug, Clone, Copy)]
pub enum Overwrite<'a> {
    /// Anything.
    Anything,
    /// Nothing: the name must be free.
    Nothing,
    /// This file, if it is unchanged since it was opened.
    LockedFile(&'a LockedFile),
}

/// A file that gets its final name once it is complete.
#[derive(Debug)]
pub struct Replacement {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    written: u64,
    done: bool,
}

impl Replacement {
    /// Like [`Replacement::create`], but waits while another process writes the file: processes that work on
    /// the same files take turns.
    ///
    /// # Errors
    /// The other process takes longer than [`PATIENCE`], or the file cannot be created.
    pub fn create_in_turn(path: &Path) -> io::Result<Replacement> {
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(1);
        loop {
            match Replacement::create(path) {
                Err(error) if error.kind() == ResourceBusy && Instant::now() < until => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(50));
                }
                done => return done,
            }
        }
    }

    /// Creates the temporary file in the folder of the final name, and the folder if it does not exist. A
    /// temporary file left by a crash is reused.
    ///
    /// # Errors
    /// `ResourceBusy` if another process is writing it, or the file cannot be created.
    pub fn create(path: &Path) -> io::Result<Replacement> {
        open::is_replaceable(path)?;
        let temporary = temporary_name(path)?;
        for _ in 0..8 {
            let (file, is_writable) = open(&temporary)?;
            if lock::try_lock(&file) == Lock::Busy {
                return Err(io::Error::new(ResourceBusy, "another process is writing it"));
            }
            // Between opening and locking, another process may have renamed the file: then the lock is on a
            // finished picture, and is released.
            if !is_still(&file, &temporary) {
                continue;
            }
            if is_writable && file.metadata()?.len() == 0 {
                let path = path.to_path_buf();
                return Ok(Replacement { file, temporary, path, written: 0, done: false });
            }
            // A file left by a crash is not truncated: it may have another name, such as that of a backup.
            fs::remove_file(&temporary)?;
        }
        Err(io::Error::new(ResourceBusy, "another process keeps writing it"))
    }

    /// Bytes written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Sets the modification time of the file.
    pub fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        self.file.set_modified(time)
    }

    /// The file being written, for calls that copy within the kernel. The caller then reports how many bytes it
    /// has written through it.
    pub fn file_mut(&mut self) -> &mut File {
        &mut self.file
    }

    pub fn add_written(&mut self, bytes: u64) {
        self.written += bytes;
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Replacement {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// An unfinished file is removed.
impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.done && is_still(&self.file, &self.temporary) {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Removes the temporary file that a crash has left of a file, unless another process is writing it; true if
/// there was one.
pub fn remove_leftover(path: &Path) -> io::Result<bool> {
    let temporary = temporary_name(path)?;
    if fs::symlink_metadata(&temporary).is_err() {
        return Ok(false);
    }
    let (file, _) = open(&temporary)?;
    let is_leftover = lock::try_lock(&file) != Lock::Busy && is_still(&file, &temporary);
    if is_leftover {
        fs::remove_file(&temporary)?;
    }
    Ok(is_leftover)
}

/// Writes a complete file, after waiting while another process writes it.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Replacement::create_in_turn(path)?;
    file.write_all(bytes)?;
    file.finish(Some(bytes.len() as u64), false)
}

/// Opens without truncating, because the file may belong to another process. The folder is created only if
/// opening fails without it, because it nearly always exists. A file that a crash left read-only is opened too;
/// true means that it is writable.
fn open(path: &Path) -> io::Result<(File, bool)> {
    let open = || open::writable(path);
    let opened = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            open()
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return open::file(path).map(|file| (file, false)).map_err(|_| error);
        }
        opened => opened,
    };
    opened.map(|file| (file, true))
}

fn temporary_name(path: &Path) -> io::Result<PathBuf> {
    super::temporary_names::name(path, ".part")
}

/// Whether a path names this open file.
fn is_still(file: &File, path: &Path) -> bool {
    let (open, named) = (file.metadata(), fs::symlink_metadata(path));
    let is_same = |named| Some(Identity::new(&named).is_same_file(&Identity::new(&open.ok()?)));
    named.ok().and_then(is_same).unwrap_or(false)
}

#[cfg(test)]
mod tests;

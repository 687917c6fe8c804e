//! A path whole or not at all: temporary name in the same folder, write, count
//! the bytes, rename. A crash leaves the old file, or none, and a temporary
//! one that the next run takes over.

mod finish;
mod sync;
mod take_place;

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

/// How long another process may write a file that this one is to write: pictures are small, and links slow.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a new file may take the name of.
#[derive(Debug, Clone, Copy)]
pub enum Overwrite<'a> {
    /// Whatever is there.
    Anything,
    /// Nothing: the name is free.
    Nothing,
    /// This file, if it is as it was when it was opened.
    LockedFile(&'a LockedFile),
}

/// A file that gets its name when it is whole.
#[derive(Debug)]
pub struct Replacement {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    written: u64,
    done: bool,
}

impl Replacement {
    /// The same as [`Replacement::create`], once no other process writes it: of several that work on the same
    /// files, each has its turn.
    ///
    /// # Errors
    /// The other process takes longer than [`PATIENCE`], or the file cannot be made.
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

    /// Makes the temporary file beside the final name, and the folder if it
    /// is not there. One that a crash has left is taken over.
    ///
    /// # Errors
    /// `ResourceBusy` where another process is writing it; or the file cannot be made.
    pub fn create(path: &Path) -> io::Result<Replacement> {
        open::is_replaceable(path)?;
        let temporary = temporary_name(path)?;
        for _ in 0..8 {
            let (file, is_writable) = open(&temporary)?;
            if lock::try_lock(&file) == Lock::Busy {
                return Err(io::Error::new(ResourceBusy, "another process is writing it"));
            }
            // Between opening and locking, another process may have renamed the
            // file: then the lock is on a finished picture, and is let go.
            if !is_still(&file, &temporary) {
                continue;
            }
            if is_writable && file.metadata()?.len() == 0 {
                let path = path.to_path_buf();
                return Ok(Replacement { file, temporary, path, written: 0, done: false });
            }
            // What a crash left is not emptied: it may have another name, such as that of a backup.
            fs::remove_file(&temporary)?;
        }
        Err(io::Error::new(ResourceBusy, "another process keeps writing it"))
    }

    /// Bytes written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Sets the file's time.
    pub fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        self.file.set_modified(time)
    }

    /// The file being written, for calls that copy within the kernel; who
    /// writes through it says how much.
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

/// What was not finished leaves nothing.
impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.done && is_still(&self.file, &self.temporary) {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Takes away what a crash left of a file that nobody will finish.
pub fn abandon(path: &Path) -> io::Result<()> {
    fs::remove_file(temporary_name(path)?)
}

/// Writes a whole file, once nobody else does.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Replacement::create_in_turn(path)?;
    file.write_all(bytes)?;
    file.finish(Some(bytes.len() as u64), false)
}

/// Opens without emptying: it may be another's. The folder is made only when
/// it turns out not to be there, since it nearly always is. One that a crash
/// left read-only is opened too; true stands for one that can be written.
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

/// Whether a path names the file that is open.
fn is_still(file: &File, path: &Path) -> bool {
    let (open, named) = (file.metadata(), fs::symlink_metadata(path));
    let is_same = |named| Some(Identity::new(&named).is_same_file(&Identity::new(&open.ok()?)));
    named.ok().and_then(is_same).unwrap_or(false)
}

#[cfg(test)]
mod tests;

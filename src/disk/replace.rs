//! A path whole or not at all: temporary name in the same folder, write, count
//! the bytes, rename. A crash leaves the old file, or none, and a temporary
//! one that the next run takes over.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

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
    /// Makes the temporary file beside the final name, and the folder if it
    /// is not there. One that a crash has left is taken over; one that another
    /// process is writing is an error.
    pub fn create(path: &Path) -> io::Result<Replacement> {
        let temporary = temporary_name(path)?;
        for _ in 0..8 {
            let file = open(&temporary)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::other("another process is writing it"));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Between opening and locking, another process may have renamed the
            // file: then the lock is on a finished picture, and is let go.
            if is_still(&file, &temporary)? {
                if file.metadata()?.len() > 0 {
                    file.set_len(0)?;
                }
                let path = path.to_path_buf();
                return Ok(Replacement { file, temporary, path, written: 0, done: false });
            }
        }
        Err(io::Error::other("another process keeps writing it"))
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

    /// Gives the file its name. `promised` is the length that it must have;
    /// `sync` waits until the disk has it.
    pub fn finish(mut self, promised: Option<u64>, sync: bool) -> io::Result<()> {
        if let Some(promised) = promised.filter(|&promised| promised != self.written) {
            let written = self.written;
            return Err(io::Error::other(format!("{written} bytes instead of {promised}")));
        }
        if sync {
            self.file.sync_all()?;
        }
        fs::rename(&self.temporary, &self.path)?;
        self.done = true;
        Ok(())
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
        if !self.done {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Takes away what a crash left of a file that nobody will finish.
pub fn abandon(path: &Path) -> io::Result<()> {
    fs::remove_file(temporary_name(path)?)
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Replacement::create(path)?;
    file.write_all(bytes)?;
    file.finish(Some(bytes.len() as u64), false)
}

/// Waits until the names in a folder are on disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        // Elsewhere a folder cannot be opened as a file, and need not be.
        false => Ok(()),
    }
}

/// Opens without emptying: it may be another's. The folder is made only when
/// it turns out not to be there, since it nearly always is.
fn open(path: &Path) -> io::Result<File> {
    let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            open()
        }
        opened => opened,
    }
}

/// Hidden, in the same folder, with the final name in it; always the same, so
/// that what a crash left is used up by the next run.
fn temporary_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(".part");
    Ok(path.with_file_name(hidden))
}

#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata()?, fs::metadata(path));
    Ok(named.is_ok_and(|named| (named.dev(), named.ino()) == (open.dev(), open.ino())))
}

/// Elsewhere a file that is open cannot be renamed by others.
#[cfg(not(unix))]
fn is_still(_: &File, path: &Path) -> io::Result<bool> {
    Ok(path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.jpg");
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_short_file_is_refused_and_the_old_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.jpg");
        write(&path, b"old").unwrap();
        let mut file = Replacement::create(&path).unwrap();
        file.write_all(b"ne").unwrap();
        assert_eq!(file.finish(Some(3), false).unwrap_err().to_string(), "2 bytes instead of 3");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_crash_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.jpg");
        fs::write(folder.path().join(".c.jpg.part"), b"half of something").unwrap();
        write(&path, b"c").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"c");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_writers_of_one_file_do_not_mix() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.jpg");
        let _first = Replacement::create(&path).unwrap();
        assert!(Replacement::create(&path).unwrap_err().to_string().contains("another process"));
    }
}

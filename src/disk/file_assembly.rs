//! Builds a new file from pieces, some of them ranges of an old file, which are copied within the kernel.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::format::metadata_container::Piece;

use super::atomic_file::{Overwrite, Replacement};
use super::attributes;
pub use super::attributes::LostAttribute;
use super::locked_file::{self, Identity, LockedFile};

/// The result of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// Attributes of the old file that could not be set on the new one.
    pub lost: Vec<LostAttribute>,
}

/// The times of a file that replaces another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Those of the old file: a photo keeps its age.
    Old,
    Now,
}

/// Replaces a file by the given pieces, which are on disk before they get the old name. The new file keeps the
/// attributes of the old one. `backup` is the name under which the old file is kept; an existing backup is kept
/// instead, because it is older.
///
/// # Errors
/// The reason, or that another process has changed the file; then nothing has changed.
pub fn replace(
    old: &mut LockedFile,
    pieces: &[Piece],
    backup: Option<&Path>,
    times: Times,
) -> io::Result<Written> {
    let mut new = Replacement::create(old.path())?;
    let written = fill(&mut new, old.file(), pieces, times)?;
    old.check()?;
    let backup = backup.filter(|backup| fs::symlink_metadata(backup).is_err());
    if let Some(backup) = backup {
        keep(old, backup)?;
    }
    let finished = new.finish_over(Overwrite::LockedFile(old), Some(written.bytes), true);
    if let (Err(_), Some(backup)) = (&finished, backup) {
        // The backup has the same content as the old file, which still has its own name.
        fs::remove_file(backup)?;
    }
    finished.map(|()| written)
}

/// Writes the pieces of a file to another path, with all attributes of the original. The file `over` may be
/// overwritten.
///
/// # Errors
/// The reason, or that another process has changed one of the two; then nothing has changed.
pub fn copy(
    old: &LockedFile,
    path: &Path,
    over: Overwrite,
    pieces: &[Piece],
    sync: bool,
) -> io::Result<Written> {
    let mut new = Replacement::create_in_turn(path)?;
    let written = fill(&mut new, old.file(), pieces, Times::Old)?;
    old.check()?;
    new.finish_over(over, Some(written.bytes), sync)?;
    Ok(written)
}

/// The pieces that make up the whole file.
pub fn whole(old: &LockedFile) -> Vec<Piece> {
    vec![Piece::Original(0..old.identity().len())]
}

/// Adds a hard link to the old file: it costs nothing, and keeps the old bytes when the first name gets new
/// ones.
fn keep(old: &mut LockedFile, backup: &Path) -> io::Result<()> {
    if fs::hard_link(old.path(), backup).is_err() {
        return copy(old, backup, Overwrite::Nothing, &whole(old), true).map(|_| ());
    }
    let linked = fs::symlink_metadata(backup).map(|meta| Identity::new(&meta));
    if !linked.is_ok_and(|linked| linked.is_same_file(old.identity())) {
        fs::remove_file(backup)?;
        return Err(locked_file::changed());
    }
    old.take_note_of_link()
}

fn fill(
    new: &mut Replacement,
    mut from: &File,
    pieces: &[Piece],
    times: Times,
) -> io::Result<Written> {
    attributes::close_to_others(new.file_mut())?;
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => new.write_all(bytes)?,
            Piece::Original(range) => copy_range(&mut from, range, new)?,
        }
    }
    let lost = attributes::copy(from, new.file_mut())?;
    if times == Times::Old {
        let meta = from.metadata()?;
        let times = FileTimes::new().set_modified(meta.modified()?).set_accessed(meta.accessed()?);
        new.file_mut().set_times(times)?;
    }
    if len_of(pieces) == new.written() {
        Ok(Written { bytes: new.written(), lost })
    } else {
        Err(locked_file::changed())
    }
}

/// The total length of these pieces.
pub fn len_of(pieces: &[Piece]) -> u64 {
    let len = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => bytes.len() as u64,
        Piece::Original(range) => range.end - range.start,
    };
    pieces.iter().map(len).sum()
}

/// Whether `path` has the content of these pieces, as far as is known without reading the copied ranges: checks
/// the length and the new bytes.
pub fn is_so(path: &Path, pieces: &[Piece]) -> bool {
    let check = || -> io::Result<bool> {
        let mut file = open::file(path)?;
        let mut same = file.metadata()?.len() == len_of(pieces);
        let mut at = 0;
        for piece in pieces {
            if let Piece::Bytes(bytes) = piece {
                let mut there = Vec::with_capacity(bytes.len());
                file.seek(SeekFrom::Start(at))?;
                (&mut file).take(bytes.len() as u64).read_to_end(&mut there)?;
                same &= there == *bytes;
            }
            at += len_of(std::slice::from_ref(piece));
        }
        Ok(same)
    };
    check().unwrap_or(false)
}

/// The name of a backup: the name of the file plus a suffix.
pub fn backup_name(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

/// The standard library copies between files within the kernel.
fn copy_range(from: &mut &File, range: &Range<u64>, to: &mut Replacement) -> io::Result<()> {
    from.seek(SeekFrom::Start(range.start))?;
    let copied = io::copy(&mut from.take(range.end - range.start), to.file_mut())?;
    to.add_written(copied);
    Ok(())
}

#[cfg(test)]
mod tests;

//! A file taken out of a tar: whole, with its time, or not at all.

use std::io::ErrorKind::AlreadyExists;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use crate::disk::atomic_file::{Overwrite, Replacement};
use crate::disk::positioned_io::{CHUNK, digest_of_file, each_read};
use crate::disk::{Action, AtPath, PathError};
use crate::value::digest::Digest;
use crate::value::provenance::Status;

/// A file that is to be.
pub struct New<'a> {
    pub path: &'a Path,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
    /// What its digest must be, where that is known.
    pub sha256: Option<Digest>,
    /// Whether it may take the place of another file.
    pub replaces: bool,
}

/// Writes a file. Nothing that fails the digest gets its name. Where another process has put the same bytes there
/// meanwhile, those are kept.
///
/// # Errors
/// Names the file.
pub fn store(from: &mut impl Read, new: New<'_>) -> Result<Status, PathError> {
    let path = new.path;
    write(from, new).at_path(Action::Write, path)
}

fn write(from: &mut impl Read, new: New<'_>) -> io::Result<Status> {
    let New { path, bytes, modified, sha256, replaces } = new;
    let mut file = Replacement::create_in_turn(path)?;
    let digest = each_read(from, bytes, &mut vec![0; CHUNK], |part, _| {
        // What has holes may be little more than holes: they stay what they are.
        if part.len() == CHUNK && part.iter().all(|&byte| byte == 0) {
            file.seek(SeekFrom::Current(part.len() as i64))?;
            file.add_written(part.len() as u64);
            Ok(())
        } else {
            file.write_all(part)
        }
    })?;
    if sha256.is_some_and(|known| known != digest) {
        return Err(io::Error::other("its digest is not that of the index"));
    }
    file.file_mut().set_len(bytes)?;
    if let Some(modified) = modified {
        file.set_modified(modified)?;
    }
    let over = if replaces { Overwrite::Anything } else { Overwrite::Nothing };
    match file.finish_over(over, Some(bytes), false) {
        Err(error) if error.kind() == AlreadyExists && has_bytes(path, bytes, digest) => {
            Ok(Status::Kept)
        }
        finished => finished.map(|()| Status::Done),
    }
}

fn has_bytes(path: &Path, bytes: u64, digest: Digest) -> bool {
    digest_of_file(path).is_ok_and(|there| there == (bytes, digest))
}

/// Whether a file is what the tar holds.
pub fn is_same(path: &Path, bytes: u64, sha256: Option<Digest>, mut from: impl Read) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|meta| meta.is_file() && meta.len() == bytes);
    let of_file = || digest_of_file(path).ok().map(|(_, digest)| digest);
    let mut of_tar = || each_read(&mut from, bytes, &mut vec![0; CHUNK], |_, _| Ok(())).ok();
    is_file && of_file().is_some_and(|digest| Some(digest) == sha256.or_else(&mut of_tar))
}

#[cfg(test)]
mod tests;

//! A file taken out of a tar: whole, with its time, or not at all.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use crate::disk::atomic_file::Replacement;
use crate::disk::positioned_io::{CHUNK, digest_of_file, each_read};
use crate::disk::{Action, AtPath, PathError};
use crate::value::digest::Digest;

/// A file that is to be.
pub struct New<'a> {
    pub path: &'a Path,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
    /// What its digest must be, where that is known.
    pub sha256: Option<Digest>,
}

/// Writes a file. Nothing that fails the digest gets its name.
///
/// # Errors
/// Names the file.
pub fn store(from: &mut impl Read, new: New<'_>) -> Result<(), PathError> {
    let New { path, bytes, modified, sha256 } = new;
    write(from, bytes, modified, sha256, path).at_path(Action::Write, path)
}

fn write(
    from: &mut impl Read,
    bytes: u64,
    modified: Option<SystemTime>,
    sha256: Option<Digest>,
    path: &Path,
) -> std::io::Result<()> {
    let mut file = Replacement::create(path)?;
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
        return Err(std::io::Error::other("its digest is not that of the index"));
    }
    file.file_mut().set_len(bytes)?;
    if let Some(modified) = modified {
        file.set_modified(modified)?;
    }
    file.finish(Some(bytes), false)
}

/// Whether a file is what the tar holds.
pub fn is_same(path: &Path, bytes: u64, sha256: Option<Digest>, mut from: impl Read) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|meta| meta.is_file() && meta.len() == bytes);
    let of_file = || digest_of_file(path).ok().map(|(_, digest)| digest);
    let mut of_tar = || each_read(&mut from, bytes, &mut vec![0; CHUNK], |_, _| Ok(())).ok();
    is_file && of_file().is_some_and(|digest| Some(digest) == sha256.or_else(&mut of_tar))
}

//! Digests of files and streams, computed while copying.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::disk::open;
use crate::value::digest::Digest;

use super::{CHUNK, read_at};

/// Passes `len` bytes from an offset to `take`, part by part, and returns their digest.
///
/// # Errors
/// Errors of the file or of `take`, or that the file ends early.
pub fn each_part(
    file: &File,
    (at, len): (u64, u64),
    buffer: &mut [u8],
    mut take: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut done = 0;
    while done < len {
        let wanted = buffer.len().min((len - done).try_into().unwrap_or(usize::MAX));
        let part = &mut buffer[..wanted];
        if read_at(file, part, at + done)? < wanted {
            return Err(io::Error::other(format!("it ends before byte {}", at + len)));
        }
        hash.update(&*part);
        take(part, done)?;
        done += wanted as u64;
    }
    Ok(Digest(hash.finalize().into()))
}

/// Like [`each_part`], for `len` bytes of any reader.
pub fn each_read(
    from: &mut impl Read,
    len: u64,
    buffer: &mut [u8],
    mut take: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut done = 0;
    while done < len {
        let wanted = buffer.len().min((len - done).try_into().unwrap_or(usize::MAX));
        let part = match from.read(&mut buffer[..wanted]) {
            Ok(0) => return Err(io::Error::other(format!("it ends after {done} of {len} bytes"))),
            Ok(len) => &buffer[..len],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(part);
        take(part, done)?;
        done += part.len() as u64;
    }
    Ok(Digest(hash.finalize().into()))
}

/// The digest of bytes in memory.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The length and the digest of a file.
pub fn digest_of_file(path: &Path) -> io::Result<(u64, Digest)> {
    let file = open::file(path)?;
    let len = file.metadata()?.len();
    Ok((len, each_part(&file, (0, len), &mut vec![0; CHUNK], |_, _| Ok(()))?))
}

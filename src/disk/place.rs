//! Bytes of files by their place, so that many threads may use one file, and
//! digests in one pass with a copy.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::value::digest::Digest;

/// What is read at once: in the second level of the cache, between reading,
/// hashing and writing.
pub const CHUNK: usize = 256 << 10;

/// Reads until the buffer is full or the file ends; how many bytes came.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match some_at(file, &mut buffer[len..], at + len as u64) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

/// Hands `len` bytes from a place to `take`, part by part, and gives their digest.
///
/// # Errors
/// Of the file, of `take`, or when the file ends before.
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

/// The digest of bytes in memory.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The length and the digest of a file.
pub fn digest_of_file(path: &Path) -> io::Result<(u64, Digest)> {
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    Ok((len, each_part(&file, (0, len), &mut vec![0; CHUNK], |_, _| Ok(()))?))
}

#[cfg(unix)]
fn some_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn some_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Writes all bytes at a place.
#[cfg(unix)]
pub fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Writes all bytes at a place.
#[cfg(windows)]
pub fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

//! The bytes of an index: in memory while it is small, in a file once it has grown; written sequentially, and read with
//! random access.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::disk::atomic_file::Replacement;
use crate::disk::cached_io;
use crate::disk::positioned_io::read_at;

/// The bytes of a finished index.
#[derive(Debug)]
pub enum Storage {
    Memory(Vec<u8>),
    File { file: File, len: u64 },
}

impl Storage {
    pub fn from_file(file: File) -> io::Result<Storage> {
        let len = file.metadata()?.len();
        Ok(Storage::File { file, len })
    }

    pub fn len(&self) -> u64 {
        match self {
            Storage::Memory(bytes) => bytes.len() as u64,
            Storage::File { len, .. } => *len,
        }
    }

    pub fn is_in_memory(&self) -> bool {
        matches!(self, Storage::Memory(_))
    }

    /// # Errors
    /// Bytes that cannot be read, or a range beyond the end.
    pub fn read(&self, at: u64, len: u64) -> io::Result<Vec<u8>> {
        let beyond = || io::Error::from(io::ErrorKind::UnexpectedEof);
        // Checked before memory is allocated for a length that comes from a file.
        let end = at.checked_add(len).filter(|end| *end <= self.len()).ok_or_else(beyond)?;
        if let Storage::Memory(bytes) = self {
            return Ok(bytes[at as usize..end as usize].to_vec());
        }
        let mut bytes = vec![0; len as usize];
        self.read_into(at, &mut bytes)?;
        Ok(bytes)
    }

    /// Like [`Storage::read`], into an existing buffer.
    pub fn read_into(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        let beyond = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match self {
            Storage::Memory(bytes) => {
                let end = at.checked_add(buffer.len() as u64).filter(|&end| end <= self.len());
                let end = end.ok_or_else(beyond)?;
                buffer.copy_from_slice(&bytes[at as usize..end as usize]);
                Ok(())
            }
            Storage::File { file, .. } => match cached_io::read_at(file, buffer, at)? {
                read if read == buffer.len() => Ok(()),
                _ => Err(beyond()),
            },
        }
    }
}

/// The bytes of an index during the build.
pub enum IndexOutput {
    Memory(Vec<u8>),
    File { out: BufWriter<File>, file: File, replacement: Replacement, len: u64 },
}

impl IndexOutput {
    pub fn new() -> IndexOutput {
        IndexOutput::Memory(Vec::new())
    }

    /// Continues in a file, which gets its name at the end.
    ///
    /// # Errors
    /// The file cannot be written; then all bytes so far stay in memory.
    pub fn spill(&mut self, path: &Path) -> io::Result<()> {
        let IndexOutput::Memory(bytes) = self else { return Ok(()) };
        let mut replacement = Replacement::create(path)?;
        let file = replacement.file_mut().try_clone()?;
        let mut out = BufWriter::with_capacity(1 << 20, file.try_clone()?);
        out.write_all(bytes)?;
        out.flush()?;
        let len = bytes.len() as u64;
        *self = IndexOutput::File { out, file, replacement, len };
        Ok(())
    }

    pub fn len(&self) -> u64 {
        match self {
            IndexOutput::Memory(bytes) => bytes.len() as u64,
            IndexOutput::File { len, .. } => *len,
        }
    }

    /// Appends bytes, and returns their position.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.len();
        match self {
            IndexOutput::Memory(all) => all.extend_from_slice(bytes),
            IndexOutput::File { out, len, .. } => {
                out.write_all(bytes)?;
                *len += bytes.len() as u64;
            }
        }
        Ok(at)
    }

    /// Reads back bytes written before.
    pub fn read(&mut self, at: u64, len: u64) -> io::Result<Vec<u8>> {
        match self {
            IndexOutput::Memory(bytes) => Ok(bytes[at as usize..(at + len) as usize].to_vec()),
            IndexOutput::File { out, file, .. } => {
                out.flush()?;
                let mut bytes = vec![0; len as usize];
                let read = read_at(file, &mut bytes, at)?;
                if read == bytes.len() {
                    Ok(bytes)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                }
            }
        }
    }

    /// The finished index; a file is on the disk before it gets its name, so that a kill leaves either the old or the
    /// new one.
    pub fn finish(self) -> io::Result<Storage> {
        match self {
            IndexOutput::Memory(bytes) => Ok(Storage::Memory(bytes)),
            IndexOutput::File { mut out, file, replacement, len } => {
                out.flush()?;
                replacement.finish(None, true)?;
                Ok(Storage::File { file, len })
            }
        }
    }
}

#[cfg(test)]
mod tests;

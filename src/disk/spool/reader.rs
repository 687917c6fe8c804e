//! Reads parts of a spool. While the reads are consecutive, the read-ahead doubles each time.

use super::Spool;
use crate::disk::PathError;

/// The number of bytes read after a jump.
const FIRST_READ: usize = 4 << 10;
/// The maximum number of bytes read at once.
const MOST_READ: usize = 256 << 10;

/// Reads parts of a spool, with a buffer.
#[derive(Debug)]
pub struct SpoolReader {
    most: usize,
    /// The buffer holds the bytes from this offset on.
    from: u64,
    buffer: Vec<u8>,
    next_read: usize,
}

impl Default for SpoolReader {
    fn default() -> SpoolReader {
        SpoolReader::with_most(MOST_READ)
    }
}

impl SpoolReader {
    /// A reader that reads at most this many bytes ahead.
    pub fn with_most(most: usize) -> SpoolReader {
        SpoolReader { most, from: 0, buffer: Vec::new(), next_read: 0 }
    }

    /// The bytes from an offset; fewer than requested at the end of the spool.
    ///
    /// # Errors
    /// Errors of the temporary file.
    pub fn bytes(&mut self, spool: &Spool, at: u64, wanted: usize) -> Result<&[u8], PathError> {
        let start = at.checked_sub(self.from).and_then(|start| usize::try_from(start).ok());
        let held = start.filter(|start| start + wanted <= self.buffer.len());
        let start = match held {
            Some(start) => start,
            None => {
                self.read(spool, at, wanted)?;
                0
            }
        };
        let end = self.buffer.len().min(start + wanted);
        Ok(&self.buffer[start..end])
    }

    fn read(&mut self, spool: &Spool, at: u64, wanted: usize) -> Result<(), PathError> {
        let is_next = self.from <= at && at <= self.from + self.buffer.len() as u64;
        let most = self.most.max(FIRST_READ);
        let len = if is_next { self.next_read.clamp(FIRST_READ, most) } else { FIRST_READ };
        self.next_read = len * 2;
        self.buffer.resize(len.max(wanted), 0);
        let len = spool.read_at(&mut self.buffer, at)?;
        self.buffer.truncate(len);
        self.from = at;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

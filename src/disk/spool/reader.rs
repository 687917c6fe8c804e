//! Reads pieces of a spool, and reads ahead: twice as much each time, as long as the next piece follows the last one.

use super::Spool;
use crate::disk::PathError;

/// The number of bytes read after a jump.
const FIRST_READ: usize = 4 << 10;
/// The most that is read at once.
const MOST_READ: usize = 256 << 10;

/// Reads pieces of a spool.
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

    /// The bytes from an offset on; fewer than wanted at the end of the spool.
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
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_come_from_any_place() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(folder.path());
        let all: Vec<u8> = (0..3 << 20).map(|at: u32| (at * 7 + at / 251) as u8).collect();
        spool.append(&all).unwrap();
        let mut reader = SpoolReader::default();
        let mut at = 0;
        for round in 0..4_000 {
            let len = round * 37 % 1500;
            assert_eq!(reader.bytes(&spool, at as u64, len).unwrap(), &all[at..at + len]);
            at = if round % 50 == 49 { round * 509 } else { at + len };
        }
        assert!(reader.buffer.len() <= MOST_READ);
        assert_eq!(reader.bytes(&spool, all.len() as u64 - 2, 9).unwrap(), &all[all.len() - 2..]);
        assert!(reader.bytes(&spool, all.len() as u64 + 5, 9).unwrap().is_empty());
    }
}

//! The tables of an index: their positions in its bytes, and how they are searched.

use std::io;

use sha2::{Digest, Sha256};

use super::layout::{Fixed, TABLES, Table};
use super::storage::{IndexOutput, Storage};

/// Another layout gets another name, so that an older index is rebuilt.
const MAGIC: &[u8; 8] = b"mlyidx04";
const TRAILER: u64 = 32;

/// The positions of the tables.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    places: [(u64, u64); TABLES],
}

impl Tables {
    /// Writes a table of records.
    pub fn put<T: Fixed>(
        &mut self,
        sink: &mut IndexOutput,
        table: Table,
        records: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        let at = sink.len();
        let mut buffer = Vec::with_capacity(1 << 16);
        for record in records {
            record.put(&mut buffer);
            if buffer.len() > 1 << 15 {
                sink.write(&buffer)?;
                buffer.clear();
            }
        }
        sink.write(&buffer)?;
        self.places[table as usize] = (at, sink.len() - at);
        Ok(())
    }

    pub fn put_bytes(
        &mut self,
        sink: &mut IndexOutput,
        table: Table,
        bytes: &[u8],
    ) -> io::Result<()> {
        self.places[table as usize] = (sink.write(bytes)?, bytes.len() as u64);
        Ok(())
    }

    /// Writes the positions of the tables, which end an index.
    pub fn finish(&self, sink: &mut IndexOutput) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (at, len) in self.places {
            bytes.extend_from_slice(&at.to_le_bytes());
            bytes.extend_from_slice(&len.to_le_bytes());
        }
        let at = sink.write(&bytes)?;
        let mut trailer = MAGIC.to_vec();
        trailer.extend_from_slice(&at.to_le_bytes());
        trailer.extend_from_slice(&Sha256::digest(&bytes)[..16]);
        sink.write(&trailer).map(|_| ())
    }

    /// # Errors
    /// Bytes that are not a complete index of this layout.
    pub fn open(storage: &Storage) -> io::Result<Tables> {
        let none = || io::Error::other("it is not an index of this version");
        let end = storage.len().checked_sub(TRAILER).ok_or_else(none)?;
        let trailer = storage.read(end, TRAILER)?;
        let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        let bytes =
            storage.read(number(&trailer[8..16]), TABLES as u64 * 16).map_err(|_| none())?;
        if &trailer[..8] != MAGIC || Sha256::digest(&bytes)[..16] != trailer[16..] {
            return Err(none());
        }
        let mut tables = Tables::default();
        for (place, pair) in tables.places.iter_mut().zip(bytes.chunks_exact(16)) {
            *place = (number(&pair[..8]), number(&pair[8..]));
        }
        Ok(tables)
    }

    /// The number of records in a table.
    pub fn len<T: Fixed>(&self, table: Table) -> u64 {
        self.places[table as usize].1 / T::SIZE as u64
    }

    /// A range of records of a table.
    pub fn get<T: Fixed>(
        &self,
        storage: &Storage,
        table: Table,
        range: std::ops::Range<u64>,
    ) -> io::Result<Vec<T>> {
        let beyond = || io::Error::from(io::ErrorKind::UnexpectedEof);
        if range.end > self.len::<T>(table) || range.start > range.end {
            return Err(beyond());
        }
        let (at, size) = (self.places[table as usize].0, T::SIZE as u64);
        let start = at.checked_add(range.start * size).ok_or_else(beyond)?;
        let bytes = storage.read(start, (range.end - range.start) * size)?;
        Ok(bytes.chunks_exact(T::SIZE).map(T::get).collect())
    }

    pub fn one<T: Fixed>(&self, storage: &Storage, table: Table, at: u64) -> io::Result<T> {
        let beyond = || io::Error::from(io::ErrorKind::UnexpectedEof);
        if at >= self.len::<T>(table) {
            return Err(beyond());
        }
        let start = self.places[table as usize].0.checked_add(at * T::SIZE as u64);
        let mut buffer = [0; MOST_RECORD_BYTES];
        let bytes = &mut buffer[..T::SIZE];
        storage.read_into(start.ok_or_else(beyond)?, bytes)?;
        Ok(T::get(bytes))
    }

    pub fn bytes(&self, storage: &Storage, table: Table) -> io::Result<Vec<u8>> {
        let (at, len) = self.places[table as usize];
        storage.read(at, len)
    }
}

/// The digest of a name, the same on every machine and in every version of this layout.
pub fn hash(kind: u8, name: &str) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    hasher.update(name);
    let digest = hasher.finalize();
    u64::from_le_bytes(digest[..8].try_into().expect("eight bytes"))
}

/// The maximum length of a record.
const MOST_RECORD_BYTES: usize = 256;

/// Up to this many records are read at once rather than one by one.
pub const BLOCK: u64 = 128;

/// The position of the first sorted record for which `is_before` is false.
pub fn partition<T: Fixed>(
    tables: &Tables,
    storage: &Storage,
    table: Table,
    is_before: impl Fn(&T) -> bool,
) -> io::Result<u64> {
    let (mut low, mut high) = (0, tables.len::<T>(table));
    while high - low > BLOCK {
        let middle = low + (high - low) / 2;
        if is_before(&tables.one(storage, table, middle)?) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let block: Vec<T> = tables.get(storage, table, low..high)?;
    Ok(low + block.partition_point(is_before) as u64)
}

#[cfg(test)]
mod tests;

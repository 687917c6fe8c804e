//! Interpolation search in a table sorted by digest. Digests are evenly distributed, so that the position of one is
//! known to within a few hundred: two block reads find a key among a million, where binary search takes twenty.

use std::io;

use super::layout::{Key, Table};
use super::storage::Storage;
use super::tables::{BLOCK, Tables};

/// After this many guesses the digests are not evenly distributed, and binary search takes over.
const MOST_GUESSES: u32 = 6;

/// The position of the first key whose digest is not below `hash`.
pub fn first(tables: &Tables, storage: &Storage, table: Table, hash: u64) -> io::Result<u64> {
    let len = tables.len::<Key>(table);
    let (mut low, mut high, mut guess, mut guesses) = (0, len, places(hash, len), 0);
    while high - low > BLOCK {
        let start = guess.saturating_sub(BLOCK / 2).clamp(low, high - BLOCK);
        let block: Vec<Key> = tables.get(storage, table, start..start + BLOCK)?;
        let (first, last) = match (block.first(), block.last()) {
            (Some(first), Some(last)) => (first.hash, last.hash),
            _ => return Err(io::ErrorKind::UnexpectedEof.into()),
        };
        if last < hash {
            low = start + BLOCK;
            guess = low.saturating_add(places(hash - last, len));
        } else if first >= hash {
            high = start;
            guess = start.saturating_sub(places(first - hash, len));
        } else {
            return Ok(start + block.partition_point(|key| key.hash < hash) as u64);
        }
        guesses += 1;
        if guesses > MOST_GUESSES {
            guess = low + (high - low) / 2;
        }
    }
    let block: Vec<Key> = tables.get(storage, table, low..high)?;
    Ok(low + block.partition_point(|key| key.hash < hash) as u64)
}

/// The number of keys, of `len`, that a distance between digests spans.
fn places(distance: u64, len: u64) -> u64 {
    ((u128::from(distance) * u128::from(len)) >> 64) as u64
}

#[cfg(test)]
mod tests;

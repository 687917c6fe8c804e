//! Search in a table of keys that are sorted by their digests. Digests are spread evenly, so that where one stands is known
//! to a few hundred places: two reads of a block each find it among a million, where halving takes twenty.

use std::io;

use super::layout::{Key, Table};
use super::storage::Storage;
use super::tables::{BLOCK, Tables};

/// After so many guesses digests are not spread as they should be, and the rest is halved.
const MOST_GUESSES: u32 = 6;

/// The place of the first key whose digest is not below `hash`.
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

/// How many of `len` keys a distance of digests is wide.
fn places(distance: u64, len: u64) -> u64 {
    ((u128::from(distance) * u128::from(len)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::index::storage::Sink;

    fn is_found_like_by_looking_at_all(hashes: &mut [u64]) {
        hashes.sort_unstable();
        let (mut sink, mut tables) = (Sink::new(), Tables::default());
        let keys = hashes.iter().map(|&hash| Key { hash, number: 0 });
        tables.put(&mut sink, Table::Ids, keys).unwrap();
        let storage = sink.finish().unwrap();
        let near =
            hashes.iter().flat_map(|&hash| [hash, hash.wrapping_add(1), hash.wrapping_sub(1)]);
        for hash in near.chain([0, u64::MAX, u64::MAX / 2]) {
            let found = first(&tables, &storage, Table::Ids, hash).unwrap();
            let expected = hashes.partition_point(|&other| other < hash) as u64;
            assert_eq!(found, expected, "{hash} among {}", hashes.len());
        }
    }

    #[test]
    fn a_digest_is_found_however_digests_are_spread() {
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state ^ state >> 29
        };
        for len in [0, 1, BLOCK, BLOCK + 1, 3000] {
            is_found_like_by_looking_at_all(&mut (0..len).map(|_| random()).collect::<Vec<_>>());
        }
        // All at one end, in one lump, and the same many times.
        is_found_like_by_looking_at_all(&mut (0..3000).collect::<Vec<_>>());
        is_found_like_by_looking_at_all(
            &mut (0..3000).map(|at| u64::MAX - at * 3).collect::<Vec<_>>(),
        );
        is_found_like_by_looking_at_all(
            &mut (0..3000).map(|at| (at / 700) << 60).collect::<Vec<_>>(),
        );
    }
}

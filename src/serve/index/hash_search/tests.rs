use super::*;
use crate::serve::index::storage::IndexOutput;

fn is_found_like_by_looking_at_all(hashes: &mut [u64]) {
    hashes.sort_unstable();
    let (mut sink, mut tables) = (IndexOutput::new(), Tables::default());
    let keys = hashes.iter().map(|&hash| Key { hash, number: 0 });
    tables.put(&mut sink, Table::Ids, keys).unwrap();
    let storage = sink.finish().unwrap();
    let near = hashes.iter().flat_map(|&hash| [hash, hash.wrapping_add(1), hash.wrapping_sub(1)]);
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
    // All at one end, all in one cluster, and the same one many times.
    is_found_like_by_looking_at_all(&mut (0..3000).collect::<Vec<_>>());
    is_found_like_by_looking_at_all(&mut (0..3000).map(|at| u64::MAX - at * 3).collect::<Vec<_>>());
    is_found_like_by_looking_at_all(&mut (0..3000).map(|at| (at / 700) << 60).collect::<Vec<_>>());
}

use super::*;
use crate::serve::index::layout::Key;

fn index() -> Vec<u8> {
    let mut sink = IndexOutput::new();
    let mut tables = Tables::default();
    sink.write(b"texts").unwrap();
    let keys = (0..5).map(|n| Key { hash: n * 10, number: n as u32 });
    tables.put(&mut sink, Table::Ids, keys).unwrap();
    tables.put_bytes(&mut sink, Table::Notes, b"one\n").unwrap();
    tables.finish(&mut sink).unwrap();
    let Storage::Memory(bytes) = sink.finish().unwrap() else { unreachable!("in memory") };
    bytes
}

#[test]
fn tables_are_found_again_and_searched() {
    let storage = Storage::Memory(index());
    let tables = Tables::open(&storage).unwrap();
    assert_eq!(tables.len::<Key>(Table::Ids), 5);
    assert_eq!(tables.one::<Key>(&storage, Table::Ids, 3).unwrap(), Key { hash: 30, number: 3 });
    assert!(tables.one::<Key>(&storage, Table::Ids, 5).is_err());
    assert!(tables.get::<Key>(&storage, Table::Images, 0..1).is_err());
    assert_eq!(tables.bytes(&storage, Table::Notes).unwrap(), b"one\n");
    for (hash, place) in [(0, 0), (10, 1), (11, 2), (99, 5)] {
        let found = partition(&tables, &storage, Table::Ids, |key: &Key| key.hash < hash);
        assert_eq!(found.unwrap(), place);
    }
}

#[test]
fn what_is_cut_or_changed_anywhere_at_its_end_is_no_index() {
    let whole = index();
    for end in 0..whole.len() {
        assert!(Tables::open(&Storage::Memory(whole[..end].to_vec())).is_err(), "cut at {end}");
    }
    for at in whole.len() - 32 - TABLES * 16..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        assert!(Tables::open(&Storage::Memory(bytes)).is_err(), "changed at {at}");
    }
}

use std::path::PathBuf;

use super::*;

/// A record of some length, told by its number.
fn record(number: u64) -> Vec<u8> {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [&spread.to_be_bytes()[..], &vec![b'r'; (spread % 90) as usize]].concat()
}

fn sorted(records: impl Iterator<Item = Vec<u8>>, folder: &Path) -> SortedRecords {
    let mut sorter = RecordSorter::new(folder);
    records.for_each(|record| sorter.push(&record).unwrap());
    sorter.finish().unwrap()
}

fn read(records: &SortedRecords) -> Vec<Vec<u8>> {
    let mut cursor = RecordCursor::default();
    let mut all = Vec::new();
    while let Some(record) = cursor.next(records).unwrap() {
        all.push(record.to_vec());
    }
    all
}

#[test]
fn records_come_back_in_their_order_however_many_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for number in [0, 1, 2, 100_000] {
        let records = sorted((0..number).map(record), folder.path());
        let mut wanted: Vec<_> = (0..number).map(record).collect();
        wanted.sort();
        assert!(read(&records) == wanted, "{number} records");
        assert!(read(&records) == wanted, "{number} records, again");
        assert_eq!(records.pieces.len() > 3, number > 2, "{number} records");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
}

#[test]
fn records_in_order_are_one_piece_and_equal_ones_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let records = || (0..200_000u32).map(|number| (number / 3).to_be_bytes().to_vec());
    let sorted = sorted(records(), folder.path());
    assert_eq!(sorted.pieces.len(), 1);
    assert!(read(&sorted) == records().collect::<Vec<_>>());
}

#[test]
fn a_record_that_another_begins_with_comes_before_it_and_one_may_be_longer_than_a_piece() {
    let folder = tempfile::tempdir().unwrap();
    let long = vec![b'b'; PIECE_BYTES * 2];
    let records = [&b"ab"[..], b"a", &long, b"", b"b"].map(<[u8]>::to_vec);
    let sorted = sorted(records.into_iter(), folder.path());
    assert!(read(&sorted) == [&b""[..], b"a", b"ab", b"b", &long].map(<[u8]>::to_vec));
}

#[test]
fn a_folder_that_takes_no_file_is_named() {
    let mut sorter = RecordSorter::new(&PathBuf::from("/no/such/folder"));
    sorter.push(b"few").unwrap();
    let error = sorter.push(&vec![0; PIECE_BYTES]).unwrap_err();
    assert!(error.to_string().contains("'/no/such/folder'"), "{error}");
}

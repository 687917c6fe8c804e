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

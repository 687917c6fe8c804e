use super::*;

/// Bytes that encode their offset.
fn pattern(range: std::ops::Range<usize>) -> Vec<u8> {
    range.map(|at| (at * 7 + at / 251) as u8).collect()
}

#[test]
fn bytes_come_back_from_any_place_whether_they_are_held_or_filed() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::new(folder.path());
    let all = MOST_HELD * 2 + MOST_HELD / 2;
    for first in (0..all).step_by(100_000) {
        spool.append(&pattern(first..(first + 100_000).min(all))).unwrap();
    }
    assert_eq!(spool.len(), all as u64);
    assert!(spool.filed > 0 && !spool.held.is_empty());
    let border = spool.filed as usize;
    for at in [0, 5, border - 3, border, border + 3, all - 2, all, all + 9] {
        let mut buffer = [0; 8];
        let len = spool.read_at(&mut buffer, at as u64).unwrap();
        assert_eq!(buffer[..len], pattern(at.min(all)..(at + 8).min(all)), "{at}");
    }
    let mut read = Vec::new();
    let each = spool.each_part(|part| {
        read.extend_from_slice(part);
        Ok::<_, PathError>(())
    });
    each.unwrap();
    assert!(read == pattern(0..all));
    let names = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 0, "the file has no name");
}

#[test]
fn a_folder_that_is_not_there_is_named_once_a_file_is_wanted() {
    let mut spool = Spool::new(Path::new("/no/such/folder"));
    spool.append(b"few").unwrap();
    let error = spool.append(&vec![0; MOST_HELD]).unwrap_err();
    let words = "cannot keep temporary data in '/no/such/folder': No such file or directory";
    assert!(error.to_string().starts_with(words), "{error}");
}

#[test]
fn bytes_for_which_there_is_no_room_are_held_if_wished() {
    let mut spool = Spool::new(Path::new("/no/such/folder"));
    let all = MOST_HELD * 2;
    for first in (0..all).step_by(MOST_HELD / 4) {
        spool.append_or_hold(&pattern(first..first + MOST_HELD / 4));
    }
    assert_eq!(spool.len(), all as u64);
    let mut buffer = [0; 8];
    assert_eq!(spool.read_at(&mut buffer, all as u64 - 9).unwrap(), 8);
    assert_eq!(buffer[..], pattern(all - 9..all - 1));
}

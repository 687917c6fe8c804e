use super::*;

#[test]
fn what_is_written_is_read_in_memory_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    for spills in [false, true] {
        let mut sink = IndexOutput::new();
        assert_eq!(sink.write(b"abc").unwrap(), 0);
        if spills {
            sink.spill(&path).unwrap();
        }
        assert_eq!(sink.write(b"def").unwrap(), 3);
        assert_eq!(sink.read(2, 2).unwrap(), b"cd");
        assert!(!path.exists(), "it has no name yet");
        let storage = sink.finish().unwrap();
        assert_eq!((storage.read(1, 4).unwrap(), storage.len()), (b"bcde".to_vec(), 6));
        assert!(storage.read(4, 3).is_err() && storage.read(u64::MAX, 2).is_err());
        assert_eq!((storage.is_in_memory(), path.exists()), (!spills, spills));
        // Bytes just written are in memory, or the system cannot tell; in either case the result is right.
        let read = cached_io::refused(|| storage.read(1, 4).ok());
        assert!(read.is_none_or(|read| read == Some(b"bcde".to_vec())));
        assert_eq!(storage.read(1, 4).unwrap(), b"bcde", "waiting is allowed again");
    }
}

#[test]
fn what_cannot_continue_in_a_file_stays_whole_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let other = Replacement::create(&path).unwrap();
    let mut out = IndexOutput::new();
    let at = out.write(b"first").unwrap();
    assert!(out.spill(&path).is_err(), "another process writes it");
    let next = out.write(b"second").unwrap();
    assert_eq!(
        (out.read(at, 5).unwrap(), out.read(next, 6).unwrap()),
        (b"first".into(), b"second".into())
    );
    drop(other);
    out.spill(&path).unwrap();
    let last = out.write(b"third").unwrap();
    let storage = out.finish().unwrap();
    assert_eq!(storage.read(0, storage.len()).unwrap(), b"firstsecondthird");
    assert_eq!((last, storage.is_in_memory()), (11, false));
}

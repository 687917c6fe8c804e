use super::*;
use std::fs::{self, OpenOptions};

#[test]
fn who_writes_is_seen_and_who_comes_to_write_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    fs::write(&path, "a").unwrap();
    let file = File::open(&path).unwrap();
    let write = || OpenOptions::new().write(true).open(&path).unwrap();
    let writer = write();
    // Without leases in the file system, writers are not detected.
    let Err(error) = take(&file) else { return };
    assert!(error.to_string().contains("open for writing"), "{error}");
    drop(writer);
    let lease = take(&file).unwrap().unwrap();
    assert!(!lease.is_wanted());
    File::open(&path).unwrap();
    assert!(!lease.is_wanted(), "readers are no matter");
    thread::scope(|scope| {
        let writer = scope.spawn(write);
        while !lease.is_wanted() {
            thread::sleep(Duration::from_millis(1));
        }
        assert!(!writer.is_finished());
        drop(lease);
        writer.join().unwrap();
    });
    assert!(take(&file).unwrap().is_some());
}

#[test]
fn a_writer_that_is_nearly_done_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    fs::write(&path, "a").unwrap();
    let file = File::open(&path).unwrap();
    let writer = OpenOptions::new().write(true).open(&path).unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(4 * STEP);
            drop(writer);
        });
        assert!(take_within(&file, Duration::from_secs(60)).is_ok());
    });
}

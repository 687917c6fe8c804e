use std::fs;

use super::*;

#[test]
fn what_is_no_plain_file_is_named_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let [fifo_path, socket, link] =
        ["7.jpg", "8.jpg", "9.jpg"].map(|name| folder.path().join(name));
    make_fifo(&fifo_path);
    let _socket = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    std::os::unix::fs::symlink(&fifo_path, &link).unwrap();
    let said = |path: &Path| file(path).unwrap_err().to_string();
    assert_eq!(said(&fifo_path), "it is a FIFO, and no plain file");
    assert_eq!(said(&link), "it is a FIFO, and no plain file");
    assert_eq!(said(folder.path()), "it is a folder, and no plain file");
    assert!(read(&socket).is_err() && append(&fifo_path).is_err());
    assert!(is_replaceable(&fifo_path).is_err() && is_replaceable(&link).is_ok());
    assert!(!is_plain(&link));
}

#[test]
fn a_stream_may_be_a_fifo_and_opening_it_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows");
    make_fifo(&path);
    let mut reader = stream_at_once(&path).unwrap();
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .and_then(|mut to| io::Write::write_all(&mut to, b"a"))
        .unwrap();
    assert_eq!(io::read_to_string(&mut reader).unwrap(), "a");
    assert!(stream(folder.path()).is_err());
}

#[test]
fn a_fifo_that_nobody_writes_yet_is_not_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows");
    make_fifo(&path);
    std::thread::scope(|scope| {
        let read = scope.spawn(|| stream(&path).and_then(io::read_to_string));
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "a").unwrap();
        assert_eq!(read.join().unwrap().unwrap(), "a");
    });
}

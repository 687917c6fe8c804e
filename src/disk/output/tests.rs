use std::io::{Read, Write};
use std::os::unix::fs::symlink;

use super::*;

#[test]
fn plain_files_are_replaced_where_links_lead_and_all_else_is_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "").unwrap();
    symlink("file", at("link")).unwrap();
    symlink("link", at("link of link")).unwrap();
    symlink("none", at("dangling")).unwrap();
    symlink("circle", at("circle")).unwrap();
    let named = |name: &str| Output::named(&at(name)).unwrap();
    assert_eq!(named("file"), Output::File(at("file")));
    assert_eq!(named("new"), Output::File(at("new")));
    assert_eq!(named("link of link"), Output::File(at("file")));
    assert_eq!(named("dangling"), Output::File(at("none")));
    assert_eq!(named("circle"), Output::File(at("circle")));
    assert!(Output::named(folder.path()).is_err());
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        assert_eq!(Output::named(Path::new(name)).unwrap(), Output::Stdout, "{name}");
    }
    assert_eq!(Output::named(Path::new("/dev/null")).unwrap(), Output::Stream("/dev/null".into()));
}

#[test]
fn a_fifo_is_written_into_once_somebody_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows");
    crate::disk::open::make_fifo(&path);
    assert_eq!(Output::named(&path).unwrap(), Output::Stream(path.clone()));
    let mut waits = 3;
    let given_up = open_stream(&path, || {
        waits -= 1;
        waits > 0
    });
    assert!(given_up.is_err() && waits == 0);
    let mut reader = None;
    let wait = || reader.replace(crate::disk::open::stream_at_once(&path).unwrap()).is_none();
    let mut writer = open_stream(&path, wait).unwrap();
    writer.write_all(b"row").unwrap();
    drop(writer);
    let mut text = String::new();
    reader.unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "row");
}

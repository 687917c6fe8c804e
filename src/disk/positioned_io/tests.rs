use super::*;
use crate::format::tar::Piece;
use std::io::SeekFrom;
use std::io::{Read, Seek};

#[test]
fn a_part_of_a_file_is_read_as_if_it_were_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    std::fs::write(&path, "headPICTUREtail").unwrap();
    let mut part = Part::new(File::open(&path).unwrap(), 4, 7, None);
    let mut text = String::new();
    part.read_to_string(&mut text).unwrap();
    assert_eq!(text, "PICTURE");
    assert_eq!(part.seek(SeekFrom::End(-3)).unwrap(), 4);
    assert!(part.seek(SeekFrom::Current(-5)).is_err());
    text.clear();
    part.read_to_string(&mut text).unwrap();
    assert_eq!(text, "URE");
}

#[test]
fn holes_of_a_part_are_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    std::fs::write(&path, "headABCtail").unwrap();
    let pieces = [Piece { at: 2, len: 2 }, Piece { at: 5, len: 1 }].into();
    let mut part = Part::new(File::open(&path).unwrap(), 4, 8, Some(pieces));
    let mut bytes = Vec::new();
    part.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"\0\0AB\0C\0\0");
}

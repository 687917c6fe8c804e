use std::io::Read;

use super::*;

fn member(name: &str, size: u64) -> NewMember {
    NewMember { name: name.into(), size, modified_s: 1_717_245_296 }
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, body) in members {
        bytes.extend(header(&member(name, body.len() as u64)).unwrap());
        bytes.extend_from_slice(body);
        bytes.resize(bytes.len() + padding_len(body.len() as u64) as usize, 0);
    }
    bytes.resize(bytes.len() + end_len(bytes.len() as u64) as usize, 0);
    bytes
}

#[test]
fn another_reader_finds_every_name_and_body() {
    let long = format!("{}/{}", "a".repeat(150), "b".repeat(100));
    let longer = format!("{}/{}.jpg", "folder/".repeat(40), "\u{e9}".repeat(90));
    let longer = longer.replace("//", "/");
    let members = [("1.jpg", &b"one"[..]), (&long, &[7; 512]), (&longer, &[8; 513]), ("z", b"")];
    let bytes = tar(&members);
    let mut archive = tar::Archive::new(&bytes[..]);
    let found = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut body = Vec::new();
        entry.read_to_end(&mut body).unwrap();
        assert_eq!(entry.header().mtime().unwrap(), 1_717_245_296);
        assert_eq!((entry.header().mode().unwrap(), entry.header().uid().unwrap()), (0o644, 0));
        (String::from_utf8(entry.path_bytes().into_owned()).unwrap(), body)
    });
    let given = members.iter().map(|(name, body)| (name.to_string(), body.to_vec()));
    assert_eq!(found.collect::<Vec<_>>(), given.collect::<Vec<_>>());
}

#[test]
fn a_tar_ends_at_a_whole_record_behind_two_empty_blocks() {
    assert_eq!(end_len(512), 10_240 - 512);
    assert_eq!(end_len(10_240 - 1024), 1024);
    assert_eq!(end_len(10_240 - 512), 512 + 10_240);
    assert_eq!((padding_len(0), padding_len(1), padding_len(512)), (0, 511, 0));
}

#[test]
fn more_than_8_gb_needs_a_pax_header_and_little_does_not() {
    assert_eq!(header(&member("a", MAX_OCTAL)).unwrap().len(), 512);
    let blocks = header(&member("a", MAX_OCTAL + 1)).unwrap();
    assert_eq!(blocks.len(), 3 * 512);
    assert!(blocks[512..].starts_with(b"19 size=8589934592\n"));
}

#[test]
fn a_time_before_1970_is_written_as_1970() {
    let old = NewMember { modified_s: -5, ..member("a", 0) };
    assert_eq!(&header(&old).unwrap()[136..148], b"00000000000\0");
}

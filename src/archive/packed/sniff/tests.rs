use std::io::Write;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn tar() -> Vec<u8> {
    let mut builder = tar_of_others::Builder::new(Vec::new());
    let mut header = tar_of_others::Header::new_ustar();
    header.set_size(3);
    builder.append_data(&mut header, "a.jpg", &b"abc"[..]).unwrap();
    builder.into_inner().unwrap()
}

use ::tar as tar_of_others;

/// What these bytes are, and all of them that can be read.
fn looked(bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let (form, mut looked) = match look(Cursor::new(bytes.to_vec())).unwrap() {
        TarKind::Tar(looked) => ("tar", looked),
        TarKind::GzipTar(looked) => ("gzip", looked),
        TarKind::None(looked) => ("none", looked),
        TarKind::Other(_, program) => return (program, Vec::new()),
    };
    let mut bytes = Vec::new();
    looked.read_to_end(&mut bytes).unwrap();
    (form, bytes)
}

#[test]
fn a_tar_is_known_by_its_first_block_and_nothing_of_it_is_lost() {
    let tar = tar();
    assert_eq!(looked(&tar), ("tar", tar.clone()));
    let two = [gzip(&tar[..700]), gzip(&tar[700..]), vec![0; 100]].concat();
    assert_eq!(looked(&two), ("gzip", tar));
    for rows in [&b"id,lon\n1,2\n"[..], b"", b"{\"id\":1}", b"x"] {
        assert_eq!(looked(rows), ("none", rows.to_vec()));
        assert_eq!(looked(&gzip(rows)), ("none", rows.to_vec()));
    }
    assert_eq!(looked(b"BZh91AY&SY").0, "bzip2 -dc");
}

#[test]
fn rows_of_a_pipe_are_not_waited_for() {
    struct Pipe(usize);
    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            assert!(self.0 == 1, "the header line tells");
            buffer[..7].copy_from_slice(b"id,lon\n");
            Ok(7)
        }
    }
    assert!(matches!(look(Pipe(0)).unwrap(), TarKind::None(_)));
}

#[test]
fn gzip_that_is_cut_or_followed_by_other_bytes_says_so() {
    let whole = gzip(&tar());
    for bytes in [whole[..whole.len() - 9].to_vec(), [&whole[..], b"<html>"].concat()] {
        let TarKind::GzipTar(mut looked) = look(Cursor::new(bytes)).unwrap() else { panic!() };
        assert!(looked.read_to_end(&mut Vec::new()).is_err());
    }
}

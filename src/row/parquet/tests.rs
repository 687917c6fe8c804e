use std::io::{SeekFrom, Write};

use super::*;

#[test]
fn what_cannot_be_read_is_said_without_the_words_of_the_crate() {
    let brotli = "Disabled feature at compile time: brotli".to_string();
    for (error, said) in [
        (
            ParquetError::General(brotli),
            "its columns are compressed with brotli, which is not read: write it with zstd or snappy",
        ),
        (ParquetError::EOF("too small".into()), "the file is damaged or incomplete: too small"),
        (ParquetError::General("x".into()), "the file is damaged or incomplete: x"),
        (ParquetError::NYI("columns of lists".into()), "it has what is not read: columns of lists"),
    ] {
        assert_eq!(Error::Unread(error).to_string(), said);
    }
    let disk = ParquetError::External(std::io::Error::other("no disk").into());
    assert!(Error::Unread(disk).to_string().ends_with("no disk"));
}

#[test]
fn a_file_of_parquet_is_known_by_its_start_and_left_there() {
    let file = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    };
    for (bytes, is_parquet) in
        [(&b"PAR1..."[..], true), (b"PAR", false), (b"img_id\n", false), (b"", false)]
    {
        let mut file = file(bytes);
        assert_eq!((is(&mut file), file.stream_position().unwrap()), (is_parquet, 0), "{bytes:?}");
    }
    let mut begun = file(b"PAR1PAR1");
    begun.seek(SeekFrom::Start(4)).unwrap();
    assert!(!is(&mut begun), "of which something was read already");
    assert_eq!(begun.stream_position().unwrap(), 4);
}

use std::io::Write;

use super::*;

#[test]
fn a_buffer_that_is_used_again_shows_nothing_of_what_was_in_it() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&[7; 1000]).expect("bytes");
    drop(read(&file, 0, 1000).expect("the first"));
    for len in [0, 3, 999] {
        assert_eq!(read(&file, 1, len).expect("bytes"), vec![7; len as usize]);
    }
    assert!(read(&file, 1, 1000).is_err(), "it ends before");
}

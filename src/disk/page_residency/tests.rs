use std::io::Write;

use super::*;

#[test]
fn what_lies_behind_the_end_of_a_file_is_never_in_memory() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&[7; 300_000]).expect("bytes");
    // If the system can tell, newly written bytes are reported as in memory.
    let can_tell = holds(&file, 0, 1);
    for (at, len, expected) in [
        (0, 300_000, true),
        (4_095, 2, true),
        (123_456, 100_000, true),
        (0, 300_001, false),
        (299_999, 2, false),
        (400_000, 1, false),
        (0, 0, false),
        (u64::MAX, 2, false),
    ] {
        assert_eq!(holds(&file, at, len), expected && can_tell, "{len} bytes at {at}");
    }
}

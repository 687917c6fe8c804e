use super::*;

#[test]
fn a_file_in_memory_is_opened_and_what_is_no_plain_file_is_not() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("7.jpg"), "picture").unwrap();
    super::super::open::make_fifo(&dir.path().join("8.jpg"));
    // Nothing to test if the temporary folder is on another kind of file system, or the system is too old.
    let Some(folder) = LocalFolder::open(dir.path()) else { return };
    if let Some(file) = folder.file_in_memory(Path::new("7.jpg")) {
        assert_eq!(std::io::read_to_string(file).unwrap(), "picture");
    }
    for other in ["8.jpg", "9.jpg", ".", "/proc/self/status"] {
        assert!(folder.file_in_memory(Path::new(other)).is_none(), "{other}");
    }
}

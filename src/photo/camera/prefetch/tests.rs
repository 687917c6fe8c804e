use super::*;

/// The results of the rows of seven files, read with `read`.
fn ends(read: fn(Row) -> Read, files: fn(usize) -> io::Result<PathBuf>) -> Vec<String> {
    rows_by(read, (0..7).map(files), 3)
        .map(|row| row.map_or_else(|error| error.to_string(), |_| "row".to_string()))
        .collect()
}

#[test]
fn a_panic_while_reading_ahead_is_no_end_of_the_rows() {
    let name = |at: usize| Ok(PathBuf::from(format!("{at}.jpg")));
    assert_eq!(ends(Ok, name), ["row"; 7]);
    let broken = ends(
        |row| if row.get(Field::Path) == Some("4.jpg") { panic!("no 4") } else { Ok(row) },
        name,
    );
    assert!(broken[4].contains("internal error: no 4"), "{broken:?}");
    let broken = ends(Ok, |at| if at == 5 { panic!("no folder") } else { Ok(PathBuf::new()) });
    assert!(broken[5].contains("internal error: no folder"), "{broken:?}");
    assert_eq!(broken.len(), 6);
}

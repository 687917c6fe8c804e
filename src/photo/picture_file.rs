//! What a row says of the file of its picture after a tool that writes into pictures.

use std::path::Path;

use crate::row::{Field, Row};

/// Sets the size of the file at the row's path and clears its digest, whether the file was written now, by an earlier
/// run, or not at all: nothing shows whether the values in the row are older than the file. A new digest would mean
/// reading the whole file. A row without a path keeps its values, which are those of a member of a tar.
pub fn describe(row: &mut Row) {
    let Some(path) = row.get(Field::Path) else { return };
    match Path::new(path).metadata() {
        Ok(file) => row.set_display(Field::Bytes, file.len()),
        Err(_) => row.clear(Field::Bytes),
    }
    row.clear(Field::Sha256);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_the_file_and_the_digest_of_before_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.jpg");
        std::fs::write(&path, "picture").unwrap();
        let mut row = Row::from_cells(&[
            (Field::Path, path.to_str().unwrap()),
            (Field::Bytes, "3"),
            (Field::Sha256, "8b7f"),
        ]);
        describe(&mut row);
        assert_eq!((row.get(Field::Bytes), row.get(Field::Sha256)), (Some("7"), None));
        std::fs::remove_file(&path).unwrap();
        describe(&mut row);
        assert_eq!(row.get(Field::Bytes), None, "of no file");
    }

    #[test]
    fn a_member_of_a_tar_keeps_its_size_and_its_digest() {
        let mut row = Row::from_cells(&[
            (Field::Member, "1.jpg"),
            (Field::Bytes, "3"),
            (Field::Sha256, "8b7f"),
        ]);
        describe(&mut row);
        assert_eq!((row.get(Field::Bytes), row.get(Field::Sha256)), (Some("3"), Some("8b7f")));
    }
}

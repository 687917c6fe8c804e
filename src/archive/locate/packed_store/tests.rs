use super::*;
use crate::row::Row;

fn member(name: &str, cells: &[(Field, &str)]) -> Member {
    Member {
        name: name.into(),
        offset: 512,
        bytes: 7,
        sha256: None,
        modified: None,
        pieces: None,
        row: Arc::new(Row::from_cells(cells)),
    }
}

/// What is stored of a member, with the place of its tar.
fn packed(tar: &str, member: &Member) -> Packed {
    Packed {
        archive: Arc::new(tar.into()),
        member: member.name.clone(),
        offset: member.offset,
        bytes: member.bytes,
        sha256: member.sha256,
        modified: member.modified,
        pieces: member.pieces.clone(),
        is_picture: member.is_picture(),
        id: member.row.get(Field::ImgId).map(Box::from),
        quality: member.row.get(Field::Quality).map(Box::from),
    }
}

#[test]
fn a_file_of_a_tar_comes_back_as_it_was_added() {
    let folder = tempfile::tempdir().unwrap();
    let store = PackedStore::new(folder.path());
    let bare = member("d/notes.json", &[]);
    let full = Member {
        sha256: Some(Digest([7; 32])),
        modified: Some(Modified { s: -3, ns: 500 }),
        pieces: Some([Piece { at: 0, len: 3 }, Piece { at: 1 << 40, len: 4 }].into()),
        ..member("d/M\u{fc}nchen/7.jpg", &[(Field::ImgId, "7"), (Field::Quality, "2048")])
    };
    let with_id = member("d/8.jpg", &[(Field::ImgId, "8")]);
    let tars = ["a.tar", "b.tar"].map(|tar| (tar, store.add_tar(Path::new(tar))));
    let mut added = Vec::new();
    for (tar, number) in tars {
        for member in [&bare, &full, &with_id] {
            added.push((store.push(number, member), packed(tar, member)));
        }
    }
    for (place, packed) in added.iter().rev() {
        assert_eq!(store.get(*place).unwrap(), *packed);
    }
}

#[test]
fn a_record_that_another_process_changed_is_an_error() {
    let store = PackedStore::new(Path::new("/tmp"));
    let number = store.add_tar(Path::new("a.tar"));
    store.push(number, &member("7.jpg", &[]));
    store.push(number + 1, &member("8.jpg", &[]));
    let place = HEAD + 4 + 8 + 8 + 1 + "7.jpg".len();
    let error = store.get(place as u64).unwrap_err().to_string();
    assert!(error.starts_with("cannot read temporary data in '/tmp'"), "{error}");
    assert!(store.get(1 << 30).is_err());
}

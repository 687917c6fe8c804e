use super::*;
use crate::disk::open;

#[test]
fn bytes_between_pieces_of_a_file_are_read_from_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, b"0123456789").unwrap();
    let pieces = vec![Piece::Original(0..2), Piece::Bytes(b"abc".into()), Piece::Original(5..10)];
    let spliced = Spliced::new(Arc::new(open::file(&path).unwrap()), pieces);
    assert_eq!(spliced.read_all().unwrap(), b"01abc56789");
    for at in 0..=10 {
        let mut buffer = [0; 20];
        let len = spliced.read_at(at, &mut buffer).unwrap();
        assert!(
            b"01abc56789"[at as usize..].starts_with(&buffer[..len]) && (len > 0 || at == 10),
            "{at}"
        );
    }
}

use super::*;

fn record(group: &str, key: &str, row: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity_of(folder.path()).unwrap();
    let new = New { row, is_webp: true, identity };
    Enlisted { group, key, ending: ".webp", new }.to_record()
}

#[test]
fn pictures_sort_by_their_groups_then_by_their_names_then_as_they_came() {
    let sorted = [
        record("2024-05", "2024-05/z", 1),
        record("2024-05-01", "2024-05-01/a", 300),
        record("2024-05-01", "2024-05-01/a", 70_000),
        record("2024-05-01", "2024-05-01/a b", 0),
        record("2024-05-01", "2024-05-01/a/b", 2),
    ];
    assert!(sorted.is_sorted());
    let enlisted = Enlisted::from_record(&sorted[2]).unwrap();
    assert_eq!((enlisted.group, enlisted.new.row), ("2024-05-01", 70_000));
    assert_eq!(enlisted.name(), "2024-05-01/a.webp");
    assert!(enlisted.new.is_webp);
    for len in 0..sorted[2].len() - ".webp".len() {
        assert!(Enlisted::from_record(&sorted[2][..len]).is_none(), "{len}");
    }
}

use super::*;
use crate::row::Columns;
use crate::row::Field;

fn row(at: usize) -> Row {
    let mut row = Row::from_cells(&[(Field::ImgId, &at.to_string())]);
    if at.is_multiple_of(3) {
        row.set(Field::Make, &"m".repeat(at % 700));
    }
    row.line = at as u64 + 2;
    row
}

fn store(rows: usize, folder: &Path) -> RowStore {
    let columns = Columns::from_fields(&[Field::ImgId]);
    let mut store = RowStore::new(folder);
    for at in 0..rows {
        let row = if at % 2 == 0 { row(at) } else { row(at).under(&columns) };
        store.push(&row).unwrap();
    }
    store
}

#[test]
fn rows_come_back_in_their_order_and_one_by_one_in_any() {
    let folder = tempfile::tempdir().unwrap();
    let rows = 100_000;
    let store = store(rows, folder.path());
    assert!(store.spool.len() > 5 << 20, "a part is in the file");
    let mut cursor = RowCursor::default();
    for at in 0..rows {
        let read = cursor.next(&store).unwrap().unwrap();
        assert_eq!(read.get(Field::ImgId), Some(&*at.to_string()));
        assert_eq!(read.line, at as u64 + 2);
    }
    assert!(cursor.next(&store).unwrap().is_none());
    for at in (0..rows).map(|at| at * 7_919 % rows).chain([0, 1, 15, 16, 17, rows - 1]) {
        let read = cursor.get(&store, at).unwrap();
        assert_eq!(read.get(Field::ImgId), Some(&*at.to_string()));
        let make = (at % 6 == 0).then(|| row(at).get(Field::Make).map(String::from)).flatten();
        assert_eq!(read.get(Field::Make), make.as_deref());
    }
    assert!(cursor.get(&store, rows).is_err());
}

#[test]
fn a_store_that_was_cleared_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(40_000, folder.path());
    store.clear();
    assert!(store.is_empty() && store.columns.is_empty());
    store.push(&row(7)).unwrap();
    let mut cursor = RowCursor::default();
    assert_eq!(cursor.next(&store).unwrap().unwrap().get(Field::ImgId), Some("7"));
    assert!(cursor.next(&store).unwrap().is_none());
}

#[test]
fn a_disk_that_takes_no_more_is_named_with_the_way_out() {
    let mut store = RowStore::new(Path::new("/no/such/folder"));
    let pushed = (0..100_000).try_for_each(|at| store.push(&row(at)));
    let error = pushed.unwrap_err().0;
    assert!(error.contains("'/no/such/folder'"), "{error}");
    assert!(error.ends_with("--tmp-dir DIR takes another folder"), "{error}");
}

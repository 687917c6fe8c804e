use super::*;

#[test]
fn arguments_are_collections_or_one_file_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mapillary-ada-original");
    std::fs::write(&file, "").unwrap();
    assert!(rows_of(std::slice::from_ref(&file)).unwrap().is_none());
    assert!(rows_of(&["-".into()]).unwrap().is_none());
    let rows = rows_of(&["mapillary-ada-original".into(), "x/mapillary-a-b-256-webp/".into()]);
    let rows: Vec<Row> = rows.unwrap().unwrap().collect();
    assert_eq!(rows[1].get(Field::CreatorUsername), Some("a-b"));
    assert_eq!(rows[1].get(Field::Collection), Some("mapillary-a-b-256-webp"));
    assert!(
        rows_of(&["no-such-file.csv".into()])
            .is_err_and(|error| error.0.contains("'no-such-file.csv'"))
    );
}

use super::*;

fn row(cells: &[(Field, &str)]) -> Row {
    Row::from_cells(cells)
}

#[test]
fn the_date_is_that_of_the_instant_else_of_the_camera() {
    let instant =
        row(&[(Field::CapturedAt, "1705363199999"), (Field::TakenAt, "2024-01-16T01:00:00")]);
    assert_eq!(group(By::Date, &instant).unwrap(), "2024-01-15");
    let camera = row(&[(Field::TakenAt, "2024-01-16T01:00:00")]);
    assert_eq!(group(By::Month, &camera).unwrap(), "2024-01");
    assert_eq!(group(By::Date, &camera).unwrap(), "2024-01-16");
    assert_eq!(group(By::Date, &row(&[])).unwrap(), "unknown-date");
    assert!(group(By::Date, &row(&[(Field::CapturedAt, "soon")])).is_err());
}

#[test]
fn a_member_stands_under_its_group_and_sequence() {
    let packed = row(&[(Field::SeqId, "-ab"), (Field::ImgId, "7")]);
    let name = |by, row: &Row, path: &str| member(by, "g", row, Path::new(path)).unwrap();
    assert_eq!(name(By::Date, &packed, "pics/7_2048.jpg"), "g/-ab/7_2048.jpg");
    assert_eq!(name(By::Sequence, &packed, "pics/7.jpg"), "g/7.jpg");
    assert_eq!(name(By::None, &packed, "/a/7.jpg"), "-ab/7.jpg");
    let photo = row(&[]);
    assert_eq!(name(By::Date, &photo, "/photos/cam1/I.JPG"), "g/photos/cam1/I.JPG");
    assert_eq!(name(By::Date, &photo, "./../cam1/I.JPG"), "g/cam1/I.JPG");
}

#[test]
fn a_key_of_webdataset_has_no_dot() {
    assert_eq!(with_plain_stem("s/a.b.jpg"), "s/a_b.jpg");
    assert_eq!(with_plain_stem("7.webp"), "7.webp");
}

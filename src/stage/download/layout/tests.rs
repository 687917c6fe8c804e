use super::*;

fn row(id: &str, sequence: &str, captured: &str) -> Row {
    Row::from_cells(&[(Field::ImgId, id), (Field::SeqId, sequence), (Field::CapturedAt, captured)])
}

fn path(layout: &str, row: &Row) -> Result<String, RowError> {
    layout.parse::<Layout>().unwrap().path(row, Quality::W2048, "jpg")
}

#[test]
fn a_layout_names_the_path_by_what_the_row_says() {
    let known = row("12", "-Ab_3", "1717245296123");
    assert_eq!(path("flat", &known).unwrap(), "12_2048.jpg");
    assert_eq!(path("sequence", &known).unwrap(), "-Ab_3/12.jpg");
    assert_eq!(path("date", &known).unwrap(), "2024-06-01/-Ab_3/12.jpg");
    assert_eq!(path("x/{quality}-{id}", &known).unwrap(), "x/2048-12.jpg");
    assert_eq!(path("date", &row("12", "", "")).unwrap(), "unknown-date/unknown-sequence/12.jpg");
}

#[test]
fn no_path_leaves_the_folder() {
    for bad in
        ["../{id}", "/{id}", "a//{id}", "a/./{id}", "{id", "{name}", "{sequence}", "c:{id}", ""]
    {
        assert!(bad.parse::<Layout>().is_err(), "{bad}");
    }
    for (id, sequence) in [("../1", "a"), ("1", "a/b"), ("1", ".."), ("1\0", "a"), ("", "a")] {
        assert!(path("sequence", &row(id, sequence, "")).is_err(), "{id} {sequence}");
    }
    assert!(path("date", &row("1", "a", "yesterday")).is_err());
}

use super::*;
use crate::row::Field::{Error, ImgId, Lat, Lon, Path, SeqId};
use crate::row::row_format::RowFormat;
use crate::run::Input;

fn needs(groups: &[&[crate::row::Field]]) -> Shape {
    Shape { needs: groups.iter().map(|group| group.to_vec()).collect(), ..Shape::default() }
}

#[test]
fn any_column_of_each_group_will_do() {
    let shape = needs(&[&[Path, ImgId], &[Lon]]);
    let check = |fields: &[crate::row::Field]| {
        check_header(&shape, &Columns::from_fields(fields)).err().map(|fault| fault.0)
    };
    assert_eq!(check(&[ImgId, Lon]), None);
    assert_eq!(check(&[]), None, "an input without columns has no rows");
    assert!(check(&[SeqId, Lon]).is_some_and(|what| what.contains("'path' or 'img_id'")));
    assert!(check(&[Path, Lat]).is_some_and(|what| what.contains("'lon'")));
}

#[test]
fn a_column_of_later_rows_may_be_in_more() {
    let columns = Columns::new([Column::from(ImgId), Column::named("more")]);
    assert!(check_header(&needs(&[&[Lon]]), &columns).is_ok());
}

#[test]
fn a_row_lacks_what_is_empty_in_it() {
    let shape = needs(&[&[Path, ImgId], &[Lon]]);
    let row = |path, lon| Row::from_cells(&[(Path, path), (ImgId, ""), (Lon, lon)]);
    assert_eq!(lacks(&shape, &row("a.jpg", "9.95")), None);
    assert!(lacks(&shape, &row("a.jpg", "")).is_some_and(|what| what.contains("lon")));
    assert!(lacks(&shape, &row("", "9.95")).is_some_and(|what| what.contains("path")));
}

#[test]
fn a_row_that_failed_before_keeps_the_reason_when_it_lacks_something() {
    let shape = needs(&[&[Path]]);
    let row = Row::from_cells(&[(ImgId, "1"), (Error, "gone")]);
    assert_eq!(lacks(&shape, &row).as_deref(), Some("gone"));
    let found = Row::from_cells(&[(Path, "1.jpg"), (Error, "gone")]);
    assert_eq!(lacks(&shape, &found), None, "it is tried again");
}

#[test]
fn a_name_that_the_user_gave_has_to_be_in_an_input_that_tells_all_its_columns() {
    let shape = Shape { named: vec![Column::named("colour")], ..Shape::default() };
    let input = |rows: Vec<Row>| {
        let rows = Box::new(rows.into_iter().map(Ok));
        InputReader::open(Input::Rows(rows), None, &Default::default()).unwrap()
    };
    let lacking = check_named(&shape, &input(vec![Row::from_cells(&[(ImgId, "1")])]));
    assert!(lacking.is_err_and(|fault| fault.0.contains("'colour'")));
    assert!(check_named(&shape, &input(Vec::new())).is_ok(), "without rows");
    let mut row = Row::from_cells(&[(ImgId, "1")]);
    row.set_column(&Column::named("colour"), "red", false);
    assert!(check_named(&shape, &input(vec![row])).is_ok());
}

#[test]
fn json_lines_are_not_refused_for_what_none_of_them_has() {
    let shape =
        Shape { needs: vec![vec![ImgId]], needs_in_header: vec![vec![Lon]], ..Shape::default() };
    let folder = tempfile::tempdir().unwrap();
    let open = |text: &str, form| {
        let path = folder.path().join("rows");
        std::fs::write(&path, text).unwrap();
        let intake = InputReader::open(Input::File(path), form, &Default::default()).unwrap();
        check_columns(&shape, &intake).map_err(|fault| fault.0)
    };
    for form in [None, Some(RowFormat::Csv), Some(RowFormat::Jsonl)] {
        assert_eq!(open("{\"path\":\"a.jpg\"}\n", form), Ok(()), "{form:?}");
        for (header, column) in [("path", "img_id"), ("img_id", "lon")] {
            let refused = open(&format!("{header}\n1\n"), form).unwrap_err();
            assert!(refused.starts_with(&format!("no column '{column}'")), "{refused}");
        }
        assert_eq!(open("img_id,lon\n1,\n", form), Ok(()), "single rows may lack the value");
    }
}

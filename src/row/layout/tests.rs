use crate::row::{Column, Field, Row, csv};

#[test]
fn names_beyond_the_header_go_under_more_and_a_text_there_stays() {
    let mut writer = csv::Writer::new(&[Field::ImgId.into()], &[], true);
    for (cells, line) in [
        (&[("more", "a note")][..], "1,a note\n"),
        (&[("colour", "red")], "1,\"{\"\"colour\"\":\"\"red\"\"}\"\n"),
        (&[("more", "x"), ("colour", "")], "1,x\n"),
        (&[], "1,\n"),
    ] {
        let mut row = Row::from_cells(&[(Field::ImgId, "1")]);
        cells.iter().for_each(|(name, text)| row.set_column(&Column::named(name), text, false));
        let mut out = Vec::new();
        writer.write(&row, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), line, "{cells:?}");
    }
}

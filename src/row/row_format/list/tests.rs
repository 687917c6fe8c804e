use super::super::Reader;

fn rows(text: &'static str) -> (Vec<(u64, String)>, Vec<String>) {
    let mut reader = Reader::new(text.as_bytes()).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row() {
        let row = row.unwrap();
        let cells = row.filled().map(|(column, cell, _)| format!("{}={cell}", column.name));
        rows.push((row.line, cells.collect::<Vec<_>>().join(" ")));
    }
    (rows, reader.notes())
}

#[test]
fn ids_and_links_one_a_line_are_rows_with_their_lines() {
    let text = "\n1020304050600100\r\nhttps://www.mapillary.com/app/?pKey=12&z=17\n\nx\n";
    let wanted = [(2, "img_id=1020304050600100"), (3, "img_id=12"), (5, "img_id=x")];
    let (found, notes) = rows(text);
    assert_eq!(found, wanted.map(|(line, text)| (line, text.to_string())));
    assert_eq!(notes, ["the input has no header: its lines are taken for pictures"]);
    assert_eq!(
        rows("Qm3vT7xKpL0aWcZyR2sNfB\n").0,
        [(1, "seq_id=Qm3vT7xKpL0aWcZyR2sNfB".to_string())]
    );
}

#[test]
fn a_header_is_a_header() {
    for header in [
        "img_id\n1\n",
        "computed_compass_angle\n1\n",
        "a_column_of_22_letters,b\n1,2\n",
        "1,2\n3,4\n",
    ] {
        assert_eq!(rows(header).1, Vec::<String>::new(), "{header}");
    }
}

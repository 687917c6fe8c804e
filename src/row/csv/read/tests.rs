use super::*;
use crate::row::columns::MAX_COLUMNS;
use crate::row::{Column, Field};

/// The ids of all rows or the errors in their place, with rows limited to 100 bytes.
fn read(text: &str) -> Vec<String> {
    let mut reader = match Reader::bounded(text.as_bytes(), text.as_bytes(), 100) {
        Ok(reader) => reader,
        Err(error) => return vec![error.to_string()],
    };
    let mut said = Vec::new();
    let mut row = Row::new(Columns::from_fields(&[]));
    loop {
        match reader.read(&mut row) {
            Ok(false) => return said,
            Ok(true) => {
                said.push(format!("{}@{}", row.get(Field::ImgId).unwrap_or("-"), row.line));
            }
            Err(error) => said.push(error.to_string()),
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_is_named_with_the_lines_that_it_takes() {
    let two_lines = ["line 3: a quote is never closed, and 2 lines below are not rows"];
    for end in ["", "\n"] {
        for lf in ["\n", "\r\n"] {
            let text = format!("img_id,n{lf}1,a{lf}2,\"open{lf}3,c{lf}4,d") + end;
            let said = read(&text);
            assert_eq!(
                (said[0].as_str(), &said[1..]),
                ("1@2", &two_lines.map(String::from)[..]),
                "{text:?}"
            );
        }
    }
    assert_eq!(
        read("img_id,\"n\n1,a\n"),
        ["line 1: a quote is never closed, and 1 lines below are not rows"]
    );
    assert_eq!(read("img_id\n\"1"), ["line 2: a quote is never closed"]);
    // A cell of several lines is valid, and so is each way for a table to end.
    for end in ["", "\n", "\r\n", "\n\n"] {
        assert_eq!(read(&format!("img_id,n\n1,\"a\n\n\"{end}")), ["1@2"], "{end:?}");
        assert_eq!(read(&format!("img_id{end}")), [""; 0], "{end:?}");
    }
    assert_eq!(read(""), [""; 0]);
}

#[test]
fn more_columns_than_a_row_may_have_are_refused_and_not_left_out() {
    let wide = |columns: usize| {
        let names: Vec<String> = (1..columns).map(|n| format!("c{n}")).collect();
        let text = format!("img_id,{}\n1{}\n", names.join(","), ",x".repeat(columns - 1));
        let mut row = Row::new(Columns::from_fields(&[]));
        Reader::new(text.as_bytes(), b"")?.read(&mut row)?;
        Ok::<_, ReadError>(row.filled().count())
    };
    assert_eq!(wide(MAX_COLUMNS).unwrap(), MAX_COLUMNS);
    let said = wide(MAX_COLUMNS + 1).unwrap_err().to_string();
    assert_eq!(said, "line 1: 4097 columns, and no row has more than 4096");
}

#[test]
fn a_row_that_is_too_long_fails_alone() {
    let long = "x".repeat(40_000);
    for lf in ["\n", "\r\n"] {
        let said =
            read(&format!("img_id,n{lf}1,a{lf}2,{long}{lf}3,c{lf}4,{long}{lf}5,e{lf}6,f{lf}"));
        let over = |line: u64| format!("line {line}: a row of more than 64 MB");
        assert_eq!(
            said,
            ["1@2".into(), over(3), "3@4".into(), over(5), "5@6".into(), "6@7".into()]
        );
    }
    let said = read(&format!("img_id,n\n1,\"a\n2,b\n3,{long}\n4,d\n"));
    assert_eq!(
        said,
        ["line 2: a row of more than 64 MB, up to line 4: is a quote not closed?", "4@5"]
    );
    assert_eq!(read(&format!("img_id,n\n1,{long}")), ["line 2: a row of more than 64 MB"]);
}

#[test]
fn a_later_header_with_a_column_without_a_name_is_refused_if_the_first_has_none() {
    let refused = "another header, with columns that the first lacks: a column without a name";
    for later in [",lon,lat", "id,lon,lat,", "lon,,lat"] {
        let read = read(&format!("id,lon,lat\n1,2,3\n{later}\n4,5,6\n"));
        assert!(read[1].contains(refused), "{later}: {read:?}");
    }
    let both = read("id,,lon\n1,x,2\n,id,lon\n5,6,7\n");
    assert!(both.iter().any(|line| line.contains('6')), "{both:?}");
}

#[test]
fn a_line_that_names_the_separator_counts_in_every_message() {
    for lf in ["\n", "\r\n"] {
        for (above, lines) in [("", 0), ("sep=;", 1)] {
            let above = above.to_string() + if lines > 0 { lf } else { "" };
            let of = |rest: &[u8]| {
                let bytes = [above.as_bytes(), rest].concat();
                let mut reader = match Reader::new(&bytes[..], &bytes) {
                    Ok(reader) => reader,
                    Err(error) => return error.to_string(),
                };
                let mut row = Row::new(Columns::from_fields(&[]));
                loop {
                    match reader.read(&mut row) {
                        Ok(true) => {}
                        other => return other.unwrap_err().to_string(),
                    }
                }
            };
            let line = |number: u64| format!("line {}: ", number + lines);
            let damaged = [b"id;n", lf.as_bytes(), b"1;a", lf.as_bytes(), b"2;\xff"].concat();
            let said = of(&damaged);
            assert!(said.starts_with(&line(3)), "{above:?} {lf:?}: {said}");
            assert!(said.contains("cell 2"), "{said}");
            let said = of(&[b"id;\xff", lf.as_bytes()].concat());
            assert!(said.starts_with(&line(1)), "{above:?} {lf:?}: {said}");
            let said = of(format!("id;\"n{lf}1;a{lf}").as_bytes());
            assert!(said.starts_with(&line(1)), "{above:?} {lf:?}: {said}");
            let names: Vec<String> = (0..=MAX_COLUMNS).map(|at| format!("c{at}")).collect();
            let wide = names.join(";") + lf;
            let said = of(wide.as_bytes());
            assert!(said.starts_with(&line(1)), "{above:?} {lf:?}: {said}");
        }
    }
}

#[test]
fn a_header_is_recognized_again_whatever_its_first_name_is_like() {
    for (first, later) in [
        ("lon,seq_id", "seq_id,lon"),
        ("seq_id,lon2", "lon2,seq_id"),
        ("fooBar,img_id", "fooBar,img_id"),
        ("Foo,img_id", "Foo,img_id"),
        ("img_id,Foo", "\u{feff}img_id,Foo"),
    ] {
        assert_eq!(read(&format!("{first}\n1,2\n{later}\n3,4\n")).len(), 2, "{later}");
    }
}

#[test]
fn an_empty_cell_in_quotes_is_a_row_of_a_table_of_one_column() {
    assert_eq!(read("note\n\"\"\nx\n"), ["-@2", "-@3"]);
}

#[test]
fn rows_that_leave_doubled_names_out_are_told_of_once_and_at_the_first() {
    let text = b"seq_id,img_id,sequence,id\ns,1,s,1\ns,2\ns,3\n";
    let mut reader = Reader::new(&text[..], text).unwrap();
    let mut row = Row::new(Columns::from_fields(&[]));
    while reader.read(&mut row).unwrap() {}
    assert_eq!(reader.notes.len(), 1, "{:?}", reader.notes);
    assert!(reader.notes[0].starts_with("line 3: "), "{:?}", reader.notes);
}

#[test]
fn an_input_that_breaks_off_is_no_row_that_is_too_long() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable is out"))
        }
    }
    let input = io::BufReader::new(io::Cursor::new("img_id,n\n1,a\n2").chain(Broken));
    let mut reader = Reader::new(input, b"img_id,n\n").unwrap();
    let mut row = Row::new(Columns::from_fields(&[]));
    assert!(reader.read(&mut row).unwrap());
    let error = reader.read(&mut row).unwrap_err();
    assert!(matches!(&error, ReadError::Input(_)), "{error}");
    assert!(error.to_string().contains("the cable is out"), "{error}");
}

/// A disk that fails behind these bytes.
struct Failing<'a>(&'a [u8]);

impl std::io::Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the disk fails")),
            some => Ok(some),
        }
    }
}

#[test]
fn an_input_that_fails_is_no_long_row() {
    let input = std::io::BufReader::new(Failing(b"img_id\n1\n2"));
    let mut reader = Reader::new(input, b"").unwrap();
    let mut row = Row::new(Columns::from_fields(&[]));
    assert!(reader.read(&mut row).unwrap());
    let error = reader.read(&mut row).unwrap_err();
    assert!(matches!(error, ReadError::Input(_)), "{error}");
    assert!(error.to_string().contains("the disk fails"), "{error}");
}

#[test]
fn json_lines_behind_a_table_are_named_and_a_cell_with_an_object_is_a_value() {
    let text =
        b"img_id,note\n1,a\n{\"id\":\"2\",\"lon\":9}\n\"{\"\"id\"\":\"\"3\"\"}\",{}\n{\"half,b\n";
    let mut reader = Reader::new(&text[..], text).unwrap();
    let mut row = Row::new(Columns::from_fields(&[]));
    assert!(reader.read(&mut row).unwrap());
    let error = reader.read(&mut row).unwrap_err().to_string();
    assert!(error.starts_with("line 3: a JSON line in a table of CSV"), "{error}");
    assert!(reader.read(&mut row).unwrap() && reader.read(&mut row).unwrap());
    assert!(!reader.read(&mut row).unwrap());
    // Ids are no objects.
    let text = b"img_id\n1\n{\"id\":\"2\"}\n";
    let mut reader = Reader::new(&text[..], text).unwrap();
    assert!(reader.read(&mut row).unwrap());
    assert!(reader.read(&mut row).unwrap_err().to_string().starts_with("line 3: a JSON line"));
}

#[test]
fn a_text_under_the_name_of_a_point_stays_beside_a_part_of_its_own() {
    for (text, wanted) in [
        (&b"img_id,geometry,lat\n1,abc,54.3\n"[..], ["54.3", "abc"]),
        (b"img_id,lat,geometry\n1,54.3,abc\n", ["54.3", "abc"]),
    ] {
        let mut reader = Reader::new(text, text).unwrap();
        let mut row = Row::new(Columns::from_fields(&[]));
        assert!(reader.read(&mut row).unwrap());
        let is = [row.get(Field::Lat), row.get_column(&Column::named("geometry"))];
        assert_eq!(is, wanted.map(Some));
        assert!(reader.columns().place(&Column::named("geometry")).is_some());
    }
}

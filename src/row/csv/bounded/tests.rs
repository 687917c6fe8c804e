//! Tests of the bytes that the CSV parser receives.

use super::*;

/// The text that is read with buffers of this size, and whether a row was too long.
fn read(bounded: &mut Bounded<&[u8]>, buffer: usize) -> (String, bool) {
    let (mut text, mut part) = (Vec::new(), vec![0; buffer]);
    loop {
        match bounded.read(&mut part) {
            Ok(0) => return (String::from_utf8(text).unwrap(), false),
            Ok(read) => text.extend_from_slice(&part[..read]),
            Err(_) => return (String::from_utf8(text).unwrap(), true),
        }
    }
}

#[test]
fn the_end_of_the_table_is_marked_once_however_it_is_read() {
    for buffer in [1, 2, 7, 100] {
        let mut bounded = Bounded::new(&b"a,b\n1,2"[..], 1000);
        assert_eq!(read(&mut bounded, buffer), (format!("a,b\n1,2{MARK}"), false));
        assert_eq!(bounded.read(&mut [0; 8]).unwrap(), 0);
    }
}

#[test]
fn a_row_without_an_end_is_left_off_and_the_next_line_can_be_read() {
    for (keeps_lf, rest) in [(false, "ab\n"), (true, "\nab\n")] {
        let mut bounded = Bounded::new(&b"12345678\nab\n"[..], 4);
        assert_eq!(read(&mut bounded, 2), ("1234".into(), true));
        assert!(bounded.is_over());
        let mut behind = bounded.behind_line(keeps_lf).unwrap().unwrap();
        behind.most = 1000;
        behind.restart();
        assert!(!behind.is_over());
        assert_eq!(read(&mut behind, 5), (format!("{rest}{MARK}"), false));
        assert!(bounded.behind_line(false).unwrap().is_none(), "the input has gone on");
        assert_eq!(bounded.read(&mut [0; 8]).unwrap(), 0);
    }
}

#[test]
fn each_row_has_the_whole_length_to_itself() {
    let mut bounded = Bounded::new(&b"123\n456\n"[..], 5);
    let mut row = [0; 4];
    for wanted in [b"123\n", b"456\n"] {
        bounded.restart();
        bounded.read_exact(&mut row).unwrap();
        assert_eq!(&row, wanted);
    }
    assert!(!bounded.is_over());
}

#[test]
fn the_last_row_tells_whether_a_quote_is_open() {
    let ends = |table: &str| {
        let input = Bounded::new(table.as_bytes(), 1000);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let last = records.last().map(lines_below);
        (records.iter().map(end_of).collect::<Vec<_>>(), last)
    };
    assert_eq!(ends("a,b\n1,2\n").0, [End::Row, End::Row, End::Table]);
    assert_eq!(ends("a,b\n1,2").0, [End::Row, End::Row, End::Table]);
    assert_eq!(ends(""), (vec![End::Table], Some(0)));
    assert_eq!(ends("a,b\n1,\"2\n3,4\n5,6\n"), (vec![End::Row, End::Quote], Some(2)));
    assert_eq!(ends("a,b\n\"1\n\",2\n").0, [End::Row, End::Row, End::Table]);
}

#[test]
fn the_rest_of_a_long_line_is_passed_over_however_much_of_it_is_read_at_once() {
    let input = io::BufReader::with_capacity(4, &b"0123456789 123456789\nab\n"[..]);
    let mut behind = Bounded::new(input, 4).behind_line(false).unwrap().unwrap();
    behind.most = 1000;
    behind.restart();
    let mut rest = String::new();
    behind.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, format!("ab\n{MARK}"));
}

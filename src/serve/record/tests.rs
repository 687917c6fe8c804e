use super::*;

fn image(row: &str) -> Record {
    Record::read(row).expect("readable").expect("an image")
}

fn read(row: &str) -> Result<Option<RecordFacts>, RecordError> {
    Record::read(row)?.map(|record| RecordFacts::read(&record.text)).transpose()
}

#[test]
fn numbers_keep_their_digits_and_blanks_go() {
    let image = image(r#"{"merge_cc": 4.546427159383e+18, "make": "a \" b", "id": "7"}"#);
    assert_eq!(image.text, r#"{"make":"a \" b","merge_cc":4.546427159383e+18}"#);
}

#[test]
fn an_id_written_as_a_number_is_read_with_all_digits() {
    assert_eq!(image(r#"{"id": 10123456789012345678}"#).id, "10123456789012345678");
}

#[test]
fn the_closing_line_and_a_sequence_row_are_no_images() {
    assert!(Record::read(r#"{"__complete__": true}"#).expect("readable").is_none());
    assert!(Record::read(r#"{"sequence":"abc"}"#).expect("readable").is_none());
}

#[test]
fn null_empty_and_foreign_values_are_left_out() {
    let image =
        image(r#"{"id":"1","make":"","model":null,"thumb_256_url":"http://x","mood":"blue"}"#);
    assert_eq!(image.text, "{}");
}

#[test]
fn the_whole_answer_goes_before_the_row() {
    let image = image(r#"{"id":"1","altitude":3,"raw_json":"{\"altitude\":3.000,\"width\":5}"}"#);
    assert_eq!(image.text, r#"{"altitude":3.000,"width":5}"#);
}

#[test]
fn a_time_or_place_that_cannot_be_read_is_an_error() {
    for row in [
        r#"{"id":"1","captured_at":"yesterday"}"#,
        r#"{"id":"1","geometry":{"type":"Point","coordinates":[1]}}"#,
        r#"{"id":"1","geometry":{"type":"Point","coordinates":[1,91]}}"#,
        r#"{"id":"1","geometry":"here"}"#,
        r#"{"id":"1""#,
    ] {
        assert!(read(row).is_err(), "{row}");
    }
}

const FULL: &str = r#"{"id":"1","captured_at": 5,"geometry":{"type":"Point","coordinates":[1.5,2.5]},"make":"a\u00e9\"","raw_json":"{\"width\":5}"}"#;

#[test]
fn a_row_cut_anywhere_is_an_error() {
    assert!(read(FULL).is_ok());
    for end in 0..FULL.len() {
        assert!(read(&FULL[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_mutated_row_is_an_error_or_can_be_answered() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut bytes = FULL.as_bytes().to_vec();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(32..127);
        }
        let text = String::from_utf8(bytes).expect("ASCII");
        if let Ok(Some(record)) = Record::read(&text) {
            let _ = (RecordFacts::read(&record.text), merged(Some(&record.text), "{}", Some("a")));
        }
    }
}

#[test]
fn a_later_row_adds_to_an_earlier_one() {
    let first = image(r#"{"id":"1","sequence":"s","altitude":3}"#).text;
    let later = image(r#"{"id":"1","altitude":4,"captured_at":5}"#).text;
    let both = merged(Some(&first), &later, None);
    assert_eq!(both, r#"{"altitude":4,"captured_at":5,"sequence":"s"}"#);
    let facts = RecordFacts::read(&both).expect("facts");
    assert_eq!((facts.sequence.as_deref(), facts.captured_ms), (Some("s"), Some(5)));
}

#[test]
fn rows_of_one_image_contradict_each_other_in_what_does_not_change() {
    let row = |text: &str| image(text).text;
    let first = row(r#"{"id":"1","make":"Acme","computed_altitude":3,"width":40}"#);
    for (later, field) in [
        (r#"{"id":"1","make":"Ajax"}"#, Some("make")),
        (r#"{"id":"1","make":"Acme","computed_altitude":4,"width":4e1}"#, None),
        (r#"{"id":"1","sequence":"s","width":null}"#, None),
    ] {
        assert_eq!(contradiction(&first, &row(later)), field, "{later}");
    }
}

#[test]
fn a_user_of_the_folder_made_what_has_no_creator() {
    let named = merged(None, r#"{"make":"Acme"}"#, Some("a\"b"));
    assert_eq!(RecordFacts::read(&named).expect("facts").username.as_deref(), Some("a\"b"));
    let real = r#"{"creator":{"username":"grace","id":"7"}}"#;
    for (before, later) in [(Some(&*named), real), (Some(real), "{}"), (None, real)] {
        let facts = RecordFacts::read(&merged(before, later, Some("ada"))).expect("facts");
        assert_eq!(facts.username.as_deref(), Some("grace"), "{before:?} {later}");
    }
}

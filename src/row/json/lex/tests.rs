//! Tests of where JSON values end, compared with serde_json.

use super::*;

/// Parses the text as one value with white space around it; returns its kind or the error.
fn whole(text: &str) -> Result<JsonKind, LexError> {
    let bytes = text.as_bytes();
    let (kind, end) = value(bytes, blank(bytes, 0), 0)?;
    let end = blank(bytes, end);
    if end == bytes.len() { Ok(kind) } else { Err(LexError::new(end, "more")) }
}

const WELL_FORMED: [&str; 16] = [
    "0",
    "-0",
    "52.50",
    "1E+2",
    "-1.5e-07",
    "12345678901234567890123",
    "true",
    "false",
    "null",
    "\"\"",
    r#""a \" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00""#,
    "[]",
    "{}",
    " [ 1 , [ ] , { } ] ",
    r#"{ "a" : { "b" : [ "c" , null ] } , "a" : "" }"#,
    "\t\r\n{\"id\":\"1\"}\n",
];

const MALFORMED: [(&str, usize, &str); 22] = [
    ("", 0, "unexpected end of input"),
    ("-", 0, "not a number"),
    ("01", 0, "not a number"),
    ("1.", 0, "not a number"),
    (".5", 0, "not a JSON value"),
    ("1e", 0, "not a number"),
    ("1e+", 0, "not a number"),
    ("+1", 0, "not a JSON value"),
    ("nul", 0, "not a JSON value"),
    ("NaN", 0, "not a JSON value"),
    ("\"a", 2, "unexpected end of input"),
    ("\"a\\", 3, "unexpected end of input"),
    ("\"a\\x\"", 2, "not an escape"),
    ("[1", 2, "unexpected end of input"),
    ("[1 2]", 3, "no ',' or ']' after a value"),
    ("[1,]", 3, "not a JSON value"),
    ("{\"a\"}", 4, "no ':' after a key"),
    ("{\"a\":}", 5, "not a JSON value"),
    ("{\"a\":1", 6, "unexpected end of input"),
    ("{\"a\":1 \"b\":2}", 7, "no ',' or '}' after a value"),
    ("{\"a\":1,}", 7, "not a string"),
    ("{a:1}", 1, "not a string"),
];

#[test]
fn what_is_json_is_read_to_its_end_and_so_says_serde_json() {
    for text in WELL_FORMED {
        assert!(whole(text).is_ok(), "{text}");
        assert!(
            serde_json::from_str::<&serde_json::value::RawValue>(text.trim()).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_json_is_refused_at_the_byte_where_it_stops_being_one() {
    for (text, at, what) in MALFORMED {
        assert_eq!(whole(text), Err(LexError { at, what }), "{text}");
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(text).is_err(), "{text}");
    }
    assert_eq!(LexError::new(3, "x").behind(7), LexError::new(10, "x"));
}

#[test]
fn a_text_cut_anywhere_is_refused_as_serde_json_refuses_it() {
    for text in WELL_FORMED {
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            let cut = &text[..end];
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(cut.trim());
            assert_eq!(whole(cut).is_ok(), theirs.is_ok(), "{cut}");
        }
    }
}

#[test]
fn nesting_has_a_limit_that_no_stack_meets() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(whole(&nested(MAX_DEPTH)), Ok(JsonKind::Array));
    assert_eq!(whole(&nested(MAX_DEPTH + 1)), Err(LexError::new(MAX_DEPTH, "nested too deep")));
    let open = "{\"a\":".repeat(100_000);
    assert_eq!(whole(&open).unwrap_err().what, "nested too deep");
}

#[test]
fn members_come_in_their_order_with_their_places_and_each_as_often_as_it_stands_there() {
    let text = r#"x { "a" : 52.50 , "b" : [1] , "a" : null }"#;
    let mut members = Vec::new();
    let end = object(text.as_bytes(), 2, 0, &mut |key, kind, value| {
        members.push((&text[key.0..key.1], kind, &text[value.0..value.1]));
    });
    assert_eq!(end, Ok(text.len()));
    let wanted = [
        ("\"a\"", JsonKind::Bare, "52.50"),
        ("\"b\"", JsonKind::Array, "[1]"),
        ("\"a\"", JsonKind::Null, "null"),
    ];
    assert_eq!(members, wanted);
}

#[test]
fn escapes_mean_what_serde_json_says_and_bad_ones_are_named_by_their_byte() {
    for inside in [r"\n\t\r\b\f", r#"\"\\\/"#, r"caf\u00e9", r"\ud83d\ude00 \u0000", "none", ""] {
        let mut text = String::from(">");
        unescape(inside, &mut text).unwrap();
        let theirs: String = serde_json::from_str(&format!("\"{inside}\"")).unwrap();
        assert_eq!(text, format!(">{theirs}"));
    }
    for (inside, at) in [
        (r"ab\x", 2),
        (r"\u00g0", 0),
        (r"a\u12", 1),
        (r"\ud83d", 0),
        (r"\ude00", 0),
        (r"\ud83d\n", 0),
        (r"ok\n\ud83d\u0041", 4),
    ] {
        let error = unescape(inside, &mut String::new()).unwrap_err();
        assert_eq!(error, LexError::new(at, "not an escape"), "{inside}");
        assert!(serde_json::from_str::<String>(&format!("\"{inside}\"")).is_err(), "{inside}");
    }
}

#[test]
fn a_text_is_quoted_with_the_shortest_escapes() {
    for (text, wanted) in [
        ("", r#""""#),
        ("a b", r#""a b""#),
        ("\"\\/", r#""\"\\/""#),
        ("\n\t\r", r#""\n\t\r""#),
        ("\u{1}\u{1f}\u{20}\u{7f}", "\"\\u0001\\u001f \u{7f}\""),
        ("é😀", "\"é😀\""),
    ] {
        let mut quoted = Vec::new();
        quote(text, &mut quoted);
        assert_eq!(String::from_utf8(quoted).unwrap(), wanted, "{text:?}");
    }
}

#[test]
fn a_quoted_text_is_read_back_as_it_was() {
    let controls: String = (0..0x20_u8).map(char::from).collect();
    for text in ["", "plain", "\"\\/", "é😀\u{7f}\u{2028}", &controls] {
        let mut quoted = Vec::new();
        quote(text, &mut quoted);
        let theirs: String = serde_json::from_slice(&quoted).unwrap();
        assert_eq!(theirs, text);
        let mut ours = String::new();
        let quoted = String::from_utf8(quoted).unwrap();
        unescape(&quoted[1..quoted.len() - 1], &mut ours).unwrap();
        assert_eq!(ours, text);
    }
}

#[test]
fn a_compact_value_has_no_blanks_between_its_parts_and_keeps_those_in_strings() {
    let mut text = String::new();
    compact("{ \"a b\" : [ 1.50 ,\n\ttrue ] , \"c\\\" \" : \" \" }", &mut text);
    assert_eq!(text, r#"{"a b":[1.50,true],"c\" ":" "}"#);
}

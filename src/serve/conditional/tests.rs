use std::time::Duration;

use hyper::header::{HeaderName, HeaderValue};

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let value = |text: &str| HeaderValue::from_str(text).expect("a value");
    pairs.iter().map(|(name, text)| (HeaderName::from_static(name), value(text))).collect()
}

#[test]
fn a_copy_is_judged_by_its_tag_and_else_by_its_date() {
    let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_500);
    let same = "Tue, 14 Nov 2023 22:13:20 GMT";
    let before = "Tue, 14 Nov 2023 22:13:19 GMT";
    for (pairs, expected) in [
        (vec![], false),
        (vec![("if-none-match", "\"a\"")], true),
        (vec![("if-none-match", "\"x\", W/\"a\"")], true),
        (vec![("if-none-match", "*")], true),
        (vec![("if-none-match", "\"x\""), ("if-modified-since", same)], false),
        (vec![("if-modified-since", same)], true),
        (vec![("if-modified-since", before)], false),
        (vec![("if-modified-since", "yesterday")], false),
    ] {
        assert_eq!(
            is_unchanged(&headers(&pairs), "W/\"a\"", Some(modified)),
            expected,
            "{pairs:?}"
        );
    }
    assert!(!is_unchanged(&headers(&[("if-modified-since", same)]), "\"a\"", None));
}

#[test]
fn gzip_is_for_those_who_take_it() {
    for (text, expected) in [
        ("", false),
        ("br", false),
        ("gzip", true),
        ("br, gzip;q=0.5", true),
        ("gzip;q=0, br", false),
        ("*", true),
        ("GZIP", true),
        ("x-gzip", true),
        ("gzip;q=0, *", false),
        ("*, gzip; q=0", false),
        ("*;q=0", false),
        ("br, *;q=0.1", true),
        ("gzip ; Q=0.0", false),
        ("identity", false),
    ] {
        assert_eq!(takes_gzip(&headers(&[("accept-encoding", text)])), expected, "{text}");
    }
}

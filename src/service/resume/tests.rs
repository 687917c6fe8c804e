use super::*;

fn part(headers: &[(&str, &'static str)]) -> ContentRange {
    ContentRange::from_headers(|name| {
        headers.iter().find(|(header, _)| *header == name).map(|(_, value)| *value)
    })
}

#[test]
fn the_mark_is_a_strong_etag_or_else_the_time_of_the_last_change() {
    let changed = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(part(&[("etag", "\"a\""), changed]).mark.as_deref(), Some("\"a\""));
    assert_eq!(part(&[("etag", "W/\"a\""), changed]).mark.as_deref(), Some(changed.1));
    assert_eq!(part(&[("etag", "W/\"a\"")]).mark, None);
}

#[test]
fn no_header_makes_the_reader_stumble() {
    let good = "bytes 18446744073709551614-18446744073709551614/18446744073709551615";
    assert!(range(good).is_some());
    assert!(
        (0..good.len())
            .filter_map(|end| range(&good[..end]))
            .all(|(first, length)| { length.is_none_or(|length| first < length) })
    );
    for odd in ["", "bytes", "bytes -/", "bytes 1-0/9", "bytes 99999999999999999999-1/2", "é"] {
        assert_eq!(range(odd), None, "{odd}");
    }
}

#[test]
fn only_the_very_rest_fits() {
    let wanted = Resume { bytes: 5, length: Some(10), mark: "\"a\"".into() };
    for (mark, range, fits) in [
        ("\"a\"", "bytes 5-9/10", true),
        ("\"b\"", "bytes 5-9/10", false),
        ("\"a\"", "bytes 4-9/10", false),
        ("\"a\"", "bytes 5-9/11", false),
        ("\"a\"", "bytes 5-9/*", false),
        ("\"a\"", "bytes 5-10/10", false),
        ("\"a\"", "bytes */10", false),
        ("\"a\"", "lines 5-9/10", false),
        ("", "bytes 5-9/10", false),
    ] {
        let part = part(&[("etag", mark), ("content-range", range)]);
        assert_eq!(wanted.fits(&part), fits, "{mark} {range}");
    }
    assert!(!wanted.fits(&ContentRange::default()));
    let unknown = Resume { length: None, ..wanted };
    assert!(unknown.fits(&part(&[("etag", "\"a\""), ("content-range", "bytes 5-9/10")])));
}

use super::*;

#[test]
fn times_of_the_wild_are_read() {
    let noon = 1_714_564_800_000;
    for text in [
        "2024-05-01T12:00:00Z",
        " 2024-05-01T12:00:00.000Z ",
        "2024-05-01 12:00:00z",
        "2024-05-01T12:00:00+00:00",
        "2024-05-01T12:00:00 -0000",
        "2024-05-01T12:00:00 UTC",
    ] {
        assert_eq!(time_ms(text), Some((noon, Designator::Utc)), "{text}");
    }
    for text in [
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T08:30:00-0330",
        "2024-05-01T14:00:00 +02",
        "2024-05-01T13:59:00+01:59",
        "2024-05-02T02:00:00+14:00",
        "2024-05-01T14:00:00+02:00[Europe/Brussels]",
        "20240501T140000+0200",
        "2024/05/01 14:00:00+02",
        "2024:05:01 14:00:00+02:00",
    ] {
        assert_eq!(time_ms(text), Some((noon, Designator::Offset)), "{text}");
    }
    for text in
        ["2024-05-01T12:00:00", "2024-05-01T12:00", "2024:05:01 12:00:00", "20240501T120000"]
    {
        assert_eq!(time_ms(text), Some((noon, Designator::Absent)), "{text}");
    }
    for (fraction, ms) in [
        (".25", 250),
        (",0625", 63),
        (".9994", 999),
        (".9996", 1000),
        (".0004999999", 0),
        (".123456789123456789", 123),
    ] {
        let text = format!("2024-05-01T12:00:00{fraction}Z");
        assert_eq!(time_ms(&text), Some((noon + ms, Designator::Utc)), "{text}");
    }
    assert_eq!(time_ms("2024-04-30T24:00:00Z"), time_ms("2024-05-01T00:00:00Z"));
    assert_eq!(time_ms("2024-04-30T23:59:60Z"), time_ms("2024-05-01T00:00:00Z"));
}

#[test]
fn what_is_no_time_is_none() {
    for text in [
        "",
        "2024",
        "2024-13-01T00:00:00Z",
        "2024-05-01T12:0",
        "2024-05-01T12:00:00.Z",
        "1970-01-01T00:00:00Z",
        "1980-01-06T00:00:00Z",
        "2024-05-01T12:61:00Z",
        "2024-05-01T12:00:61Z",
        "2024-05-01T24:15:00Z",
        "2024-05-01T24:00:01Z",
        "2024-05-01T24:01:00Z",
        "2024-05-01T24:00:00.001Z",
        "2024-05-01T12:60:00Z",
        "1989-12-31T23:59:59Z",
        "2024-05-01T25:00:00Z",
        "2024-05-01T12:00:00+15:00",
        "2024-05-01T12:00:00+01:60",
        "2024-05-01T12:00:00+01:61",
        "2024-05-01T12:00:00+14:60",
        "2024-05-01T12:00:00 + 01:00",
        "2024-05-01T12:00:00+",
        "2024-05-01",
        "2024-05-01T12:00:00+99:00",
        "2024-05-01T12:00:00Zulu",
        "2024-05-01T12:00:é0Z",
    ] {
        assert_eq!(time_ms(text), None, "{text}");
    }
}

#[test]
fn numbers_may_have_a_decimal_comma() {
    assert_eq!(number(" 8,5 "), Some(8.5));
    assert_eq!(number("-0.25"), Some(-0.25));
    for text in ["", "NaN", "inf", "1.000,5", "8.5E"] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn wide_characters_are_known_by_their_mark() {
    let wide: Vec<u8> = "\u{feff}<gpx/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(decode(&wide), "<gpx/>");
    assert_eq!(decode(b"\xef\xbb\xbf<gpx/>"), "<gpx/>");
    assert_eq!(decode(b"\xff"), "\u{fffd}");
}

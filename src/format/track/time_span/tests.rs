use super::*;

const NOON_MS: i64 = 1_714_564_800_000;

#[test]
fn the_span_is_that_of_all_dates() {
    let head = b"<gpx><time>2024-05-01T14:00:00+02:00</time> 2024-05-01 12:00:03.5Z";
    let tail = b"04-2024-05-02T99:00, 2024-05-01T12:00:09Z";
    assert_eq!(span(TrackFormat::Gpx, head, tail), Some((NOON_MS, NOON_MS + 9_000)));
    assert_eq!(span(TrackFormat::Gpx, b"<gpx>", b""), None);
    assert_eq!(span(TrackFormat::Fit, head, tail), None);
}

#[test]
fn numbers_count_in_json_alone() {
    let text = b"{\"timestampMs\":\"1714564800250\",\"t\":1714564801.5,\"latitudeE7\":475000000}";
    assert_eq!(span(TrackFormat::Timeline, text, b""), Some((NOON_MS + 250, NOON_MS + 1_000)));
    assert_eq!(span(TrackFormat::Kml, text, b""), None);
}

#[test]
fn any_text_does_no_harm() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let letters: Vec<char> = "0123456789-:T+é .".chars().collect();
        let text: String = (0..60).map(|_| letters[random.usize(..letters.len())]).collect();
        let _ = span(TrackFormat::GeoJson, text.as_bytes(), b"");
    }
}

#[test]
fn a_time_is_found_in_each_of_its_spellings_whatever_is_around_it() {
    let later = |ms| (NOON_MS + ms, NOON_MS + ms);
    for (text, expected) in [
        ("2024-05-01T12:00:00Z", Some(later(0))),
        ("'2024-05-01T12:00:00Z'", Some(later(0))),
        ("<time>2024-05-01t12:00:00.250z</time>", Some(later(250))),
        ("2024-05-01T14:00:00+02:00", Some(later(0))),
        ("2024-05-01T12:00:00Z.", Some(later(0))),
        ("2024-05-01T12:00:00,", Some(later(0))),
        ("2024-05-01 12:00:00", Some(later(0))),
        ("\"2024/05/01 12:00:00+00\"", Some(later(0))),
        ("2024:05:01 12:00:00", Some(later(0))),
        ("20240501T120000Z", Some(later(0))),
        ("20240501 120000", Some(later(0))),
        ("\"20240501120000\"", Some(later(0))),
        ("é2024-05-01T12:00:00é", Some(later(0))),
        ("12024-05-01T12:00:00", None),
        ("2024-05-01", None),
        ("2024-05-01 at noon", None),
        ("2024-05-01T12:0", None),
        ("2024.5", None),
        ("1970-01-01T00:00:00Z", None),
        ("12345678", None),
        ("", None),
    ] {
        for kind in [TrackFormat::Gpx, TrackFormat::Kml, TrackFormat::Tcx, TrackFormat::GeoJson] {
            assert_eq!(span(kind, text.as_bytes(), b""), expected, "{kind} {text}");
        }
    }
}

#[test]
fn an_end_that_has_places_alone_leaves_the_span_unknown() {
    let (times, places) = (b"<when>2024-05-01T12:00:00Z</when>", b"<gx:coord>8 47 1</gx:coord>");
    assert_eq!(span(TrackFormat::Kml, times, b""), Some((NOON_MS, NOON_MS)));
    assert_eq!(span(TrackFormat::Kml, times, places), None);
    assert_eq!(span(TrackFormat::Kml, places, times), None);
    // These digits are no numbers of seconds.
    let places = b"[[8.1714564800,47.1714564800],[8.5,1714564800.5]]";
    assert_eq!(span(TrackFormat::GeoJson, places, b""), Some((NOON_MS, NOON_MS)));
    let places = b"[[8.1714564800,47.1714564800]]";
    assert_eq!(span(TrackFormat::GeoJson, b"1714564800", places), None);
    assert_eq!(
        span(TrackFormat::GeoJson, b"1714564800", b"1714564801"),
        Some((NOON_MS, NOON_MS + 1_000))
    );
}

#[test]
fn a_log_of_nmea_has_the_span_of_its_dated_fixes() {
    let rmc = |second: u32| format!("\n$GPRMC,1200{second:02},A,4730.0,N,00815.0,E,1,9,010524\n");
    let (head, tail) = (rmc(0) + &rmc(5), format!("30.0,N,00815.0,E{}", rmc(9)));
    let expected = Some((NOON_MS, NOON_MS + 9_000));
    assert_eq!(span(TrackFormat::Nmea, head.as_bytes(), tail.as_bytes()), expected);
    let undated = b"$GPGGA,120000,4730.0,N,00815.0,E,1,08,1,1,M,,M,,\n";
    assert_eq!(span(TrackFormat::Nmea, head.as_bytes(), undated), None);
    assert_eq!(span(TrackFormat::Nmea, undated, tail.as_bytes()), None);
    assert_eq!(span(TrackFormat::Nmea, b"", b""), None);
}

#[test]
fn half_of_a_wide_text_is_not_looked_at() {
    let wide = |mark: &str| -> Vec<u8> {
        let text = mark.to_string() + "<gpx>2024-05-01T12:00:00Z";
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    for mark in ["", "\u{feff}"] {
        assert_eq!(span(TrackFormat::Gpx, &wide(mark), b"2024-05-01T12:00:00Z"), None);
    }
}

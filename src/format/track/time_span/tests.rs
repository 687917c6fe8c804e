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

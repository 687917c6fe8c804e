use super::*;

#[test]
fn pictures_are_found_by_time_and_place_and_none_twice() {
    let photo = |captured_ms, lon_deg| Wanted { captured_ms, lon_deg, lat_deg: 50.0 };
    let there = |id: &str, ms, lon| AppearedPicture { id: id.into(), at: photo(ms, lon) };
    let wanted = [photo(1000, 8.0), photo(1500, 8.0), photo(9000, 8.0), photo(5000, 8.0)];
    let pictures = [
        there("2", 1500, 8.000_01),
        there("1", 1000, 8.0),
        there("far", 9000, 8.001),
        there("other", 7000, 8.0),
    ];
    assert_eq!(matched(&wanted, &pictures), [Some("1".into()), Some("2".into()), None, None]);
    let row = r#"{"id":"7","captured_at":1000,"geometry":{"type":"Point","coordinates":[8,50]}}"#;
    assert_eq!(read(row), Some(there("7", 1000, 8.0)));
    assert_eq!(read(r#"{"id":"7"}"#), None);
}

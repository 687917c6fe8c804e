use super::*;

#[test]
fn a_row_of_get_features_and_the_services_own_object_are_the_same_feature() {
    let own = r#"{"feature_id":"7","value":"object--bench","object_type":"mvd_fast","aligned_direction":"88.4",
        "geometry":{"type":"Point","coordinates":[9.95,54.32]},"image_ids":"[\"11\",\"12\"]","first_seen_at":"2023-04-01T10:00:00+0000"}"#;
    let service = r#"{"id":"7","object_value":"object--bench","object_type":"mvd_fast","aligned_direction":88.4,
        "geometry":{"type":"Point","coordinates":[9.95,54.32]},"images":{"data":[{"id":"11"},{"id":"12"}]},"first_seen_at":"2023-04-01T10:00:00+0000"}"#;
    let own = MapFeature::of_row(own).unwrap().unwrap();
    assert_eq!(Some(&own), MapFeature::of_row(service).unwrap().as_ref());
    assert_eq!((&*own.id, own.place.map(|place| place.lon_deg())), ("7", Some(9.95)));
    assert!(own.text.contains(r#""aligned_direction":88.4"#), "{}", own.text);
}

#[test]
fn rows_of_pictures_and_of_detections_are_no_features() {
    for row in [
        r#"{"id":"1","value":"object--bench","detection_id":"5"}"#,
        r#"{"id":"1","make":"feature_id"}"#,
        r#"{"id":"1","object_value":null}"#,
    ] {
        assert_eq!(MapFeature::of_row(row).unwrap(), None, "{row}");
    }
    assert!(MapFeature::of_row(r#"{"feature_id":"7","geometry":"here"}"#).is_err());
}

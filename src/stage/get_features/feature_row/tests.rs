use super::*;

#[test]
fn a_feature_without_a_place_says_so_and_what_is_absent_stays_so() {
    let row = row_of(&serde_json::json!({"id": "5", "object_value": "object--bench"}));
    assert_eq!(row.get(Field::Why), Some("the service tells no place"));
    assert_eq!(row.get(Field::ImgId), None, "its id is none of a picture");
    assert_eq!(row.get_column(&Column::named(IMAGES)), None);
}

#[test]
fn ids_are_text_and_those_of_pictures_are_a_list() {
    let images = serde_json::json!({"data": [{"id": "7"}, {"id": 8}, {"id": ""}, {}]});
    let feature = serde_json::json!({
        "id": 12, "aligned_direction": 1.5, "geometry": {"coordinates": [9.5, 54.25]}, "images": images
    });
    let mut line = Vec::new();
    crate::row::json::Writer::new(&[], &[]).write(&row_of(&feature), &mut line);
    let line: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(line["feature_id"], "12");
    assert_eq!(line["aligned_direction"], 1.5);
    assert_eq!(line["image_ids"], serde_json::json!(["7", "8"]));
    assert_eq!(row_of(&feature).get(Field::Lon), Some("9.5"));
}

#[test]
fn values_of_another_shape_are_read_or_named() {
    let of = |geometry: Value, images: Value| {
        let row = row_of(&serde_json::json!({"id": "5", "geometry": geometry, "images": images}));
        let cell = |column: Column| row.get_column(&column).unwrap_or_default().to_string();
        [Field::Lon.into(), Column::named(IMAGES), Field::Why.into()].map(cell)
    };
    let point = serde_json::json!({"coordinates": ["9.5", "54.25"]});
    assert_eq!(of(point.clone(), Value::Null), ["9.5", "", ""]);
    let images = serde_json::json!([{"id": "7"}]);
    assert_eq!(of(point.clone(), images.clone()), ["9.5", "[\"7\"]", ""]);
    let more = serde_json::json!({"data": images, "paging": {"next": "http://h/?after=x"}});
    assert_eq!(of(point, more), ["9.5", "[\"7\"]", "the service has more images of it"]);
    let [_, _, why] = of(serde_json::json!({"coordinates": [[[1, 2]]]}), "7".into());
    assert_eq!(
        why,
        "the service's 'geometry' cannot be read: '{\"coordinates\":[[[1,2]]]}'; \
         the service's 'images' cannot be read: '\"7\"'"
    );
}

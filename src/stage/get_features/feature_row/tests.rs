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

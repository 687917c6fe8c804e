use super::*;
use crate::photo::silent_reporter::Unheard;

fn document(rows: &[Row]) -> Value {
    let mut document = ToGeojson::default();
    let mut bytes = Vec::new();
    rows.iter().for_each(|row| document.add(row, &mut bytes, &Unheard).unwrap());
    document.finish(&mut bytes, &Unheard).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn a_photo_is_a_point_with_its_cells() {
    let row = Row::from_cells(&[
        (Field::ImgId, "12345678901234567890"),
        (Field::Lon, "13.5"),
        (Field::Lat, "52.25"),
        (Field::CompassAngle, "90"),
    ]);
    let made = document(&[row, Row::from_cells(&[(Field::Why, "off the track")])]);
    let feature = &made["features"][0];
    assert_eq!(feature["geometry"]["coordinates"], json!([13.5, 52.25]));
    assert_eq!(
        feature["properties"],
        json!({ "img_id": "12345678901234567890", "compass_angle": 90 })
    );
    assert!(made["features"][1]["geometry"].is_null());
}

#[test]
fn no_rows_are_an_empty_collection() {
    assert_eq!(document(&[])["features"], json!([]));
}

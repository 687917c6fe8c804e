use super::*;

#[test]
fn cells_are_smaller_than_the_limit_and_cover_the_box() {
    let bbox: BBox = "9.94,54.31,9.97,54.33".parse().unwrap();
    let cells: Vec<BBox> = cells(bbox).collect();
    assert_eq!(cells.len() as f64, count(&bbox));
    assert!(cells.iter().all(|cell| cell.width_deg().max(cell.height_deg()) < MOST_SIDE_DEG));
    let area: f64 = cells.iter().map(|cell| cell.width_deg() * cell.height_deg()).sum();
    assert!((area - 0.03 * 0.02).abs() < 1e-9);
    assert_eq!(cells.last().unwrap().east_deg(), 9.97);
}

#[test]
fn a_feature_without_a_place_says_so_and_what_is_absent_stays_so() {
    let row = row_of(&serde_json::json!({"id": "5", "object_value": "object--bench"}));
    assert_eq!(row.get(Field::Why), Some("the service tells no place"));
    assert_eq!(row.get(Field::ImgId), None, "its id is none of a picture");
    assert_eq!(row.get_column(&Column::named(IMAGES)), None);
}

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
fn a_side_of_just_the_limit_is_cut_and_a_point_is_one_cell() {
    let of = |text: &str| count(&text.parse().unwrap());
    assert_eq!(of("9.5,54.5,9.509,54.509"), 1.0);
    assert_eq!(of("0,0,0.01,0.01"), 4.0, "the service refuses a box that is as large as that");
    assert_eq!(of("9.5,54.5,9.5,54.5"), 1.0);
}

use super::*;

#[test]
fn a_feature_without_an_id_or_a_place_is_counted_and_one_that_comes_again_is_dropped() {
    let found = |(id, places): (&str, usize)| TileFeature {
        row: Row::from_cells(&[(Field::ImgId, id)]),
        places: vec![Position::new(9.95, 54.32).unwrap(); places],
    };
    let features = [("1", 1), ("", 1), ("2", 1), ("1", 1), ("", 1), ("3", 0)];
    let (once, odd, again) = each_once(features.map(found).into(), Field::ImgId);
    let ids: Vec<_> = once.iter().filter_map(|found| found.row.get(Field::ImgId)).collect();
    assert_eq!((ids, odd, again), (vec!["1", "2"], 3, 1));
    let tile = Tile::new(14, 1, 2).unwrap();
    assert!(is_readable(tile, &once, odd).is_ok() && is_readable(tile, &[], 0).is_ok());
    let said = is_readable(tile, &[], 3).unwrap_err().to_string();
    assert_eq!(said, "tile 14/1/2: none of its 3 features can be read");
}

#[test]
fn a_place_that_a_tile_has_rounded_out_of_a_box_is_still_listed() {
    let area = Area::from(BBox::new(9.942, 54.312, 9.970, 54.330).unwrap());
    let is_listed = |lon: f64, lat: f64| may_contain(&area, Position::new(lon, lat).unwrap());
    // 5e-6 degrees of longitude are 0.3 m here, and of latitude 0.6 m.
    assert!(is_listed(9.942, 54.32) && is_listed(9.941995, 54.32) && is_listed(9.970005, 54.32));
    assert!(is_listed(9.95, 54.311996) && !is_listed(9.95, 54.31199) && !is_listed(9.95, 54.33001));
    assert!(!is_listed(9.94198, 54.32) && !is_listed(9.97002, 54.32));
}

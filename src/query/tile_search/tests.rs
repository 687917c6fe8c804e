use super::*;

#[test]
fn a_feature_without_an_id_costs_itself_and_one_that_comes_again_is_dropped() {
    let found =
        |id: &str| TileFeature { row: Row::from_cells(&[(Field::ImgId, id)]), places: Vec::new() };
    let (once, odd, again) = each_once(["1", "", "2", "1", ""].map(found).into(), Field::ImgId);
    let ids: Vec<_> = once.iter().filter_map(|found| found.row.get(Field::ImgId)).collect();
    assert_eq!((ids, odd, again), (vec!["1", "2"], 2, 1));
}

use super::*;

#[test]
fn a_path_that_leaves_and_comes_back_has_two_parts() {
    let path = [(10, 10), (20, 10), (5000, 10), (5000, 20), (20, 20)];
    let parts = parts_inside(&path);
    assert_eq!(parts, [vec![(10, 10), (20, 10), (4096, 10)], vec![(4096, 20), (20, 20)]]);
}

#[test]
fn a_path_through_a_tile_without_a_stop_is_seen() {
    assert_eq!(parts_inside(&[(-10, 5), (5000, 5)]), [vec![(0, 5), (4096, 5)]]);
    assert!(parts_inside(&[(-10, 5), (-10, 500)]).is_empty());
}

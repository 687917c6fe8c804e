use super::*;

#[test]
fn a_margin_ends_at_the_edge_of_the_picture_and_something_is_always_left() {
    let crop = Crop::new(PathBuf::new(), 0.5);
    let bounds = |left, top, right, bottom| Bounds { left, top, right, bottom };
    assert_eq!(crop.pixels(bounds(0.4, 0.4, 0.6, 0.5), 100, 100), [30, 30, 70, 60]);
    assert_eq!(crop.pixels(bounds(0.0, 0.9, 0.2, 1.0), 100, 100), [0, 80, 30, 100]);
    assert_eq!(crop.pixels(bounds(1.0, 1.0, 1.0, 1.0), 100, 100), [99, 99, 100, 100]);
}

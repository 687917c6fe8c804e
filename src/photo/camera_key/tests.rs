use super::*;

#[test]
fn a_camera_that_begins_a_new_folder_is_still_the_same() {
    let key =
        |path: &str| camera_key(&Row::from_cells(&[(Field::Path, path), (Field::Model, "M")]));
    assert_eq!(key("card/DCIM/100GOPRO/a.jpg"), key("card/DCIM/101GOPRO/b.jpg"));
    assert_eq!(key("100_0501/a.jpg"), key("101_0502/b.jpg"));
    assert_ne!(key("left/DCIM/100GOPRO/a.jpg"), key("right/DCIM/100GOPRO/a.jpg"));
    for other in ["20240501", "20240502", "000GOPRO", "100GOPROS", "left", "10\u{e9}GOPR"] {
        assert_ne!(key(&format!("card/{other}/a.jpg")), key("card/101GOPRO/a.jpg"), "{other}");
    }
}

use super::*;

#[test]
fn a_row_without_the_value_that_is_asked_for_is_left_out() {
    let mut select = Select { since_ms: Some(10), until_ms: Some(20), ..Select::default() };
    let at = |text| Row::from_cells(&[(Field::CapturedAt, text)]);
    assert_eq!(select.keeps(&at("10")), Ok(true));
    assert_eq!(select.keeps(&at("20")), Ok(false));
    assert_eq!(select.keeps(&at("")), Ok(false));
    assert!(select.keeps(&at("soon")).is_err());
    select = Select { cameras: vec!["spherical".into()], ..Select::default() };
    assert_eq!(select.keeps(&Row::from_cells(&[(Field::CameraType, "spherical")])), Ok(true));
    assert_eq!(select.keeps(&Row::from_cells(&[(Field::CameraType, "fisheye")])), Ok(false));
}

#[test]
fn a_box_keeps_what_lies_in_it() {
    let mut select = Select::default();
    assert!(select.is_empty());
    select.area.add_box("1,2,3,4".parse().unwrap());
    assert_eq!(select.keeps(&Row::from_cells(&[(Field::Lon, "1.5"), (Field::Lat, "3")])), Ok(true));
    assert_eq!(
        select.keeps(&Row::from_cells(&[(Field::Lon, "3.5"), (Field::Lat, "3")])),
        Ok(false)
    );
    assert_eq!(select.keeps(&Row::from_cells(&[(Field::Lon, "3.5")])), Ok(false));
}

#[test]
fn a_picture_of_which_nothing_is_said_is_no_panorama() {
    let select = |pano| Select { pano: Some(pano), ..Select::default() };
    let row = |text| Row::from_cells(&[(Field::IsPano, text)]);
    for (text, is_pano) in [("true", true), ("false", false), ("", false)] {
        assert_eq!(select(is_pano).keeps(&row(text)), Ok(true), "{text}");
        assert_eq!(select(!is_pano).keeps(&row(text)), Ok(false), "{text}");
    }
}

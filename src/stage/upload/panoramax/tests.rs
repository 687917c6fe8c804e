use std::path::Path;

use super::*;

fn item(path: &str) -> Item {
    Item { path: Path::new(path).to_owned(), description: Description::default() }
}

#[test]
fn each_file_of_a_set_has_a_name_of_its_own_and_no_folder() {
    let items = ["a/1.JPG", "b/1.jpeg", "c/2.jpg"].map(item);
    assert_eq!(names(&items), ["0-1.jpg", "1-1.jpg", "2.jpg"]);
    assert_eq!(title(&items), "Sequence");
    let items = ["a/x.jpg", "b/X.jpg", "c/0-x.jpg", "d/1-X.jpg", "e/1-X.jpeg"].map(item);
    let found = names(&items);
    let different: HashSet<String> = found.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!((different.len(), &*found[2]), (items.len(), "0-x.jpg"), "{found:?}");
}

#[test]
fn what_the_row_says_goes_beside_the_file() {
    let said = Description {
        lon_deg: Some(13.4),
        lat_deg: Some(-52.5),
        captured_ms: Some(1_714_557_600_120),
        altitude_m: Some(-3.25),
        ..Description::default()
    };
    let found = fields(&said);
    let of = |name: &str| found.iter().find(|(key, _)| *key == name).map(|(_, v)| v.as_str());
    assert_eq!(of("override_capture_time"), Some("2024-05-01T10:00:00.120Z"));
    assert_eq!(of("override_latitude"), Some("-52.5000000"));
    assert_eq!(of("override_Exif.GPSInfo.GPSAltitude"), Some("3250/1000"));
    assert_eq!(of("override_Exif.GPSInfo.GPSAltitudeRef"), Some("1"));
    assert_eq!(of("override_Exif.GPSInfo.GPSImgDirection"), None);
}

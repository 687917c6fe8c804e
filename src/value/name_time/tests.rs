use super::*;

fn found(stem: &str) -> String {
    match find(stem) {
        Ok(time) => {
            let zone = time.offset.map_or(String::new(), |offset| offset.to_string());
            format!("{}{zone}", time.local.format("%Y-%m-%dT%H:%M:%S%.f"))
        }
        Err(what) => what.to_string(),
    }
}

#[test]
fn names_of_phones_cameras_and_apps_are_read() {
    for (stem, expected) in [
        ("IMG_20240501_120000", "2024-05-01T12:00:00"),
        ("IMG_20240501_120000_123", "2024-05-01T12:00:00.123"),
        ("IMG_20240501_120000_1", "2024-05-01T12:00:00"),
        ("IMG_20240501_120000_BURST001", "2024-05-01T12:00:00"),
        ("PXL_20240501_120000123", "2024-05-01T12:00:00.123+00:00"),
        ("PXL_20240501_120000123.MP", "2024-05-01T12:00:00.123+00:00"),
        ("20240501-120000", "2024-05-01T12:00:00"),
        ("20240501_120000", "2024-05-01T12:00:00"),
        ("VID_20240501_120000", "2024-05-01T12:00:00"),
        ("DJI_20240501120000_0001_D", "2024-05-01T12:00:00"),
        ("2024-05-01 12.00.00", "2024-05-01T12:00:00"),
        ("Screenshot_2024-05-01-12-00-00", "2024-05-01T12:00:00"),
        ("WhatsApp Image 2024-05-01 at 12.00.00", "2024-05-01T12:00:00"),
        ("WhatsApp Image 2024-05-01 at 10.30.45 PM", "2024-05-01T22:30:45"),
        ("WhatsApp Image 2024-05-01 at 12.30.45 AM (1)", "2024-05-01T00:30:45"),
        ("Screenshot 2024-05-01 at 2.30.45\u{202f}PM", "2024-05-01T14:30:45"),
        ("Screenshot 2024-05-01 at 12.30.45\u{a0}pm", "2024-05-01T12:30:45"),
        ("Screenshot 2024-05-01 at 9.30.45 AM", "2024-05-01T09:30:45"),
        ("20240501_223045_PM", "2024-05-01T22:30:45"),
        ("IMG_20240501_103045 Pmouth", "2024-05-01T10:30:45"),
        ("2024_05_01_12_00_00_123_+0200", "2024-05-01T12:00:00.123+02:00"),
        ("2024_05_01_12_00_00_123", "2024-05-01T12:00:00.123"),
        ("photo 2024-05-01T12:00:00Z", "2024-05-01T12:00:00+00:00"),
    ] {
        assert_eq!(found(stem), expected, "{stem}");
    }
}

#[test]
fn other_numbers_are_no_dates() {
    for stem in [
        "IMG_0001",
        "IMG-20240501-WA0001",
        "20240501",
        "20241301_120000",
        "20240501_250000",
        "1714557600123",
        "Screenshot 2024-05-01 at 2.30.45",
        "20240501_223045_AM",
        "20240501_003045 PM",
        "202405011200001234",
        "00000001_120000",
        "é20240501",
    ] {
        assert!(found(stem).contains("has no date"), "{stem}: {}", found(stem));
    }
    assert!(found("20240501_120000-20240502_130000").contains("two dates"));
}

#[test]
fn a_pattern_is_found_wherever_it_fits() {
    let time = find_by("cam1 01.05.24 12h00m05", "%d.%m.%y %Hh%Mm%S").unwrap();
    assert_eq!(time.local.to_string(), "2024-05-01 12:00:05");
    assert!(find_by("IMG_0001", "%Y%m%d").unwrap_err().to_string().contains("'%Y%m%d'"));
}

use super::*;

#[test]
fn a_text_that_is_no_value_is_told_how_one_is_spelt() {
    for (expected, spelling) in [
        (Expected::CameraAhead, "a number of seconds nor auto"),
        (Expected::Collection, "mapillary-USER-original"),
        (Expected::Digest, "64 hexadecimal digits"),
        (Expected::GpsTime, "2024-05-01T10:00:00Z"),
        (Expected::HeightRange, "-500,20000"),
        (Expected::Instant, "2024-05-01T12:00:00Z"),
        (Expected::LocalTime, "2024-05-01T12:00:00.25"),
        (Expected::SyncPair, "2024-05-01T10:00:00Z=2024-05-01T12:00:03"),
        (Expected::Tile, "z/x/y"),
        (Expected::Zone, "Europe/Berlin"),
    ] {
        let said = expected.not("x").to_string();
        assert!(said.starts_with("'x' is n") && said.contains(spelling), "{said}");
    }
}

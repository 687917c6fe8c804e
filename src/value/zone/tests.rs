use super::*;

fn zone(text: &str) -> Zone {
    text.parse().unwrap()
}

fn local(text: &str) -> LocalTime {
    text.parse().unwrap()
}

#[test]
fn offsets_are_read_in_their_common_forms() {
    for text in ["+02:00", "+0200", "+02"] {
        assert_eq!(zone(text).to_string(), "+02:00");
    }
    assert_eq!(zone("-03:30").offset_s(0), Some(-12_600));
    assert_eq!(zone("Z").to_string(), "UTC");
    assert_eq!("auto".parse(), Ok(ZoneChoice(None)));
    assert_eq!("Z".parse(), Ok(ZoneChoice(Some(zone("Z")))));
    assert_eq!(zone("Europe/Berlin").to_string(), "Europe/Berlin");
}

#[test]
fn what_is_no_zone_is_refused() {
    for text in [
        "", "+", "+2", "+15:00", "+02:60", "+0a:00", "++1", "++100", "+-100", "+é", "Berlin",
        "02:00",
    ] {
        assert!(text.parse::<Zone>().unwrap_err().to_string().contains(&format!("'{text}'")));
    }
}

#[test]
fn summer_time_goes_by_the_date_of_the_photo() {
    let berlin = zone("Europe/Berlin");
    let noon = |date: &str| berlin.instants_ms(local(&format!("{date}T12:00:00")));
    assert_eq!(noon("2024-01-15"), Instants::One(1_705_316_400_000));
    assert_eq!(noon("2024-07-15"), Instants::One(1_721_037_600_000));
}

#[test]
fn the_hour_that_comes_twice_gives_both_instants() {
    let twice = zone("Europe/Berlin").instants_ms(local("2024-10-27T02:30:00.5"));
    assert_eq!(twice, Instants::Two(1_729_989_000_500, 1_729_992_600_500));
}

#[test]
fn the_hour_left_out_gives_none() {
    assert_eq!(zone("Europe/Berlin").instants_ms(local("2024-03-31T02:30:00")), Instants::Never);
}

#[test]
fn a_place_has_a_zone() {
    let at = |lon, lat| zone_at(Position::new(lon, lat).unwrap()).map(|zone| zone.to_string());
    assert_eq!(at(13.4, 52.5).as_deref(), Some("Europe/Berlin"));
    assert_eq!(at(-122.4, 37.8).as_deref(), Some("America/Los_Angeles"));
    assert!(at(-30.0, 0.0).unwrap().starts_with("Etc/GMT"));
    for (lon, lat) in [(180.0, 90.0), (-180.0, -90.0), (180.0, 0.0)] {
        at(lon, lat);
    }
}

#[test]
fn an_offset_is_written_with_its_sign() {
    assert_eq!(offset_text(-12_600), "-03:30");
    assert_eq!(offset_text(0), "+00:00");
}

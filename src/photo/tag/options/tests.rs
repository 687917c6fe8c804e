use super::*;

#[test]
fn groups_that_are_named_alone_or_left_out() {
    let all = Options::default();
    assert!(all.has(TagGroup::Position) && all.has(TagGroup::Pano));
    let only = Options { only: vec![TagGroup::Time], ..Options::default() };
    assert!(only.has(TagGroup::Time) && !only.has(TagGroup::Id));
    let both = Options { except: vec![TagGroup::Time], ..only.clone() };
    assert!(!both.has(TagGroup::Time), "what is left out is left out");
}

#[test]
fn a_date_gives_way_only_when_it_is_named_and_may_be_overwritten() {
    for (only, overwrite, may) in [
        (vec![], true, false),
        (vec![TagGroup::Time], false, false),
        (vec![TagGroup::Position], true, false),
        (vec![TagGroup::Position, TagGroup::Time], true, true),
    ] {
        let options = Options { only, overwrite, ..Options::default() };
        assert_eq!(options.may_replace_time(), may, "{options:?}");
    }
}

#[test]
fn a_zone_is_that_of_the_place_a_name_or_an_offset() {
    assert_eq!("position".parse(), Ok(ZoneFor::Position));
    assert_eq!("UTC".parse(), Ok(ZoneFor::Zone(Zone::UTC)));
    assert!("Europe/Berlin".parse::<ZoneFor>().is_ok() && "+02:00".parse::<ZoneFor>().is_ok());
    for text in ["", "Position", "here", "+2"] {
        let error = text.parse::<ZoneFor>().unwrap_err().to_string();
        assert!(error.contains("Europe/Berlin"), "{text}: {error}");
    }
}

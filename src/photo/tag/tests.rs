//! Tests of the values that a row sets.

use super::*;
use crate::format::exif::{self, gps, tags};
use crate::format::picture::PictureFacts;
use crate::format::xmp::Packet;
use crate::photo::silent_reporter::Unheard;

fn wanted(cells: &[(Field, &str)], options: &Options) -> Wanted {
    Wanted::from_row(&Row::from_cells(cells), options, &Unheard).unwrap()
}

const PLACES: [(Field, &str); 4] =
    [(Field::Lon, "1"), (Field::Lat, "2"), (Field::ComputedLon, "3"), (Field::ComputedLat, "4")];

#[test]
fn a_value_with_evidence_comes_before_the_choice_of_values() {
    let options = Options { position: ValueSource::Best, ..Options::default() };
    let best = wanted(&PLACES, &options).position.unwrap();
    assert_eq!((best.place.lon_deg(), best.by.as_deref()), (3.0, Some("computed")));
    let cells = [&PLACES[..], &[(Field::PositionBy, "exact")]].concat();
    let own = wanted(&cells, &options).position.unwrap();
    assert_eq!((own.place.lon_deg(), own.by.as_deref()), (1.0, Some("exact")));
    let none = [&PLACES[..], &[(Field::PositionBy, "none")]].concat();
    assert_eq!(wanted(&none, &options).position, None);
}

#[test]
fn a_height_below_0_that_came_as_a_large_number_is_understood() {
    let height = |text| {
        let cells = [&PLACES[..2], &[(Field::Altitude, text)]].concat();
        wanted(&cells, &Options::default()).position.unwrap().altitude_m
    };
    assert_eq!(height("4294967281"), Some(-15.0));
    assert_eq!(height("0"), Some(0.0));
    assert_eq!(height("250000"), None);
}

#[test]
fn every_group_has_a_word_of_its_own() {
    for group in TagGroup::ALL {
        assert_eq!(group.word().parse(), Ok(group));
    }
}

#[test]
fn an_owner_s_words_in_xmp_are_held_as_those_in_exif_are() {
    let cells = [(Field::ImgId, "123456789012345"), (Field::CreatorUsername, "ada")];
    let words = |space, name, value: &str| {
        let edit = xmp::Edit { namespace: space, name, value: Some(xmp::Set::Text(value.into())) };
        xmp::read(&xmp::edit(None, &[edit]).unwrap().unwrap())
    };
    for (packet, held, written) in [
        (words(xmp::DC, "rights", "(C) Me"), true, vec![TagGroup::Id]),
        (words(xmp::DC, "creator", "Me"), true, vec![TagGroup::Id]),
        (words(xmp::RIGHTS, "WebStatement", "https://example.org"), true, vec![TagGroup::Id]),
        (words(xmp::DC, "description", "My dog"), true, vec![TagGroup::Rights]),
        (words(xmp::DC, "source", "A scan"), true, vec![TagGroup::Rights]),
        (
            words(xmp::DC, "rights", "ada, CC BY-SA 4.0"),
            false,
            vec![TagGroup::Id, TagGroup::Rights],
        ),
    ] {
        for in_sidecar in [false, true] {
            let mut facts = PictureFacts::default();
            let sidecar = in_sidecar.then(|| packet.clone());
            facts.xmp = if in_sidecar { Packet::default() } else { packet.clone() };
            let wanted = wanted(&cells, &Options::default());
            let plan = Plan::new(&wanted, &facts, sidecar.as_ref(), &Options::default()).unwrap();
            assert_eq!((plan.held, &plan.groups), (held, &written), "{packet:?}");
        }
    }
}

/// The EXIF and XMP of a file with a position of its own and all tags that may accompany it.
fn with_old_place() -> (Vec<u8>, Vec<u8>) {
    let mut edits =
        gps::position_edits(&gps::Gps { lat: Some(52.5), lon: Some(13.4), ..gps::Gps::default() });
    let ascii = |tag, text: &str| exif::Edit { tag, value: Some(exif::Value::Ascii(text.into())) };
    edits.extend(gps::old_place_edits().map(|edit| ascii(edit.tag, "old")));
    edits.push(ascii(tags::GPS_SATELLITES, "old"));
    let block = exif::edit(None, &edits, 65_527, None).unwrap().unwrap();
    let text = |namespace, name, value: &str| xmp::Edit {
        namespace,
        name,
        value: Some(xmp::Set::Text(value.into())),
    };
    let words = [
        text(xmp::EXIF, "GPSLatitude", "52.5"),
        text(xmp::EXIF, "GPSLatitudeRef", "N"),
        text(xmp::EXIF, "GPSDestLatitude", "52,30N"),
        text(xmp::EXIF, "GPSAreaInformation", "old"),
        text(xmp::EXIF, "GPSHPositioningError", "5/1"),
        text(xmp::DJI, "GpsLongtitude", "13.4"),
        text(xmp::PHOTOSHOP, "City", "Berlin"),
        text(xmp::DC, "title", "mine"),
    ];
    (block, xmp::edit(None, &words).unwrap().unwrap())
}

#[test]
fn a_place_that_gives_way_takes_along_what_was_said_of_it() {
    let (block, packet) = with_old_place();
    let facts = PictureFacts {
        exif: exif::read(&mut &block[..]).unwrap(),
        xmp: xmp::read(&packet),
        ..PictureFacts::default()
    };
    let options = Options { overwrite: true, ..Options::default() };
    let plan = Plan::new(&wanted(&PLACES[..2], &options), &facts, None, &options).unwrap();
    assert!(plan.names_old_place);
    let block = exif::edit(Some(&block), &plan.edits.exif, 65_527, None).unwrap().unwrap();
    let tree = exif::tree::read(&mut &block[..]).unwrap();
    let gone = gps::old_place_edits().map(|edit| edit.tag).chain([tags::GPS_SATELLITES]);
    assert!(gone.into_iter().all(|tag| tree.entry(tag).is_none()));
    let packet = xmp::edit(Some(&packet), &plan.beside_exif(&facts.xmp)).unwrap().unwrap();
    let names: Vec<String> =
        xmp::read(&packet).properties.into_iter().map(|property| property.name).collect();
    assert_eq!(names, ["GPSLatitude", "City", "title"]);
}

#[test]
fn a_sidecar_that_somebody_else_changed_meanwhile_stays() {
    for (before, there, is_written) in [
        (Some("old"), Some("old"), true),
        (None, None, true),
        (Some("old"), Some("theirs"), false),
        (Some("old"), None, false),
        (None, Some("theirs"), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("a.xmp");
        there.iter().for_each(|text| std::fs::write(&name, text).unwrap());
        let before = source_file::Before::Read(before.map(str::as_bytes));
        let written = source_file::write_sidecar(&name, before, b"ours", None);
        assert_eq!(written.is_ok(), is_written, "{there:?}");
        let now = std::fs::read_to_string(&name).ok();
        let wanted = if is_written { Some("ours") } else { there };
        assert_eq!(now.as_deref(), wanted);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), wanted.iter().count());
    }
}

/// 2024-07-01 12:00 in Berlin.
const NOON: &str = "1719828000000";

#[test]
fn a_clock_is_ahead_of_utc_by_its_instant_or_by_its_zone() {
    let offset = |cells: &[(Field, &str)]| {
        let cells = [&[(Field::TakenAt, "2024-07-01T12:00:00")], cells].concat();
        wanted(&cells, &Options::default()).time.unwrap().unwrap().offset_s
    };
    assert_eq!(offset(&[(Field::Zone, "Europe/Berlin")]), Some(7200));
    assert_eq!(offset(&[(Field::Zone, "-03:30")]), Some(-12_600));
    assert_eq!(offset(&[(Field::CapturedAt, NOON)]), Some(7200));
    assert_eq!(offset(&[(Field::CapturedAt, "1719828000500")]), Some(7200));
    // A clock that was corrected by 37 seconds shows no zone.
    assert_eq!(offset(&[(Field::CapturedAt, "1719828037000"), (Field::Zone, "+02:00")]), None);
    assert_eq!(offset(&[]), None);
    let twice = [(Field::TakenAt, "2024-10-27T02:30:00"), (Field::Zone, "Europe/Berlin")];
    let clock = wanted(&twice, &Options::default()).time.unwrap().unwrap();
    assert_eq!(clock.offset_s, None);
}

#[test]
fn a_time_that_no_file_can_hold_and_a_zone_that_is_none_fail_their_row() {
    for cells in [
        &[(Field::CapturedAt, "1719828000123456")][..],
        &[(Field::CapturedAt, "253402300800000")],
        &[(Field::CapturedAt, "-62135596800001")],
        &[(Field::TakenAt, "2024-07-01T12:00:00"), (Field::Zone, "Nowhere/Land")],
    ] {
        let row = Row::from_cells(cells);
        assert!(Wanted::from_row(&row, &Options::default(), &Unheard).is_err(), "{cells:?}");
    }
    let last = [(Field::CapturedAt, "253402300799000")];
    assert!(wanted(&last, &Options::default()).time.unwrap().is_ok());
    let options = Options {
        zone: super::options::ZoneFor::Zone("+01:00".parse().unwrap()),
        ..Options::default()
    };
    assert!(Wanted::from_row(&Row::from_cells(&last), &options, &Unheard).is_err());
}

#[test]
fn a_place_of_0_0_is_none_and_the_other_one_is_used() {
    let place = |cells: &[(Field, &str)], position| {
        let fix = wanted(cells, &Options { position, ..Options::default() }).position;
        fix.map(|fix| (fix.place.lon_deg(), fix.place.lat_deg(), fix.by))
    };
    let read = [(Field::Lon, "10"), (Field::Lat, "50")];
    let zero = [(Field::Lon, "0"), (Field::Lat, "-0.0")];
    let computed = [(Field::ComputedLon, "11"), (Field::ComputedLat, "51")];
    let computed_zero = [(Field::ComputedLon, "0"), (Field::ComputedLat, "0")];
    for source in [ValueSource::Raw, ValueSource::Computed, ValueSource::Best] {
        assert_eq!(place(&[zero, computed_zero].concat(), source), None);
        assert_eq!(place(&zero, source), None);
    }
    let best = ValueSource::Best;
    assert_eq!(place(&[read, computed_zero].concat(), best), Some((10.0, 50.0, None)));
    let by = Some("computed".to_string());
    assert_eq!(place(&[zero, computed].concat(), best), Some((11.0, 51.0, by)));
    // Who asks for one of them alone gets that one or none.
    assert_eq!(place(&[zero, computed].concat(), ValueSource::Raw), None);
    assert_eq!(place(&[read, computed_zero].concat(), ValueSource::Computed), None);
}

#[test]
fn another_date_in_the_file_is_held_and_the_same_instant_is_not() {
    let held = |own: (&str, Option<i32>), cells: &[(Field, &str)]| {
        let mut facts = PictureFacts::default();
        let offset = own.1.and_then(chrono::FixedOffset::east_opt);
        let local = own.0.parse::<crate::value::instant::LocalTime>().unwrap().naive();
        facts.exif.original = Some(exif::times::CameraTime { local, offset });
        let wanted = wanted(cells, &Options::default());
        let plan = Plan::new(&wanted, &facts, None, &Options::default()).unwrap();
        assert_eq!(plan.groups, []);
        plan.held
    };
    let noon = ("2024-07-01T12:00:00", Some(7200));
    assert!(!held(noon, &[(Field::CapturedAt, NOON)]));
    assert!(!held(noon, &[(Field::CapturedAt, "1719828000999")]));
    assert!(held(noon, &[(Field::CapturedAt, "1719914400000")]));
    assert!(held(noon, &[(Field::TakenAt, "2024-07-02T12:00:00")]));
    assert!(held(noon, &[(Field::TakenAt, noon.0), (Field::Zone, "+05:00")]));
    assert!(!held(noon, &[(Field::TakenAt, noon.0)]));
    // Where the file's zone is unknown, an instant alone says nothing about its clock.
    let floating = ("2024-07-01T12:00:00", None);
    assert!(!held(floating, &[(Field::CapturedAt, "1719914400000")]));
    assert!(!held(floating, &[(Field::TakenAt, floating.0), (Field::Zone, "+05:00")]));
    assert!(held(floating, &[(Field::TakenAt, "2024-07-01T12:00:02"), (Field::Zone, "+02:00")]));
}

#[test]
fn the_height_of_a_point_is_written_if_the_row_has_no_other() {
    let height = |altitude: &str| {
        let cells = [&PLACES[..2], &[(Field::Altitude, altitude)]].concat();
        let mut row = Row::from_cells(&cells);
        row.set_column(&crate::row::Column::named("geometry"), "POINT Z (1 2 55)", false);
        let wanted = Wanted::from_row(&row, &Options::default(), &Unheard).unwrap();
        wanted.position.unwrap().altitude_m
    };
    assert_eq!((height(""), height("10")), (Some(55.0), Some(10.0)));
}

#[test]
fn a_date_that_is_written_leaves_no_other_one_in_ifd0() {
    let old = exif::Value::Ascii("2024:07:02 12:00:00".into());
    let edit = exif::Edit { tag: tags::MAIN_DATE_TIME_ORIGINAL, value: Some(old) };
    let block = exif::edit(None, &[edit], 65_527, None).unwrap().unwrap();
    let facts = PictureFacts { exif: exif::read(&mut &block[..]).unwrap(), ..Default::default() };
    let row = [(Field::TakenAt, "2024-07-01T12:00:00")];
    let plan = |overwrite| {
        let options = Options { only: vec![TagGroup::Time], overwrite, ..Options::default() };
        Plan::new(&wanted(&row, &options), &facts, None, &options).unwrap()
    };
    assert!(plan(false).held && plan(false).edits.is_empty());
    let block = exif::edit(Some(&block), &plan(true).edits.exif, 65_527, None).unwrap().unwrap();
    let read = exif::read(&mut &block[..]).unwrap();
    assert_eq!(read.original.unwrap().local.to_string(), "2024-07-01 12:00:00");
    assert_eq!(read.faults, []);
}

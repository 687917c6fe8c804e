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

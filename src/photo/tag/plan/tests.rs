//! Tests that a file which was written agrees with itself.

use super::*;
use crate::format::exif::{self, gps};
use crate::photo::silent_reporter::Unheard;
use crate::row::{Field, Row};

/// The XMP of a file whose every copy of EXIF is out of date.
fn stale() -> Vec<u8> {
    let text = |namespace, name, value: &str| xmp::Edit {
        namespace,
        name,
        value: Some(Set::Text(value.into())),
    };
    let words = [
        text(xmp::EXIF, "GPSLatitude", "48,30.0N"),
        text(xmp::EXIF, "GPSLongitude", "11,24.0E"),
        text(xmp::EXIF, "GPSAltitude", "12/1"),
        text(xmp::EXIF, "GPSTimeStamp", "2020-01-01T05:00:00Z"),
        text(xmp::EXIF, "GPSMapDatum", "TOKYO"),
        text(xmp::EXIF, "GPSStatus", "V"),
        text(xmp::EXIF, "GPSTrack", "45/1"),
        text(xmp::EXIF, "GPSTrackRef", "M"),
        text(xmp::EXIF, "GPSImgDirection", "45/1"),
        text(xmp::EXIF, "GPSImgDirectionRef", "M"),
        text(xmp::GPANO, "PoseHeadingDegrees", "45"),
        text(xmp::DJI, "GpsLatitude", "48.5"),
        text(xmp::DJI, "GpsLongitude", "11.4"),
        text(xmp::EXIF, "DateTimeOriginal", "2020-01-01T12:00:00+09:00"),
        text(xmp::EXIF, "DateTimeDigitized", "2020-01-01T12:00:00+09:00"),
        text(xmp::PHOTOSHOP, "DateCreated", "2020-01-01T12:00:00+09:00"),
        text(xmp::XMP, "CreateDate", "2020-01-01T12:00:00+09:00"),
    ];
    xmp::edit(None, &words).unwrap().unwrap()
}

/// The EXIF of the same file.
fn old_block() -> Vec<u8> {
    let direction = gps::Direction { deg: 45.0, magnetic: true };
    let place = gps::Gps { lat: Some(48.5), lon: Some(11.4), ..gps::Gps::default() };
    let edits = [gps::position_edits(&place), gps::direction_edits(direction)].concat();
    exif::edit(None, &edits, 65_527, None).unwrap().unwrap()
}

fn facts(block: &[u8], packet: &[u8]) -> PictureFacts {
    let exif = exif::read(&mut &block[..]).unwrap();
    PictureFacts { exif, xmp: xmp::read(packet), ..PictureFacts::default() }
}

/// The file after a row was written.
fn written(row: &Row, options: &Options) -> PictureFacts {
    let (block, packet) = (old_block(), stale());
    let before = facts(&block, &packet);
    let wanted = Wanted::from_row(row, options, &Unheard).unwrap();
    let plan = Plan::new(&wanted, &before, None, options).unwrap();
    let block = exif::edit(Some(&block), &plan.edits.exif, 65_527, None).unwrap().unwrap();
    let packet = xmp::edit(Some(&packet), &plan.beside_exif(&before.xmp)).unwrap().unwrap();
    facts(&block, &packet)
}

#[test]
fn a_file_that_was_written_does_not_contradict_its_own_xmp() {
    let row = |direction_by: &str| {
        Row::from_cells(&[
            (Field::CapturedAt, "1719828000000"),
            (Field::TakenAt, "2024-07-01T12:00:00"),
            (Field::Zone, "+02:00"),
            (Field::Lon, "13.4"),
            (Field::Lat, "52.5"),
            (Field::CompassAngle, "90"),
            (Field::DirectionBy, direction_by),
        ])
    };
    let time = Options { overwrite: true, only: vec![TagGroup::Time], ..Options::default() };
    let rest = Options { overwrite: true, ..Options::default() };
    for direction_by in ["", "magnetic", "next"] {
        let facts = written(&row(direction_by), &rest);
        let camera = Camera::from_facts(&facts, None, Heights::default());
        let place = camera.position.map(|place| (place.lon_deg(), place.lat_deg()));
        assert_eq!(place, Some((13.4, 52.5)));
        assert_eq!(camera.direction.map(|direction| direction.deg), Some(90.0));
        let heading = facts.xmp.text(xmp::GPANO, "PoseHeadingDegrees");
        assert_eq!(heading, (direction_by != "magnetic").then_some("90"));
        let why = camera.why.unwrap_or_default();
        // The dates of the file were not to be written.
        assert!(why.is_empty() || why.starts_with("the GPS time "), "{direction_by}: {why}");
    }
    let facts = written(&row(""), &time);
    let new = Some("2024-07-01T12:00:00+02:00");
    for (space, name, text) in [
        (xmp::EXIF, "DateTimeOriginal", new),
        (xmp::EXIF, "DateTimeDigitized", None),
        (xmp::PHOTOSHOP, "DateCreated", new),
        (xmp::XMP, "CreateDate", new),
    ] {
        assert_eq!(facts.xmp.text(space, name), text, "{name}");
    }
}

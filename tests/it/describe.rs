//! describe, as a process.

use std::fs;
use std::path::Path;

use mapillary_pipes::format::exif::{Edit, Value, tags};
use mapillary_pipes::format::picture::Picture;

use crate::photo::{Camera, jpeg};
use crate::photos::{card, track};
use crate::read_exif::column;
use crate::tool::{Run, tool};

/// A card of photos with position and time.
fn placed(folder: &Path, photos: usize) {
    track(folder);
    card(folder, photos);
    let rows = tool("geotag-gpx").within(folder).args(&["card", "--gpx", "ride.gpx"]).ok().stdout;
    let rows = tool("interpolate-dir").within(folder).stdin(rows).ok().stdout;
    tool("tag-exif").within(folder).stdin(rows).ok();
}

fn describe(folder: &Path, args: &[&str]) -> Run {
    tool("describe").within(folder).args(args).ok()
}

/// The photo with another text in its ImageDescription.
pub fn say(path: &Path, text: &str) {
    let bytes = fs::read(path).unwrap();
    let mut picture = Picture::open(std::io::Cursor::new(&bytes)).unwrap();
    let edit = Edit { tag: tags::IMAGE_DESCRIPTION, value: Some(Value::Ascii(text.into())) };
    let pieces = picture.edit(&[edit], &[]).unwrap().unwrap();
    fs::write(path, mapillary_pipes::format::metadata_container::joined(&pieces, &bytes)).unwrap();
}

fn said(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    Picture::open(file).unwrap().facts().unwrap().exif.description.unwrap_or_default()
}

#[test]
fn photos_become_rows_and_a_file_as_the_services_own_tool_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    placed(folder.path(), 3);
    let run = describe(folder.path(), &["card", "--desc", "d.json"]);
    assert_eq!(column(&run, "MAPLatitude"), ["52.0", "52.0", "52.0"]);
    assert_eq!(column(&run, "MAPCaptureTime")[1], "2024_05_01_10_00_10_000");
    let list = fs::read_to_string(folder.path().join("d.json")).unwrap();
    let full = folder.path().canonicalize().unwrap().join("card/IMG_8.JPG");
    let bytes = full.metadata().unwrap().len();
    let first = format!(
        "[{{\"MAPAltitude\":30.0,\"MAPCaptureTime\":\"2024_05_01_10_00_00_000\",\"MAPCompassHeading\":\
         {{\"MagneticHeading\":90.0,\"TrueHeading\":90.0}},\"MAPFilename\":\"IMG_8.JPG\",\"MAPLatitude\":52.0,\
         \"MAPLongitude\":13.0,\"MAPOrientation\":1,\"MAPSequenceUUID\":\"0\",\"filename\":\"{}\",\"filesize\":{bytes},\
         \"filetype\":\"image\"}},{{",
        full.display()
    );
    assert!(list.starts_with(&first) && list.ends_with("}]"), "{list}");
    // Reading what was written gives the same descriptions, from the file alone.
    let again = describe(folder.path(), &["d.json", "--desc", "e.json", "-f", "csv"]);
    assert_eq!(column(&again, "MAPCompassHeading"), column(&run, "MAPCompassHeading"));
    assert_eq!(fs::read_to_string(folder.path().join("e.json")).unwrap(), list);
}

#[test]
fn what_is_wrong_is_said_in_its_row_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"] {
        jpeg(&folder.path().join(name), None);
    }
    let rows = "path,lon,lat,captured_at\na.jpg,0,0,1000\nb.jpg,8,50,2000\nc.jpg,8,50,3000\nd.jpg,8.001,50,\n\
                e.jpg,,,9000\n";
    let run = tool("describe").within(folder.path()).stdin(rows).ok();
    let kinds: Vec<String> =
        column(&run, "why").iter().map(|why| why.split(':').next().unwrap().to_owned()).collect();
    let place = "MapillaryGeoTaggingError";
    assert_eq!(kinds, ["MapillaryNullIslandError", "", "MapillaryDuplicationError", place, place]);
    assert!(run.stderr.contains("4 with a problem"), "{}", run.stderr);
    let accepted = tool("describe").within(folder.path()).args(&["--duplicate-distance", "-1"]);
    assert_eq!(
        column(&accepted.stdin(run.stdout).ok(), "why")[2],
        "",
        "what is right again is said no more"
    );
    let run =
        tool("describe").within(folder.path()).stdin("path,lon,lat\nf.jpg,1,1\na.jpg,x,1\n").run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(
        run.stderr.contains("line 2: ") && run.stderr.contains("'x' in column 'lon'"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_photo_that_was_cut_is_named_before_its_sequence_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "b.jpg"] {
        jpeg(&folder.path().join(name), None);
    }
    let whole = fs::read(folder.path().join("b.jpg")).unwrap();
    fs::write(folder.path().join("b.jpg"), &whole[..whole.len() - 9]).unwrap();
    let rows = "path,lon,lat,captured_at\na.jpg,8,50,1000\nb.jpg,8.001,50,9000\n";
    let run = tool("describe").within(folder.path()).stdin(rows).ok();
    assert_eq!(column(&run, "why"), ["", "MapillaryMetadataValidationError: the JPEG has no end"]);
}

#[test]
fn a_description_is_written_into_the_photo_without_loss_and_words_of_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    placed(folder.path(), 2);
    let (first, second) =
        (folder.path().join("card/IMG_8.JPG"), folder.path().join("card/IMG_9.JPG"));
    say(&second, "my grandmother's house");
    let facts =
        |path: &Path| Picture::open(fs::File::open(path).unwrap()).unwrap().facts().unwrap().exif;
    let before = facts(&first);
    let planned = describe(folder.path(), &["card", "--write", "--dry-run"]);
    assert_eq!(
        (column(&planned, "status"), said(&first)),
        (vec!["planned".into(), "held".into()], String::new())
    );
    let run = describe(folder.path(), &["card", "--write"]);
    assert_eq!(column(&run, "status"), ["done", "held"]);
    assert!(said(&first).starts_with("{\"MAPAltitude\":30.0,"), "{}", said(&first));
    assert!(!said(&first).contains("MAPSequenceUUID"));
    assert_eq!(
        mapillary_pipes::format::exif::ExifFacts { description: None, ..facts(&first) },
        before
    );
    assert_eq!(said(&second), "my grandmother's house");
    let run = describe(folder.path(), &["card", "--write", "--overwrite"]);
    assert_eq!(column(&run, "status"), ["kept", "done"]);
}

#[test]
fn a_photo_of_an_old_app_is_read_right_and_loses_what_is_personal() {
    let folder = tempfile::tempdir().unwrap();
    let path = jpeg(
        &folder.path().join("old.jpg"),
        Some(&Camera { make: Some("Acme"), ..Camera::default() }),
    );
    let old = r#"{"MAPLatitude":"44.8378","MAPLongitude":"-0.579","MAPCaptureTime":"2014_08_02_18_30_05_120",
        "MAPLocalTimeZone":"+0200","MAPCompassHeading":{"TrueHeading":"12.5","MagneticHeading":"11"},
        "MAPSettingsEmail":"ada@example.org","MAPSettingsUploadHash":"f00f","MAPSequenceUUID":"9b7c-1"}"#;
    say(&path, old);
    let run = describe(folder.path(), &["old.jpg", "--write"]);
    assert_eq!(column(&run, "MAPCaptureTime"), ["2014_08_02_16_30_05_120"]);
    assert_eq!(
        (column(&run, "MAPSequenceUUID"), column(&run, "lat")),
        (vec!["9b7c-1".into()], vec!["44.8378".into()])
    );
    assert!(
        run.stderr.contains("MAPSettingsEmail") && !run.stderr.contains("example.org"),
        "{}",
        run.stderr
    );
    assert!(!run.stdout.contains("example.org"));
    let bytes = fs::read(&path).unwrap();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(!holds(b"example.org") && !holds(b"f00f"), "not even in room that is free now");
    assert!(said(&path).contains("\"MagneticHeading\":11.0,\"TrueHeading\":12.5"));
}

#[test]
fn each_folder_is_a_sequence_and_videos_are_passed_by_in_words() {
    let folder = tempfile::tempdir().unwrap();
    jpeg(&folder.path().join("a/1.jpg"), None);
    jpeg(&folder.path().join("b/2.jpg"), None);
    let rows = "path,seq_id,lon,lat,captured_at\na/1.jpg,s,8,50,1000\nb/2.jpg,s,8.001,50,9000\n";
    let of = |args: &[&str]| {
        column(
            &tool("describe").within(folder.path()).args(args).stdin(rows).ok(),
            "MAPSequenceUUID",
        )
    };
    assert_eq!(
        (of(&[]), of(&["--each-folder"])),
        (vec!["s".into(), "s".into()], vec!["0".into(), "1".into()])
    );
    let list = format!(
        r#"[{{"MAPGPSTrack":[[0,8,50,null,null,null]],"filename":"v.mp4","filetype":"camm"}},
           {{"MAPLatitude":50,"MAPLongitude":8,"MAPCaptureTime":"2024_05_01_10_00_00_000","filename":"{}","filetype":"image"}}]"#,
        folder.path().join("a/1.jpg").display()
    );
    let run = tool("describe").args(&["-f", "csv"]).stdin(list).ok();
    assert_eq!(column(&run, "captured_at"), ["1714557600000"]);
    assert!(run.stderr.contains("videos are passed by"), "{}", run.stderr);
}

//! read-exif, as a process.

use std::fs;

use crate::photo::{self, Camera};
use crate::tool::{Run, tool};

/// The cells of one column, by its name.
pub fn column(run: &Run, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let at = reader.headers().unwrap().iter().position(|header| header == name);
    let at = at.unwrap_or_else(|| panic!("no column {name} in {}", run.stdout));
    reader.records().map(|row| row.unwrap()[at].to_string()).collect()
}

#[test]
fn a_folder_is_read_in_natural_order_without_hidden_and_other_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["f10.jpg", "f9.JPG", ".f1.jpg", "sub/a.jpg", ".mapillary-pipes/x.jpg"] {
        photo::jpeg(&folder.path().join("dcim").join(name), None);
    }
    fs::write(folder.path().join("dcim/track.gpx"), "<gpx/>").unwrap();
    let flat = tool("read-exif").within(folder.path()).arg("dcim").ok();
    assert_eq!(column(&flat, "path"), ["dcim/f9.JPG", "dcim/f10.jpg"]);
    let deep = tool("read-exif").within(folder.path()).args(&["-r", "dcim"]).ok();
    assert_eq!(column(&deep, "path"), ["dcim/f9.JPG", "dcim/f10.jpg", "dcim/sub/a.jpg"]);
    assert_eq!(column(&deep, "width"), ["32", "32", "32"]);
}

#[test]
fn a_camera_s_words_become_columns() {
    let folder = tempfile::tempdir().unwrap();
    let camera = Camera {
        make: Some("Example"),
        original: Some("2024:05:01 12:00:00"),
        sub_second: Some("05"),
        offset: Some("+02:00"),
        place: Some((54, 9)),
        ..Camera::default()
    };
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
    let run = tool("read-exif").within(folder.path()).arg("a.jpg").ok();
    for (name, value) in [
        ("make", "Example"),
        ("taken_at", "2024-05-01T12:00:00.05"),
        ("captured_at", "1714557600050"),
        ("zone", "+02:00"),
        ("zone_by", "offset"),
        ("lat", "54"),
        ("lon", "9"),
        ("altitude", ""),
    ] {
        assert_eq!(column(&run, name), [value], "{name}");
    }
}

#[test]
fn times_that_would_have_to_be_guessed_are_absent_and_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let times =
        ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:05:01 12:30:", "2024:02:30 12:00:00"];
    for (number, time) in times.iter().enumerate() {
        let camera = Camera { original: Some(time), ..Camera::default() };
        photo::jpeg(&folder.path().join(format!("{number}.jpg")), Some(&camera));
    }
    let run = tool("read-exif").arg(folder.path()).ok();
    assert_eq!(column(&run, "taken_at"), ["", "", "", ""]);
    let whys = column(&run, "why");
    assert_eq!(whys[..2], ["", ""]);
    assert!(whys[2].contains("has no seconds") && whys[3].contains("no calendar"), "{whys:?}");
}

#[test]
fn rows_keep_their_columns_and_gain_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let camera = Camera { make: Some("Example"), ..Camera::default() };
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
    let rows = "img_id,path,note,width,height\n1,a.jpg,x,4000,2000\n2,gone.jpg,y,,\n";
    let run = tool("read-exif").within(folder.path()).stdin(rows).run();
    assert_eq!(run.status, Some(1));
    assert_eq!(column(&run, "note"), ["x"]);
    assert_eq!(column(&run, "width"), ["4000"], "the size of the upload stays");
    assert_eq!(column(&run, "make"), ["Example"]);
    assert!(run.stderr.contains("line 3: cannot open 'gone.jpg'"), "{}", run.stderr);
}

#[test]
fn a_broken_picture_is_one_failed_row() {
    let folder = tempfile::tempdir().unwrap();
    photo::jpeg(&folder.path().join("a.jpg"), None);
    fs::write(folder.path().join("b.jpg"), "no picture").unwrap();
    let run = tool("read-exif").within(folder.path()).arg(".").run();
    assert_eq!((run.status, column(&run, "path").len()), (Some(1), 1));
    assert!(run.stderr.contains("no picture of a known format"), "{}", run.stderr);
}

#[test]
fn the_order_does_not_depend_on_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..200 {
        photo::jpeg(&folder.path().join(format!("{number}.jpg")), None);
    }
    let paths = |jobs: &str| {
        let run = tool("read-exif").args(&["-j", jobs]).arg(folder.path()).ok();
        column(&run, "path")
    };
    assert_eq!(paths("1"), paths("7"));
}

#[test]
fn a_sidecar_s_time_and_place_are_told_with_the_photo_under_either_name() {
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
        xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:GPSLatitude='51,13.5N' \
        exif:GPSLongitude='2,19.5W' exif:DateTimeOriginal='2023-01-14T15:57:00+00:00'/></rdf:RDF></x:xmpmeta>";
    for name in ["a.xmp", "a.jpg.xmp"] {
        let folder = tempfile::tempdir().unwrap();
        photo::jpeg(&folder.path().join("a.jpg"), None);
        fs::write(folder.path().join(name), packet).unwrap();
        let run = tool("read-exif").within(folder.path()).arg(".").ok();
        let cells =
            ["lat", "lon", "taken_at", "captured_at", "why"].map(|c| column(&run, c).remove(0));
        let why = format!("time, position from sidecar '{name}'");
        assert_eq!(cells, ["51.225", "-2.325", "2023-01-14T15:57:00", "1673711820000", &why]);
        // The photo's own values take precedence, and the sidecar is named.
        let camera = Camera {
            original: Some("2023:01:14 17:57:00"),
            place: Some((54, 9)),
            ..Camera::default()
        };
        photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
        let run = tool("read-exif").within(folder.path()).arg(".").ok();
        let cells = ["lat", "lon", "taken_at"].map(|c| column(&run, c).remove(0));
        assert_eq!(cells, ["54", "9", "2023-01-14T17:57:00"]);
        let why = column(&run, "why").remove(0);
        assert!(
            why.contains(&format!(
                "position 9, 54 of the file is used, sidecar '{name}' says -2.325, 51.225"
            )),
            "{why}"
        );
        assert!(why.contains("time 2023-01-14T17:57:00 of the file is used"), "{why}");
    }
}

#[test]
fn what_a_folder_holds_and_is_not_read_is_counted_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.insp", "b.MPO", "c.jfif", "d.jpg"] {
        photo::jpeg(&folder.path().join(name), None);
    }
    for name in ["e.x3f", "f.x3f", "g.MP4", "a.xmp", "ride.gpx"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("100CANON")).unwrap();
    for flags in [&[][..], &["-j", "1"]] {
        let run = tool("read-exif").within(folder.path()).args(flags).arg(".").ok();
        assert_eq!(column(&run, "path").len(), 4);
        let wanted = "3 files of kinds that are not read: 1 .MP4, 2 .x3f";
        assert!(run.stderr.contains(wanted), "{}", run.stderr);
        assert!(
            run.stderr.contains("1 subfolder was not searched: -r searches them too"),
            "{}",
            run.stderr
        );
    }
    let quiet = tool("read-exif").within(folder.path()).args(&["-q", "-r", "."]).ok();
    assert!(!quiet.stderr.contains("kinds"), "{}", quiet.stderr);
}

#[test]
fn a_place_at_0_0_is_none_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let camera = Camera { place: Some((0, 0)), ..Camera::default() };
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
    photo::png(&folder.path().join("b.png"));
    let zero = sidecar("exif:GPSLatitude='0,0.0N' exif:GPSLongitude='0,0.0E'");
    fs::write(folder.path().join("b.xmp"), zero).unwrap();
    let run = tool("read-exif").within(folder.path()).arg(".").ok();
    assert_eq!(
        (column(&run, "lon"), column(&run, "lat")),
        (vec![String::new(); 2], vec![String::new(); 2])
    );
    assert!(column(&run, "why").iter().all(|why| why.contains("are 0, 0, which is not a place")));
    // A position with one zero is valid: the equator and the meridian.
    let rows = "path,lon,lat\na.jpg,0,55\nb.png,13,0\n";
    let run = tool("tag-exif").within(folder.path()).stdin(rows).ok();
    assert_eq!(column(&run, "status"), ["done", "done"]);
    let run = tool("read-exif").within(folder.path()).arg(".").ok();
    assert_eq!(
        (column(&run, "lon"), column(&run, "lat")),
        (vec!["0".into(), "13".into()], vec!["55".into(), "0".into()])
    );
    assert_eq!(column(&run, "why"), ["", ""]);
}

fn sidecar(words: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:exif='http://ns.adobe.com/exif/1.0/' \
         xmlns:drone-dji='http://www.dji.com/drone-dji/1.0/' {words}/></rdf:RDF></x:xmpmeta>"
    )
}

#[test]
fn what_a_drone_wrote_is_a_reading_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    photo::png(&folder.path().join("a.png"));
    let words = "drone-dji:GpsLatitude='+52.5' drone-dji:GpsLongtitude='+13.4' \
        drone-dji:GimbalYawDegree='-90.0' exif:DateTimeOriginal='2024-05-01T12:00:00+02:00'";
    fs::write(folder.path().join("a.xmp"), sidecar(words)).unwrap();
    let read = || tool("read-exif").within(folder.path()).arg("a.png").ok();
    let run = read();
    for (name, value) in [
        ("lon", "13.4"),
        ("lat", "52.5"),
        ("compass_angle", "270"),
        ("position_by", "drone-dji:GpsLatitude"),
        ("direction_by", "drone-dji:GimbalYawDegree"),
    ] {
        assert_eq!(column(&run, name), [value], "{name}");
    }
    let tag =
        |rows: String| tool("tag-exif").within(folder.path()).args(&["-f", "csv"]).stdin(rows).ok();
    assert_eq!(column(&tag(run.stdout.clone()), "status"), ["kept"]);
    let other = tag("path,lon,lat,compass_angle\na.png,1,2,3\n".into());
    assert_eq!(column(&other, "status"), ["held"]);
    let turned = tool("interpolate-dir").stdin(run.stdout).ok();
    assert_eq!(column(&turned, "compass_angle"), ["270"]);
}

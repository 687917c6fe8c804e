//! Tracks of every format and compression, through the tools that read them.

use std::io::Write;
use std::path::Path;

use crate::tool::tool;

/// Fixes at 12:00:00, 12:00:10 and 12:00:20 on the first of May 2024, in each text format.
fn texts() -> Vec<(&'static str, String)> {
    let seconds = [0, 10, 20];
    let iso = |s: u32| format!("2024-05-01T12:00:{s:02}Z");
    let lat = |s: u32| format!("47.{:04}", 5000 + s);
    let all = |one: &dyn Fn(u32) -> String, between: &str| seconds.map(one).join(between);
    let igc = |s: u32| format!("B1200{s:02}47{:05}N00815000EA0040000431\r\n", 30_000 + s * 6);
    vec![
        (
            "kml",
            format!(
                "<kml><Document><Placemark><gx:Track>{}{}</gx:Track></Placemark></Document></kml>",
                all(&|s| format!("<when>{}</when>", iso(s)), ""),
                all(&|s| format!("<gx:coord>8.25 {} 431</gx:coord>", lat(s)), "")
            ),
        ),
        (
            "tcx",
            format!(
                "<TrainingCenterDatabase><Activities><Activity><Lap><Track>{}</Track></Lap></Activity>\
             </Activities></TrainingCenterDatabase>",
                all(
                    &|s| format!(
                        "<Trackpoint><Time>{}</Time><Position><LatitudeDegrees>{}</LatitudeDegrees>\
                 <LongitudeDegrees>8.25</LongitudeDegrees></Position><AltitudeMeters>431</AltitudeMeters>\
                 </Trackpoint>",
                        iso(s),
                        lat(s)
                    ),
                    ""
                )
            ),
        ),
        ("igc", format!("AXYZ001\r\nHFDTEDATE:010524,01\r\n{}", all(&igc, ""))),
        (
            "geojson",
            format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"coordTimes\":[{}]}},\"geometry\":\
             {{\"type\":\"LineString\",\"coordinates\":[{}]}}}}",
                all(&|s| format!("\"{}\"", iso(s)), ","),
                all(&|s| format!("[8.25,{},431]", lat(s)), ",")
            ),
        ),
        (
            "json",
            format!(
                "{{\"locations\":[{}]}}",
                all(
                    &|s| format!(
                        "{{\"latitudeE7\":47{}000,\"longitudeE7\":82500000,\"altitude\":431,\"timestamp\":\"{}\"}}",
                        5000 + s,
                        iso(s)
                    ),
                    ","
                )
            ),
        ),
        (
            "gpx",
            format!(
                "<gpx><trk><trkseg>{}</trkseg></trk></gpx>",
                all(
                    &|s| format!(
                        "<trkpt lat=\"{}\" lon=\"8.25\"><ele>431</ele><time>{}</time></trkpt>",
                        lat(s),
                        iso(s)
                    ),
                    ""
                )
            ),
        ),
        (
            "csv",
            format!(
                "time,lon,lat,ele\n{}\n",
                all(&|s| format!("{},8.25,{},431", iso(s), lat(s)), "\n")
            ),
        ),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// The points of a GPX file as `lat time`.
fn points(gpx: &str) -> Vec<String> {
    let attribute = |part: &str, start: &str, end: &str| {
        part.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap().0.to_string()
    };
    gpx.split("<trkpt ")
        .skip(1)
        .map(|part| {
            let lat: f64 = attribute(part, "lat=\"", "\"").parse().unwrap();
            format!("{lat:.4} {}", attribute(part, "<time>", "</time>").replace(".000000000", ""))
        })
        .collect()
}

const POINTS: [&str; 3] = [
    "47.5000 2024-05-01T12:00:00Z",
    "47.5010 2024-05-01T12:00:10Z",
    "47.5020 2024-05-01T12:00:20Z",
];

#[test]
fn to_gpx_turns_every_format_in_every_packing_into_the_same_points() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, text) in texts() {
        // The format cannot be derived from the name.
        write(folder.path(), "track", &text);
        write(folder.path(), "track.gz", gzip(text.as_bytes()));
        write(folder.path(), "track.zip", zip(&[("a/track", text.as_bytes())]));
        for name in ["track", "track.gz", "track.zip"] {
            let run = tool("to-gpx").within(folder.path()).args(&["--track", name]).ok();
            assert_eq!(points(&run.stdout), POINTS, "{kind} {name}: {}", run.stdout);
            assert!(run.stdout.contains("<ele>431</ele>"), "{kind}: {}", run.stdout);
        }
    }
}

#[test]
fn geotag_gpx_and_preview_map_read_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, text) in texts() {
        write(folder.path(), "track", zip(&[("track", text.as_bytes())]));
        let rows = "captured_at\n1714564805000\n";
        let placed =
            tool("geotag-gpx").within(folder.path()).args(&["--track", "track"]).stdin(rows).ok();
        let args = ["--columns", "lon,lat,position_by"];
        let places = tool("rows").args(&args).stdin(placed.stdout).ok().stdout;
        assert_eq!(places, "lon,lat,position_by\n8.25,47.5005,interpolated\n", "{kind}");
        let map =
            tool("preview-map").within(folder.path()).args(&["--gpx", "track"]).stdin(rows).ok();
        assert!(
            map.stdout.contains("\"track\":[[[8.25,47.5],[8.25,47.501],[8.25,47.502]]]"),
            "{kind}"
        );
    }
}

#[test]
fn what_is_no_track_is_named_with_what_it_looks_like() {
    let folder = tempfile::tempdir().unwrap();
    for (bytes, looks) in [
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), "a JPEG picture"),
        (b"SQLite format 3\0\0\0".to_vec(), "a SQLite database"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>".to_vec(), "a page of HTML"),
        (zip(&[("a.txt", b"hello")]), "a ZIP without a track in it"),
        (gzip(b"Dear Ada,\nhello\n"), "text that begins with 'Dear Ada,'"),
        (Vec::new(), "an empty file"),
    ] {
        write(folder.path(), "ride.gpx", bytes);
        let run = tool("to-gpx").within(folder.path()).args(&["--track", "ride.gpx"]).run();
        assert_eq!(run.status, Some(2), "{run:?}");
        let expected = format!("cannot read track 'ride.gpx': it looks like {looks}; give GPX");
        assert!(run.stderr.contains(&expected), "{looks}: {}", run.stderr);
        assert!(run.stderr.contains("gpsbabel"), "{}", run.stderr);
    }
}

#[test]
fn of_a_folder_the_tracks_near_the_photos_are_read_and_the_others_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let tracks = texts();
    let text = |kind: &str| tracks.iter().find(|track| track.0 == kind).unwrap().1.clone();
    write(folder.path(), "card/today.kml", text("kml"));
    write(folder.path(), "card/sub/2019.gpx", text("gpx").replace("2024-", "2019-"));
    write(folder.path(), "card/2020.igc.gz", gzip(text("igc").replace("0524", "0520").as_bytes()));
    write(folder.path(), "card/a.jpg", b"\xff\xd8\xff");
    write(folder.path(), "card/broken.zip", b"PK\x03\x04broken");
    let args = ["--gpx", "card"];
    let rows = "captured_at\n1714564810000\n";
    let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
    assert!(run.stdout.contains("47.501") && run.stdout.contains("exact"), "{}", run.stdout);
    for expected in [
        "'card': 1 of 5 files read; left out: 2 that begin or end more than a day from every photo \
         (2019-05-01 to 2020-05-01), first",
        "1 that cannot be read",
        "'card/a.jpg', which looks like a JPEG picture",
        "cannot read track 'card/broken.zip'",
    ] {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
    // Photos of each day get their track, without messages about the other tracks.
    let rows = "captured_at\n1714564810000\n1556712010000\n1588334410000\n";
    let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
    assert_eq!(run.stdout.matches("exact").count(), 3, "{} {}", run.stdout, run.stderr);
    let run = tool("to-gpx").within(folder.path()).args(&["--track", "card"]).ok();
    assert_eq!(points(&run.stdout).len(), 9);
}

#[test]
fn a_folder_without_a_track_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "card/a.jpg", b"\xff\xd8\xff");
    let run = tool("to-gpx").within(folder.path()).args(&["--track", "card"]).run();
    assert_eq!(run.status, Some(2));
    let expected = "'card' has no track in it: 'card/a.jpg', which looks like a JPEG picture";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}

#[test]
fn any_text_in_any_column_makes_a_file_that_parses() {
    let odd: String = (0..0x30_u8).map(char::from).filter(|c| *c != '\r').collect::<String>()
        + "\u{7f}\u{85}\u{fffe}\u{ffff}\u{1f600}<&>'\"]]>-->é";
    let cell = format!("\"{}\"", odd.replace('"', "\"\""));
    let rows = format!(
        "img_id,seq_id,path,captured_at,lon,lat,why,{cell}\n{cell},{cell},{cell},1714564800000,8.25,47.5,{cell},{cell}\n"
    );
    let gpx = tool("to-gpx").stdin(rows.clone()).ok();
    let read = mapillary_pipes::format::gpx::read(gpx.stdout.as_bytes()).unwrap();
    assert_eq!((read.fixes(), read.remarks.len()), (1, 1), "{:?}", read.remarks);
    let is_bad = |c: char| {
        c.is_control() && !"\t\n\r\u{7f}\u{85}".contains(c) || "\u{fffe}\u{ffff}".contains(c)
    };
    assert!(!gpx.stdout.contains(is_bad), "{:?}", gpx.stdout);
    assert!(
        gpx.stdout.contains("\u{fffd}") && gpx.stdout.contains("\u{1f600}&lt;&amp;"),
        "{}",
        gpx.stdout
    );
    let geojson = tool("to-geojson").stdin(rows).ok();
    let value: serde_json::Value = serde_json::from_str(&geojson.stdout).unwrap();
    let properties = &value["features"][0]["properties"];
    let bare = odd.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    for name in ["img_id", "seq_id", "path", "why", bare] {
        assert_eq!(properties[name].as_str(), Some(odd.as_str()), "{name:?}");
    }
}

#[test]
fn times_beyond_the_calendar_fail_their_rows_and_do_not_end_it() {
    let rows = "captured_at,lon,lat\n-99999999999999,8.25,47.5\n999999999999999,8.25,47.6\n1714564800000,8.25,47.7\n";
    let run = tool("to-gpx").stdin(rows).run();
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    assert_eq!(run.stdout.matches("<trkpt").count(), 1, "{}", run.stdout);
    assert_eq!(run.stdout.matches("<time>").count(), 1, "{}", run.stdout);
    assert!(run.stderr.contains("1 row, 2 failed"), "{}", run.stderr);
}

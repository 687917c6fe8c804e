//! From a camera card and a track to photos with position and direction, through processes.

use std::fs;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};

use crate::tool::{Run, tool};

/// East for five fixes, then north.
pub fn track(folder: &Path) {
    let point = |at: i32| {
        let (east, north) = (at.min(4), (at - 4).max(0));
        format!(
            "<trkpt lat=\"{}\" lon=\"{}\"><ele>{}</ele><time>2024-05-01T10:00:{:02}Z</time></trkpt>",
            52.0 + f64::from(north) * 1e-4,
            13.0 + f64::from(east) * 1e-4,
            30 + at,
            at * 5
        )
    };
    let points: String = (0..9).map(point).collect();
    let text = format!("<gpx><trk><trkseg>{points}</trkseg></trk></gpx>");
    fs::write(folder.join("ride.gpx"), text).unwrap();
}

/// Photos every ten seconds from noon by the camera's clock, in the folder `card`.
pub fn card(folder: &Path, photos: usize) {
    fs::create_dir_all(folder.join("card")).unwrap();
    for at in 0..photos {
        let pixels = vec![(40 * at) as u8; 16 * 16 * 3];
        let path = folder.join(format!("card/IMG_{}.JPG", at + 8));
        Encoder::new_file(path, 80).unwrap().encode(&pixels, 16, 16, ColorType::Rgb).unwrap();
    }
    let args = ["--start", "2024-05-01T12:00:00", "--step", "10", "--write", "card"];
    tool("set-dates").within(folder).args(&args).ok();
}

/// The pipe of the issue, each tool reading the output of the one before.
fn pipe(folder: &Path, zone: &str, offset: &str) -> Run {
    let geotag = ["card", "--gpx", "ride.gpx"];
    let rows = tool("geotag-gpx").env("TZ", zone).within(folder).args(&geotag).ok();
    let rows = tool("time-split").args(&["--gap", "60"]).stdin(rows.stdout).ok();
    let rows = tool("interpolate-dir").args(&["--offset", offset]).stdin(rows.stdout).ok();
    tool("tag-exif").env("TZ", zone).within(folder).stdin(rows.stdout).ok()
}

fn said(folder: &Path, columns: &str) -> String {
    let rows = tool("read-exif").within(folder).arg("card").ok().stdout;
    tool("rows").args(&["--columns", columns]).stdin(rows).ok().stdout
}

fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    let mut names: Vec<_> =
        fs::read_dir(folder.join("card")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|name| fs::read(name).unwrap()).collect()
}

#[test]
fn the_last_word_of_the_pipe_ends_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    track(folder.path());
    card(folder.path(), 5);
    pipe(folder.path(), "UTC", "90");
    let wanted = "taken_at,captured_at,lon,lat,altitude,compass_angle,direction_by\n\
                  2024-05-01T12:00:00,1714557600000,13,52,30,180,next\n\
                  2024-05-01T12:00:10,1714557610000,13.0002,52,32,180,next\n\
                  2024-05-01T12:00:20,1714557620000,13.0004,52,34,90,next\n\
                  2024-05-01T12:00:30,1714557630000,13.0004,52.0002,36,90,next\n\
                  2024-05-01T12:00:40,1714557640000,13.0004,52.0004,38,90,last\n";
    let columns = "taken_at,captured_at,lon,lat,altitude,compass_angle,direction_by";
    assert_eq!(said(folder.path(), columns), wanted);
    let once = bytes(folder.path());
    let again = pipe(folder.path(), "UTC", "90");
    assert_eq!(bytes(folder.path()), once);
    assert!(again.stdout.lines().skip(1).all(|row| row.contains(",kept")), "{}", again.stdout);
    pipe(folder.path(), "UTC", "-90");
    assert!(said(folder.path(), "compass_angle").starts_with("compass_angle\n0\n0\n270\n"));
}

#[test]
fn the_zone_of_the_machine_changes_nothing() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, zone) in [(&here, "UTC"), (&there, "Asia/Tokyo")] {
        track(folder.path());
        card(folder.path(), 3);
        pipe(folder.path(), zone, "90");
    }
    assert_eq!(bytes(here.path()), bytes(there.path()));
}

#[test]
fn write_does_what_tag_exif_at_the_end_would() {
    let (piped, direct) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&piped, &direct] {
        track(folder.path());
        card(folder.path(), 4);
    }
    let args = ["card", "--gpx", "ride.gpx", "--camera-ahead", "4"];
    let rows = tool("geotag-gpx").within(piped.path()).args(&args).ok().stdout;
    tool("tag-exif").within(piped.path()).stdin(rows).ok();
    let write = || tool("geotag-gpx").within(direct.path()).args(&args).arg("--write").ok();
    assert!(write().stdout.contains("done"));
    assert_eq!(bytes(direct.path()), bytes(piped.path()));
    assert!(!write().stdout.contains("done"), "twice is once, with a clock that is wrong too");
    assert_eq!(bytes(direct.path()), bytes(piped.path()));
    let turn = ["--write", "--method", "previous", "card"];
    tool("interpolate-dir").within(direct.path()).args(&turn).ok();
    assert!(said(direct.path(), "direction_by").contains("previous"));
}

#[test]
fn nothing_is_written_unasked() {
    let folder = tempfile::tempdir().unwrap();
    track(folder.path());
    card(folder.path(), 3);
    let before = bytes(folder.path());
    tool("geotag-gpx").within(folder.path()).args(&["card", "--gpx", "ride.gpx"]).ok();
    tool("time-split").within(folder.path()).arg("card").ok();
    tool("interpolate-dir").within(folder.path()).arg("card").ok();
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn a_time_in_seconds_fails_its_row_in_each_tool_that_reads_times() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 2);
    let header = "path,img_id,seq_id,captured_at,lon,lat\n";
    let row = |at: u32, time: &str| format!("card/IMG_{at}.JPG,{at},s,{time},13.4,52.5\n");
    let rows = [header, &row(8, "1717245296"), &row(9, "1717245296000")].concat();
    for (name, args) in [
        ("pack-tar", &["--into", "tars"][..]),
        ("tag-exif", &["--into", "tagged"]),
        ("time-split", &[]),
        ("interpolate-dir", &[]),
        ("to-stac", &["--into", "stac"]),
        ("to-gpx", &[]),
        ("describe", &[]),
        ("rows", &["-f", "parquet", "-o", "rows.parquet"]),
    ] {
        let run = tool(name).within(folder.path()).args(args).stdin(&*rows).run();
        assert_eq!(run.status, Some(1), "{name}: {}", run.stderr);
        let words = "1970-01-20, and as seconds 2024-06-01; multiply by 1000";
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
    }
}

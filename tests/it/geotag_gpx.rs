//! geotag-gpx, as a process.

use std::fs;

use crate::tool::tool;

const RIDE: &str = "<gpx><trk><trkseg>\
    <trkpt lat=\"0\" lon=\"8\"><ele>100</ele><time>2024-05-01T10:00:00Z</time></trkpt>\
    <trkpt lat=\"0\" lon=\"8.001\"><ele>110</ele><time>2024-05-01T10:00:10Z</time></trkpt>\
    </trkseg></trk></gpx>";

fn placed(args: &[&str], rows: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let columns = ["--gpx", "ride.gpx"];
    let run = tool("geotag-gpx").within(folder.path()).args(&columns).args(args).stdin(rows).ok();
    let wanted = "lon,lat,altitude,compass_angle,captured_at,position_by,direction_by,why";
    tool("rows").args(&["--columns", wanted]).stdin(run.stdout).ok().stdout
}

fn first(table: &str) -> &str {
    table.lines().nth(1).unwrap()
}

#[test]
fn a_photo_between_fixes_lies_between_them_and_looks_along() {
    let table = placed(&["--zone", "+02:00"], "taken_at\n2024-05-01T12:00:02.5\n");
    assert_eq!(first(&table), "8.00025,0,102.5,90,1714557602500,interpolated,track,");
    let table = placed(
        &["--zone", "+02:00", "--camera-ahead", "-2.5", "--offset", "90"],
        "taken_at\n2024-05-01T12:00:00\n",
    );
    assert_eq!(first(&table), "8.00025,0,102.5,180,1714557602500,interpolated,track,");
}

#[test]
fn a_pair_says_how_far_the_clock_is_ahead() {
    let table = placed(
        &["--zone", "+02:00", "--sync", "2024-05-01T10:00:00Z=2024-05-01T13:00:07"],
        "taken_at\n2024-05-01T13:00:12\n",
    );
    assert_eq!(first(&table), "8.0005,0,105,90,1714557605000,interpolated,track,");
}

#[test]
fn a_photo_off_the_track_passes_with_the_flag_that_helps() {
    let table = placed(&[], "captured_at\n1714557620000\n");
    let why = "\"after the track: 10 s after the last fix; --extrapolate 10 would accept it\"";
    assert_eq!(first(&table), format!(",,,,1714557620000,none,,{}", why.trim_matches('"')));
    let table = placed(&["--extrapolate", "10"], "captured_at\n1714557620000\n");
    assert_eq!(first(&table), "8.001,0,110,90,1714557620000,held,track,");
}

#[test]
fn a_position_that_was_read_stays_unless_asked() {
    let row = "captured_at,lon,lat,compass_angle\n1714557600000,5,5,200\n";
    assert_eq!(first(&placed(&[], row)), "5,5,,200,1714557600000,,,");
    let table = placed(&["--overwrite", "--direction", "track"], row);
    assert_eq!(first(&table), "8,0,100,90,1714557600000,exact,track,");
}

#[test]
fn twice_is_once_and_another_zone_corrects_its_own_work() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let run = |zone: &str, rows: String| {
        let args = ["--gpx", "ride.gpx", "--zone", zone];
        tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok().stdout
    };
    let rows = String::from("taken_at\n2024-05-01T12:00:02.5\n2024-05-01T13:00:02.5\n");
    let once = run("+02:00", rows.clone());
    assert_eq!(run("+02:00", once.clone()), once);
    assert_eq!(run("+03:00", once), run("+03:00", rows));
}

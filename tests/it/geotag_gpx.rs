//! geotag-gpx, as a process.

use std::fs;

use crate::read_exif::column;
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
fn an_instant_that_is_not_that_of_the_zone_is_kept_and_said() {
    let row = "taken_at,captured_at\n2024-05-01T12:00:02,1714557602500\n";
    assert!(first(&placed(&["--zone", "+02:00"], row)).ends_with(",interpolated,track,"));
    let why = first(&placed(&["--zone", "+05:00"], row)).to_string();
    let said = "track,\"captured_at is kept, and is not the instant of taken_at in +05:00\"";
    assert!(why.contains("1714557602500") && why.ends_with(said), "{why}");
    // A place that is kept has its instant, too.
    let kept = "taken_at,zone,lon,lat\n2024-05-01T12:00:02.5,+02:00,1,2\n";
    assert!(first(&placed(&[], kept)).starts_with("1,2,,90,1714557602500,"));
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
fn a_clock_of_another_year_is_corrected_before_the_dates_of_a_log_are_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let sentence =
        |body: &str| format!("${body}*{:02X}\n", body.bytes().fold(0, |sum, byte| sum ^ byte));
    let log: String = (0..20)
        .map(|s| sentence(&format!("GPRMC,1000{s:02},A,5230.000,N,01324.000,E,0,0,010526,,")))
        .collect();
    fs::write(folder.path().join("log.nmea"), log).unwrap();
    let sync = "2026-05-01T10:00:00Z=2015-01-01T00:00:00";
    let run = tool("geotag-gpx")
        .within(folder.path())
        .args(&["--gpx", "log.nmea", "--zone", "+02:00", "--sync", sync])
        .stdin("taken_at\n2015-01-01T00:00:10\n")
        .ok();
    assert!(run.stdout.contains("13.4,52.5") && run.stdout.contains("exact"), "{run:?}");
}

#[test]
fn weeks_that_rolled_over_come_back_in_gpx_too_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let rolled = RIDE.replace("2024-05-01", "2004-09-15");
    fs::write(folder.path().join("ride.gpx"), rolled).unwrap();
    let run = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]);
    let run = run.stdin("captured_at\n1714557600000\n").ok();
    assert!(run.stdout.contains("exact"), "{run:?}");
    assert!(run.stderr.contains("week number rolled over"), "{}", run.stderr);
}

#[test]
fn a_track_in_local_time_is_placed_by_its_zone_and_the_hint_finds_it() {
    let rows = "taken_at,zone,zone_by\n2024-05-01T10:00:05,+01:00,offset\n";
    let folder = tempfile::tempdir().unwrap();
    // The ride is in the Gulf of Guinea, where nautical time is an hour ahead.
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let run = |flags: &[&str]| {
        let tool = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]);
        tool.args(flags).stdin(rows).ok()
    };
    let plain = run(&[]);
    let (_, hint) = plain.stderr.split_once("with --track-zone ").expect("a hint");
    let zone = hint.split(' ').next().unwrap();
    assert!(run(&["--track-zone", zone]).stdout.contains("interpolated"), "{zone}");
}

#[test]
fn a_wild_fix_is_left_out_and_the_flag_that_believes_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let fix = |second: i64| {
        let lat = if second == 5 { 1 } else { 0 };
        format!("<trkpt lat=\"{lat}\" lon=\"8\"><time>2024-05-01T10:00:{second:02}Z</time></trkpt>")
    };
    let fixes: String = (0..20).map(fix).collect();
    fs::write(
        folder.path().join("ride.gpx"),
        format!("<gpx><trk><trkseg>{fixes}</trkseg></trk></gpx>"),
    )
    .unwrap();
    let run = |flags: &[&str]| {
        let tool = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]);
        tool.args(flags).stdin("captured_at\n1714557605000\n").ok()
    };
    let plain = run(&[]);
    assert!(plain.stdout.contains(",8,0,") && plain.stdout.contains("interpolated"), "{plain:?}");
    assert!(plain.stderr.contains("--max-speed 111"), "{}", plain.stderr);
    assert!(run(&["--max-speed", "120000"]).stdout.contains(",8,1,"));
}

#[test]
fn a_photo_alone_in_an_hour_that_comes_twice_is_warned_of() {
    let ride = RIDE
        .replace("2024-05-01T10", "2024-10-27T00")
        .replace("lon=\"8", "lon=\"13")
        .replace("lat=\"0\"", "lat=\"52\"");
    let folder = tempfile::tempdir().unwrap();
    let later = ride.replace("T00", "T01");
    fs::write(
        folder.path().join("ride.gpx"),
        format!("{}{}", ride.trim_end_matches("</gpx>"), later.trim_start_matches("<gpx>")),
    )
    .unwrap();
    let run = tool("geotag-gpx").within(folder.path()).args(&[
        "--gpx",
        "ride.gpx",
        "--zone",
        "Europe/Berlin",
    ]);
    let run = run.stdin("taken_at\n2024-10-27T02:00:05\n").ok();
    assert!(run.stdout.contains("comes twice in Europe/Berlin; --zone +01:00"), "{run:?}");
    assert!(run.stderr.contains("1 in an hour that comes twice"), "{}", run.stderr);
}

#[test]
fn photos_without_a_date_pass_beside_those_with_one() {
    use crate::photo::{Camera, jpeg};
    let folder = tempfile::tempdir().unwrap();
    let original = Some("2024:05:01 12:00:05");
    let dated = Camera { original, offset: Some("+02:00"), ..Camera::default() };
    jpeg(&folder.path().join("b.jpg"), Some(&dated));
    jpeg(&folder.path().join("a.jpg"), None);
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let rows = "path\na.jpg\nb.jpg\n";
    let run =
        tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]).stdin(rows).ok();
    assert!(
        run.stdout.contains("the photo has no time") && run.stdout.contains("8.0005"),
        "{run:?}"
    );
    for other in ["time-split", "interpolate-dir"] {
        let run = tool(other).within(folder.path()).stdin(rows).ok();
        assert_eq!(run.stdout.lines().count(), 3, "{run:?}");
    }
}

#[test]
fn a_stamp_that_stands_still_moves_no_photo() {
    use crate::photo::{Camera, jpeg};
    let folder = tempfile::tempdir().unwrap();
    let gps = Some(("2024:05:01", [9, 45, 0]));
    for second in [1, 5, 9] {
        let original = format!("2024:05:01 11:00:0{second}.5");
        let camera = Camera { original: Some(&original), gps, place: None, ..Camera::default() };
        jpeg(&folder.path().join(format!("card/{second}.jpg")), Some(&camera));
    }
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let run = tool("geotag-gpx")
        .within(folder.path())
        .args(&["--gpx", "ride.gpx", "--zone", "+01:00", "card"])
        .ok();
    assert_eq!(run.stdout.matches("interpolated").count(), 3, "{run:?}");
    assert_eq!(run.stdout.matches("the GPS time 2024-05-01T09:45:00Z fits").count(), 3, "{run:?}");
    assert!(run.stderr.contains("3 GPS times that disagree"), "{}", run.stderr);
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

#[test]
fn a_zone_that_fits_far_better_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let rows = "taken_at\n2024-05-01T12:00:02\n2024-05-01T12:00:04\n";
    let args = ["--gpx", "ride.gpx", "--zone", "UTC"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
    let hint = "0 of 2 photos fall inside the track; with --zone +02:00 it would be 2";
    assert!(run.stderr.contains(hint), "{}", run.stderr);
}

#[test]
fn photos_of_one_second_are_spread_over_it() {
    let rows = "path,taken_at\nb/2.jpg,2024-05-01T12:00:02\nb/10.jpg,2024-05-01T12:00:02\n";
    let table = placed(&["--zone", "+02:00"], rows);
    let lons: Vec<&str> = table.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(lons, ["8.0002", "8.00025"]);
}

#[test]
fn photos_of_one_second_find_each_other_in_rows_sorted_by_letters() {
    let taken = [
        "a/10.jpg,2024-05-01T12:00:02",
        "a/11.jpg,2024-05-01T12:00:04",
        "a/9.jpg,2024-05-01T12:00:02",
    ];
    let table = placed(&["--zone", "+02:00"], &format!("path,taken_at\n{}\n", taken.join("\n")));
    let lons: Vec<&str> = table.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(lons, ["8.00025", "8.0004", "8.0002"]);
}

#[test]
fn of_two_receivers_it_says_which_one_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sparse.gpx"), RIDE).unwrap();
    let dense: String =
        (0..=10).map(|s| format!("2024-05-01T10:00:{s:02}Z,50,8.{s:04}\n")).collect();
    fs::write(folder.path().join("dense.csv"), format!("time,lat,lon\n{dense}")).unwrap();
    let args = ["--gpx", "sparse.gpx", "--gpx", "dense.csv"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args);
    let run = run.stdin("captured_at\n1714557602500\n").ok();
    assert!(run.stdout.contains("interpolated"), "{}", run.stdout);
    let said = "where 'dense.csv' and 'sparse.gpx' overlap, 'dense.csv' is believed, since its fixes are denser";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    crate::photos::track(folder.path());
    crate::photos::card(folder.path(), 2);
    let before = fs::read(folder.path().join("card/IMG_8.JPG")).unwrap();
    let args = ["card", "--gpx", "ride.gpx", "--write"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).arg("--dry-run").ok();
    assert!(run.stderr.contains("'card/IMG_8.JPG': would write position"), "{}", run.stderr);
    assert_eq!(fs::read(folder.path().join("card/IMG_8.JPG")).unwrap(), before);
    tool("geotag-gpx").within(folder.path()).args(&args).ok();
    assert_ne!(fs::read(folder.path().join("card/IMG_8.JPG")).unwrap(), before);
}

#[test]
fn two_pairs_tell_a_drift_beyond_both_ends_too() {
    // Correct at ten, and a minute ahead an hour later: one second per minute.
    let pairs = [
        "--sync=2024-05-01T10:00:00=2024-05-01T10:00:00",
        "--sync=2024-05-01T11:00:00=2024-05-01T11:01:00",
    ];
    let args = [&["--zone", "UTC"], &pairs[..]].concat();
    let rows = "taken_at\n2024-05-01T09:29:30\n2024-05-01T10:30:30\n2024-05-01T11:31:30\n";
    let table = placed(&args, rows);
    let captured = table.lines().skip(1).map(|row| row.split(',').nth(4).unwrap());
    let seconds: Vec<i64> =
        captured.map(|ms| ms.parse::<i64>().unwrap() / 1000 - 1_714_557_600).collect();
    assert_eq!(seconds, [-30 * 60, 30 * 60, 90 * 60]);
}

#[test]
fn a_compass_stays_and_is_counted_when_it_disagrees() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ride.gpx"), RIDE).unwrap();
    let rows = "captured_at,compass_angle\n1714557602000,180\n1714557604000,100\n1714557606000,\n";
    let angles = |direction: &str| {
        let args = ["--gpx", "ride.gpx", "--direction", direction];
        let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
        assert!(
            run.stderr.contains("1 compass more than 45 degrees off the track"),
            "{}",
            run.stderr
        );
        tool("rows").args(&["--columns", "compass_angle"]).stdin(run.stdout).ok().stdout
    };
    assert_eq!(angles("keep"), "compass_angle\n180\n100\n90\n");
    assert_eq!(angles("track"), "compass_angle\n90\n90\n90\n");
    assert_eq!(angles("none"), "compass_angle\n180\n100\n\"\"\n");
}

#[test]
fn rows_that_only_name_photos_are_read_like_photos() {
    let folder = tempfile::tempdir().unwrap();
    crate::photos::track(folder.path());
    crate::photos::card(folder.path(), 3);
    let names = "path\ncard/IMG_8.JPG\ncard/IMG_9.JPG\ncard/IMG_10.JPG\n";
    let run = |input: Option<&str>| {
        let tool = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]);
        match input {
            Some(rows) => tool.stdin(rows).ok().stdout,
            None => tool.arg("card").ok().stdout,
        }
    };
    assert_eq!(run(Some(names)), run(None));
    let gone = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx"]);
    assert_eq!(gone.stdin("path\ncard/none.jpg\n").run().status, Some(1));
}

#[test]
fn an_assumed_zone_is_said_once_with_its_count() {
    let folder = tempfile::tempdir().unwrap();
    crate::photos::track(folder.path());
    crate::photos::card(folder.path(), 8);
    let run = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.gpx", "card"]).ok();
    let said =
        "zone Europe/Berlin taken from the track's place: 5 of 8 photos fall inside the track";
    assert_eq!(run.stderr.matches(said).count(), 1, "{}", run.stderr);
}

#[test]
fn the_first_photo_may_be_where_the_track_begins() {
    let rows = "taken_at\n2001-01-01T00:00:07\n2001-01-01T00:00:12\n";
    let table = placed(&["--align-start"], rows);
    let lons: Vec<&str> = table.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(lons, ["8", "8.0005"]);
}

#[test]
fn rows_with_positions_are_a_track_too() {
    let folder = tempfile::tempdir().unwrap();
    let fixes = "time,lat,lon,ele\n2024-05-01T10:00:00Z,0,8,1\n2024-05-01T10:00:10Z,0,8.001,2\n";
    fs::write(folder.path().join("fixes.csv"), fixes).unwrap();
    let tagged = "{\"captured_at\":1714557600000,\"geometry\":{\"type\":\"Point\",\"coordinates\":[8,0]}}\n\
                  {\"captured_at\":1714557610000,\"geometry\":{\"type\":\"Point\",\"coordinates\":[8.001,0]}}\n";
    fs::write(folder.path().join("fixes.jsonl"), tagged).unwrap();
    for name in ["fixes.csv", "fixes.jsonl"] {
        let run = tool("geotag-gpx").within(folder.path()).args(&["--gpx", name]);
        let rows = run.stdin("captured_at\n1714557605000\n").ok().stdout;
        assert!(rows.contains("8.0005"), "{name}: {rows}");
    }
}

#[test]
fn what_the_tools_write_of_photos_is_a_track_too() {
    let folder = tempfile::tempdir().unwrap();
    let fixes = "captured_at,lon,lat\n1714557600000,8,0\n1714557610000,8.001,0\n";
    for command in [
        &["to-geojson"][..],
        &["to-geojson", "--2d"],
        &["to-geojson", "--seq"],
        &["to-geojson", "--seq=rs"],
        &["to-gpx"],
        &["rows", "-f", "jsonl"],
    ] {
        let track = tool(command[0]).args(&command[1..]).stdin(fixes).ok().stdout;
        fs::write(folder.path().join("track"), track).unwrap();
        let run = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "track"]);
        let rows = run.stdin("captured_at\n1714557605000\n").ok().stdout;
        assert!(rows.contains("8.0005"), "{command:?}: {rows}");
    }
}

#[test]
fn a_photo_of_the_gps_clock_tells_the_error() {
    let folder = tempfile::tempdir().unwrap();
    crate::photos::track(folder.path());
    crate::photos::card(folder.path(), 2);
    let sync = "2024-05-01T09:59:58Z=card/IMG_8.JPG";
    let args = ["card", "--gpx", "ride.gpx", "--sync", sync];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).ok();
    assert!(run.stdout.contains("1714557608000"), "{}", run.stdout);
}

#[test]
fn times_rise_in_the_hour_that_comes_twice() {
    let fix = |time: &str, lon: f64| {
        format!("<trkpt lat=\"52\" lon=\"{lon}\"><time>2024-10-27T{time}Z</time></trkpt>")
    };
    let fixes = [
        fix("00:00:00", 13.0),
        fix("00:30:00", 13.0),
        fix("01:00:00", 13.0),
        fix("01:30:00", 13.0),
    ];
    let folder = tempfile::tempdir().unwrap();
    let text = format!("<gpx><trk><trkseg>{}</trkseg></trk></gpx>", fixes.concat());
    fs::write(folder.path().join("night.gpx"), text).unwrap();
    let rows = "taken_at\n2024-10-27T02:30:00\n2024-10-27T02:00:00\n2024-10-27T02:30:00\n";
    let args = ["--gpx", "night.gpx", "--zone", "Europe/Berlin"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
    let times = tool("rows").args(&["--columns", "captured_at"]).stdin(run.stdout).ok().stdout;
    assert_eq!(times, "captured_at\n1729989000000\n1729990800000\n1729992600000\n");
}

/// The table of docs/geotagging.md: minutes after ten, and whether there is a position.
#[test]
fn the_gap_cases_of_the_page_are_as_it_says() {
    let fixes = |from: i64, minutes: i64, lon: f64| -> String {
        let fix = |at: i64| {
            let (minute, lon) = (from + at, lon + at as f64 * 0.005);
            let (hour, minute) = (10 + minute / 60, minute % 60);
            format!(
                "<trkpt lat=\"52\" lon=\"{lon}\"><time>2024-05-01T{hour}:{minute:02}:00Z</time></trkpt>"
            )
        };
        (0..=minutes).map(fix).collect()
    };
    let segments = [
        fixes(0, 10, 13.0),
        fixes(120, 5, 13.1) + &fixes(145, 5, 13.2),
        fixes(240, 5, 13.3) + &fixes(285, 5, 13.4),
    ];
    let text: String = segments.iter().map(|fixes| format!("<trkseg>{fixes}</trkseg>")).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("day.gpx"), format!("<gpx><trk>{text}</trk></gpx>")).unwrap();
    let cases = [-40.0, -10.0, 3.0, 3.5, 20.0, 65.0, 110.0, 135.0, 265.0, 310.0, 330.0];
    let time = |minute: &f64| format!("{}\n", 1_714_557_600_000 + (minute * 60_000.0) as i64);
    let rows = format!("captured_at\n{}", cases.iter().map(time).collect::<String>());
    let args = ["--gpx", "day.gpx"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).stdin(rows).ok();
    let columns = ["--columns", "position_by,lon,why"];
    let table = tool("rows").args(&columns).stdin(run.stdout).ok().stdout;
    let found: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(&found[2..4], ["exact,13.015,", "interpolated,13.0175,"]);
    for (at, row) in found.iter().enumerate().filter(|(at, _)| !(2..4).contains(at)) {
        assert!(row.starts_with("none,,") && row.contains("would accept it"), "{at}: {row}");
    }
}

#[test]
fn a_height_that_is_none_is_left_out_of_rows_and_files_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let point = |ele: &str, second: u32| {
        format!(
            "<trkpt lat='52' lon='13'><ele>{ele}</ele><time>2024-05-01T10:00:0{second}Z</time></trkpt>"
        )
    };
    let points: String =
        ["65535", "25000", "40"].iter().zip(0..).map(|(ele, at)| point(ele, at)).collect();
    fs::write(
        folder.path().join("ride.gpx"),
        format!("<gpx><trk><trkseg>{points}</trkseg></trk></gpx>"),
    )
    .unwrap();
    let rows = "captured_at\n1714557600000\n1714557601000\n1714557602000\n";
    let geotag = |flags: &[&str]| {
        let args = ["--gpx", "ride.gpx"];
        tool("geotag-gpx").within(folder.path()).args(&args).args(flags).stdin(rows).ok()
    };
    let run = geotag(&[]);
    assert_eq!(column(&run, "altitude"), ["", "", "40"]);
    assert!(
        run.stderr
            .contains("2 heights left out, because 65535 is a placeholder for an unknown height"),
        "{}",
        run.stderr
    );
    let run = geotag(&["--height-range", "-500,40000"]);
    assert_eq!(column(&run, "altitude"), ["", "25000", "40"]);
    for name in ["to-gpx", "to-geojson"] {
        let rows = "lon,lat,altitude,captured_at\n13,52,65535,0\n13,52,41,1000\n";
        let run = tool(name).stdin(rows).ok();
        assert!(
            run.stderr.contains("altitude 65535 is a placeholder for an unknown height"),
            "{}",
            run.stderr
        );
        assert!(run.stdout.contains("41"));
        assert!(
            !run.stdout.contains("52.0,65535") && !run.stdout.contains("<ele>65535"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_track_that_is_not_there_is_an_error_whatever_the_photos() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.gpx"), "a,b\n1,2\n").unwrap();
    for gpx in ["nofile.gpx", "bad.gpx"] {
        let tool = tool("geotag-gpx").within(folder.path()).args(&["--gpx", gpx]);
        let run = tool.stdin("path,taken_at\n").run();
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains(gpx), "{}", run.stderr);
    }
}

#[test]
fn what_a_photo_says_against_its_own_clock_stays_in_why_beside_what_the_track_says() {
    let said = "the GPS time 2024-05-01T09:45:00Z is 15 min before that of the clock";
    let after = "after the track: 10 s after the last fix; --extrapolate 10 would accept it";
    let photo = format!("captured_at,why\n1714557620000,{said}\n");
    let off = placed(&[], &photo);
    assert_eq!(first(&off), format!(",,,,1714557620000,none,,{said}; {after}"));
    assert_eq!(placed(&[], &off), off, "twice is once");
    let on = placed(&["--extrapolate", "10"], &off);
    assert_eq!(first(&on), format!("8.001,0,110,90,1714557620000,held,track,{said}"));
    assert_eq!(placed(&["--extrapolate", "10"], &on), on);
}

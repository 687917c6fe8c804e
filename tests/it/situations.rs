//! Situations of docs/geotagging.md that need several tools or files.

use std::fs;
use std::path::Path;

use crate::photo::{Camera, jpeg};
use crate::tool::tool;

/// 2024-05-01T10:00:00Z.
const START_S: i64 = 1_714_557_600;

/// Fixes as a file of rows: second, longitude, latitude.
fn fixes(path: &Path, fixes: impl IntoIterator<Item = (i64, f64, f64)>) {
    let row = |(second, lon, lat): (i64, f64, f64)| {
        format!("{},{lon:.7},{lat:.7}\n", (START_S + second) * 1000)
    };
    let rows: String = fixes.into_iter().map(row).collect();
    fs::write(path, format!("captured_at,lon,lat\n{rows}")).unwrap();
}

/// Longitude, latitude and how they were found, for photos at these seconds, and the messages.
fn places(folder: &Path, flags: &[&str], seconds: &[f64]) -> (Vec<(f64, f64, String)>, String) {
    let row = |second: &f64| format!("{}\n", START_S * 1000 + (second * 1000.0) as i64);
    let rows: String = seconds.iter().map(row).collect();
    let run = tool("geotag-gpx").within(folder).args(flags).stdin(format!("captured_at\n{rows}"));
    let run = run.ok();
    let columns = ["--columns", "lon,lat,position_by"];
    let table = tool("rows").args(&columns).stdin(run.stdout).ok().stdout;
    let cells = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        (cells[0].parse().unwrap(), cells[1].parse().unwrap(), cells[2].to_string())
    };
    (table.lines().skip(1).map(cells).collect(), run.stderr)
}

#[test]
fn a_clock_that_only_modify_date_tells_is_used_and_named() {
    let folder = tempfile::tempdir().unwrap();
    fixes(&folder.path().join("ride.csv"), (0..20).map(|s| (s, 8.0 + s as f64 * 1e-4, 50.0)));
    let modified = Some("2024:05:01 12:00:05");
    let camera = Camera { modified, ..Camera::default() };
    jpeg(&folder.path().join("card/a.jpg"), Some(&camera));
    let args = ["--gpx", "ride.csv", "--zone", "+02:00", "card"];
    let run = tool("geotag-gpx").within(folder.path()).args(&args).ok();
    assert!(run.stdout.contains("modified") && run.stdout.contains("8.0005"), "{run:?}");
}

#[test]
fn a_pause_or_a_stray_date_elsewhere_makes_no_track_less_dense() {
    let dense = || (0..120).map(|s| (s, 13.4, 52.5));
    let pause = (0..60).map(|s| (s + 9_000, 13.4, 52.5));
    let stray = [(-40_000_000, 13.4, 52.5)];
    for (case, more) in [("pause", pause.collect::<Vec<_>>()), ("stray", stray.to_vec())] {
        let folder = tempfile::tempdir().unwrap();
        fixes(&folder.path().join("coarse.csv"), (0..12).map(|s| (s * 10, 13.4, 52.501)));
        fixes(&folder.path().join("dense.csv"), dense().chain(more));
        let flags = ["--gpx", "coarse.csv", "--gpx", "dense.csv"];
        let (found, said) = places(folder.path(), &flags, &[60.5]);
        assert_eq!(found[0].1, 52.5, "{case}: {said}");
        assert!(said.contains("'dense.csv' is believed, since its fixes are denser"), "{said}");
    }
}

#[test]
fn a_ride_across_180_degrees_and_one_over_the_pole_are_placed_between_their_fixes() {
    let folder = tempfile::tempdir().unwrap();
    fixes(&folder.path().join("line.csv"), [(0, 179.999, 0.0), (10, -179.999, 0.0)]);
    let (found, _) = places(folder.path(), &["--gpx", "line.csv"], &[2.5, 7.5]);
    let near = |lon: f64, wanted: f64| (lon - wanted).abs() < 1e-7;
    assert!(near(found[0].0, 179.9995) && near(found[1].0, -179.9995), "{found:?}");
    // Up to the pole on one side and down on the other.
    fixes(&folder.path().join("pole.csv"), [(0, 20.0, 89.999), (10, -160.0, 89.999)]);
    let (found, _) =
        places(folder.path(), &["--gpx", "pole.csv", "--max-gap-m", "300"], &[2.5, 7.5]);
    for (at, lon) in [(0, 20.0), (1, -160.0)] {
        assert!((found[at].1 - 89.9995).abs() < 1e-7 && near(found[at].0, lon), "{found:?}");
    }
}

#[test]
fn a_log_over_midnight_places_photos_on_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let sentence =
        |body: String| format!("${body}*{:02X}\n", body.bytes().fold(0, |sum, byte| sum ^ byte));
    // Dates at the beginning only: GGA has none.
    let log: String = (0..40)
        .map(|s| {
            let (clock, minutes) = if s < 20 {
                (format!("2359{:02}", 40 + s), s)
            } else {
                (format!("0000{:02}", s - 20), s)
            };
            let lon = format!("013{:02}.{:03}", 24, minutes * 10);
            match s {
                0 => sentence(format!("GPRMC,{clock},A,5230.000,N,{lon},E,10,90,010524,,")),
                _ => sentence(format!("GPGGA,{clock},5230.000,N,{lon},E,1,8,1,40,M,0,M,,")),
            }
        })
        .collect();
    fs::write(folder.path().join("log.nmea"), log).unwrap();
    // 2024-05-01T23:59:50Z and 2024-05-02T00:00:10Z.
    let seconds = [50_390.0, 50_410.0];
    let (found, said) = places(folder.path(), &["--gpx", "log.nmea"], &seconds);
    let lon = |s: f64| 13.4 + s * 0.01 / 60.0;
    for (place, s) in found.iter().zip([10.0, 30.0]) {
        assert!((place.0 - lon(s)).abs() < 1e-6 && place.2 == "exact", "{found:?} {said}");
    }
}

#[test]
fn a_stop_keeps_its_place_and_turns_no_photo_through_both_tools() {
    let folder = tempfile::tempdir().unwrap();
    // East for a minute at 6 m/s, four minutes of standing still while the receiver drifts by 3 m, then east again.
    let degree_m = 111_195.0 * 50f64.to_radians().cos();
    let fix = |s: i64| {
        let gone_m = 6.0 * (s.min(60) + (s - 300).max(0)) as f64;
        let (sin, cos) = (s as f64 / 9.0).sin_cos();
        (s, 8.0 + (gone_m + 3.0 * sin) / degree_m, 50.0 + 3.0 * cos / 111_195.0)
    };
    fixes(&folder.path().join("ride.csv"), (0..360).map(fix));
    let rows: String = (1..70).map(|at| format!("{}\n", (START_S + at * 5) * 1000)).collect();
    let placed = tool("geotag-gpx").within(folder.path()).args(&["--gpx", "ride.csv"]);
    let placed = placed.stdin(format!("captured_at\n{rows}")).ok().stdout;
    for through in [None, Some("interpolate-dir")] {
        let rows =
            through.map_or(placed.clone(), |name| tool(name).stdin(placed.clone()).ok().stdout);
        let columns = ["--columns", "captured_at,lon,lat,compass_angle"];
        let table = tool("rows").args(&columns).stdin(rows).ok().stdout;
        let stop: Vec<Vec<f64>> = table
            .lines()
            .skip(1)
            .map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>())
            .filter(|row| (75.0..285.0).contains(&(row[0] / 1000.0 - START_S as f64)))
            .collect();
        assert!(stop.len() > 40);
        for row in &stop {
            let off_m = ((row[1] - 8.0) * degree_m - 360.0).hypot((row[2] - 50.0) * 111_195.0);
            assert!(off_m < 4.0, "{through:?}: {row:?} is {off_m} m from the stop");
            assert_eq!(row[3], stop[0][3], "{through:?}: a direction of its own at the stop");
        }
        assert!((stop[0][3] - 90.0).abs() < 40.0, "{through:?}: {}", stop[0][3]);
    }
}

//! to-geojson, as a process.

use crate::tool::tool;

#[test]
fn rows_become_points_on_stdout_or_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,lon,lat\n1,13.5,52\n";
    let run = tool("to-geojson").stdin(rows).ok();
    assert!(run.stdout.contains("\"coordinates\":[13.5,52.0]"), "{}", run.stdout);
    tool("to-geojson").within(folder.path()).args(&["-o", "a.geojson"]).stdin(rows).ok();
    let file = std::fs::read_to_string(folder.path().join("a.geojson")).unwrap();
    assert_eq!(file, run.stdout);
}

#[test]
fn a_failed_row_keeps_the_file_from_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "lon,lat\n13.5,52\neast,52\n";
    let args = ["-o", "a.geojson"];
    let run = tool("to-geojson").within(folder.path()).args(&args).stdin(rows).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("'east' in column 'lon' is not a number"), "{}", run.stderr);
    assert!(!folder.path().join("a.geojson").exists());
}

#[test]
fn a_sequence_has_a_feature_a_line_as_rows_come() {
    let rows = "img_id,lon,lat,altitude\n1,13.5,52,34\n2,,,\n";
    let of = |flags: &[&str]| tool("to-geojson").args(flags).stdin(rows).ok().stdout;
    let lines = of(&["--seq"]);
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.starts_with("{\"geometry\":{\"coordinates\":[13.5,52.0,34.0],"), "{lines}");
    assert!(lines.ends_with("\"type\":\"Feature\"}\n"));
    let records: String = lines.lines().map(|line| format!("\u{1e}{line}\n")).collect();
    assert_eq!(of(&["--seq=rs"]), records);
    let flat = of(&["--seq", "--2d"]);
    assert!(flat.contains("\"coordinates\":[13.5,52.0]") && flat.contains("\"altitude\":34"));
    assert!(of(&["--2d"]).contains("\"coordinates\":[13.5,52.0]"));
}

#[test]
fn a_sequence_names_what_failed_and_completes_no_file_then() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "lon,lat\n13.5,52\neast,52\n";
    let args = ["--seq", "-o", "a.geojsonl", "--failed", "failed.csv"];
    let run = tool("to-geojson").within(folder.path()).args(&args).stdin(rows).run();
    assert_eq!((run.status, folder.path().join("a.geojsonl").exists()), (Some(1), false));
    let failed = std::fs::read_to_string(folder.path().join("failed.csv")).unwrap();
    assert!(failed.starts_with("lon,lat,error\neast,52,"), "{failed}");
}

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

//! preview-map, as a process.

use std::fs;

use crate::photos::{card, track};
use crate::tool::tool;

#[test]
fn a_page_has_the_photos_and_the_track() {
    let folder = tempfile::tempdir().unwrap();
    track(folder.path());
    card(folder.path(), 8);
    let args = ["card", "--gpx", "ride.gpx"];
    let rows = tool("geotag-gpx").within(folder.path()).args(&args).ok().stdout;
    let args = ["--gpx", "ride.gpx", "-o", "ride.html"];
    let run = tool("preview-map").within(folder.path()).args(&args).stdin(rows).ok();
    assert_eq!(run.stdout, "");
    let page = fs::read_to_string(folder.path().join("ride.html")).unwrap();
    assert!(page.contains("\"card/IMG_8.JPG\""));
    assert!(page.contains("after the track"), "a photo off the track says why");
    assert!(page.contains("[[[13.0,52.0],[13.0001,52.0]"));
}

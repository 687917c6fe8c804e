//! to-gpx, as a process.

use crate::tool::tool;

#[test]
fn a_track_of_photos_places_the_same_photos_again() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,captured_at,lon,lat\n1,1714557600000,13.5,52\n2,1714557610250,13.501,52\n";
    tool("to-gpx").within(folder.path()).args(&["-o", "ride.gpx"]).stdin(rows).ok();
    let times = "captured_at\n1714557600000\n1714557610250\n";
    let args = ["--gpx", "ride.gpx"];
    let placed = tool("geotag-gpx").within(folder.path()).args(&args).stdin(times).ok().stdout;
    let places = tool("rows").args(&["--columns", "lon,lat,position_by"]).stdin(placed).ok().stdout;
    assert_eq!(places, "lon,lat,position_by\n13.5,52,exact\n13.501,52,exact\n");
}

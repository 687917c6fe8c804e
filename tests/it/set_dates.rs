//! set-dates, as a process.

use crate::photo::{self, Camera};
use crate::read_exif::column;
use crate::tool::{Tool, tool};

fn frames(folder: &std::path::Path) {
    for name in ["frame10.jpg", "frame9.jpg", "frame8.jpg"] {
        photo::jpeg(&folder.join(name), None);
    }
}

fn dates(folder: &std::path::Path, flags: &[&str]) -> Tool {
    tool("set-dates").within(folder).args(flags).arg(".")
}

#[test]
fn frames_get_their_dates_in_natural_order() {
    let folder = tempfile::tempdir().unwrap();
    frames(folder.path());
    let run = dates(folder.path(), &["--start", "2024-05-01 12:00:00", "--step", "-0.5"]).ok();
    assert_eq!(column(&run, "path"), ["./frame8.jpg", "./frame9.jpg", "./frame10.jpg"]);
    let taken = ["2024-05-01T12:00:00", "2024-05-01T11:59:59.5", "2024-05-01T11:59:59"];
    assert_eq!(column(&run, "taken_at"), taken);
    assert_eq!(column(&run, "captured_at"), ["", "", ""], "without a zone no instant is known");
    assert_eq!(column(&tool("read-exif").arg(folder.path()).ok(), "taken_at"), ["", "", ""]);
}

#[test]
fn with_a_zone_the_instant_is_known_and_written() {
    let folder = tempfile::tempdir().unwrap();
    frames(folder.path());
    let flags =
        ["--start", "2024-05-01T12:00:00", "--step", "0.25", "--zone", "Europe/Berlin", "--write"];
    let run = dates(folder.path(), &flags).ok();
    assert_eq!(column(&run, "status"), ["done", "done", "done"]);
    let read = tool("read-exif").arg(folder.path()).ok();
    assert_eq!(column(&read, "captured_at")[1], "1714557600250");
    assert_eq!(column(&read, "zone")[1], "+02:00");
    let again = dates(folder.path(), &flags).ok();
    assert_eq!(column(&again, "status"), ["held", "held", "held"]);
}

#[test]
fn a_date_that_is_there_gives_way_only_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let camera = Camera { original: Some("2020:01:01 00:00:00"), ..Camera::default() };
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
    photo::jpeg(&folder.path().join("b.jpg"), None);
    let flags = ["--start", "2024-05-01T12:00:00Z", "--step", "1", "--write"];
    let run = dates(folder.path(), &flags).ok();
    assert_eq!(column(&run, "taken_at"), ["2020-01-01T00:00:00", "2024-05-01T12:00:01"]);
    let over = dates(folder.path(), &[&flags[..], &["--overwrite"]].concat()).ok();
    assert_eq!(column(&over, "status"), ["done", "kept"]);
    let read = tool("read-exif").arg(folder.path()).ok();
    assert_eq!(column(&read, "taken_at")[0], "2024-05-01T12:00:00");
}

#[test]
fn a_start_in_the_hour_that_comes_twice_is_refused() {
    let flags = ["--start", "2024-10-27T02:30:00", "--step", "1", "--zone", "Europe/Berlin"];
    let run = tool("set-dates").args(&flags).stdin("path\na.jpg\n").run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("comes twice"), "{}", run.stderr);
}

#[test]
fn of_two_rows_of_one_photo_the_later_one_has_the_last_word() {
    const PHOTOS: usize = 16;
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::from("path\n");
    for at in 0..PHOTOS {
        photo::jpeg(&folder.path().join(format!("frames/{at}.jpg")), None);
    }
    for round in ["", "./", "../frames/"] {
        (0..PHOTOS).for_each(|at| rows += &format!("{round}{at}.jpg\n"));
    }
    let flags = ["--start", "2024-05-01T12:00:00Z", "--step", "1", "--write", "--overwrite"];
    let within = folder.path().join("frames");
    let run = tool("set-dates").within(&within).args(&flags).stdin(rows).ok();
    assert_eq!(column(&run, "status"), ["done"; 3 * PHOTOS]);
    let read = tool("read-exif").arg(&within).ok();
    let wanted: Vec<String> =
        (0..PHOTOS).map(|at| format!("2024-05-01T12:00:{}", 2 * PHOTOS + at)).collect();
    assert_eq!(column(&read, "taken_at"), wanted);
}

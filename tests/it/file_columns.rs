//! The columns about the file of a picture, `bytes` and `sha256`, in the rows of tools that write into pictures.

use std::fs;
use std::path::Path;

use crate::photo::{self, Camera};
use crate::read_exif::column;
use crate::tool::{Run, tool};

/// A row as `download --sha256` passes it on.
const ROW: &str = "path,seq_id,lon,lat,captured_at,compass_angle,bytes,sha256\n\
a.jpg,s,9.95,54.32,1714557600000,90,1,8b7f7cd9b22f\n";

#[track_caller]
fn describes_the_file(run: &Run, folder: &Path, words: &[&str]) {
    let path = column(run, "path").remove(0);
    let bytes = fs::metadata(folder.join(path)).unwrap().len().to_string();
    assert_eq!(column(run, "bytes"), [bytes], "{words:?}: {run:?}");
    assert_eq!(column(run, "sha256"), [""], "{words:?}: a digest of what the file was before");
}

/// The rows without their status.
fn rows(run: &Run) -> Vec<Vec<String>> {
    let names = ["path", "lon", "captured_at", "bytes", "sha256"];
    names.map(|name| column(run, name)).to_vec()
}

#[test]
fn a_second_run_says_of_each_file_what_the_first_one_said() {
    let start = ["set-dates", "--start", "2024-05-01T12:00:00", "--step", "1"];
    let dates = [&start[..], &["--zone", "UTC", "--write"]].concat();
    for words in [
        &["tag-exif"][..],
        &["tag-exif", "--into", "out"],
        &["tag-exif", "--sidecar"],
        &dates,
        &["interpolate-dir", "--write"],
        &["describe", "--write"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        photo::jpeg(&folder.path().join("a.jpg"), None);
        let run = || {
            let args = [&words[1..], &["-f", "csv"]].concat();
            tool(words[0]).within(folder.path()).args(&args).stdin(ROW).ok()
        };
        let [first, second] = [run(), run()];
        describes_the_file(&first, folder.path(), words);
        assert_eq!(column(&first, "status"), ["done"], "{words:?}");
        assert_eq!(column(&second, "status"), ["kept"], "{words:?}");
        assert_eq!(rows(&first), rows(&second), "{words:?}");
    }
}

#[test]
fn a_file_that_is_left_alone_is_described_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let original = Some("2024:05:01 12:00:00");
    let camera = Camera { place: Some((50, 8)), original, ..Camera::default() };
    let row = ROW.replace("compass_angle", "colour");
    photo::jpeg(&folder.path().join("a.jpg"), Some(&camera));
    crate::describe::say(&folder.path().join("a.jpg"), "my dog");
    for words in [["tag-exif", "-q"], ["tag-exif", "--dry-run"], ["describe", "--write"]] {
        let args = [words[1], "-f", "csv"];
        let run = tool(words[0]).within(folder.path()).args(&args).stdin(row.as_str()).ok();
        describes_the_file(&run, folder.path(), &words);
        assert_eq!(column(&run, "status"), ["held"], "{words:?}");
    }
}

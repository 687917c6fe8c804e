//! time-split, as a process.

use std::fs;
use std::path::Path;

use crate::photo::{self, Camera};
use crate::read_exif::column;
use crate::tool::tool;

#[test]
fn a_gap_starts_a_new_sequence_and_twice_is_once() {
    let rows = "img_id,captured_at\n1,0\n2,1000\n3,99000\n";
    let run = tool("time-split").args(&["--gap", "60"]).stdin(rows).ok();
    let wanted = "img_id,captured_at,seq_id,cut_by,why\n\
                  1,0,19700101T000000Z,start,\n\
                  2,1000,19700101T000000Z,start,\n\
                  3,99000,19700101T000139Z,gap,\n";
    assert_eq!(run.stdout, wanted);
    let again = tool("time-split").args(&["--gap", "60"]).stdin(run.stdout).ok();
    assert_eq!(again.stdout, wanted);
}

#[test]
fn a_photo_without_a_time_in_its_row_has_that_of_its_file_in_any_form_of_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let original = Some("2024:05:01 12:00:00");
    photo::jpeg(&folder.path().join("a.jpg"), Some(&Camera { original, ..Camera::default() }));
    for rows in [
        "path\na.jpg\n",
        "path,captured_at,colour\na.jpg,,red\n",
        "{\"path\":\"a.jpg\"}\n",
        "{\"path\":\"a.jpg\",\"captured_at\":null,\"taken_at\":null}\n",
    ] {
        let run = tool("time-split").args(&["-f", "csv"]).within(folder.path()).stdin(rows).ok();
        assert_eq!(column(&run, "seq_id"), ["20240501T120000"], "{rows}: {run:?}");
    }
}

#[test]
fn a_list_of_photos_that_were_moved_gives_their_rows_again() {
    let folder = tempfile::tempdir().unwrap();
    for (name, original) in [("a.jpg", "2024:05:01 12:00:00"), ("b.jpg", "2024:05:01 12:10:00")] {
        let camera = Camera { original: Some(original), ..Camera::default() };
        photo::jpeg(&folder.path().join(name), Some(&camera));
    }
    let split = || {
        let args = ["--gap", "60", "--into", "out", "--move", "-f", "csv"];
        tool("time-split").within(folder.path()).args(&args).stdin("path\na.jpg\nb.jpg\n").ok()
    };
    let (first, again) = (split(), split());
    assert_eq!(column(&again, "status"), ["kept", "kept"]);
    assert_eq!(first.stdout, again.stdout.replace("kept", "done"));
}

#[test]
fn a_folder_whose_photos_were_moved_gives_their_rows_again() {
    let folder = tempfile::tempdir().unwrap();
    let card = folder.path().join("card");
    let photo = |name: &str, original| {
        fs::create_dir_all(card.join("sub")).unwrap();
        photo::jpeg(
            &card.join(name),
            Some(&Camera { original: Some(original), ..Camera::default() }),
        );
    };
    photo("a2.jpg", "2024:05:01 12:00:00");
    photo("a10.jpg", "2024:05:01 12:10:00");
    photo("sub/b.jpg", "2024:05:01 12:20:00");
    let split = |args: &[&str]| {
        let fixed = ["--gap", "60", "--into", "out", "--move", "-f", "csv", "card"];
        tool("time-split").within(folder.path()).args(&fixed).args(args).ok()
    };
    let first = split(&[]);
    assert_eq!(column(&first, "status"), ["done", "done"]);
    assert_eq!(first.stdout, split(&[]).stdout.replace("kept", "done"));
    // More photos on the card come into their places among those that are gone.
    photo("a5.jpg", "2024:05:01 12:30:00");
    let more = split(&["-r"]);
    assert_eq!(column(&more, "status"), ["kept", "done", "kept", "done"]);
    assert_eq!(more.stdout.replace("done", "kept"), split(&["-r"]).stdout);
}

#[test]
fn a_folder_without_a_picture_does_not_replace_a_list() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("card")).unwrap();
    fs::write(folder.path().join("s.csv"), "path\na.jpg\n").unwrap();
    let split = |args: &[&str]| {
        tool("time-split").within(folder.path()).args(&["card", "-o", "s.csv"]).args(args).run()
    };
    let run = split(&[]);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("no picture in the folders"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("s.csv")).unwrap(), "path\na.jpg\n");
    assert_eq!(split(&["--accept-empty"]).status, Some(0));
}

#[test]
fn an_estimate_is_stated_with_its_reason() {
    let run = tool("time-split").stdin("captured_at\n0\n2000\n4000\n6000\n8000\n").ok();
    assert!(run.stderr.contains("--gap 3: 1.5 times the median interval"), "{}", run.stderr);
}

#[test]
fn a_camera_that_begins_a_new_folder_goes_on_with_its_ride() {
    let rows =
        "path,captured_at\nDCIM/100GOPRO/a.jpg,0\nDCIM/101GOPRO/b.jpg,1000\nother/c.jpg,500\n";
    let run = tool("time-split").args(&["--gap", "60", "--name", "{n}"]).stdin(rows).ok();
    let columns = tool("rows").args(&["--columns", "seq_id,cut_by"]).stdin(run.stdout).ok();
    assert_eq!(columns.stdout, "seq_id,cut_by\n0,start\n0,start\n1,camera\n");
}

/// Photos with a gap in the middle, and names that are difficult for scripts.
fn photos(folder: &Path, count: usize) -> String {
    fs::create_dir_all(folder.join("card")).unwrap();
    let mut rows = String::from("path,captured_at\n");
    for at in 0..count {
        let name = format!("card/a \n'{at}.jpg");
        fs::write(folder.join(&name), at.to_string()).unwrap();
        let gap_ms = if at * 2 < count { 0 } else { 600_000 };
        rows += &format!("\"{name}\",{}\n", at * 1000 + gap_ms);
    }
    rows
}

/// All photos below a folder by their content, and the folders that they are in.
fn held(folder: &Path) -> Vec<(String, String)> {
    let mut held = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            held.extend(self::held(&path));
        } else if path.extension().is_some_and(|ending| ending == "jpg") {
            let parent = folder.file_name().unwrap().to_str().unwrap().to_string();
            held.push((fs::read_to_string(&path).unwrap(), parent));
        }
    }
    held.sort();
    held
}

#[test]
fn photos_go_into_a_folder_for_each_sequence_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let rows = photos(folder.path(), 10);
    fs::write(folder.path().join("card/a \n'3.xmp"), "sidecar").unwrap();
    let before = held(folder.path());
    let args = ["--gap", "60", "--name", "{n}", "--into", "out", "--move"];
    let split = || tool("time-split").within(folder.path()).args(&args).stdin(rows.clone()).ok();
    let first = split();
    assert!(first.stdout.contains("out/0/a \n'3.jpg"), "{}", first.stdout);
    assert!(folder.path().join("out/0/a \n'3.xmp").exists());
    let folders: Vec<String> = held(folder.path()).into_iter().map(|(_, folder)| folder).collect();
    assert_eq!(folders, ["0", "0", "0", "0", "0", "1", "1", "1", "1", "1"]);
    assert_eq!(split().stdout, first.stdout.replace(",done", ",kept"), "twice is once");
    let undo = ["--undo", "out/time-split.jsonl"];
    tool("time-split").within(folder.path()).args(&undo).ok();
    assert_eq!(held(folder.path()), before);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_clash_of_names_is_refused_before_anything_moves() {
    let folder = tempfile::tempdir().unwrap();
    for card in ["a", "b"] {
        fs::create_dir_all(folder.path().join(card)).unwrap();
        fs::write(folder.path().join(card).join("1.jpg"), card).unwrap();
    }
    let rows = "path,captured_at,sequence\na/1.jpg,0,\nb/1.jpg,1000,\n";
    let args = ["--gap", "60", "--name", "day", "--into", "out", "--move"];
    let run = tool("time-split").within(folder.path()).args(&args).stdin(rows).run();
    // Two cameras are two sequences; the second with the same name gets another name.
    assert_eq!(run.status, Some(0), "{run:?}");
    fs::create_dir_all(folder.path().join("new/day")).unwrap();
    fs::write(folder.path().join("c.jpg"), "c").unwrap();
    let args = ["--gap", "60", "--name", "day", "--into", "new", "--move"];
    let rows = "path,captured_at\nc.jpg,0\n";
    let run = tool("time-split").within(folder.path()).args(&args).stdin(rows).run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("nothing was done"), "{}", run.stderr);
    assert!(folder.path().join("c.jpg").exists());
}

#[test]
fn a_dry_run_says_what_would_be_done_and_what_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rows = photos(folder.path(), 4);
    let before = held(folder.path());
    let args = ["--gap", "60", "--name", "{n}", "--into", "out", "--move", "--dry-run"];
    let dry = || tool("time-split").within(folder.path()).args(&args).stdin(rows.clone());
    let run = dry().ok();
    assert_eq!(run.stderr.matches("would move to '").count(), 4, "{}", run.stderr);
    assert!(held(folder.path()) == before && !folder.path().join("out").exists());
    fs::create_dir_all(folder.path().join("out/1")).unwrap();
    assert_eq!(dry().run().status, Some(2));
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    tool("time-split").within(folder.path()).args(&args[..7]).stdin(rows.clone()).ok();
    let after = held(folder.path());
    let undo = tool("time-split").within(folder.path()).args(&["--undo", "out", "--dry-run"]).ok();
    assert!(undo.stderr.contains("would take 4 files back"), "{}", undo.stderr);
    assert_eq!(held(folder.path()), after);
}

#[test]
fn a_photo_that_is_nowhere_fails_its_row_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let rows = photos(folder.path(), 3) + "card/gone.jpg,2500\n";
    let args = ["--gap", "6000", "--name", "day", "--into", "out", "--copy"];
    let run = tool("time-split").within(folder.path()).args(&args).stdin(rows).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("cannot open 'card/gone.jpg'"), "{}", run.stderr);
    assert_eq!(fs::read_dir(folder.path().join("out/day")).unwrap().count(), 3);
}

#[test]
fn another_cut_of_what_was_moved_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rows = photos(folder.path(), 4);
    let split = |gap: &str, name: &str| {
        let args = ["--gap", gap, "--name", name, "--into", "out", "--move"];
        tool("time-split").within(folder.path()).args(&args).stdin(rows.clone()).run()
    };
    assert_eq!(split("60", "{n}").status, Some(0));
    let after = held(folder.path());
    let run = split("6000", "whole");
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("in an earlier run: nothing was done"), "{}", run.stderr);
    assert_eq!(held(folder.path()), after);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_a_failed_row_and_stays() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    crate::photos::card(folder.path(), 2);
    let odd = folder.path().join("card").join(std::ffi::OsStr::from_bytes(b"a\xff.jpg"));
    fs::copy(folder.path().join("card/IMG_8.JPG"), &odd).unwrap();
    let args = ["card", "--gap", "60", "--name", "day", "--into", "out", "--move"];
    let run = tool("time-split").within(folder.path()).args(&args).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("a\\xff.jpg"), "{}", run.stderr);
    assert!(odd.exists());
    assert_eq!(fs::read_dir(folder.path().join("out/day")).unwrap().count(), 2);
}

/// However far it got, each photo exists exactly once and complete, and the same command completes the work.
#[test]
fn a_kill_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rows = photos(folder.path(), 1500);
    fs::write(folder.path().join("rows.csv"), &rows).unwrap();
    let all: Vec<String> = held(folder.path()).into_iter().map(|(content, _)| content).collect();
    let args = ["--gap", "60", "--name", "{n}", "--into", "out", "--move", "rows.csv"];
    for wait_ms in [8, 12, 16, 20, 24, 28, 32, 40] {
        let mut child = tool("time-split").within(folder.path()).args(&args).spawn();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        let _ = child.kill();
        child.wait().unwrap();
        let there: Vec<String> =
            held(folder.path()).into_iter().map(|(content, _)| content).collect();
        assert!(there == all, "after {wait_ms} ms: {} of {}", there.len(), all.len());
    }
    tool("time-split").within(folder.path()).args(&args).ok();
    let folders: Vec<String> = held(folder.path()).into_iter().map(|(_, folder)| folder).collect();
    assert_eq!(folders.iter().filter(|folder| *folder == "0").count(), 750);
    assert_eq!(folders.iter().filter(|folder| *folder == "1").count(), 750);
    tool("time-split").within(folder.path()).args(&["--undo", "out/time-split.jsonl"]).ok();
    let there: Vec<String> = held(folder.path()).into_iter().map(|(content, _)| content).collect();
    assert!(there == all);
}

#[test]
fn all_files_of_a_photo_s_name_go_along_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let card = folder.path().join("card");
    fs::create_dir_all(&card).unwrap();
    let others = ["1.CR2", "1.THM", "1.WAV", "1.AAE", "1.xmp", "1.CR2.xmp", "2.xmp"];
    for name in ["1.jpg", "2.jpg", "2.dng", "3.jpg", "1.1.jpg"].iter().chain(&others) {
        fs::write(card.join(name), name).unwrap();
    }
    // The dng has its own row, and no time that could assign it, neither there nor in itself.
    photo::jpeg(&card.join("2.dng"), None);
    let rows = "path,captured_at\ncard/1.jpg,0\ncard/2.dng,\ncard/2.jpg,99000\ncard/3.jpg,99000\n";
    let args = ["--gap", "60", "--name", "{n}", "--into", "out", "--move"];
    let split = || tool("time-split").within(folder.path()).args(&args).stdin(rows).ok();
    let first = split();
    let paths = column(&first, "path");
    assert_eq!(paths, ["out/0/1.jpg", "out/1/2.dng", "out/1/2.jpg", "out/1/3.jpg"]);
    for name in &others[..6] {
        assert_eq!(fs::read_to_string(folder.path().join("out/0").join(name)).unwrap(), *name);
    }
    assert!(folder.path().join("out/1/2.xmp").exists());
    assert!(card.join("1.1.jpg").exists(), "another photo");
    // A file that is added later is named.
    fs::write(card.join("1.GPX"), "late").unwrap();
    let again = split();
    assert_eq!(column(&again, "path"), paths);
    assert!(again.stderr.contains("'card/1.GPX' stay"), "{}", again.stderr);
    tool("time-split").within(folder.path()).args(&["--undo", "out"]).ok();
    assert_eq!(fs::read_dir(&card).unwrap().count(), 13);
}

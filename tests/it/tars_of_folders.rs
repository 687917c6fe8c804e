//! verify-archive and unpack-tar over folders of tars, as processes.

use std::fs;
use std::path::Path;

use crate::pack_tar::{pack, sample_rows};
use crate::tool::{Run, tool};

fn verify(folder: &Path, args: &[&str]) -> Run {
    tool("verify-archive").within(folder).args(args).args(&["-f", "csv"]).run()
}

#[test]
fn tars_of_subfolders_are_checked_and_unpacked_too() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t/sub"]);
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(0) && run.stderr.contains("58 intact"), "{run:?}");
    let (t, sub) = (folder.path().join("t"), folder.path().join("t/sub"));
    for ending in ["", ".jsonl", ".sha256"] {
        let name = format!("2024-06-01.tar{ending}");
        fs::rename(sub.join(&name), t.join(&name)).unwrap();
    }
    let run = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "o"]).ok();
    assert!(run.stderr.contains("58 done"), "{run:?}");
    let tar = sub.join("2024-08-02.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[3000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    fs::remove_file(sub.join("2024-07-01.tar")).unwrap();
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(1), "{run:?}");
    assert!(run.stdout.contains("t/sub/2024-08-02.tar") && run.stdout.contains(",damaged,"));
    assert!(run.stdout.contains("t/sub/2024-07-01.tar") && run.stdout.contains(",missing,"));
}

/// The value of a key in a line of an index.
fn value<'a>(line: &'a str, key: &str) -> &'a str {
    let rest = line.split(&format!("\"{key}\":")).nth(1).unwrap();
    rest.split([',', '}']).next().unwrap().trim_matches('"')
}

#[test]
fn no_tool_takes_other_bytes_for_a_member_whose_index_is_that_of_another_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let index = folder.path().join("t/2024-06-01.tar.jsonl");
    let text = fs::read_to_string(&index).unwrap();
    let [first, second] = [0, 1].map(|at| text.lines().nth(at).unwrap());
    let moved = |line: &str, to: &str| {
        let place = |line| format!("\"offset\":{}", value(line, "offset"));
        line.replace(&place(line), &place(to))
    };
    let swapped = text.replace(first, &moved(first, second));
    fs::write(&index, swapped.replace(second, &moved(second, first))).unwrap();
    let list = [first, second].map(|line| format!("t/2024-06-01.tar,{}\n", value(line, "member")));
    let list = format!("archive,member\n{}", list.concat());
    let run = tool("read-exif").within(folder.path()).args(&["-f", "csv"]).stdin(list).run();
    assert!(run.status == Some(1) && run.stderr.contains("2 failed"), "{run:?}");
    assert!(run.stderr.contains("is not where the index says"), "{run:?}");
    let run = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "o"]).run();
    assert!(run.status == Some(1) && run.stderr.contains("56 done, 2 failed"), "{run:?}");
}

#[test]
fn a_picture_behind_the_end_of_its_tar_is_packed_again() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let sound = pack(folder.path(), &rows, &["--into", "t"]);
    assert!(sound.stderr.contains("58 kept"), "{sound:?}");
    let tar = folder.path().join("t/2024-08-02.tar");
    fs::File::options().write(true).open(&tar).unwrap().set_len(0).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t"]);
    assert!(run.status == Some(0) && run.stdout.contains("t/2024-08-02.1.tar"), "{run:?}");
    assert!(run.stderr.contains(" done") && run.stderr.contains(" kept"), "{run:?}");
    let run = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "o"]).ok();
    assert!(run.stderr.contains("58 done"), "{run:?}");
    // The damaged tar and its addendum become one.
    let run = pack(folder.path(), &rows, &["--into", "t", "--repack"]);
    assert!(run.status == Some(0), "{run:?}");
    assert_eq!(verify(folder.path(), &["t"]).status, Some(0));
}

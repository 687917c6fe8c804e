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

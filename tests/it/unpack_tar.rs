//! unpack-tar, as a process.

use std::fs;

use crate::pack_tar::{files, pack, sample_rows};
use crate::tool::tool;

#[test]
fn packing_and_unpacking_gives_back_files_and_rows() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let before = files(&folder.path().join("a/pictures"));
    let columns = "id,captured_at,lon,lat,altitude,make,quality_score,creator_id,org_id,is_pano";
    let table = |rows: String| {
        let run = tool("rows").args(&["-f", "csv", "-q", "--columns", columns]).stdin(rows).ok();
        let mut lines: Vec<String> = run.stdout.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    pack(folder.path(), &rows, &["-q", "--into", "t", "--delete"]);
    let run = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "out"]).ok();
    assert!(run.stderr.starts_with("unpack-tar: 58 done"), "{}", run.stderr);
    assert_eq!(table(run.stdout.clone()), table(rows.concat()));
    let mut after = std::collections::BTreeMap::new();
    for day in fs::read_dir(folder.path().join("out")).unwrap() {
        for sequence in fs::read_dir(day.unwrap().path()).unwrap() {
            after.extend(files(&sequence.unwrap().path()));
        }
    }
    assert!(after == before);
    let again = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "out"]).ok();
    assert!(again.stderr.starts_with("unpack-tar: 58 kept"), "{}", again.stderr);
    // What was unpacked packs to the same tars.
    let run = tool("pack-tar").within(folder.path()).args(&["-q", "--into", "u"]).stdin(run.stdout);
    run.ok();
    assert!(files(&folder.path().join("t")) == files(&folder.path().join("u")));
}

#[test]
fn a_damaged_member_gets_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let tar = folder.path().join("t/2024-08-02.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[1000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    let run =
        tool("unpack-tar").within(folder.path()).args(&["t/2024-08-02.tar", "--into", "o"]).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("its digest is not that of the index"), "{}", run.stderr);
    assert!(files(&folder.path().join("o/2024-08-02/Ls0LoneP1cture2Of3Town")).is_empty());
}

//! pack-tar, as a process.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::sample;
use crate::tool::{Run, tool};

/// The sample archive, and its rows with a path, but for the picture that is gone.
pub fn sample_rows(folder: &Path) -> Vec<String> {
    sample::write(&folder.join("a")).unwrap();
    let rows = fs::read_to_string(folder.join("a/images.jsonl")).unwrap();
    rows.lines().filter(|row| !row.contains(sample::DELETED)).map(with_path).collect()
}

fn with_path(row: &str) -> String {
    let id = row.rsplit("\"id\":\"").next().unwrap().trim_end_matches("\"}");
    let path = format!("a/pictures/{id}_original.jpg");
    format!("{},\"path\":\"{path}\",\"quality\":\"original\"}}\n", row.trim_end_matches('}'))
}

/// Every file of a folder, by name.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_string(), fs::read(path).unwrap())
        })
        .collect()
}

pub fn pack(folder: &Path, rows: &[String], args: &[&str]) -> Run {
    tool("pack-tar").within(folder).args(args).stdin(rows.concat()).run()
}

#[test]
fn the_same_rows_give_the_same_bytes_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    assert_eq!(pack(folder.path(), &rows, &["-q", "--into", "one"]).status, Some(0));
    let mut turned = rows.clone();
    fastrand::Rng::with_seed(7).shuffle(&mut turned);
    tool("pack-tar")
        .within(folder.path())
        .args(&["-q", "-j", "1", "--into", "other"])
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "C")
        .stdin(turned.concat())
        .ok();
    let (one, other) = (files(&folder.path().join("one")), files(&folder.path().join("other")));
    assert_eq!(one.len(), 15, "five days, each a tar, its index, its manifest");
    assert!(one == other);
}

/// The machine may have another tar: then there is nothing to compare with.
fn has_gnu_tar() -> bool {
    let version = Command::new("tar").arg("--version").output();
    version.is_ok_and(|output| output.stdout.starts_with(b"tar (GNU tar)"))
}

#[test]
fn gnu_tar_makes_the_same_file_with_the_options_that_help_names() {
    if !has_gnu_tar() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "tars"]);
    let script = "mkdir out && tar xf tars/2024-06-02.tar -C out && cd out && \
                  (cd .. && cd out && sha256sum -c --quiet ../tars/2024-06-02.tar.sha256) && \
                  find . -type f -printf '%P\\n' | LC_ALL=C sort | \
                  tar -c --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 \
                  --no-recursion --verbatim-files-from -T - > ../gnu.tar";
    let run = Command::new("sh").args(["-ec", script]).current_dir(folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("gnu.tar") == read("tars/2024-06-02.tar"));
}

#[test]
fn a_second_run_keeps_and_a_new_picture_goes_into_an_addendum() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let (late, early) = rows.split_first().unwrap();
    pack(folder.path(), early, &["-q", "--into", "t"]);
    let before = files(&folder.path().join("t"));
    let again = pack(folder.path(), early, &["--into", "t"]);
    assert!(again.stderr.starts_with("pack-tar: 57 kept in"), "{}", again.stderr);
    assert!(before == files(&folder.path().join("t")));
    let more = pack(folder.path(), &[late.clone()], &["-f", "csv", "--into", "t"]);
    assert!(more.stdout.contains(",t/2024-06-01.1.tar,2024-06-01/"), "{}", more.stdout);
    assert!(!more.stdout.contains("a/pictures"), "{}", more.stdout);

    pack(folder.path(), &rows, &["-q", "--into", "whole"]);
    pack(folder.path(), &[], &["-q", "--into", "t", "--repack"]);
    assert!(files(&folder.path().join("t")) == files(&folder.path().join("whole")));
}

#[test]
fn originals_go_only_when_asked_and_a_crash_in_between_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let all = files(&pictures);
    pack(folder.path(), &rows, &["-q", "--into", "t", "--delete"]);
    assert_eq!(files(&pictures).len(), 0);
    let packed = files(&folder.path().join("t"));
    // As after a crash between the tar and the removal: two are still there.
    for (name, bytes) in all.iter().take(2) {
        fs::write(pictures.join(name), bytes).unwrap();
    }
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete"]);
    assert!(run.stderr.starts_with("pack-tar: 58 kept in"), "{}", run.stderr);
    assert_eq!(files(&pictures).len(), 0);
    assert!(packed == files(&folder.path().join("t")));
    // Another picture of that name is nobody's to take away.
    fs::write(pictures.join(all.keys().next().unwrap()), "another").unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete"]);
    assert_eq!((run.status, files(&pictures).len()), (Some(1), 1));
    assert!(run.stderr.contains("is another picture (--force"), "{}", run.stderr);
    assert!(packed == files(&folder.path().join("t")));
    pack(folder.path(), &rows, &["-q", "--into", "t", "--delete", "--force"]);
    assert!(folder.path().join("t/2024-06-01.1.tar").exists());
    assert_eq!(files(&pictures).len(), 0);
}

#[test]
fn an_index_that_a_crash_left_waiting_is_taken_when_its_tar_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let tars = folder.path().join("t");
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let whole = files(&tars);
    let waiting = tars.join(".2024-06-01.tar.jsonl.new");
    fs::rename(tars.join("2024-06-01.tar.jsonl"), &waiting).unwrap();
    fs::remove_file(tars.join("2024-06-01.tar.sha256")).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t"]);
    assert!(run.stderr.starts_with("pack-tar: 58 kept in"), "{}", run.stderr);
    assert!(files(&tars) == whole);
    // One whose tar never came is nothing.
    fs::rename(tars.join("2024-06-01.tar.jsonl"), &waiting).unwrap();
    fs::remove_file(tars.join("2024-06-01.tar")).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t"]);
    assert!(run.stderr.starts_with("pack-tar: 15 done, 43 kept"), "{}", run.stderr);
    assert!(files(&tars) == whole);
}

#[test]
fn shards_have_picture_and_row_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t", "--webdataset", "--max-size", "300kB"]);
    let mut names = Vec::new();
    for number in 0..3 {
        let file =
            fs::File::open(folder.path().join(format!("t/pictures-00000{number}.tar"))).unwrap();
        for entry in tar::Archive::new(file).entries().unwrap() {
            names.push(entry.unwrap().path().unwrap().to_str().unwrap().to_string());
        }
    }
    assert_eq!(names.len(), 116);
    for pair in names.chunks(2) {
        assert_eq!(pair[0].strip_suffix("jpg"), pair[1].strip_suffix("json"));
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let run = pack(folder.path(), &rows, &["--into", "t", "--dry-run", "--delete"]);
    assert!(run.stderr.contains("would write 't/2024-06-01.tar' of 15 files"), "{}", run.stderr);
    assert!(!folder.path().join("t").exists());
    assert_eq!(files(&folder.path().join("a/pictures")).len(), 58);
}

//! pack-tar, as a process.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::photos::card;
use crate::sample;
use crate::tool::{Run, tool};
use crate::town;

/// The sample archive, and its rows with a path, without the picture that is gone.
pub fn sample_rows(folder: &Path) -> Vec<String> {
    town::write(&folder.join("a"));
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
    let run = tool("pack-tar").within(folder).args(args).stdin(rows.concat()).run();
    // Shown if a test of the packed files fails.
    eprintln!("{}", run.stderr);
    run
}

#[test]
fn the_same_rows_give_the_same_bytes_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    assert_eq!(pack(folder.path(), &rows, &["-q", "--into", "one"]).status, Some(0));
    let one = files(&folder.path().join("one"));
    assert_eq!(one.len(), 15, "five days, each a tar, its index, its manifest");
    // The same pictures, written in another order, with other modes and times.
    let again = folder.path().join("again/a/pictures");
    fs::create_dir_all(&again).unwrap();
    let mut turned = rows.clone();
    fastrand::Rng::with_seed(7).shuffle(&mut turned);
    for row in &turned {
        let name = path_of(row).rsplit('/').next().unwrap();
        let bytes = fs::read(folder.path().join(path_of(row))).unwrap();
        fs::write(again.join(name), bytes).unwrap();
        fs::set_permissions(again.join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    for (at, (umask, zone, locale, jobs)) in
        [("077", "Asia/Tokyo", "C", "1"), ("000", "America/Lima", "tr_TR.UTF-8", "7")]
            .into_iter()
            .enumerate()
    {
        let into = format!("{}/{at}", folder.path().display());
        let line =
            format!("umask {umask}; exec {} -q -j {jobs} --into {into}", tool_path("pack-tar"));
        let mut child = Command::new("sh")
            .args(["-c", &line])
            .current_dir(folder.path().join("again"))
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(turned.concat().as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        assert!(files(Path::new(&into)) == one, "umask {umask}, {zone}, {locale}, -j {jobs}");
    }
}

fn tool_path(name: &str) -> String {
    crate::tool::path(name).display().to_string()
}

/// The path in a row of JSON.
fn path_of(row: &str) -> &str {
    row.split("\"path\":\"").nth(1).unwrap().split('"').next().unwrap()
}

#[test]
fn photos_of_folders_are_packed_by_what_they_say_of_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("ride/Mu\u{308}nchen");
    let camera =
        crate::photo::Camera { original: Some("2024:05:01 23:30:00"), ..Default::default() };
    crate::photo::jpeg(&photos.join("1.jpg"), Some(&camera));
    crate::photo::jpeg(&photos.join("2.jpg"), None);
    crate::photo::jpeg(&photos.join("a\tb.jpg"), None);
    let run = tool("pack-tar").within(folder.path()).args(&["-r", "ride", "--into", "t"]).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stderr.contains("has a control character"), "{}", run.stderr);
    let names = |tar: &str| {
        let file = fs::File::open(folder.path().join("t").join(tar)).unwrap();
        let mut tar = tar::Archive::new(file);
        let names = tar.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned());
        names.map(|name| name.to_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("2024-05-01.tar"), ["2024-05-01/ride/M\u{fc}nchen/1.jpg"]);
    assert_eq!(names("unknown-date.tar"), ["unknown-date/ride/M\u{fc}nchen/2.jpg"]);
    fs::remove_file(photos.join("a\tb.jpg")).unwrap();
    let again = tool("pack-tar").within(folder.path()).args(&["-r", "ride", "--into", "t"]).ok();
    assert!(again.stderr.starts_with("pack-tar: 2 kept"), "{}", again.stderr);
}

#[test]
fn what_stands_together_and_how_much_of_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let tars = |into: &str| {
        let names = files(&folder.path().join(into)).into_keys();
        names.filter(|name| name.ends_with(".tar")).collect::<Vec<_>>().join(" ")
    };
    for (by, wanted) in [
        ("month", "2024-06.tar 2024-07.tar 2024-08.tar"),
        ("none", "pictures.tar"),
        (
            "sequence",
            "-Zk81_yGnTqaBvR5cXoE3w.tar 7nfkwfvjdtphq7yj6zet6b.tar Ls0LoneP1cture2Of3Town.tar \
             Qm3vT7xKpL0aWcZyR2sNfB.tar w8hj2kd0s9qlx7v4n1m3zt.tar",
        ),
    ] {
        pack(folder.path(), &rows, &["-q", "--into", by, "--by", by]);
        assert_eq!(tars(by), wanted);
    }
    pack(folder.path(), &rows, &["-q", "--into", "small", "--by", "none", "--max-size", "200kB"]);
    let small = files(&folder.path().join("small"));
    let sizes: Vec<_> =
        small.iter().filter(|(name, _)| name.ends_with(".tar")).map(|(_, tar)| tar.len()).collect();
    assert!(sizes.len() > 2 && sizes.iter().all(|&len| len <= 200_000), "{sizes:?}");
    // They do not fit into one tar, so they stay separate.
    let run = pack(folder.path(), &[], &["--into", "small", "--repack", "--max-size", "200kB"]);
    assert!(run.stderr.contains("longer than --max-size"), "{}", run.stderr);
    assert!(files(&folder.path().join("small")) == small);
}

#[test]
fn a_disk_that_is_nearly_full_gets_no_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete", "--min-free", "900000T"]);
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("--min-free"), "{}", run.stderr);
    assert_eq!(files(&folder.path().join("t")).len(), 0);
    assert_eq!(files(&folder.path().join("a/pictures")).len(), 58);
}

#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1.jpg"), [7; 100_000]).unwrap();
    let line = format!("ulimit -f 16; printf 'path\\n1.jpg\\n' | exec {}", tool_path("pack-tar"));
    let run = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.code() == Some(2) && stderr.contains("File too large"), "{run:?}");
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
    let (gnu, own) = (read("gnu.tar"), read("tars/2024-06-02.tar"));
    assert!(without_device_numbers(gnu) == without_device_numbers(own));
}

/// A tar without the device numbers and the sums over them: GNU tar up to 1.34 writes zeros for files, as POSIX has it, and
/// from 1.35 on nothing.
fn without_device_numbers(mut tar: Vec<u8>) -> Vec<u8> {
    let mut at = 0;
    while at < tar.len() && tar[at] != 0 {
        let size = std::str::from_utf8(&tar[at + 124..at + 135]).unwrap();
        let size = usize::from_str_radix(size, 8).unwrap();
        tar[at + 329..at + 345].fill(0);
        tar[at + 148..at + 156].fill(b' ');
        at += 512 + size.next_multiple_of(512);
    }
    tar
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
    let more = pack(folder.path(), std::slice::from_ref(late), &["-f", "csv", "--into", "t"]);
    assert!(more.stdout.contains(",t/2024-06-01.1.tar,2024-06-01/"), "{}", more.stdout);
    assert!(!more.stdout.contains("a/pictures"), "{}", more.stdout);

    pack(folder.path(), &rows, &["-q", "--into", "whole"]);
    pack(folder.path(), &[], &["-q", "--into", "t", "--repack"]);
    assert!(files(&folder.path().join("t")) == files(&folder.path().join("whole")));
}

#[test]
fn rows_of_a_run_that_merges_addenda_name_the_merged_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let (late, early) = rows.split_first().unwrap();
    pack(folder.path(), early, &["-q", "--into", "t"]);
    let packed = pack(folder.path(), std::slice::from_ref(late), &["-q", "--into", "t"]).stdout;
    assert!(packed.contains("2024-06-01.1.tar"), "{packed}");
    // A row of an earlier run names the addendum by another path.
    let packed = packed.replace("\"t/", &format!("\"{}/t/", folder.path().display()));
    let all = [rows.clone(), vec![packed]].concat();
    let run = pack(folder.path(), &all, &["-q", "--into", "t", "--repack"]);
    assert_eq!(run.stdout.lines().count(), 59, "{run:?}");
    assert!(!run.stdout.contains(".1.tar"), "{}", run.stdout);
    let again = pack(folder.path(), &rows, &["-q", "--into", "t", "--repack"]);
    assert!(run.stdout.starts_with(&again.stdout), "{}", run.stdout);
    let verify = tool("verify-archive").within(folder.path()).stdin(&*run.stdout).run();
    assert!(verify.stderr.contains("59 intact"), "{verify:?}");
}

/// Copies of one picture as rows: file, sequence.
fn rows_of_sequences(folder: &Path, sequences: &[(&str, &str)]) -> Vec<String> {
    town::write(&folder.join("a"));
    let mut rows = vec!["path,seq_id\n".to_string()];
    for (at, (file, sequence)) in sequences.iter().enumerate() {
        let picture = folder.join(format!("a/pictures/{}_original.jpg", sample::id(0, at as u64)));
        fs::create_dir_all(folder.join("own")).unwrap();
        fs::copy(picture, folder.join("own").join(file)).unwrap();
        rows.push(format!("own/{file},{sequence}\n"));
    }
    rows
}

#[test]
fn a_sequence_whose_name_ends_in_a_number_is_no_addendum() {
    let folder = tempfile::tempdir().unwrap();
    let rows =
        rows_of_sequences(folder.path(), &[("1.jpg", "s"), ("2.jpg", "s.1"), ("3.jpg", "s")]);
    let by = ["-q", "--into", "t", "--by", "sequence", "-f", "csv"];
    pack(folder.path(), &rows[..3], &by);
    pack(folder.path(), &rows, &by);
    let run = pack(folder.path(), &rows, &[&by[..], &["--repack"]].concat());
    let tars = |text: &str| {
        let cells = text.split(',').filter(|cell| cell.ends_with(".tar"));
        cells.map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(tars(&run.stdout), ["t/s.tar", "t/s.1.tar", "t/s.tar"], "{run:?}");
    let names = files(&folder.path().join("t")).into_keys();
    assert_eq!(
        names.filter(|name| name.ends_with(".tar")).collect::<Vec<_>>(),
        ["s.1.tar", "s.tar"]
    );
}

#[test]
fn a_sequence_with_a_name_that_no_tar_can_have_fails_alone_and_twins_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(250);
    let rows = rows_of_sequences(
        folder.path(),
        &[("1.jpg", "aB"), ("2.jpg", &long), ("3.jpg", "ab"), ("4.jpg", &long[..225])],
    );
    let run = pack(folder.path(), &rows, &["--into", "t", "--by", "sequence"]);
    assert!(run.status == Some(1) && run.stderr.contains("3 done, 1 failed"), "{run:?}");
    assert!(run.stderr.contains("is too long for the name of a file: 250 bytes"), "{run:?}");
    assert!(run.stderr.contains("'aB' and 'ab' differ in case alone"), "{run:?}");
}

#[test]
fn shards_keep_photos_with_dots_in_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["2024-06-01 12.00.01.jpg", "2024-06-01 12.00.02.jpg"] {
        crate::photo::jpeg(&folder.path().join("wd").join(name), None);
    }
    let pack = || {
        let args = ["wd", "--webdataset", "--into", "t", "-f", "csv"];
        tool("pack-tar").within(folder.path()).args(&args).ok()
    };
    let (first, packed) = (pack(), files(&folder.path().join("t")));
    assert!(first.stderr.contains("2 done"), "{first:?}");
    assert!(pack().stderr.contains("2 kept") && files(&folder.path().join("t")) == packed);
    // A row of before is found, too.
    fs::rename(folder.path().join("wd"), folder.path().join("away")).unwrap();
    let row = "path\nt/wd/2024-06-01 12.00.02.jpg\n";
    let run = tool("read-exif").within(folder.path()).stdin(row).run();
    assert!(run.stdout.contains("2024-06-01 12_00_02.jpg"), "{run:?}");
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
    // The state after a crash between writing the tar and deleting the originals: two are still there.
    for (name, bytes) in all.iter().take(2) {
        fs::write(pictures.join(name), bytes).unwrap();
    }
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete"]);
    assert!(run.stderr.starts_with("pack-tar: 58 kept in"), "{}", run.stderr);
    assert_eq!(files(&pictures).len(), 0);
    assert!(packed == files(&folder.path().join("t")));
    // Another picture with that name is not deleted.
    fs::write(pictures.join(all.keys().next().unwrap()), "another").unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete"]);
    assert_eq!((run.status, files(&pictures).len()), (Some(1), 1));
    assert!(run.stderr.contains("is another picture (--force"), "{}", run.stderr);
    assert!(packed == files(&folder.path().join("t")));
    pack(folder.path(), &rows, &["-q", "--into", "t", "--delete", "--force"]);
    assert!(folder.path().join("t/2024-06-01.1.tar").exists());
    assert_eq!(files(&pictures).len(), 0);
    // The version added with --force is the current one; the first is still in its own tar.
    let unpack = |from: &str, into: &str| {
        let run = tool("unpack-tar").within(folder.path()).args(&[from, "--into", into]).ok();
        let name = all.keys().next().unwrap();
        let mut unpacked = mapillary_pipes::disk::walk::files(&folder.path().join(into));
        let found = unpacked.find_map(|path| path.ok().filter(|path| path.ends_with(name)));
        (run, fs::read(found.unwrap()).unwrap())
    };
    let (run, newest) = unpack("t", "newest");
    assert!(run.stderr.contains("in place of 1 members"), "{}", run.stderr);
    assert!(run.stderr.contains("58 done") && newest == b"another", "{}", run.stderr);
    assert!(unpack("t/2024-06-01.tar", "first").1 == *all.values().next().unwrap());
}

/// Cards of two cameras have files of one name, and uncompressed ones all have one size.
#[test]
fn a_file_with_name_and_size_of_a_packed_one_is_kept_only_if_it_has_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("DCIM/1.tif");
    fs::create_dir(folder.path().join("DCIM")).unwrap();
    let run = |bytes: &str, sha256: &str, args: &[&str]| {
        fs::write(&path, bytes).unwrap();
        let rows = format!("path,captured_at,sha256\nDCIM/1.tif,5,{sha256}\n");
        let tool = tool("pack-tar").within(folder.path()).args(&["--into", "t", "-f", "csv"]);
        tool.args(args).stdin(rows).run()
    };
    let first = run("card 1", "", &[]);
    let digest = first.stdout.split(',').find(|cell| cell.len() == 64).unwrap().to_string();
    for sha256 in ["", &digest] {
        let again = run("card 1", sha256, &[]);
        assert!(again.stderr.starts_with("pack-tar: 1 kept"), "{again:?}");
    }
    let before = files(&folder.path().join("t"));
    for args in [&[][..], &["--dry-run"], &["--delete"]] {
        let other = run("card 2", "", args);
        assert!(other.status == Some(1) && path.exists(), "{args:?}: {other:?}");
        assert!(other.stderr.contains("is another picture (--force"), "{args:?}: {other:?}");
    }
    assert!(files(&folder.path().join("t")) == before);
    assert!(run("card 2", "", &["--force"]).stderr.contains("1 done"));
    assert!(folder.path().join("t/1970-01-01.1.tar").exists());
}

/// The digest in a row is the only witness of what the picture was.
#[test]
fn a_file_that_its_row_contradicts_is_not_packed_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (good, other) = (sha256(b"good"), sha256(b"evil"));
    for name in ["1", "2", "3", "4"] {
        fs::write(folder.path().join(format!("{name}.jpg")), "good").unwrap();
    }
    let rows = format!(
        "path,captured_at,bytes,sha256\n1.jpg,5,4,{good}\n2.jpg,5,4,{other}\n3.jpg,5,5,\n4.jpg,5,,{other}\n"
    );
    let run = |args: &[&str]| {
        let tool = tool("pack-tar").within(folder.path()).args(&["--into", "t", "--delete"]);
        tool.args(args).stdin(rows.clone()).run()
    };
    let there = || ["1", "2", "3", "4"].map(|n| folder.path().join(format!("{n}.jpg")).exists());
    // The second run finds the picture of the first row in the tar.
    for (_, status) in [(0, "1 done"), (1, "1 kept")] {
        let first = run(&[]);
        assert!(first.status == Some(1) && first.stderr.contains(status), "{first:?}");
        let said = format!("'2.jpg' has sha256 {good}, its row says {other} (--force");
        assert!(first.stderr.contains(&said), "{first:?}");
        assert!(first.stderr.contains("'3.jpg' has bytes 4, its row says 5"), "{first:?}");
        assert_eq!(there(), [false, true, true, true]);
    }
    // Packed without a word from a row, they are not deleted by such a row either.
    let paths = "path,captured_at\n2.jpg,5\n3.jpg,5\n4.jpg,5\n";
    tool("pack-tar").within(folder.path()).args(&["--into", "t"]).stdin(paths).ok();
    assert!(run(&[]).stderr.contains("1 kept, 3 failed"));
    assert_eq!(there(), [false, true, true, true]);
    assert_eq!(run(&["--force"]).status, Some(0));
    assert_eq!(there(), [false; 4]);
}

#[test]
fn a_row_that_contradicts_the_tar_of_another_program_fails() {
    let folder = tempfile::tempdir().unwrap();
    let tar = crate::unpack_tar::tar_of(&[(crate::unpack_tar::FILE, "7.jpg", b"seven")]);
    fs::create_dir(folder.path().join("t")).unwrap();
    fs::write(folder.path().join("t/x.tar"), tar).unwrap();
    let (seven, other) = (sha256(b"seven"), sha256(b"evil"));
    let run = |bytes: u8, sha256: &str, args: &[&str]| {
        let rows = format!("id,bytes,sha256\n7,{bytes},{sha256}\n");
        let tool = tool("pack-tar").within(folder.path()).args(&["--index", "--into", "t"]);
        tool.args(args).stdin(rows).run()
    };
    let planned = run(5, &seven, &["--dry-run"]);
    assert!(planned.stderr.contains("'t/x.tar' would get an index"), "{planned:?}");
    assert!(planned.stderr.contains("1 planned") && planned.status == Some(0), "{planned:?}");
    assert!(!folder.path().join("t/x.tar.jsonl").exists());
    for (bytes, sha256) in [(4, &seven), (5, &other)] {
        let contradicted = run(bytes, sha256, &[]);
        assert_eq!(contradicted.status, Some(1), "{contradicted:?}");
        assert!(contradicted.stderr.contains("'7.jpg' in 't/x.tar' has "), "{contradicted:?}");
        assert!(run(bytes, sha256, &["--force"]).stderr.contains("1 kept"));
    }
    assert!(run(5, &seven, &[]).stderr.contains("1 kept"));
}

fn sha256(bytes: &[u8]) -> String {
    mapillary_pipes::disk::positioned_io::digest_of(bytes).to_string()
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
    // A pending index without a tar is ignored.
    fs::rename(tars.join("2024-06-01.tar.jsonl"), &waiting).unwrap();
    fs::remove_file(tars.join("2024-06-01.tar")).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t"]);
    assert!(run.stderr.starts_with("pack-tar: 15 done, 43 kept"), "{}", run.stderr);
    assert!(files(&tars) == whole);
}

/// The states of an addendum after a crash between two steps of its removal, and what earlier versions left of it.
#[test]
fn an_addendum_that_a_crash_left_half_removed_goes_with_the_next_repack() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let (late, early) = rows.split_first().unwrap();
    let tars = folder.path().join("t");
    pack(folder.path(), early, &["-q", "--into", "t"]);
    pack(folder.path(), std::slice::from_ref(late), &["-q", "--into", "t"]);
    let both = files(&tars);
    pack(folder.path(), &[], &["-q", "--into", "t", "--repack"]);
    let whole = files(&tars);
    let (tar, index, manifest) =
        ("2024-06-01.1.tar", "2024-06-01.1.tar.jsonl", "2024-06-01.1.tar.sha256");
    let waiting = ".2024-06-01.1.tar.jsonl.new";
    for left in [
        &[(tar, tar), (index, index), (manifest, manifest)][..],
        &[(tar, tar), (index, waiting), (manifest, manifest)],
        &[(tar, tar), (index, waiting)],
        &[(index, waiting)],
        &[(index, index), (manifest, manifest)],
        &[(manifest, manifest)],
    ] {
        left.iter().for_each(|(of, name)| fs::write(tars.join(name), &both[*of]).unwrap());
        let check = tool("verify-archive").within(folder.path()).args(&["t"]).run();
        // An index without its tar lists pictures that the merged tar has.
        assert_eq!(check.status, Some(0), "{left:?}: {check:?}");
        pack(folder.path(), &rows, &["-q", "--into", "t", "--repack"]);
        assert!(files(&tars) == whole, "{left:?}");
    }
    // What only the index of a lost tar lists stays known.
    let other = String::from_utf8(both[index].clone()).unwrap();
    let at = other.find("\"sha256\":\"").unwrap() + "\"sha256\":\"".len();
    let other = [&other[..at], &"0".repeat(64), &other[at + 64..]].concat();
    fs::write(tars.join(index), other).unwrap();
    pack(folder.path(), &rows, &["-q", "--into", "t", "--repack"]);
    assert!(tars.join(index).exists());
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

#[test]
fn an_original_stays_while_the_tar_that_has_it_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let tars = folder.path().join("t");
    let clean = files(&tars);
    let mut bytes = clean["2024-06-01.tar"].clone();
    bytes[40_000] ^= 1;
    fs::write(tars.join("2024-06-01.tar"), bytes).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete"]);
    assert!(
        run.stderr.contains("did not read back") && run.stderr.contains("15 failed"),
        "{run:?}"
    );
    assert_eq!(files(&folder.path().join("a/pictures")).len(), 15);
    // Nothing has to be fetched: the originals are still here.
    let run = pack(folder.path(), &rows, &["--into", "t", "--delete", "--repair"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(files(&folder.path().join("a/pictures")).len(), 0);
    assert!(files(&tars) == clean);
}

/// Rows of one picture, pictures of one name, and rows without a picture, in an order that is not that of the tars.
#[test]
fn the_first_row_of_a_name_gets_it_and_every_row_comes_out_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in [("a/1.jpg", "one"), ("b/1.jpg", "two"), ("b/2.webp", "three")] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    let rows = "path,seq_id,captured_at,note\n\
                b/1.jpg,s,86400000,1\n\
                b/2.jpg,s,86400000,2\n\
                a/1.jpg,s,86400000,3\n\
                a/1.jpg,s,1,4\n\
                b/3.jpg,s,1,5\n\
                b//1.jpg,s,86400000,6\n\
                b/1.jpg,s,86400000,7\n";
    let wanted = "1 1970-01-02/s/1.jpg done\n\
                  2 1970-01-02/s/2.webp done\n\
                  4 1970-01-01/s/1.jpg done\n\
                  6 1970-01-02/s/1.jpg kept\n\
                  7 1970-01-02/s/1.jpg kept\n";
    let mut tars = Vec::new();
    for jobs in ["1", "8"] {
        let args = ["--into", jobs, "-j", jobs, "-f", "csv"];
        let run = tool("pack-tar").within(folder.path()).args(&args).stdin(rows).run();
        assert_eq!(run.status, Some(1), "{run:?}");
        let out = run.stdout.lines().skip(1).map(|row| {
            let cells: Vec<_> = row.split(',').collect();
            [cells[2], cells[4], cells[7]].join(" ") + "\n"
        });
        assert_eq!(out.collect::<String>(), wanted, "{}", run.stdout);
        let taken =
            "line 4: 'a/1.jpg': its name '1970-01-02/s/1.jpg' in the tar is taken by 'b/1.jpg'";
        assert!(run.stderr.contains(taken), "{}", run.stderr);
        assert!(run.stderr.contains("line 6: ") && run.stderr.contains("2 failed"), "{run:?}");
        tars.push(files(&folder.path().join(jobs)));
    }
    assert_eq!(tars[0].len(), 6);
    assert!(tars[0] == tars[1], "-j 1 and -j 8");
    // With a sidecar for each, two pictures that differ in their endings alone have one name, too.
    let rows = "path,seq_id,captured_at\nb/1.jpg,s,1\na/1.jpg,s,1\nb/2.webp,s,1\n";
    fs::write(folder.path().join("a/2.jpg"), "four").unwrap();
    let rows = format!("{rows}a/2.jpg,s,1\n");
    let args = ["--webdataset", "--into", "w", "-f", "csv"];
    let run = tool("pack-tar").within(folder.path()).args(&args).stdin(rows).run();
    assert!(run.stderr.contains("'s/2.jpg' in the tar is taken by 'b/2.webp'"), "{}", run.stderr);
    assert!(run.stderr.contains("'s/1.jpg' in the tar is taken by 'b/1.jpg'"), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
}

/// Kills a run after `ms`; returns false if it had ended before.
pub fn killed(tool: crate::tool::Tool, rows: &[String], ms: u64) -> bool {
    let mut child = tool.spawn();
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(rows.concat().as_bytes());
    drop(stdin);
    std::thread::sleep(std::time::Duration::from_millis(ms));
    let _ = child.kill();
    !child.wait().unwrap().success()
}

#[test]
fn killed_at_any_moment_and_run_again_every_picture_is_in_one_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let before = files(&pictures);
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..20 {
        for (name, bytes) in &before {
            fs::write(pictures.join(name), bytes).unwrap();
        }
        let into = format!("t{round}");
        let args = ["-q", "--delete", "--into", &into];
        let run = || tool("pack-tar").within(folder.path()).args(&args);
        killed(run(), &rows, random.u64(5..60));
        run().stdin(rows.concat()).ok();
        assert_eq!(files(&pictures).len(), 0);
        let tars = folder.path().join(into);
        let names = files(&tars).into_keys().collect::<Vec<_>>();
        assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
        let check = tool("verify-archive").within(folder.path()).arg(&tars).ok();
        assert!(check.stderr.contains("58 intact"), "{}", check.stderr);
    }
}

/// A run that fails in one row is not complete, as one that is killed: `-o` stays a `.part`.
#[test]
fn a_folder_whose_pictures_were_packed_and_deleted_gives_their_rows_until_a_run_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 12);
    let at = |path: &str| folder.path().join(path);
    let pack = |into: &str, args: &[&str]| {
        let args = [&["card", "-o", "o.csv", "--into", into], args].concat();
        tool("pack-tar").within(folder.path()).args(&args).run()
    };
    let rows = |file: &str| {
        let text = fs::read_to_string(at(file)).unwrap();
        text.replace("done", "kept").lines().map(String::from).collect::<Vec<_>>()
    };
    pack("undisturbed", &[]);
    let whole =
        rows("o.csv").iter().map(|row| row.replace("undisturbed/", "t/")).collect::<Vec<_>>();
    fs::rename(at("o.csv"), at("whole.csv")).unwrap();

    fs::rename(at("card/IMG_10.JPG"), at("x")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("card/IMG_10.JPG")).unwrap();
    assert_eq!(pack("t", &["--delete"]).status, Some(1));
    assert_eq!(files(&at("card")).len(), 0);
    fs::remove_file(at("card/IMG_10.JPG")).unwrap();
    fs::rename(at("x"), at("card/IMG_10.JPG")).unwrap();
    let again = pack("t", &["--delete"]);
    assert_eq!((again.status, files(&at("card")).len()), (Some(0), 0), "{}", again.stderr);
    let by_tar = |row: &String| row.replace("t/2024-05-01.1.tar", "t/2024-05-01.tar");
    assert_eq!(rows("o.csv").iter().map(by_tar).collect::<Vec<_>>(), whole);
    // That run was complete: the pictures are in the tars and no longer in the folder.
    assert!(!at("t/.mapillary-pipes").exists());
    assert!(pack("t", &[]).stderr.contains("there is no picture in the folders"));
}

#[test]
fn a_folder_whose_packing_was_killed_gives_all_rows() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 30);
    let card = folder.path().join("card");
    let before = files(&card);
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..10 {
        for (name, bytes) in &before {
            fs::write(card.join(name), bytes).unwrap();
        }
        let into = format!("t{round}");
        let args = ["-q", "card", "--delete", "--into", &into, "-o", "o.csv"];
        let run = || tool("pack-tar").within(folder.path()).args(&args);
        killed(run(), &[], random.u64(5..40));
        let _ = fs::remove_file(folder.path().join("o.csv"));
        run().run();
        assert_eq!(files(&card).len(), 0);
        // If the first run was complete, the second one has none.
        if let Ok(rows) = fs::read_to_string(folder.path().join("o.csv")) {
            assert_eq!(rows.lines().count(), 31, "round {round}");
        }
    }
}

#[test]
fn ctrl_c_ends_it_and_what_was_packed_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    // The tool waits for more rows.
    let mut child = tool("pack-tar").within(folder.path()).args(&["--into", "t"]).spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(rows.concat().as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let _ = crate::tool::kill().args(["-INT", &child.id().to_string()]).status();
    let started = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(started.elapsed().as_secs() < 2);
    assert_eq!(files(&folder.path().join("t")).len(), 0);
}

//! verify-archive and unpack-tar over folders of tars, as processes.

use std::fs;
use std::path::Path;

use crate::pack_tar::{files, pack, sample_rows};
use crate::tool::{Run, tool};
use crate::unpack_tar::{FILE, gzip, tar_of};

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

#[test]
fn a_row_that_contradicts_the_index_of_its_tar_fails() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let index = fs::read_to_string(folder.path().join("t/2024-06-01.tar.jsonl")).unwrap();
    let line = index.lines().next().unwrap();
    let [member, id, bytes, sha256] =
        ["member", "id", "bytes", "sha256"].map(|key| value(line, key));
    let list = |id: &str, bytes: &str, sha256: &str| {
        format!(
            "archive,member,img_id,bytes,sha256\nt/2024-06-01.tar,{member},{id},{bytes},{sha256}\n"
        )
    };
    let unpack = ["unpack-tar", "--into", "o"];
    let pack = ["pack-tar", "--into", "t"];
    let run = |[name, args @ ..]: &[&str; 3], list: &str, more: &[&str]| {
        let tool = tool(name).within(folder.path()).args(args).args(more);
        tool.args(&["-f", "csv"]).stdin(list).run()
    };
    let wrong = [
        (list("77", bytes, sha256), "has img_id"),
        (list(id, "7", sha256), "has bytes"),
        (list(id, bytes, &"0".repeat(64)), "has sha256"),
    ];
    for (list, what) in &wrong {
        let checked = run(&["verify-archive", "-j", "1"], list, &[]);
        assert!(checked.status == Some(1) && checked.stdout.contains(",missing,"), "{checked:?}");
        for tool in [&unpack, &pack] {
            let failed = run(tool, list, &[]);
            assert!(failed.status == Some(1) && failed.stderr.contains(what), "{failed:?}");
            let forced = run(tool, list, &["--force"]);
            assert!(forced.status == Some(0), "{forced:?}");
            let told = [bytes, sha256].iter().all(|told| forced.stdout.contains(told));
            assert!(told, "what is printed is that of the file: {forced:?}");
        }
    }
    let right = list(id, bytes, sha256);
    for tool in [&unpack, &pack] {
        assert_eq!(run(tool, &right, &[]).status, Some(0));
    }
}

#[test]
fn different_pictures_of_one_name_are_no_versions_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let first = vec![rows[0].clone()];
    fs::create_dir(folder.path().join("small")).unwrap();
    let path = value(&first[0], "path");
    let small = path.replace("a/pictures", "small");
    fs::copy(folder.path().join(value(&rows[1], "path")), folder.path().join(&small)).unwrap();
    let other = first[0].replace(path, &small).replace("\"original\"", "\"2048\"");
    let other = vec![other];
    assert_eq!(pack(folder.path(), &first, &["--into", "t"]).status, Some(0));
    let run = pack(folder.path(), &other, &["--into", "t"]);
    assert!(run.status == Some(1) && run.stderr.contains("is another picture"), "{run:?}");
    assert_eq!(pack(folder.path(), &other, &["--into", "t", "--force"]).status, Some(0));
    let unpack = |from: &str| {
        tool("unpack-tar").within(folder.path()).args(&[from, "--into", "o", "-q"]).run()
    };
    let run = unpack("t");
    assert!(run.status == Some(1) && run.stderr.contains("as different pictures"), "{run:?}");
    assert!(!folder.path().join("o").exists());
    // Versions of one picture are, and the last one counts.
    let newer = first[0].replace(path, &small);
    assert_eq!(pack(folder.path(), &first, &["--into", "v"]).status, Some(0));
    assert_eq!(pack(folder.path(), &[newer], &["--into", "v", "--force"]).status, Some(0));
    assert_eq!(unpack("v").status, Some(0));
    // In two folders they are versions only if they are the same.
    fs::create_dir_all(folder.path().join("w/1")).unwrap();
    fs::create_dir_all(folder.path().join("w/2")).unwrap();
    fs::write(folder.path().join("w/1/x.tar"), tar_of(&[(FILE, "a.jpg", b"1")])).unwrap();
    fs::write(folder.path().join("w/2/x.tar"), tar_of(&[(FILE, "a.jpg", b"2")])).unwrap();
    let run = unpack("w");
    assert!(run.status == Some(1) && run.stderr.contains("w/1/x.tar' and in 'w/2/x.tar'"));
}

#[test]
fn unpack_tar_ends_before_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let tar = tar_of(&[(FILE, "1.jpg", b"1"), (FILE, "2.jpg", b"2")]);
    fs::write(folder.path().join("x.tar"), &tar).unwrap();
    fs::write(folder.path().join("x.tgz"), gzip(&tar)).unwrap();
    for name in ["x.tar", "x.tgz"] {
        let unpack = |room: &str| {
            let args = [name, "--into", "o", "--min-free", room];
            tool("unpack-tar").within(folder.path()).args(&args).run()
        };
        let full = unpack("900000G");
        assert!(full.status == Some(2) && full.stderr.contains("lower --min-free"), "{full:?}");
        assert!(!folder.path().join("o").exists());
        assert_eq!(unpack("0").status, Some(0));
        fs::remove_dir_all(folder.path().join("o")).unwrap();
    }
}

/// The state is that after a kill between the new tar and the end of the repair.
#[test]
fn a_repair_that_was_killed_is_finished_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let (t, clean) = (folder.path().join("t"), files(&folder.path().join("t")));
    let tar = t.join("2024-08-02.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[1000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    assert_eq!(verify(folder.path(), &["t"]).status, Some(1));
    fs::write(&tar, &clean["2024-08-02.tar"]).unwrap();
    fs::write(t.join(".mapillary-pipes/.damaged.part"), "cut").unwrap();
    fs::write(t.join(".2024-08-02.tar.sha256.part"), "cut").unwrap();
    fs::remove_file(t.join("2024-08-02.tar.sha256")).unwrap();
    let run = pack(folder.path(), &rows, &["--into", "t", "--repair"]);
    assert!(run.status == Some(0) && run.stderr.contains("58 kept"), "{run:?}");
    assert!(files(&t) == clean && !t.join(".mapillary-pipes").exists());
}

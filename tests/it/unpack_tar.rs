//! unpack-tar, as a process.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::pack_tar::{files, pack, sample_rows};
use crate::tool::{Run, tool};

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
    // The unpacked files pack to the same tars.
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

/// The tar may have the only copy.
#[test]
fn a_photo_that_was_cut_before_it_was_packed_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let cut = &b"\xff\xd8\xff\xda\x00\x02cut"[..];
    let all = [("1.jpg", cut), ("2.jpg", b""), ("3.jpg", b"<html>"), ("4.txt", b"text")];
    for (name, bytes) in all {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let rows = "path,captured_at\n1.jpg,5\n2.jpg,5\n3.jpg,5\n4.txt,5\n";
    let packs = || tool("pack-tar").within(folder.path()).args(&["--into", "t", "--delete"]);
    let run = packs().args(&["-f", "csv"]).stdin(rows).ok();
    let why: Vec<_> =
        run.stdout.lines().skip(1).map(|row| row.rsplit(',').next().unwrap()).collect();
    let wanted = ["the JPEG has no end", "it is empty", "it does not begin like a picture", ""];
    assert_eq!(why, wanted, "{}", run.stdout);
    let check = tool("verify-archive").within(folder.path()).args(&["t"]).run();
    assert!(check.stderr.contains("3 damaged"), "{check:?}");
    tool("unpack-tar").within(folder.path()).args(&["t", "--into", "o"]).ok();
    for (name, bytes) in all {
        assert_eq!(
            fs::read(folder.path().join("o/1970-01-01").join(name)).unwrap(),
            bytes,
            "{name}"
        );
    }
    let again = packs().stdin("path,captured_at\n1.jpg,5\n").run();
    let said = "'1970-01-01/1.jpg' in 't/1970-01-01.tar' is damaged: verify-archive shows how";
    assert!(again.stderr.contains(said), "{again:?}");
}

/// A tar made by other programs: each entry with its type, its name, and its link target or content.
pub fn tar_of(entries: &[(tar::EntryType, &str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for &(kind, name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mtime(1_717_245_296);
        // Bypasses the crate, which refuses what other programs write.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        let body = if kind.is_file() { content } else { &[] };
        if !kind.is_file() {
            header.as_old_mut().linkname[..content.len()].copy_from_slice(content);
        }
        header.set_size(body.len() as u64);
        header.set_cksum();
        builder.append(&header, body).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub const FILE: tar::EntryType = tar::EntryType::Regular;

fn unpack(folder: &Path, args: &[&str]) -> Run {
    tool("unpack-tar").within(folder).args(args).args(&["--into", "o"]).run()
}

/// Every file below a folder.
fn tree(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.push(path.file_name().unwrap().to_str().unwrap().to_string());
        }
    }
    found.sort();
    found
}

/// Each tar is read as a file, as a stream, in gzip, and in gzip as a stream.
#[test]
fn what_others_write_is_unpacked_or_named_in_each_way_that_it_comes() {
    use tar::EntryType::{Block, Directory, Fifo, Link, Symlink};
    type Case<'a> = (&'a str, Vec<u8>, i32, &'a [&'a str], &'a [&'a str]);
    let picture = (FILE, "a/1.jpg", &b"one"[..]);
    let whole = tar_of(&[picture, (FILE, "a/2.jpg", &[7; 900])]);
    let long = [&whole[..], &tar_of(&[(FILE, "3.jpg", b"three")])].concat();
    let mut holed = whole.clone();
    holed.splice(1024..1024, [0; 1024]);
    let cases: [Case; 16] = [
        ("./", tar_of(&[(Directory, "./", b""), (FILE, "./a/./1.jpg", b"1")]), 0, &["1.jpg"], &[]),
        ("/", tar_of(&[(FILE, "/a/1.jpg", b"1")]), 0, &["1.jpg"], &["begin with '/'"]),
        ("..", tar_of(&[picture, (FILE, "a/../../2.jpg", b"2")]), 1, &["1.jpg"], &["leads out"]),
        (
            "hard link",
            tar_of(&[picture, (Link, "b.jpg", b"a/1.jpg"), (Link, "c.jpg", b"./b.jpg")]),
            0,
            &["1.jpg", "b.jpg", "c.jpg"],
            &[],
        ),
        (
            "lost link",
            tar_of(&[picture, (Link, "b.jpg", b"z.jpg")]),
            1,
            &["1.jpg"],
            &["'b.jpg' in", "hard link to 'z.jpg'"],
        ),
        (
            "link inside",
            tar_of(&[picture, (Symlink, "b.jpg", b"a/1.jpg")]),
            0,
            &["1.jpg"],
            &["'b.jpg' is a symbolic link to 'a/1.jpg', and left out"],
        ),
        (
            "link outside",
            tar_of(&[picture, (Symlink, "a/b.jpg", b"/etc/passwd")]),
            1,
            &["1.jpg"],
            &["'a/b.jpg' in", "which the tar does not hold"],
        ),
        ("folder behind", tar_of(&[picture, (Directory, "z/", b"")]), 0, &["1.jpg"], &[]),
        (
            "devices",
            tar_of(&[(Fifo, "7.jpg", b""), (Block, "8.jpg", b""), picture]),
            0,
            &["1.jpg"],
            &["'7.jpg' is a FIFO, and left out", "'8.jpg' is a block device"],
        ),
        (
            "twice",
            tar_of(&[(FILE, "1.jpg", b"old"), (FILE, "./1.jpg", b"new")]),
            0,
            &["1.jpg"],
            &["more than once: the last"],
        ),
        (
            "sidecars",
            tar_of(&[(FILE, "1.jpg", b"1"), (FILE, "1.json", b"{}"), (FILE, "1.txt", b"")]),
            0,
            &["1.jpg", "1.json", "1.txt"],
            &["1 done, 2 other files"],
        ),
        (
            "cut inside",
            whole[..2200].to_vec(),
            1,
            &["1.jpg"],
            &["'a/2.jpg' in", "incomplete: the tar ends at byte 2200"],
        ),
        (
            "cut between",
            whole[..1024].to_vec(),
            1,
            &["1.jpg"],
            &["stops at byte 1024 without the empty blocks"],
        ),
        (
            "cut in a header",
            whole[..1300].to_vec(),
            1,
            &["1.jpg"],
            &["a header is incomplete at byte 1300"],
        ),
        ("joined", long, 0, &["1.jpg", "2.jpg", "3.jpg"], &["another tar is joined to it"]),
        (
            "garbage behind",
            [&whole[..], b"<html>"].concat(),
            1,
            &["1.jpg", "2.jpg"],
            &["what is behind the end of the tar is none"],
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("o");
    for (what, tar, status, files, words) in &cases {
        for (way, name) in
            [("file", "x.tar"), ("stream", "-"), ("gzip", "x.tgz"), ("gzip stream", "-")]
        {
            let _ = fs::remove_dir_all(&out);
            let bytes = if way.starts_with("gzip") { gzip(tar) } else { tar.clone() };
            let run = match name {
                "-" => tool("unpack-tar")
                    .within(folder.path())
                    .args(&["-", "--into", "o"])
                    .stdin(bytes)
                    .run(),
                name => {
                    fs::write(folder.path().join(name), bytes).unwrap();
                    unpack(folder.path(), &[name])
                }
            };
            assert_eq!(run.status, Some(*status), "{what}, {way}: {run:?}");
            assert_eq!(tree(&out), *files, "{what}, {way}: {}", run.stderr);
            for word in *words {
                assert!(run.stderr.contains(word), "{what}, {way}: {word}: {}", run.stderr);
            }
            let pictures = files.iter().filter(|name| name.ends_with(".jpg")).count();
            let rows = run.stdout.lines().count().saturating_sub(1);
            assert!(rows == pictures || *what == "twice", "{what}, {way}: {}", run.stdout);
            // The second time everything exists already.
            if *status == 0 && name != "-" {
                let again = unpack(folder.path(), &[name]);
                assert!(
                    again.status == Some(0) && !again.stderr.contains(" done"),
                    "{what}, {way}: {again:?}"
                );
            }
        }
    }
    assert_eq!(cases.len(), 16);
    fs::write(folder.path().join("x.tar"), holed).unwrap();
    let _ = fs::remove_dir_all(&out);
    assert!(
        unpack(folder.path(), &["x.tar"]).stderr.contains("joined"),
        "empty blocks in the middle"
    );
    assert_eq!(tree(&out), ["1.jpg", "2.jpg"]);
}

#[test]
fn a_file_that_is_there_is_kept_only_if_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("o")).unwrap();
    fs::write(folder.path().join("o/1.jpg"), "two").unwrap();
    let tar = tar_of(&[(FILE, "1.jpg", b"one")]);
    for (name, bytes) in [("x.tar", tar.clone()), ("x.tar.gz", gzip(&tar))] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let run = unpack(folder.path(), &[name]);
        assert_eq!(run.status, Some(1), "{name}: {run:?}");
        assert!(run.stderr.contains("'o/1.jpg' is another file (--force"), "{}", run.stderr);
        assert_eq!(fs::read(folder.path().join("o/1.jpg")).unwrap(), b"two");
        let dry = unpack(folder.path(), &[name, "--force", "--dry-run"]);
        assert!(dry.status == Some(0) && dry.stdout.contains("planned"), "{dry:?}");
        assert_eq!(fs::read(folder.path().join("o/1.jpg")).unwrap(), b"two");
    }
    assert_eq!(unpack(folder.path(), &["x.tar", "--force"]).status, Some(0));
    assert_eq!(fs::read(folder.path().join("o/1.jpg")).unwrap(), b"one");
    // An existing link is never written through.
    #[cfg(unix)]
    {
        fs::write(folder.path().join("mine"), "mine").unwrap();
        fs::remove_file(folder.path().join("o/1.jpg")).unwrap();
        std::os::unix::fs::symlink("../mine", folder.path().join("o/1.jpg")).unwrap();
        assert_eq!(unpack(folder.path(), &["x.tar"]).status, Some(1));
        assert_eq!(unpack(folder.path(), &["x.tar", "--force"]).status, Some(0));
        assert_eq!(fs::read(folder.path().join("mine")).unwrap(), b"mine");
    }
}

#[test]
fn what_pack_tar_wrote_for_webdataset_comes_back_with_its_times() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t", "--webdataset"]);
    let run = unpack(folder.path(), &["t"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.contains("58 done, 58 other files"), "{}", run.stderr);
    assert_eq!(tree(&folder.path().join("o")).len(), 116);
    let modified = |path: &Path| path.metadata().unwrap().modified().unwrap();
    let name = "Ls0LoneP1cture2Of3Town/1020304050604100_original.jpg";
    let first = modified(&folder.path().join("o").join(name));
    // Without the index the headers give the same, except for fractions of a second.
    fs::remove_file(folder.path().join("t/pictures-000000.tar.jsonl")).unwrap();
    fs::remove_dir_all(folder.path().join("o")).unwrap();
    assert!(unpack(folder.path(), &["t"]).stderr.contains("58 done, 58 other files"));
    let second = modified(&folder.path().join("o").join(name));
    let gap = first.duration_since(second).unwrap();
    assert!(gap < std::time::Duration::from_secs(1), "{gap:?}");
}

#[test]
fn compressed_tars_of_a_folder_are_read_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let t = folder.path().join("t");
    fs::create_dir(&t).unwrap();
    let run = unpack(folder.path(), &["t"]);
    assert!(run.status == Some(2) && run.stderr.contains("no tar in 't'"), "{run:?}");
    fs::write(t.join("a.tar"), tar_of(&[(FILE, "1.jpg", b"1")])).unwrap();
    let gz = gzip(&tar_of(&[(FILE, "2.jpg", b"2"), (FILE, "3.jpg", b"3")]));
    fs::write(t.join("b.tgz"), &gz).unwrap();
    fs::write(t.join("c.TAR.GZ"), &gz[..gz.len() - 12]).unwrap();
    fs::write(t.join("d.tar"), gzip(&tar_of(&[(FILE, "4.jpg", b"4")]))).unwrap();
    fs::write(t.join("e.tar.zst"), b"\x28\xb5\x2f\xfd123").unwrap();
    let run = unpack(folder.path(), &["t"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_eq!(tree(&folder.path().join("o")), ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
    for words in ["'t/c.TAR.GZ': ", "e.tar.zst': it is compressed with zstd", "zstd -dc"] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    let run = unpack(folder.path(), &["t/e.tar.zst"]);
    assert!(run.status == Some(2) && run.stderr.contains("compressed with zstd"), "{run:?}");
}

#[test]
fn rows_on_standard_input_are_rows_still() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.tar"), tar_of(&[(FILE, "1.jpg", b"1")])).unwrap();
    for rows in
        [&b"archive,member\nx.tar,1.jpg\n"[..], b"{\"archive\":\"x.tar\",\"member\":\"1.jpg\"}\n"]
    {
        for bytes in [rows.to_vec(), gzip(rows)] {
            let _ = fs::remove_dir_all(folder.path().join("o"));
            let run =
                tool("unpack-tar").within(folder.path()).args(&["--into", "o"]).stdin(bytes).ok();
            assert!(run.stderr.contains("1 done"), "{run:?}");
            assert_eq!(tree(&folder.path().join("o")), ["1.jpg"]);
        }
    }
}

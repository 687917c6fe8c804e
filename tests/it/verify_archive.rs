//! verify-archive, as a process.

use std::fs;
use std::path::Path;

use crate::pack_tar::{files, pack, sample_rows};
use crate::tool::{Run, tool};
use crate::unpack_tar::{FILE, gzip, tar_of};

fn verify(folder: &Path, args: &[&str]) -> Run {
    tool("verify-archive").within(folder).args(args).args(&["-f", "csv"]).run()
}

#[test]
fn a_sound_archive_has_nothing_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let packed = pack(folder.path(), &rows, &["-q", "--into", "t"]);
    assert_eq!((packed.status, packed.stderr.as_str()), (Some(0), ""));
    let run = verify(folder.path(), &["t"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stderr.starts_with("verify-archive: 0 rows, 58 intact in"), "{}", run.stderr);
    pack(folder.path(), &rows, &["-q", "--into", "w", "--webdataset"]);
    assert!(verify(folder.path(), &["w"]).stderr.contains("116 intact"));
    // Loose pictures and the rows that name them.
    let run = tool("verify-archive").within(folder.path()).stdin(rows.concat()).ok();
    assert!(run.stderr.contains("58 intact"), "{}", run.stderr);
}

/// Every byte of a tar belongs to some member.
#[test]
fn a_byte_flipped_anywhere_names_a_member() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let tar = folder.path().join("t/2024-08-02.tar");
    let sound = fs::read(&tar).unwrap();
    for at in [0, 130, 140, 150, 400, 511, 512, 3000, 9000, sound.len() - 1] {
        let mut bytes = sound.clone();
        bytes[at] ^= 1;
        fs::write(&tar, &bytes).unwrap();
        let run = verify(folder.path(), &["t/2024-08-02.tar"]);
        assert_eq!(run.status, Some(1), "byte {at}: {run:?}");
        assert!(run.stdout.contains(",damaged,"), "byte {at}: {}", run.stdout);
        assert!(run.stdout.contains("1020304050604100"), "byte {at}: {}", run.stdout);
    }
    for len in [0, 100, 5000, sound.len() - 512 * 12] {
        fs::write(&tar, &sound[..len]).unwrap();
        assert_eq!(verify(folder.path(), &["t/2024-08-02.tar"]).status, Some(1), "cut at {len}");
    }
    fs::write(&tar, &sound).unwrap();
    assert_eq!(verify(folder.path(), &["t/2024-08-02.tar"]).status, Some(0));
}

#[test]
fn what_is_fetched_anew_mends_the_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let tars = folder.path().join("t");
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let clean = files(&tars);
    for (name, at) in [("2024-06-01.tar", 700), ("2024-06-01.tar", 40_000), ("2024-07-01.tar", 5)] {
        let mut bytes = fs::read(tars.join(name)).unwrap();
        bytes[at] ^= 0x40;
        fs::write(tars.join(name), bytes).unwrap();
    }
    let bad = verify(folder.path(), &["t"]);
    assert_eq!(bad.stdout.lines().count(), 4, "{}", bad.stdout);
    // The rows of the damaged members, with the pictures as download would fetch them.
    let ids: Vec<&str> = rows
        .iter()
        .map(|row| row.rsplit("\"id\":\"").next().unwrap().split('"').next().unwrap())
        .filter(|id| bad.stdout.contains(id))
        .collect();
    assert_eq!(ids.len(), 3);
    let fetched: Vec<String> =
        rows.iter().filter(|row| ids.iter().any(|id| row.contains(id))).cloned().collect();
    // With only one of two the tar cannot be repaired, and is left unchanged.
    let half = pack(folder.path(), &fetched[..1], &["--into", "t", "--repair"]);
    assert_eq!(half.status, Some(1), "{half:?}");
    assert!(half.stderr.contains("damaged too"), "{}", half.stderr);
    let run = pack(folder.path(), &fetched, &["--into", "t", "--repair", "--delete"]);
    assert!(run.stderr.contains("3 done"), "{run:?}");
    assert!(files(&tars) == clean);
    assert_eq!(verify(folder.path(), &["t"]).status, Some(0));
    assert!(!tars.join(".mapillary-pipes/damaged").exists());
}

#[test]
fn a_damaged_member_is_replaced_by_the_same_picture_alone_unless_another_is_forced() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let (clean, tar) = (files(&folder.path().join("t")), folder.path().join("t/2024-06-01.tar"));
    let mut bytes = fs::read(&tar).unwrap();
    bytes[700] ^= 0x40;
    fs::write(&tar, bytes).unwrap();
    let bad = verify(folder.path(), &["t"]).stdout;
    let damaged = files(&folder.path().join("t"));
    let row = rows.iter().find(|row| bad.contains(&id_of(row))).unwrap().clone();
    let picture = |row: &str| folder.path().join(format!("a/pictures/{}_original.jpg", id_of(row)));
    let (original, other) = (picture(&row), fs::read(picture(&rows[40])).unwrap());
    let sound = fs::read(&original).unwrap();
    let mend = |bytes: &[u8], args: &[&str]| {
        fs::write(&original, bytes).unwrap();
        let args = [&["--into", "t", "--repair"], args].concat();
        pack(folder.path(), std::slice::from_ref(&row), &args)
    };
    let cases: [(&[u8], &[&str], &str); 5] = [
        (b"503 try again later", &["--delete"], "it does not begin like a picture"),
        (&sound[..sound.len() / 2], &[], "the JPEG has no end"),
        (&sound[..sound.len() / 2], &["--force", "--delete"], "the JPEG has no end"),
        (&other, &["--delete"], "its digest is not that of the index (--force takes it)"),
        (&other, &["--dry-run"], "its digest is not that of the index (--force takes it)"),
    ];
    for (bytes, args, why) in cases {
        let run = mend(bytes, args);
        assert!(run.status == Some(1) && run.stderr.contains(why), "{why}: {run:?}");
        assert!(files(&folder.path().join("t")) == damaged && original.exists(), "{why}");
    }
    let run = mend(&other, &["--force"]);
    assert!(run.status == Some(0) && run.stderr.contains("by another picture"), "{run:?}");
    assert!(verify(folder.path(), &["t"]).stderr.contains("58 intact"));
    // The picture that it was needs no force, whatever it looks like.
    damaged
        .iter()
        .for_each(|(name, bytes)| fs::write(folder.path().join("t").join(name), bytes).unwrap());
    verify(folder.path(), &["t"]);
    assert_eq!(mend(&sound, &["--delete"]).status, Some(0));
    assert!(files(&folder.path().join("t")) == clean);
}

fn id_of(row: &str) -> String {
    row.rsplit("\"id\":\"").next().unwrap().split('"').next().unwrap().to_string()
}

/// What each tool makes of a folder of tars: status and messages.
fn read_by_both(folder: &Path) -> [Run; 2] {
    let _ = fs::remove_dir_all(folder.join("u"));
    let unpack = tool("unpack-tar").within(folder).args(&["t", "--into", "u"]).run();
    [verify(folder, &["t"]), unpack]
}

#[test]
fn an_index_that_names_nothing_hides_no_tar() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let index = folder.path().join("t/2024-06-01.tar.jsonl");
    for text in ["", "\n", "{\"__complete__\": true}\n"] {
        fs::write(&index, text).unwrap();
        for run in read_by_both(folder.path()) {
            assert_eq!(run.status, Some(1), "{text:?}: {run:?}");
            let named = run.stderr.contains("2024-06-01.tar.jsonl': it names no file");
            assert!(named, "{text:?}: {}", run.stderr);
        }
        let run = pack(folder.path(), &rows, &["--into", "t"]);
        assert!(run.status == Some(2) && run.stderr.contains("it names no file"), "{run:?}");
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(pack(folder.path(), &rows, &["-q", "--into", "t", "--index"]).status, Some(0));
    assert!(verify(folder.path(), &["t"]).stderr.contains("58 intact"));
}

#[test]
fn a_file_that_the_index_does_not_name_is_named_and_blamed_on_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let (tar, index) = (folder.path().join("t/2024-06-01.tar"), "t/2024-06-01.tar.jsonl");
    let (sound, index) = (fs::read(&tar).unwrap(), folder.path().join(index));
    let lines = fs::read_to_string(&index).unwrap();
    let first = lines.split("\"member\":\"").nth(1).unwrap().split('"').next().unwrap();
    let check = |name: &str, intact: usize| {
        for run in read_by_both(folder.path()) {
            assert!(run.status == Some(1) && run.stderr.contains("1 failed"), "{name}: {run:?}");
            assert!(
                run.stderr.contains(&format!("'{name}' in 't/2024-06-01.tar': its index")),
                "{run:?}"
            );
            // The manifest may name more than the index.
            let is_fault = |line: &&str| line.contains("damaged") && !line.contains(".sha256'");
            assert_eq!(run.stdout.lines().filter(is_fault).count(), 0, "{run:?}");
            assert!(run.stderr.contains(&format!("{intact} ")), "{run:?}");
        }
    };
    // Lines that are lost, of the first member and of one in the middle.
    for lost in [0, 3] {
        let kept = lines.lines().enumerate().filter(|(at, _)| *at != lost);
        let kept: String = kept.map(|(_, line)| format!("{line}\n")).collect();
        fs::write(&index, kept).unwrap();
        let line = lines.lines().nth(lost).unwrap();
        check(line.split("\"member\":\"").nth(1).unwrap().split('"').next().unwrap(), 57);
    }
    fs::write(&index, &lines).unwrap();
    // What 'tar -r' adds: another file, and a newer one of a name that is there.
    let end = sound.len() - sound.iter().rev().take_while(|byte| **byte == 0).count();
    let end = end.next_multiple_of(512);
    for name in ["2024-06-01/new.jpg", first] {
        let more = tar_of(&[(tar::EntryType::Regular, name, b"\xff\xd8\xff\xd9")]);
        fs::write(&tar, [&sound[..end], &more].concat()).unwrap();
        check(name, 58);
        // An original is not deleted by such an index.
        let run = pack(folder.path(), &rows, &["-q", "--into", "t", "--delete"]);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert!(run.stderr.contains("its index does not name it"), "{run:?}");
        fs::write(&tar, &sound).unwrap();
    }
}

#[test]
fn too_many_open_files_are_no_fault_of_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let own = |(at, row): (usize, &String)| {
        row.replacen('{', &format!("{{\"sequence_id\":\"s{at}\","), 1)
    };
    let rows: Vec<String> =
        rows.iter().map(|row| row.replace("\"sequence\":", "\"was\":")).collect();
    let rows: Vec<String> = rows.iter().enumerate().map(own).collect();
    pack(folder.path(), &rows, &["-q", "--into", "t", "--by", "sequence"]);
    let verify = crate::tool::path("verify-archive");
    for limit in [8, 12, 16, 32] {
        let line = format!("ulimit -n {limit}; exec {} t -j 2", verify.display());
        let mut command = std::process::Command::new("sh");
        let output = command.args(["-c", &line]).current_dir(folder.path()).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(!words.contains("damaged") && !words.contains("missing"), "{limit}: {words}");
        match output.status.code() {
            Some(0) => assert!(words.contains("58 intact"), "{limit}: {words}"),
            status => assert!(limit < 32 && status == Some(2), "{limit}: {status:?}: {words}"),
        }
    }
}

#[test]
fn a_dry_run_says_what_it_would_mend() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let tar = folder.path().join("t/2024-06-01.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[700] ^= 0x40;
    fs::write(&tar, bytes).unwrap();
    assert_eq!(verify(folder.path(), &["t"]).status, Some(1));
    let damaged = files(&folder.path().join("t"));
    let run = pack(folder.path(), &rows, &["--into", "t", "--repair", "--dry-run"]);
    assert!(files(&folder.path().join("t")) == damaged);
    assert!(run.stderr.contains("would mend 't/2024-06-01.tar'"), "{}", run.stderr);
    let planned: Vec<_> = run.stdout.lines().filter(|row| row.contains("\"planned\"")).collect();
    let mended = pack(folder.path(), &rows, &["--into", "t", "--repair"]);
    let done: Vec<_> = mended.stdout.lines().filter(|row| row.contains("\"done\"")).collect();
    assert_eq!((planned.len(), done.len()), (1, 1), "{run:?}, {mended:?}");
    let member =
        |row: &str| row.split("\"member\":").nth(1).unwrap().split(',').next().map(String::from);
    assert_eq!(member(planned[0]), member(done[0]));
    assert_eq!(run.stdout.lines().count(), mended.stdout.lines().count());
}

#[test]
fn a_row_too_many_and_a_picture_cut_short_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let extra = "{\"id\":\"77\",\"captured_at\":5}\n";
    fs::write(folder.path().join("t/metadata.jsonl"), rows.concat() + extra).unwrap();
    let index = folder.path().join("t/2024-08-02.tar.jsonl");
    let line = fs::read_to_string(&index).unwrap();
    let second = line.replace("\"offset\":512", "\"offset\":9728").replace("4100", "4101");
    fs::write(&index, line + &second).unwrap();
    fs::write(folder.path().join("t/88.jpg"), b"\xff\xd8\xff\xda\x00\x02cut").unwrap();
    fs::write(folder.path().join("t/99.jpg"), [0; 4096]).unwrap();
    let run = verify(folder.path(), &["t"]);
    assert_eq!(run.status, Some(1));
    for named in [
        "'77': missing",
        "1020304050604101",
        "'t/88.jpg': damaged: the JPEG has no end",
        "'t/99.jpg': damaged: it does not begin like a picture",
    ] {
        assert!(run.stderr.contains(named), "{named}: {}", run.stderr);
    }
}

#[test]
fn what_nobody_has_any_more_is_left_out_when_forced() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let tars = folder.path().join("t");
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let mut bytes = fs::read(tars.join("2024-06-01.tar")).unwrap();
    for at in [700, 30_000] {
        bytes[at] ^= 1;
    }
    fs::write(tars.join("2024-06-01.tar"), bytes).unwrap();
    let bad = verify(folder.path(), &["t"]).stdout;
    assert_eq!(bad.lines().count(), 3);
    let one: Vec<String> =
        rows.iter().filter(|row| row.contains("1020304050600100")).cloned().collect();
    let run = pack(folder.path(), &one, &["--into", "t", "--repair"]);
    assert!(run.status == Some(1) && run.stderr.contains("--force leaves out"), "{run:?}");
    let run = pack(folder.path(), &one, &["--into", "t", "--repair", "--force"]);
    assert!(run.status == Some(0) && run.stderr.contains("is lost"), "{run:?}");
    assert!(verify(folder.path(), &["t"]).stderr.contains("57 intact"));
}

#[test]
fn a_sidecar_in_a_shard_is_mended_from_the_row_of_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t", "--webdataset"]);
    let clean = files(&folder.path().join("t"));
    let tar = folder.path().join("t/pictures-000000.tar");
    let mut bytes = fs::read(&tar).unwrap();
    let at = memchr::memmem::find(&bytes, b"\"make\":\"Acme\"").unwrap();
    bytes[at + 9] = b'B';
    fs::write(&tar, bytes).unwrap();
    let found = verify(folder.path(), &["t"]);
    assert!(found.stderr.contains(".json': damaged"), "{}", found.stderr);
    let run = pack(folder.path(), &[], &["--into", "t", "--repair"]);
    assert!(run.stderr.contains("is mended"), "{run:?}");
    assert!(files(&folder.path().join("t")) == clean);
    assert_eq!(verify(folder.path(), &["t"]).status, Some(0));
}

/// Each tar is checked as a file, in gzip, and as a stream.
#[test]
fn what_stands_between_pictures_of_others_is_no_damage() {
    use tar::EntryType::{Directory, Link, Symlink};
    let jpeg = &b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02scan\xff\xd9"[..];
    let (picture, broken) = ((FILE, "a/1.jpg", jpeg), (FILE, "a/3.jpg", &jpeg[..9]));
    let cut = tar_of(&[picture, (FILE, "a/2.jpg", &[7; 900])]);
    let joined = [tar_of(&[picture]), tar_of(&[(FILE, "a/2.jpg", jpeg)])].concat();
    let dotted =
        [(FILE, "./a/1.jpg", jpeg), (Link, "./l.jpg", b"./a/1.jpg"), (FILE, "./b.jpg", jpeg)];
    let respelt = [tar_of(&dotted), tar_of(&[picture])].concat();
    let cases: [(&str, Vec<u8>, i32, &str); 10] = [
        ("folder", tar_of(&[picture, (Directory, "z/", b"")]), 0, "1 intact"),
        (
            "folders before",
            tar_of(&[[(Directory, "z/", &b""[..]); 300].to_vec(), vec![picture]].concat()),
            0,
            "1 intact",
        ),
        ("symbolic link", tar_of(&[picture, (Symlink, "z.jpg", b"a/1.jpg")]), 0, "1 intact"),
        (
            "hard link",
            tar_of(&[picture, (Link, "z.jpg", b"a/1.jpg"), (FILE, "b.txt", b"")]),
            0,
            "3 intact",
        ),
        ("lost link", tar_of(&[picture, (Link, "7.jpg", b"b.jpg")]), 1, "hard link to 'b.jpg'"),
        ("joined", joined, 0, "2 intact"),
        ("joined, with other names for the same", respelt, 0, " intact in"),
        ("cut", cut[..2200].to_vec(), 1, "'a/2.jpg' in"),
        ("cut between", cut[..1024].to_vec(), 1, "without the empty blocks"),
        ("broken", tar_of(&[broken, picture]), 1, "the JPEG has no end"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (what, tar, status, words) in &cases {
        fs::write(folder.path().join("x.tar"), tar).unwrap();
        fs::write(folder.path().join("x.tgz"), gzip(tar)).unwrap();
        let stream = tool("verify-archive").within(folder.path()).args(&["-", "-f", "csv"]);
        let runs = [
            verify(folder.path(), &["x.tar"]),
            verify(folder.path(), &["x.tgz"]),
            stream.stdin(tar.clone()).run(),
        ];
        for run in runs {
            assert_eq!(run.status, Some(*status), "{what}: {run:?}");
            assert!(run.stderr.contains(words), "{what}: {}", run.stderr);
            assert!(!run.stdout.contains(",1,damaged"), "{what}: {}", run.stdout);
        }
        let notes = folder.path().join(".mapillary-pipes/damaged");
        assert_eq!(notes.exists(), *what == "broken", "{what}");
    }
}

/// The kinds are those of read-exif and pack-tar.
#[test]
fn loose_pictures_of_all_kinds_are_checked_and_other_kinds_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let jpeg = &b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02scan\xff\xd9"[..];
    let pictures = folder.path().join("t");
    fs::create_dir(&pictures).unwrap();
    for name in ["a.jpe", "b.jfif", "c.INSP", "d.JPEG"] {
        fs::write(pictures.join(name), &jpeg[..20]).unwrap();
    }
    for name in ["e.heic", "f.dng", "g.png", "h.tif"] {
        fs::write(pictures.join(name), b"").unwrap();
    }
    fs::write(pictures.join("i.png"), b"<html>503</html>").unwrap();
    fs::write(pictures.join("j.jpg"), jpeg).unwrap();
    ["k.mp4", "l.raf", "notes.txt"]
        .iter()
        .for_each(|name| fs::write(pictures.join(name), b"x").unwrap());
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(1) && run.stderr.contains("9 damaged, 1 intact"), "{run:?}");
    let said = "'t': 2 files of kinds that are not read: 1 .mp4, 1 .raf";
    assert!(run.stderr.contains(said), "{run:?}");
}

#[test]
fn where_there_is_nothing_to_check_nothing_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("t")).unwrap();
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(2) && run.stderr.contains("nothing to check in 't'"), "{run:?}");
    fs::write(folder.path().join("t/a.tar"), [0; 10_240]).unwrap();
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(0) && run.stderr.contains("no files in it"), "{run:?}");
    fs::write(folder.path().join("t/a.tar.xz"), b"\xfd7zXZ\0\0").unwrap();
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(1) && run.stderr.contains("compressed with xz"), "{run:?}");
}

/// The index made for a tar of other programs agrees with the tar.
#[test]
fn a_tar_of_others_with_links_in_it_is_checked_by_its_index_too() {
    use tar::EntryType::{Directory, Link};
    let folder = tempfile::tempdir().unwrap();
    let jpeg = &b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02scan\xff\xd9"[..];
    fs::create_dir(folder.path().join("t")).unwrap();
    let entries = [
        (Directory, "./", &b""[..]),
        (FILE, "./1.jpg", jpeg),
        (Link, "./2.jpg", b"./1.jpg"),
        (Directory, "z/", b""),
    ];
    fs::write(folder.path().join("t/x.tar"), tar_of(&entries)).unwrap();
    let run = pack(folder.path(), &[], &["--into", "t", "--index"]);
    assert!(run.stderr.contains("has an index of 2 files"), "{run:?}");
    let run = verify(folder.path(), &["t"]);
    assert!(run.status == Some(0) && run.stderr.contains("2 intact"), "{run:?}");
    let run = tool("unpack-tar").within(folder.path()).args(&["t", "--into", "o"]).ok();
    assert!(run.stderr.contains("2 done"), "{run:?}");
    assert_eq!(fs::read(folder.path().join("o/2.jpg")).unwrap(), jpeg);
}

#[test]
fn a_table_that_names_no_picture_is_refused() {
    for table in ["hello\n", "make,lon\nBolt,9.5\n"] {
        let run = tool("verify-archive").stdin(table).run();
        assert_eq!((run.status, &*run.stdout), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains("no column 'path' or 'archive' or 'img_id'"), "{}", run.stderr);
    }
}

#[test]
fn a_picture_has_the_size_and_the_digest_of_its_row_and_of_its_list() {
    let folder = tempfile::tempdir().unwrap();
    let picture =
        b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02scan\xff\xd9";
    let digest = mapillary_pipes::disk::positioned_io::digest_of(picture).to_string();
    let other = "0".repeat(64);
    fs::create_dir(folder.path().join("l")).unwrap();
    fs::write(folder.path().join("l/7.jpg"), picture).unwrap();
    let list = |path: &str, bytes: &str, sha256: &str| {
        let list = format!("id,path,captured_at,bytes,sha256\n7,{path},5,{bytes},{sha256}\n");
        fs::write(folder.path().join("l/images.csv"), &list).unwrap();
        list
    };
    let said = [
        ("25", &*digest, None),
        ("", "", None),
        ("25", &other, Some("its digest is not that of its row")),
        ("5", "", Some("it has 25 bytes, its row says 5")),
    ];
    for (bytes, sha256, fault) in said {
        let rows = list("l/7.jpg", bytes, sha256);
        let runs = [
            verify(folder.path(), &["l"]),
            tool("verify-archive").within(folder.path()).stdin(rows).run(),
        ];
        for run in runs {
            assert_eq!(run.status, Some(i32::from(fault.is_some())), "{bytes}: {run:?}");
            assert!(run.stderr.contains(fault.unwrap_or("1 intact")), "{run:?}");
        }
    }
    // In a tar it is intact by the index, and not that of the list.
    let rows = list("l/7.jpg", "25", &digest);
    verify(folder.path(), &["l"]);
    let packs = tool("pack-tar").within(folder.path()).args(&["--into", "l", "--delete"]);
    packs.stdin(rows).ok();
    for (bytes, sha256, fault) in said {
        list("elsewhere/7.jpg", bytes, sha256);
        let run = verify(folder.path(), &["l"]);
        assert_eq!(run.status, Some(i32::from(fault.is_some())), "{bytes}: {run:?}");
        assert!(run.stderr.contains("1 intact"), "{run:?}");
        assert_eq!(run.stderr.contains("not those of its row in the list"), fault.is_some());
        let row = format!(
            "archive,member,bytes,sha256\nl/1970-01-01.tar,1970-01-01/l/7.jpg,{bytes},{sha256}\n"
        );
        let run = tool("verify-archive").within(folder.path()).stdin(row).run();
        assert!(run.stderr.contains(fault.unwrap_or("1 intact")), "{run:?}");
    }
    assert!(!folder.path().join("l/.mapillary-pipes/damaged").exists());
}

/// Of an own photo the path is all that is known.
#[test]
fn a_listed_picture_is_missed_by_its_path_and_by_its_quality() {
    let folder = tempfile::tempdir().unwrap();
    let jpeg = &b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02scan\xff\xd9"[..];
    let own = folder.path().join("own");
    fs::create_dir_all(own.join("b")).unwrap();
    for name in ["one.jpg", "two.jpg", "b/one.jpg", "1020304050600102_2048.jpg"] {
        fs::write(own.join(name), jpeg).unwrap();
    }
    let list = |text: &str| fs::write(own.join("images.csv"), text).unwrap();
    list("path,captured_at\nown/one.jpg,5\nown/b/one.jpg,6\n/moved/own/two.jpg,7\n");
    let run = verify(folder.path(), &["own"]);
    assert!(run.status == Some(0) && run.stderr.contains("4 intact"), "{run:?}");
    // The current folder need not be that in which the list was made.
    assert_eq!(verify(&own, &["."]).status, Some(0));
    fs::remove_dir_all(own.join("b")).unwrap();
    fs::remove_file(own.join("two.jpg")).unwrap();
    let run = verify(&own, &["."]);
    assert!(run.status == Some(1) && run.stderr.contains("2 missing, 2 intact"), "{run:?}");
    let run = verify(folder.path(), &["own"]);
    assert!(run.status == Some(1) && run.stderr.contains("2 missing, 2 intact"), "{run:?}");
    assert!(run.stdout.contains("neither 'own/b/one.jpg' is there"), "{run:?}");
    // Packed, they are found by their names.
    let rows = "path,captured_at\nown/one.jpg,5\n";
    let packs = tool("pack-tar").within(folder.path()).args(&["--into", "own", "--delete"]);
    packs.stdin(rows).ok();
    list(rows);
    let run = verify(folder.path(), &["own"]);
    assert!(run.status == Some(0) && run.stderr.contains("2 intact"), "{run:?}");
    for (quality, missing) in [("original", 1), ("2048", 0), ("", 0)] {
        list(&format!("id,quality\n1020304050600102,{quality}\n"));
        let run = verify(folder.path(), &["own"]);
        assert_eq!(run.status, Some(missing), "{quality}: {run:?}");
        assert_eq!(run.stderr.contains("1 missing"), missing == 1, "{run:?}");
    }
}

#[test]
fn a_manifest_that_is_not_that_of_the_index_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let manifest = folder.path().join("t/2024-08-02.tar.sha256");
    let mut text = fs::read(&manifest).unwrap();
    text[3] ^= 1;
    fs::write(&manifest, text).unwrap();
    let run = verify(folder.path(), &["t"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let said = "'t/2024-08-02.tar.sha256' does not agree with the index";
    assert!(run.stderr.contains(said) && run.stderr.contains("58 intact"), "{run:?}");
    assert!(!folder.path().join("t/.mapillary-pipes/damaged").exists());
    fs::remove_file(&manifest).unwrap();
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    assert_eq!(verify(folder.path(), &["t"]).status, Some(0));
}

/// A folder of the name of the notes keeps them from being written, whoever runs this.
#[test]
fn damage_is_told_where_it_cannot_be_noted() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    pack(folder.path(), &rows, &["-q", "--into", "t"]);
    let tar = folder.path().join("t/2024-08-02.tar");
    let mut bytes = fs::read(&tar).unwrap();
    bytes[1000] ^= 1;
    fs::write(&tar, bytes).unwrap();
    fs::write(folder.path().join("t/.mapillary-pipes"), "").unwrap();
    let run = verify(folder.path(), &["t"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stdout.contains(",damaged,its digest is not that of the index"), "{run:?}");
    assert!(run.stderr.contains("cannot keep the note of damage in 't'"), "{run:?}");
}

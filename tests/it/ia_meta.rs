//! ia-meta, as a process, over collections of the sample town.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::pack_tar::{pack, sample_rows};
use crate::sample::RIDES;
use crate::tool::{Run, Tool, tool};

const ADA: &str = "mapillary-ada-original";

/// The rows of one user's pictures.
fn rows(folder: &Path, user: &str) -> Vec<String> {
    let rides = RIDES.iter().filter(|ride| ride.user.0 == user);
    let sequences: Vec<&str> = rides.map(|ride| ride.sequence).collect();
    let mut rows = sample_rows(folder);
    rows.retain(|row| sequences.iter().any(|sequence| row.contains(sequence)));
    rows
}

/// The packed collection of ada.
fn collection() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows(folder.path(), "ada");
    assert_eq!(pack(folder.path(), &rows, &["-q", "--into", ADA]).status, Some(0));
    folder
}

fn meta(folder: &Path, args: &[&str]) -> Tool {
    tool("ia-meta").within(folder).args(args)
}

fn tag(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(ADA).join(".meta").join(name)).unwrap()
}

fn listing(collection: &Path) -> Vec<String> {
    let packed = fs::read(collection.join("metadata.jsonl.gz")).unwrap();
    assert_eq!(&packed[4..8], &[0; 4], "no time");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    text.lines().map(String::from).collect()
}

/// Every file below a folder, with its bytes and its time.
fn state(folder: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let (mut folders, mut files) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let time = fs::metadata(&path).unwrap().modified().unwrap();
                files.push((path.display().to_string(), fs::read(&path).unwrap(), time));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_collection_is_described_in_the_files_that_rip_reads() {
    let folder = collection();
    meta(folder.path(), &[ADA]).ok();
    let is = |name: &str, wanted: &str| assert_eq!(tag(folder.path(), name), wanted, "{name}");
    is("title/0", "Mapillary images by ada (full size)");
    is("creator/0", "ada");
    is("date/0", "2024-06-01");
    is("coverage/0", "2024-06-01 - 2024-06-02");
    is("licenseurl/0", "https://creativecommons.org/licenses/by-sa/4.0/");
    is("mediatype/0", "data");
    is("collection/0", "mapillary-images");
    is("source/0", "https://www.mapillary.com/app/user/ada");
    is("subject/0", "mapillary");
    is("scanner/0", concat!("mapillary-pipes ", env!("CARGO_PKG_VERSION")));
    is("mapillary_pipes/0", env!("CARGO_PKG_VERSION"));
    let box_ = tag(folder.path(), "coverage/1");
    assert!(
        box_.starts_with("northlimit=54.32130") && box_.contains("westlimit=9.95000"),
        "{box_}"
    );
    let description = tag(folder.path(), "description/0");
    let counts = "Contains 29 images (full size) of 2 sequences, taken from 2024-06-01 to 2024-06-02 on 2 days.";
    assert!(description.contains(counts), "{description}");
    assert!(!folder.path().join(ADA).join(".meta/subject/4").exists(), "nothing shows 360 degrees");

    let lines = listing(&folder.path().join(ADA));
    assert_eq!(lines.len(), 29);
    assert!(
        lines[0].contains("\"captured_at\":1717245296123") && !lines[0].contains("\"path\""),
        "{}",
        lines[0]
    );
    let small = fs::read(folder.path().join(ADA).join("__ia_thumb__.jpg")).unwrap();
    let size = mapillary_pipes::format::jpeg::read(&mut &small[..]).unwrap().layout.size;
    assert_eq!(size, Some((256, 192)));
}

#[test]
fn twice_is_once_and_nothing_is_written_again() {
    let folder = collection();
    let first = meta(folder.path(), &[ADA]).ok();
    let before = state(folder.path());
    let again = meta(folder.path(), &[ADA]).ok();
    assert_eq!(again.stdout, first.stdout);
    assert!(state(folder.path()) == before);
    assert!(again.stderr.contains("0 files written"), "{}", again.stderr);

    let other = collection();
    let dry = meta(other.path(), &[ADA, "--dry-run"]).ok();
    assert!(
        dry.stderr.contains("would write 'mapillary-ada-original/metadata.jsonl.gz'"),
        "{}",
        dry.stderr
    );
    assert_eq!(
        fs::read_dir(other.path().join(ADA)).unwrap().count(),
        6,
        "two tars, each with index and manifest"
    );
    meta(other.path(), &[ADA]).ok();
    let bytes = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        let own =
            |(name, bytes, _): (String, _, _)| (name.replace(folder.to_str().unwrap(), ""), bytes);
        state(&folder.join(ADA)).into_iter().map(own).collect()
    };
    assert!(bytes(folder.path()) == bytes(other.path()), "made elsewhere, it is the same");
}

/// Puts an `ia` into a folder that only records where and how it was called, one line per call in the file `NOTED`. An
/// item exists if `THERE` is `yes`.
pub fn noting_ia(bin: &Path) {
    fs::create_dir_all(bin).unwrap();
    let program = "#!/bin/sh\n[ \"$2\" != --exists ] || exec test \"$THERE\" = yes\n\
                   { printf '%s\\036' \"${PWD##*/}\" \"$@\"; printf '\\n'; } >> \"$NOTED\"\n";
    fs::write(bin.join("ia"), program).unwrap();
    fs::set_permissions(bin.join("ia"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// The calls of that `ia` by a script.
fn called(folder: &Path, script: &str, there: &str) -> Vec<Vec<String>> {
    let bin = folder.join("bin");
    noting_ia(&bin);
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let noted = folder.join("noted");
    let mut sh = Command::new("sh");
    sh.args(["-c", script])
        .current_dir(folder)
        .env("PATH", path)
        .env("NOTED", &noted)
        .env("THERE", there);
    assert!(sh.status().unwrap().success());
    let text = fs::read_to_string(noted).unwrap();
    let calls = text.lines();
    calls.map(|call| call.split_terminator('\u{1e}').map(String::from).collect()).collect()
}

#[test]
fn the_command_reaches_ia_word_for_word() {
    let folder = collection();
    let value = "subject:it's $(touch harm) `touch harm` \"x\"; touch harm";
    let run = meta(
        folder.path(),
        &[ADA, "--metadata", value, "--metadata", "source:", "--collection", "test_collection"],
    )
    .ok();
    let calls = called(folder.path(), &run.stdout, "no");
    assert_eq!(calls.len(), 1);
    let words: Vec<&str> = calls[0].iter().map(String::as_str).collect();
    assert_eq!(
        words[..6],
        [ADA, "upload", "--checksum", "--no-derive", "--keep-directories", "--retries=100"]
    );
    assert!(words.contains(&format!("--metadata={value}").as_str()), "{words:?}");
    assert!(words.contains(&"--metadata=collection:test_collection"));
    assert!(!words.iter().any(|word| word.starts_with("--metadata=source:")), "{words:?}");
    let bytes: u64 = fs::read_dir(folder.path().join(ADA))
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum();
    assert!(words.contains(&format!("--size-hint={bytes}").as_str()), "{bytes}: {words:?}");
    let at = words.iter().position(|word| *word == "--").unwrap();
    assert_eq!(words[at - 1], ADA);
    let files = [
        "2024-06-01.tar",
        "2024-06-01.tar.jsonl",
        "2024-06-01.tar.sha256",
        "2024-06-02.tar",
        "2024-06-02.tar.jsonl",
        "2024-06-02.tar.sha256",
        "__ia_thumb__.jpg",
        "metadata.jsonl.gz",
    ];
    assert_eq!(words[at + 1..], files);
    assert!(!folder.path().join("harm").exists() && !folder.path().join(ADA).join("harm").exists());
}

#[test]
fn an_item_that_is_there_gets_its_counts_first_and_keeps_what_was_put_right_by_hand() {
    let folder = collection();
    let run = meta(folder.path(), &[ADA]).ok();
    let calls = called(folder.path(), &run.stdout, "yes");
    let words: Vec<&str> = calls[0].iter().map(String::as_str).collect();
    assert_eq!(words[..3], [ADA, "metadata", ADA]);
    let tags: Vec<&str> = words[3..].iter().map(|word| word.split(':').next().unwrap()).collect();
    assert_eq!(
        tags,
        ["--modify=coverage", "--modify=coverage", "--modify=date", "--modify=description"]
    );
    assert_eq!((calls.len(), calls[1][1].as_str()), (2, "upload"));
}

#[test]
fn an_addendum_finds_its_way_into_the_listing_and_the_counts() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows(folder.path(), "ada");
    pack(folder.path(), &rows[..20], &["-q", "--into", ADA]);
    meta(folder.path(), &[ADA]).ok();
    let before = listing(&folder.path().join(ADA));
    pack(folder.path(), &rows, &["-q", "--into", ADA]);
    assert!(folder.path().join(ADA).join("2024-06-02.1.tar").exists());
    meta(folder.path(), &[ADA]).ok();
    let after = listing(&folder.path().join(ADA));
    assert_eq!((before.len(), after.len()), (20, 29));
    assert_eq!(after[..20], before);
    assert!(tag(folder.path(), "description/0").contains("Contains 29 images"));
    tool("verify-archive").within(folder.path()).args(&["-q", ADA]).ok();
}

#[test]
fn tags_of_ones_own_stay_and_old_values_go() {
    let folder = collection();
    let meta_folder = folder.path().join(ADA).join(".meta");
    for (name, value) in [("notes/0", "by hand\n"), ("subject/9", "old"), ("title/0", "old")] {
        fs::create_dir_all(meta_folder.join(name).parent().unwrap()).unwrap();
        fs::write(meta_folder.join(name), value).unwrap();
    }
    let run = meta(folder.path(), &[ADA]).ok();
    assert!(run.stdout.contains("--metadata='notes:by hand'"), "{}", run.stdout);
    assert!(
        !meta_folder.join("subject/9").exists() && tag(folder.path(), "title/0").contains("by ada")
    );
    meta(folder.path(), &[ADA, "--metadata", "coverage:"]).ok();
    assert!(!meta_folder.join("coverage").exists());
}

#[test]
fn a_listing_of_others_is_kept_and_tars_without_an_index_are_counted_by_it() {
    let folder = collection();
    let other = folder.path().join("mapillary-ada-2048-webp");
    fs::create_dir(&other).unwrap();
    fs::copy(folder.path().join(ADA).join("2024-06-01.tar"), other.join("2024-06-01.tar")).unwrap();
    let lines = "{\"id\": \"5\", \"captured_at\": 1700000000000, \"thumb_2048_url\": \"https://x\"}\n{\"__complete__\": true}\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, lines.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(other.join("metadata.jsonl.gz"), &packed).unwrap();
    let run = meta(folder.path(), &["mapillary-ada-2048-webp"]).ok();
    assert!(
        run.stdout.contains(
            "Contains 1 images (2048 pixels wide, converted to WebP), taken on 2023-11-14."
        ),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("TAR.jsonl"), "these tars have none: {}", run.stdout);
    assert_eq!(fs::read(other.join("metadata.jsonl.gz")).unwrap(), packed);
    assert!(other.join("__ia_thumb__.jpg").exists(), "from a tar without an index, too");
}

/// A later fetch has written its rows into images.jsonl.
#[test]
fn rows_of_later_lists_are_added_and_their_pictures_missed() {
    let folder = collection();
    meta(folder.path(), &[ADA]).ok();
    let (ada, unzipped) = (folder.path().join(ADA), |path: &Path| {
        let mut text = String::new();
        let file = fs::File::open(path).unwrap();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
        text
    });
    let before = unzipped(&ada.join("metadata.jsonl.gz"));
    let known = before.lines().next().unwrap();
    fs::write(ada.join("images.jsonl"), format!("{known}\n{{\"id\": \"5\"}}\n")).unwrap();
    for again in [false, true] {
        let run = tool("verify-archive").within(folder.path()).arg(ADA).run();
        assert!(run.status == Some(1) && run.stderr.contains("1 missing"), "{again}: {run:?}");
        meta(folder.path(), &[ADA]).ok();
        let after = unzipped(&ada.join("metadata.jsonl.gz"));
        assert_eq!(after, format!("{before}{{\"id\":\"5\"}}\n"), "{again}");
    }
}

#[test]
fn too_many_files_and_loose_pictures_are_named() {
    let folder = collection();
    for at in 0..500 {
        fs::write(folder.path().join(ADA).join(format!("{at}.txt")), "").unwrap();
    }
    fs::copy(
        folder.path().join("a/pictures/1020304050600100_original.jpg"),
        folder.path().join(ADA).join("x.jpg"),
    )
    .unwrap();
    let run = meta(folder.path(), &[ADA]).ok();
    assert!(run.stderr.contains("1 loose pictures: pack-tar"), "{}", run.stderr);
    assert!(
        run.stderr.contains("509 files, and an item should have at most 500: pack-tar --by month"),
        "{}",
        run.stderr
    );
    assert_eq!(
        called(folder.path(), &run.stdout, "no").len(),
        2,
        "two commands of at most 500 files"
    );
}

#[test]
fn what_is_no_collection_fails_alone() {
    let folder = collection();
    fs::create_dir(folder.path().join("mapillary-grace-256")).unwrap();
    fs::create_dir(folder.path().join("mapillary-a b-256")).unwrap();
    let names = ["elsewhere", "mapillary-grace-256", "mapillary-a b-256", "mapillary-x-256", ADA];
    let run: Run = meta(folder.path(), &names).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    for said in [
        "'elsewhere' is not the name of a collection",
        "'mapillary-grace-256': no pictures",
        "'mapillary-a b-256': the name of an item cannot have ' '",
        "'mapillary-x-256': no such folder",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert!(run.stdout.contains(&format!("  {ADA} -- ")), "{}", run.stdout);
    let run = meta(folder.path(), &names).args(&["-o", "upload.sh"]).run();
    assert_eq!((run.status, folder.path().join("upload.sh").exists()), (Some(1), false));
    assert_eq!(meta(folder.path(), &[]).run().status, Some(2));
}

#[test]
fn a_damaged_index_or_listing_is_an_error_and_nothing_is_lost() {
    let folder = collection();
    meta(folder.path(), &[ADA]).ok();
    let list = folder.path().join(ADA).join("metadata.jsonl.gz");
    let whole = fs::read(&list).unwrap();
    for cut in [5, 40, whole.len() / 2, whole.len() - 4] {
        fs::write(&list, &whole[..cut]).unwrap();
        let run = meta(folder.path(), &[ADA]).run();
        assert_eq!(run.status, Some(1), "cut at {cut}: {run:?}");
        assert!(run.stderr.contains("metadata.jsonl.gz'"), "{}", run.stderr);
        assert_eq!(fs::read(&list).unwrap(), &whole[..cut]);
    }
}

#[test]
fn what_contradicts_the_name_of_the_collection_or_its_tars_is_named() {
    let folder = collection();
    let ada = folder.path().join(ADA);
    let index = ada.join("2024-06-02.tar.jsonl");
    let sound = fs::read_to_string(&index).unwrap();
    // Of another user and quality, as WebP, and twice.
    let (first, rest) = sound.split_once('\n').unwrap();
    let other = first.replace("\"username\":\"ada\"", "\"username\":\"bob\"");
    let other = other.replace("\"quality\":\"original\"", "\"quality\":\"2048\"");
    assert_ne!(other, first);
    fs::write(&index, format!("{}\n{first}\n{rest}", other.replace(".jpg", ".webp"))).unwrap();
    fs::write(ada.join("x.jsonl.part"), "{").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", ada.join("link.txt")).unwrap();
    let run = meta(folder.path(), &[ADA, "--dry-run"]).ok();
    for said in [
        "1 pictures are not of 'ada': '2024-06-02/",
        "1 pictures are not of the quality original: '2024-06-02/",
        "1 pictures are not JPEG: '2024-06-02/",
        "1 pictures are there more than once and counted once: '2024-06-02/",
        "x.jsonl.part' is not complete, and is not uploaded",
        "link.txt' is a symbolic link, or in a folder that is one, and is not uploaded",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert!(run.stdout.contains("Contains 29 images"), "{}", run.stdout);
    assert!(!run.stdout.contains("link.txt") && !run.stdout.contains(".part"), "{}", run.stdout);
    fs::remove_file(ada.join("link.txt")).unwrap();

    // What the index lists is not there.
    fs::write(&index, &sound).unwrap();
    let tar = ada.join("2024-06-02.tar");
    let bytes = fs::read(&tar).unwrap();
    fs::write(&tar, &bytes[..bytes.len() - 20_000]).unwrap();
    let run = meta(folder.path(), &[ADA]).run();
    assert!(
        run.status == Some(1) && run.stderr.contains("its index lists pictures up to"),
        "{run:?}"
    );
    fs::remove_file(&tar).unwrap();
    let run = meta(folder.path(), &[ADA]).run();
    let said = "2024-06-02.tar' is missing, though its index or its manifest is there";
    assert!(run.status == Some(1) && run.stderr.contains(said), "{run:?}");
    assert!(!run.stdout.contains("ia upload"), "{run:?}");
}

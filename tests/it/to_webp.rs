//! to-webp, as a process.

use std::fs;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use mapillary_pipes::format::{jpeg::Pixels, pixel_comparison};
use sha2::Digest;

use crate::pack_tar::{files, sample_rows};
use crate::tool::{Run, tool};

fn convert(folder: &Path, rows: &[String], args: &[&str]) -> Run {
    let tool = tool("to-webp").within(folder).args(&["--method", "0", "-f", "csv"]);
    tool.args(args).stdin(rows.concat()).run()
}

#[test]
fn each_jpeg_gets_a_webp_of_its_time_beside_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let run = convert(folder.path(), &rows, &[]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(run.stderr.starts_with("to-webp: 58 done"), "{}", run.stderr);
    let made = files(&pictures);
    assert_eq!(made.len(), 116);
    for name in made.keys().filter(|name| name.ends_with("jpg")) {
        let modified = |name: &str| fs::metadata(pictures.join(name)).unwrap().modified().unwrap();
        assert_eq!(modified(name), modified(&name.replace("jpg", "webp")), "{name}");
    }
    let again = convert(folder.path(), &rows, &["--delete"]);
    assert!(again.stderr.starts_with("to-webp: 58 kept"), "{}", again.stderr);
    let left = files(&pictures);
    assert_eq!(left.len(), 58);
    assert!(left.iter().all(|(name, bytes)| made[name] == *bytes));
    // Rows that still name the JPEG give the same result.
    let last = convert(folder.path(), &rows, &["--delete"]);
    assert!(last.stderr.starts_with("to-webp: 58 kept"), "{}", last.stderr);
}

#[test]
fn a_row_that_comes_twice_and_any_number_of_threads_make_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let twice: Vec<String> = rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
    convert(folder.path(), &rows, &["-q", "-j", "1", "--into", "one"]);
    let run = convert(folder.path(), &twice, &["-j", "4", "--into", "two", "--delete"]);
    assert!(run.stderr.starts_with("to-webp: 58 done, 58 kept"), "{}", run.stderr);
    let again = convert(folder.path(), &rows, &["--into", "two", "--delete"]);
    assert!(again.stderr.starts_with("to-webp: 58 kept"), "{}", again.stderr);
    let made = |name: &str| files(&folder.path().join(name).join("a/pictures"));
    assert_eq!(made("one").len(), 58);
    assert!(made("one") == made("two"));
}

#[test]
fn a_jpeg_that_a_webp_would_not_make_smaller_stays_and_is_not_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let run = convert(folder.path(), &rows[..3], &["--lossless", "--delete"]);
    assert!(run.stdout.contains("a WebP is not smaller"), "{}", run.stdout);
    let notes = folder.path().join("a/pictures/.mapillary-pipes/jpeg-is-smaller");
    assert_eq!(fs::read_to_string(notes).unwrap().lines().count(), 3);
    assert_eq!(files(&folder.path().join("a/pictures")).len(), 58);
    let again = convert(folder.path(), &rows[..3], &["--lossless", "--delete"]);
    assert!(again.stderr.starts_with("to-webp: 3 kept"), "{}", again.stderr);
    let larger = convert(folder.path(), &rows[..3], &["--lossless", "--keep-larger"]);
    assert!(larger.stderr.starts_with("to-webp: 3 done"), "{}", larger.stderr);
}

#[test]
fn a_jpeg_cut_short_fails_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let name = files(&pictures).keys().next().unwrap().clone();
    let bytes = fs::read(pictures.join(&name)).unwrap();
    fs::write(pictures.join(&name), &bytes[..bytes.len() - 500]).unwrap();
    let run = convert(folder.path(), &rows[..1], &["--delete"]);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("the JPEG has no end"), "{}", run.stderr);
    assert_eq!(files(&pictures).len(), 58);
}

#[test]
fn killed_at_any_moment_and_run_again_it_ends_the_same() {
    let folder = tempfile::tempdir().unwrap();
    // Each picture is synced to disk before its JPEG is deleted: a few are enough.
    let rows = &sample_rows(folder.path())[..16];
    let pictures = folder.path().join("a/pictures");
    let before = files(&pictures);
    convert(folder.path(), rows, &["-q", "--into", "clean"]);
    let clean = files(&folder.path().join("clean/a/pictures"));
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..20 {
        fs::remove_dir_all(&pictures).unwrap();
        fs::create_dir(&pictures).unwrap();
        for (name, bytes) in &before {
            fs::write(pictures.join(name), bytes).unwrap();
        }
        let args = ["--method", "0", "-q", "--delete"];
        let tool = tool("to-webp").within(folder.path()).args(&args);
        crate::pack_tar::killed(tool, rows, random.u64(5..60));
        let run = convert(folder.path(), rows, &["-q", "--delete"]);
        assert_eq!(run.status, Some(0), "{run:?}");
        let mut made = files(&pictures);
        made.retain(|name, _| !name.ends_with("jpg"));
        assert_eq!(made.keys().collect::<Vec<_>>(), clean.keys().collect::<Vec<_>>());
        assert!(made == clean);
        assert_eq!(files(&pictures).len(), 58);
    }
}

#[test]
fn what_a_kill_left_aside_goes_once_it_is_proven_and_stays_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let names: Vec<String> = files(&pictures).into_keys().take(2).collect();
    convert(folder.path(), &rows[..2], &["-q"]);
    let aside = |name: &String| pictures.join(format!(".{name}.removed"));
    for name in &names {
        fs::rename(pictures.join(name), aside(name)).unwrap();
    }
    // The second is no longer the file from which its WebP was made.
    let second = fs::read(aside(&names[1])).unwrap();
    let other = fs::read(pictures.join(files(&pictures).keys().last().unwrap())).unwrap();
    assert_ne!(second, other);
    fs::write(aside(&names[1]), &other).unwrap();
    let run = convert(folder.path(), &rows[..2], &["--delete"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(!aside(&names[0]).exists() && !pictures.join(&names[0]).exists(), "{run:?}");
    assert_eq!(fs::read(pictures.join(&names[1])).unwrap(), other, "{run:?}");
}

#[test]
fn what_a_webp_cannot_hold_keeps_the_jpeg_until_it_may_go() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    let name = files(&pictures).into_keys().next().unwrap();
    let bytes = fs::read(pictures.join(&name)).unwrap();
    fs::write(pictures.join(&name), [&bytes[..], b"a video"].concat()).unwrap();
    let run = convert(folder.path(), &rows[..1], &["--delete"]);
    assert!(run.stdout.contains("cannot hold data behind the picture (7 bytes)"), "{run:?}");
    assert!(run.stderr.contains("--drop-extras") && pictures.join(&name).exists(), "{run:?}");
    let run = convert(folder.path(), &rows[..1], &["--delete", "--drop-extras", "--sha256"]);
    assert!(run.stdout.contains("left out: data behind the picture (7 bytes)"), "{run:?}");
    let webp = pictures.join(name.replace("jpg", "webp"));
    let digest = sha2::Sha256::digest(fs::read(&webp).unwrap());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(run.stdout.contains(&digest) && !pictures.join(&name).exists(), "{run:?}");
}

#[test]
fn the_webp_of_another_picture_is_not_taken_for_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let rows = sample_rows(folder.path());
    let pictures = folder.path().join("a/pictures");
    convert(folder.path(), &rows[..2], &["-q"]);
    let names: Vec<String> = files(&pictures).into_keys().collect();
    // The size in pixels is the same; tagging has changed the JPEG since.
    tool("tag-exif").within(folder.path()).args(&["-q"]).stdin(rows[..1].concat()).ok();
    let before = files(&pictures);
    let run = convert(folder.path(), &rows[..2], &["--delete"]);
    assert!(
        run.stderr.contains("nothing shows that it was made of")
            && run.stderr.contains("1 kept, 1 failed"),
        "{run:?}"
    );
    assert!(pictures.join(&names[0]).exists() && !pictures.join(&names[2]).exists());
    convert(folder.path(), &rows[..1], &["-q", "--delete", "--force"]);
    assert_ne!(files(&pictures)[&names[1]], before[&names[1]]);
}

/// Colours that change from pixel to pixel, in a file with a scan for each component.
fn drawn(sampling: SamplingFactor) -> (Pixels, Vec<u8>) {
    let (width, height) = (203, 149);
    let color = |at: usize| [(at % width) as u8, (at / width) as u8, (255 - at % width) as u8];
    let rgb: Vec<u8> = (0..width * height).flat_map(color).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(sampling);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&rgb, width as u16, height as u16, ColorType::Rgb).unwrap();
    (Pixels { width, height, rgb }, bytes)
}

#[test]
fn pictures_in_a_scan_for_each_component_become_what_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let samplings = [SamplingFactor::F_2_2, SamplingFactor::F_1_2, SamplingFactor::F_4_1];
    let drawn = samplings.map(drawn);
    for (at, (_, bytes)) in drawn.iter().enumerate() {
        fs::write(folder.path().join(format!("{at}.jpg")), bytes).unwrap();
    }
    let rows = ["path\n0.jpg\n1.jpg\n2.jpg\n".to_string()];
    let run = convert(folder.path(), &rows, &["--delete", "--keep-larger"]);
    assert!(run.stderr.starts_with("to-webp: 3 done"), "{run:?}");
    for (at, (pixels, _)) in drawn.iter().enumerate() {
        let webp = fs::read(folder.path().join(format!("{at}.webp"))).unwrap();
        pixel_comparison::check(&webp, pixels, false).unwrap();
    }
}

#[test]
fn a_jpeg_of_half_its_pixels_or_scans_stays_though_it_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = drawn(SamplingFactor::F_2_2);
    let scans: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\xFF\xDA").collect();
    for (name, end) in [("half.jpg", (scans[0] + scans[1]) / 2), ("one.jpg", scans[1])] {
        fs::write(folder.path().join(name), [&bytes[..end], b"\xFF\xD9"].concat()).unwrap();
    }
    let rows = ["path\nhalf.jpg\none.jpg\n".to_string()];
    let run = convert(folder.path(), &rows, &["--delete", "--keep-larger"]);
    assert_eq!(run.stdout.matches("not all scans of the picture").count(), 2, "{run:?}");
    assert_eq!(files(folder.path()).len(), 2, "{run:?}");
}

/// Seeded noise: pictures of one size that have nothing else in common.
fn noise(seed: u64, side: u16) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let rgb: Vec<u8> = (0..3 * usize::from(side).pow(2)).map(|_| random.u8(..)).collect();
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95).encode(&rgb, side, side, ColorType::Rgb).unwrap();
    bytes
}

/// A folder with `one.jpg` in it, and runs of to-webp over it.
struct Twin {
    folder: tempfile::TempDir,
}

impl Twin {
    fn new() -> Twin {
        let twin = Twin { folder: tempfile::tempdir().unwrap() };
        twin.put("one.jpg", &noise(1, 64));
        twin
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, name: &str, args: &[&str]) -> Run {
        let tool = tool("to-webp").within(self.folder.path()).args(&["-f", "csv"]).args(args);
        tool.stdin(format!("path\n{name}\n")).run()
    }

    /// Both files stay unchanged, and the run reports why.
    #[track_caller]
    fn stays(&self, name: &str, args: &[&str], words: &str) {
        let webp = Path::new(name).with_extension("webp");
        let read =
            || [fs::read(self.path(name)).ok(), fs::read(self.path(webp.to_str().unwrap())).ok()];
        let before = read();
        let run = self.run(name, args);
        let said = run.stderr.clone() + &run.stdout;
        assert!(said.contains(words), "{words}: {run:?}");
        assert!(read() == before && before[0].is_some(), "{words}: {run:?}");
    }

    #[track_caller]
    fn goes(&self, name: &str, args: &[&str]) {
        let run = self.run(name, args);
        assert!(run.status == Some(0) && run.stderr.contains("1 kept"), "{run:?}");
        assert!(!self.path(name).exists() && self.path(name).with_extension("webp").exists());
    }
}

#[test]
fn an_original_goes_only_for_a_webp_that_is_proven_to_be_made_of_it() {
    // Another picture of the same size, also without metadata.
    let twin = Twin::new();
    twin.put("two.jpg", &noise(2, 64));
    twin.run("two.jpg", &[]);
    fs::copy(twin.path("two.webp"), twin.path("one.webp")).unwrap();
    for args in [&["--delete"][..], &[]] {
        twin.stays("one.jpg", args, "nothing shows that it was made of 'one.jpg'");
    }
    // The JPEG was edited since.
    twin.run("one.jpg", &["--force"]);
    twin.put("one.jpg", &noise(3, 64));
    twin.stays("one.jpg", &["--delete"], "nothing shows that it was made of 'one.jpg'");
    twin.run("one.jpg", &["--force"]);
    twin.goes("one.jpg", &["--delete"]);
    // The WebP was edited since: without --delete it is still accepted.
    let mut webp = fs::read(twin.path("two.webp")).unwrap();
    webp.extend([0; 2]);
    twin.put("two.webp", &webp);
    twin.stays("two.jpg", &["--delete"], "has changed since it was made of 'two.jpg'");
    twin.stays("two.jpg", &[], "1 kept");
}

#[test]
fn without_notes_the_webp_is_made_once_more_and_compared() {
    for notes in ["", "sound\tlines\tof another kind\n", "cut"] {
        let twin = Twin::new();
        twin.run("one.jpg", &[]);
        fs::remove_dir_all(twin.path(".mapillary-pipes")).unwrap();
        if !notes.is_empty() {
            twin.put(".mapillary-pipes/webp-made-of-jpeg", notes.as_bytes());
        }
        twin.stays(
            "one.jpg",
            &["--delete", "--webp-quality", "60"],
            "nothing shows that it was made",
        );
        twin.goes("one.jpg", &["--delete"]);
    }
}

#[test]
fn folders_may_be_renamed_and_copied_before_the_originals_go() {
    let twin = Twin::new();
    twin.put("a/one.jpg", &noise(5, 64));
    twin.run("a/one.jpg", &["--method", "6"]);
    fs::rename(twin.path("a"), twin.path("b")).unwrap();
    twin.put("c/one.jpg", &fs::read(twin.path("b/one.jpg")).unwrap());
    fs::copy(twin.path("b/one.webp"), twin.path("c/one.webp")).unwrap();
    twin.goes("b/one.jpg", &["--delete"]);
    // The notes were not copied, and the other method gives other bytes.
    twin.stays("c/one.jpg", &["--delete"], "nothing shows");
    twin.goes("c/one.jpg", &["--delete", "--method", "6"]);
}

#[test]
fn another_quality_than_the_one_asked_for_keeps_the_original() {
    let twin = Twin::new();
    twin.run("one.jpg", &["--webp-quality", "40"]);
    twin.stays("one.jpg", &["--delete"], "was made with quality 40, not quality 80: --force");
    twin.stays("one.jpg", &["--delete", "--lossless"], "not lossless");
    twin.stays("one.jpg", &[], "made with quality 40");
    twin.goes("one.jpg", &["--delete", "--webp-quality", "40"]);
}

#[test]
fn what_an_earlier_run_left_out_still_keeps_the_original() {
    let twin = Twin::new();
    twin.put("one.jpg", &[&noise(1, 64)[..], b"a video"].concat());
    let run = twin.run("one.jpg", &["--drop-extras"]);
    assert!(run.stdout.contains("left out: data behind the picture (7 bytes)"), "{run:?}");
    twin.stays(
        "one.jpg",
        &["--delete"],
        "its WebP does not hold data behind the picture (7 bytes)",
    );
    twin.stays("one.jpg", &[], "left out: data behind the picture (7 bytes)");
    let notes = fs::read_to_string(twin.path(".mapillary-pipes/webp-made-of-jpeg")).unwrap();
    assert!(notes.ends_with("\tlossy 80 4\tdata behind the picture (7 bytes)\n"), "{notes}");
    twin.goes("one.jpg", &["--delete", "--drop-extras"]);
}

#[test]
fn a_jpeg_with_the_name_of_its_webp_is_not_written_over() {
    let twin = Twin::new();
    twin.put("odd.webp", &noise(1, 64));
    std::os::unix::fs::symlink("one.jpg", twin.path("one.webp")).unwrap();
    for args in [&["--delete", "--force"][..], &["--delete"], &[]] {
        twin.stays("odd.webp", args, "is a JPEG in spite of its name");
        twin.stays("one.jpg", args, "is a JPEG in spite of its name");
    }
    let run = twin.run("odd.webp", &["--into", "out"]);
    assert!(run.stdout.contains("out/odd.webp"), "{run:?}");
}

#[test]
fn notes_lie_where_the_files_go_and_the_source_may_be_read_only() {
    let twin = Twin::new();
    twin.put("source/two.jpg", &noise(2, 64));
    twin.put("source/one.jpg", &noise(1, 64));
    let before = crate::service::files(&twin.path("source"));
    for (name, form) in [("source/one.jpg", "--webp-quality=80"), ("source/two.jpg", "--lossless")]
    {
        twin.run(name, &["--into", "out", form]);
        let again = twin.run(name, &["--into", "out", form]);
        assert!(again.stderr.starts_with("to-webp: 1 kept"), "{again:?}");
    }
    assert_eq!(crate::service::files(&twin.path("source")), before);
    let notes: Vec<String> = files(&twin.path("out/.mapillary-pipes")).into_keys().collect();
    assert_eq!(notes, ["jpeg-is-smaller", "webp-made-of-jpeg"]);
}

#[test]
fn a_link_goes_and_what_it_leads_to_stays() {
    let twin = Twin::new();
    std::os::unix::fs::symlink("one.jpg", twin.path("link.jpg")).unwrap();
    let run = twin.run("link.jpg", &["--delete"]);
    assert!(run.stderr.starts_with("to-webp: 1 done"), "{run:?}");
    assert_eq!(files(twin.folder.path()).into_keys().collect::<Vec<_>>(), ["link.webp", "one.jpg"]);
}

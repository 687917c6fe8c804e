//! Memory does not grow with the number of rows. Only Linux reports the peak of a running process.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;
use std::time::Duration;

use super::tool::tool;

/// After this many rows, tables and buffers have reached their size.
const EARLY: usize = 20_000;
/// The same for a typed table, which holds 100,000 rows at once.
const EARLY_GROUP: usize = 105_000;
/// The number of rows after these: held in memory, they would take over 35 MB more.
const MORE: usize = 50_000;
/// The growth that is allowed all the same: a window of 8 MB that fills on a busy machine, once on the way in and once
/// on the way out.
const GROWTH_KB: u64 = 24_000;

const CSV: &str =
    "seq_id,img_id,captured_at,lon,lat,altitude,compass_angle,camera_type,archive,member,note\n";

/// A long cell costs a tool less than many short ones, and its reader the same.
const NOTE: usize = 600;

fn csv_row(at: usize) -> String {
    let note = "n".repeat(NOTE);
    format!(
        "Qm3vT7xKpL0aWcZyR2sNfB,{},1717245296123,13.4,52.5,34.2,80.5,perspective,a.tar,a/b.jpg,{note}\n",
        at + 1
    )
}

fn json_row(at: usize) -> String {
    let note = "n".repeat(NOTE);
    format!(
        "{{\"id\":\"{}\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[13.4,52.5]}},\"captured_at\":1717245296123,\
         \"sequence\":\"Qm3vT7xKpL0aWcZyR2sNfB\",\"archive\":\"a.tar\",\"member\":\"a/b.jpg\",\"note\":\"{note}\"}}\n",
        at + 1
    )
}

/// The peak memory of the process, in KB.
fn peak_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    // A process that is about to end has no memory.
    line.map_or(0, |line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
}

fn feed(stdin: &mut ChildStdin, rows: std::ops::Range<usize>, row: fn(usize) -> String) {
    for first in rows.clone().step_by(1000) {
        let text: String = (first..(first + 1000).min(rows.end)).map(row).collect();
        stdin.write_all(text.as_bytes()).unwrap();
    }
}

#[track_caller]
fn stays_flat(name: &str, args: &[&str], header: &str, row: fn(usize) -> String) {
    stays_flat_from(EARLY, name, args, header, row);
}

#[track_caller]
fn stays_flat_from(
    early: usize,
    name: &str,
    args: &[&str],
    header: &str,
    row: fn(usize) -> String,
) {
    let mut child = tool(name).args(&["-q", "--progress", "never"]).args(args).spawn();
    let mut stderr = child.stderr.take().unwrap();
    // A full pipe of messages would block the tool.
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::stderr()));
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let reader =
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
    stdin.write_all(header.as_bytes()).unwrap();
    feed(&mut stdin, 0..early, row);
    let early_kb = peak_kb(child.id());
    feed(&mut stdin, early..early + MORE, row);
    let late_kb = peak_kb(child.id());
    drop(stdin);
    let read = reader.join().unwrap();
    assert!(child.wait().unwrap().success(), "{name}");
    // A typed table is compressed: increasing ids take a few bits each.
    assert!(read > MORE as u64 / 10, "{name}: only {read} bytes came out");
    assert!(late_kb <= early_kb + GROWTH_KB, "{name} {args:?}: {early_kb} KB, then {late_kb} KB");
}

#[test]
fn rows_of_any_number_pass_through_the_same_memory() {
    stays_flat("rows", &["-f", "jsonl"], CSV, csv_row);
    stays_flat("rows", &["-f", "csv"], "", json_row);
    stays_flat_from(EARLY_GROUP, "rows", &["-f", "geoparquet"], CSV, csv_row);
}

#[test]
fn packed_pictures_pass_a_writer_in_the_same_memory() {
    stays_flat("tag-exif", &[], CSV, csv_row);
}

/// Rows of sequences of 500 pictures, in a file. A row that is held takes ten times what its numbers take, so it need
/// not be long.
fn file_of_rows(folder: &Path, rows: usize, sequence_name: &str) -> PathBuf {
    let path = folder.join(format!("{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(b"seq_id,img_id,captured_at,lon,lat,compass_angle\n").unwrap();
    for at in 0..rows {
        let (sequence, east) = (at / 500, (at % 500) as f64 / 1e4);
        // Each sequence has its own time range; some pictures are out of order.
        let ms = 1_717_245_296_000 + sequence * 10_000_000 + ((at % 500) ^ 3) * 1000;
        let id = 100_000_000_000_000 + at;
        let line = format!("{sequence_name}{sequence},{id},{ms},{},52.5,80.5\n", 13.0 + east);
        file.write_all(line.as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

/// The peak memory of a run that writes rows or a document, in KB.
pub fn peak_of_rows_kb(name: &str, args: &[&str], rows: &Path) -> u64 {
    let (peak, read) = run(name, args, rows);
    assert!(read > 1 << 19, "{name}: only {read} bytes came out");
    peak
}

/// The peak memory of a run over a file or a folder, in KB, and the number of bytes written.
pub fn run(name: &str, args: &[&str], rows: &Path) -> (u64, u64) {
    run_to_status(0, name, args, rows)
}

/// The same of a run that ends with another status.
pub fn run_to_status(wanted: i32, name: &str, args: &[&str], rows: &Path) -> (u64, u64) {
    let quiet = tool(name).args(&["-q", "--progress", "never"]).args(args).arg(rows);
    // With an arena per thread, memory freed by one is not reused by another, which is not growth.
    let mut child = quiet.env("MALLOC_ARENA_MAX", "1").spawn();
    drop(child.stdin.take());
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let complaints = std::thread::spawn(move || std::io::read_to_string(&mut stderr).unwrap());
    let reader =
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
    let mut peak = 0;
    let status = loop {
        peak = peak_kb(child.id()).max(peak);
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    assert_eq!(status.code(), Some(wanted), "{name}: {}", complaints.join().unwrap());
    (peak, reader.join().unwrap())
}

/// The bytes that a tool holds for each row, as its help says; 0 for a tool that streams.
const HELD: [(&str, &[&str], u64); 10] = [
    ("to-geojson", &[], 0),
    ("to-geojson", &["--seq"], 0),
    ("to-gpx", &["--sorted"], 0),
    ("preview-map", &["--sorted"], 0),
    ("interpolate-dir", &["--sorted"], 0),
    ("to-gpx", &[], 37),
    ("preview-map", &[], 45),
    ("time-split", &["--overwrite"], 33),
    ("time-split", &["--overwrite", "--distance", "500"], 49),
    ("interpolate-dir", &[], 42),
];
/// The difference between runs, in KB.
const NOISE_KB: u64 = 720;
/// The same where nothing is held: 32 bytes for each additional row, while a row that is held takes at least a hundred.
const NOISE_OF_FLAT_KB: u64 = 1300;
/// Few and many rows. A row that is held takes hundreds of bytes, so fewer rows suffice to detect it.
const NUMBERS: [usize; 2] = [20_000, 80_000];
const NUMBERS_OF_FLAT: [usize; 2] = [10_000, 50_000];

#[test]
fn a_tool_that_needs_all_rows_holds_no_more_of_each_than_its_help_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = |rows| (rows, file_of_rows(folder.path(), rows, "Qm3vT7xKpL0aWcZyR2sNfB"));
    let (all, flat) = (NUMBERS.map(file), NUMBERS_OF_FLAT.map(file));
    for (name, args, held) in HELD {
        let (files, noise_kb) =
            if held == 0 { (&flat, NOISE_OF_FLAT_KB) } else { (&all, NOISE_KB) };
        let peak = |(rows, file): &(usize, PathBuf)| (*rows, peak_of_rows_kb(name, args, file));
        holds_no_more(&format!("{name} {args:?}"), held, noise_kb, files, peak);
        let help = tool(name).arg("--help").ok().stdout;
        let words = match (held, args) {
            (0, ["--sorted"]) => "one sequence, ".into(),
            (0, _) => "Streams".into(),
            _ => format!("{held} bytes"),
        };
        assert!(words_of(&help).contains(&words), "{name}: its help does not say '{words}'");
    }
}

/// The tool writes beside its rows, so it needs its own folder.
#[test]
fn pictures_of_a_catalog_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("stac");
    let args = ["--into", into.to_str().unwrap()];
    let peak = |&rows: &usize| {
        let file = file_of_rows(folder.path(), rows, "Qm3vT7xKpL0aWcZyR2sNfB");
        (rows, peak_of_rows_kb("to-stac", &args, &file))
    };
    holds_no_more("to-stac", 9, NOISE_KB, &NUMBERS_OF_FLAT, peak);
    let help = tool("to-stac").arg("--help").ok().stdout;
    assert!(words_of(&help).contains("9 bytes a row"), "{help}");
}

/// Photos with a clock without fractions, four a second, in the order of their names.
#[test]
fn photos_of_whole_seconds_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let track = folder.path().join("ride.gpx");
    let point = |time: &str| format!("<trkpt lat='52' lon='13'><time>{time}</time></trkpt>");
    let points = [point("2024-05-01T00:00:00Z"), point("2024-05-02T00:00:00Z")].concat();
    fs::write(&track, format!("<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")).unwrap();
    let args = ["--zone", "UTC", "--max-gap", "90000", "--gpx", track.to_str().unwrap()];
    let peak = |&rows: &usize| {
        let file = folder.path().join(format!("{rows}.csv"));
        let row = |at: usize| {
            let s = at / 4;
            let clock = format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
            format!("card/IMG_{at:06}.JPG,2024-05-01T{clock},{}\n", "n".repeat(200))
        };
        let text: String = (0..rows).map(row).collect();
        fs::write(&file, format!("path,taken_at,note\n{text}")).unwrap();
        (rows, peak_of_rows_kb("geotag-gpx", &args, &file))
    };
    holds_no_more("geotag-gpx", 3, NOISE_OF_FLAT_KB, &NUMBERS_OF_FLAT, peak);
    let help = tool("geotag-gpx").arg("--help").ok().stdout;
    assert!(words_of(&help).contains("3 bytes a row"), "{help}");
}

/// Checks that a tool holds no more bytes for each row than `held`, by the peaks in KB of few and of many rows. On a busy
/// machine the last moment of a process can be missed, and a window that nobody reads from fills, so a difference that
/// is too large is measured again; rows that are held fail each time.
#[track_caller]
pub fn holds_no_more<T>(
    what: &str,
    held: u64,
    noise_kb: u64,
    inputs: &[T; 2],
    peak: impl Fn(&T) -> (usize, u64),
) {
    let is_held = |_| {
        let [few, many] = inputs.each_ref().map(&peak);
        let (rows, more_kb) = ((many.0 - few.0) as u64, many.1.saturating_sub(few.1));
        println!("{what}: {} bytes a row ({few:?}, {many:?} KB)", more_kb * 1024 / rows);
        more_kb > held * rows / 1024 + noise_kb
    };
    assert!(!(0..3).all(is_held), "{what}");
}

/// The text in one line.
pub fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Few but long rows, all of which every tool here keeps: they do not stay in memory.
const FEW: usize = 8_000;
const LONG: usize = 400;

#[test]
fn rows_that_wait_leave_no_file_and_a_folder_that_takes_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let rows = file_of_rows(folder.path(), FEW, &"s".repeat(LONG));
    let tmp = folder.path().join("tmp");
    fs::create_dir(&tmp).unwrap();
    let tmp_dir = |to: &Path| format!("--tmp-dir={}", to.display());
    for (name, ..) in HELD.iter().filter(|it| it.1.is_empty()) {
        let run = tool(name).arg("-q").arg(tmp_dir(&tmp)).arg(&rows).ok();
        assert!(run.stdout.len() > 1 << 20, "{name}");
        assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0, "{name}");
        let run = tool(name).arg(tmp_dir(Path::new("/no/such/folder"))).arg(&rows).run();
        assert_eq!(run.status, Some(2), "{name}: {}", run.stderr);
        // Rows have their header, and a document has nothing.
        assert!(run.stdout.lines().count() <= 1, "{name}: {}", run.stdout);
        let words = "cannot keep temporary data in '/no/such/folder': No such file or directory";
        assert!(run.stderr.contains(words) && run.stderr.contains("--tmp-dir"), "{}", run.stderr);
    }
}

/// Killed midway, with most rows stored in a temporary file.
#[test]
fn a_kill_leaves_nothing_of_the_rows_that_wait() {
    let folder = tempfile::tempdir().unwrap();
    let rows = fs::read(file_of_rows(folder.path(), FEW, &"s".repeat(LONG))).unwrap();
    let tmp = tempfile::tempdir().unwrap();
    let mut child = tool("to-gpx").arg("-q").arg("--tmp-dir").arg(tmp.path()).spawn();
    child.stdin.as_mut().unwrap().write_all(&rows).unwrap();
    let files = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap().flatten();
    let links: Vec<_> = files.filter_map(|file| fs::read_link(file.path()).ok()).collect();
    assert!(links.iter().any(|link| link.starts_with(tmp.path())), "no file yet: {links:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 0);
}

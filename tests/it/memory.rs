//! Memory does not grow with the number of rows. Only Linux tells the peak of a running process.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;

use super::photos::card;
use super::tool::tool;

/// By now tables and buffers have their size.
const EARLY: usize = 60_000;
/// The same of a table with types, which holds 100,000 rows at once.
const EARLY_GROUP: usize = 120_000;
/// Rows in all: held, they would take over 60 MB more.
const ROWS: usize = 300_000;
/// What may come later all the same: a window of 8 MB that a busy machine lets fill, there and on its way out.
const GROWTH_KB: u64 = 24_000;

const CSV: &str =
    "seq_id,img_id,captured_at,lon,lat,altitude,compass_angle,camera_type,archive,member,note\n";

fn csv_row(at: usize) -> String {
    let note = "n".repeat(100);
    format!(
        "Qm3vT7xKpL0aWcZyR2sNfB,{},1717245296123,13.4,52.5,34.2,80.5,perspective,a.tar,a/b.jpg,{note}\n",
        at + 1
    )
}

fn json_row(at: usize) -> String {
    let note = "n".repeat(100);
    format!(
        "{{\"id\":\"{}\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[13.4,52.5]}},\"captured_at\":1717245296123,\
         \"sequence\":\"Qm3vT7xKpL0aWcZyR2sNfB\",\"archive\":\"a.tar\",\"member\":\"a/b.jpg\",\"note\":\"{note}\"}}\n",
        at + 1
    )
}

/// The most memory that the process has had, in KB.
fn peak_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    // One that is at its end has no memory.
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
    // A full pipe of complaints would hold the tool up.
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::stderr()));
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let reader =
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
    stdin.write_all(header.as_bytes()).unwrap();
    feed(&mut stdin, 0..early, row);
    let early_kb = peak_kb(child.id());
    feed(&mut stdin, early..ROWS, row);
    let late_kb = peak_kb(child.id());
    drop(stdin);
    let read = reader.join().unwrap();
    assert!(child.wait().unwrap().success(), "{name}");
    // A table with types is compressed: ids that count up take some bits each.
    assert!(read > ROWS as u64 / 10, "{name}: only {read} bytes came out");
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

/// Rows of sequences of 500 pictures, in a file.
fn file_of_rows(folder: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    let header = "seq_id,img_id,captured_at,lon,lat,altitude,compass_angle,make,model,note\n";
    file.write_all(header.as_bytes()).unwrap();
    let note = "n".repeat(100);
    for at in 0..rows {
        let (sequence, east) = (at / 500, (at % 500) as f64 / 1e4);
        // A clock of a sequence that the next one does not share; some pictures stand in the wrong order.
        let ms = 1_717_245_296_000 + sequence * 10_000_000 + ((at % 500) ^ 3) * 1000;
        let line =
            format!("s{sequence},{at},{ms},{},52.5,34.2,80.5,Make,Model,{note}\n", 13.0 + east);
        file.write_all(line.as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

/// The most memory of a run over a file, in KB. All of its work is done when its last bytes come.
fn peak_of_run_kb(name: &str, args: &[&str], rows: &Path) -> u64 {
    let mut child = tool(name).args(&["-q", "--progress", "never"]).args(args).arg(rows).spawn();
    drop(child.stdin.take());
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let complaints = std::thread::spawn(move || std::io::read_to_string(&mut stderr).unwrap());
    let (mut peak, mut read, mut buffer) = (0, 0, vec![0; 1 << 16]);
    loop {
        match stdout.read(&mut buffer).unwrap() {
            0 => break,
            some => read += some,
        }
        // Nothing can be told of one that has ended in this very moment.
        peak = peak_kb(child.id()).max(peak);
    }
    assert!(child.wait().unwrap().success(), "{name}: {}", complaints.join().unwrap());
    assert!(read > 1 << 20, "{name}: only {read} bytes came out");
    peak
}

/// What a tool holds of a row, in bytes, by its help; none streams.
const HELD: [(&str, &[&str], u64); 8] = [
    ("to-geojson", &[], 0),
    ("to-geojson", &["--seq"], 0),
    ("to-gpx", &[], 37),
    ("preview-map", &[], 45),
    ("time-split", &["--overwrite"], 33),
    ("time-split", &["--overwrite", "--distance", "500"], 49),
    ("interpolate-dir", &[], 42),
    ("interpolate-dir", &["--overwrite"], 42),
];
/// What may differ from run to run, a row.
const NOISE: u64 = 12;

#[test]
fn a_tool_that_needs_all_rows_holds_no_more_of_each_than_its_help_says() {
    let folder = tempfile::tempdir().unwrap();
    let (few, many) = (50_000, 150_000);
    let files = [few, many].map(|rows| file_of_rows(folder.path(), rows));
    for (name, args, held) in HELD {
        let [early, late] = files.each_ref().map(|file| peak_of_run_kb(name, args, file));
        let each = late.saturating_sub(early) * 1024 / (many - few) as u64;
        println!("{name} {args:?}: {each} bytes a row ({early} KB, then {late} KB)");
        assert!(each <= held + NOISE, "{name} {args:?}: {each} bytes a row");
        let help = tool(name).arg("--help").ok().stdout;
        let words = if held == 0 { "Streams".into() } else { format!("{held} bytes") };
        assert!(words_of(&help).contains(&words), "{name}: its help does not say '{words}'");
    }
}

/// Rows of one photo, at other places and times, in sequences of 500.
fn file_of_photo_rows(folder: &Path, photo: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("photos-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(b"path,seq_id,captured_at,lon,lat,altitude,compass_angle,note\n").unwrap();
    let (photo, note) = (photo.display(), "n".repeat(300));
    for at in 0..rows {
        let (sequence, east) = (at / 500, (at % 500) as f64 / 1e4);
        let ms = 1_717_245_296_000 + sequence * 10_000_000 + (at % 500) * 1000;
        let line = format!("{photo},s{sequence},{ms},{},52.5,34.2,80.5,{note}\n", 13.0 + east);
        file.write_all(line.as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

/// Rows of one photo, each in a sequence of its own, 500 of them a day.
fn file_of_days(folder: &Path, photo: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("days-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    file.write_all(b"path,seq_id,captured_at,note\n").unwrap();
    let (photo, note) = (photo.display(), "n".repeat(300));
    for at in 0..rows {
        let ms = 1_417_245_296_000 + at / 500 * 86_400_000;
        file.write_all(format!("{photo},Qm3vT7xKpL0aWcZyR{at},{ms},{note}\n").as_bytes()).unwrap();
    }
    file.into_inner().unwrap();
    path
}

#[test]
fn rows_that_are_packed_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 1);
    let photo = folder.path().join("card/IMG_8.JPG");
    let (few, many) = (20_000, 60_000);
    let files = [few, many].map(|rows| file_of_days(folder.path(), &photo, rows));
    let args = ["--dry-run", "--into", "none"];
    let [early, late] = files.each_ref().map(|file| peak_of_run_kb("pack-tar", &args, file));
    let each = late.saturating_sub(early) * 1024 / (many - few) as u64;
    println!("pack-tar: {each} bytes a row ({early} KB, then {late} KB)");
    assert!(each <= 300 + NOISE, "{each} bytes a row");
    let help = tool("pack-tar").arg("--help").ok().stdout;
    assert!(words_of(&help).contains("300 bytes a row"), "{help}");
}

/// They read each photo, so there are fewer rows here, and the noise weighs more.
#[test]
fn photos_that_are_described_wait_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    card(folder.path(), 1);
    let photo = folder.path().join("card/IMG_8.JPG");
    let (few, many) = (8_000, 20_000);
    let files = [few, many].map(|rows| file_of_photo_rows(folder.path(), &photo, rows));
    for (name, args) in [("describe", &[][..]), ("upload", &["--dry-run"])] {
        let [early, late] = files.each_ref().map(|file| peak_of_run_kb(name, args, file));
        let each = late.saturating_sub(early) * 1024 / (many - few) as u64;
        println!("{name} {args:?}: {each} bytes a row ({early} KB, then {late} KB)");
        assert!(each <= 64 + 8 * NOISE, "{name} {args:?}: {each} bytes a row");
        let help = tool(name).arg("--help").ok().stdout;
        assert!(words_of(&help).contains("64 bytes a row"), "{name}: {help}");
    }
}

/// The text in one line.
fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn rows_that_wait_leave_no_file_and_a_folder_that_takes_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let rows = file_of_rows(folder.path(), 60_000);
    let tmp = folder.path().join("tmp");
    fs::create_dir(&tmp).unwrap();
    let tmp_dir = |to: &Path| format!("--tmp-dir={}", to.display());
    for (name, ..) in HELD.iter().filter(|it| it.1.is_empty()) {
        let run = tool(name).arg("-q").arg(tmp_dir(&tmp)).arg(&rows).ok();
        assert!(run.stdout.len() > 1 << 20, "{name}");
        assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0, "{name}");
        let run = tool(name).arg(tmp_dir(Path::new("/no/such/folder"))).arg(&rows).run();
        assert_eq!(run.status, Some(2), "{name}: {}", run.stderr);
        // Rows have their header, and a document nothing at all.
        assert!(run.stdout.lines().count() <= 1, "{name}: {}", run.stdout);
        let words = "cannot keep temporary data in '/no/such/folder': No such file or directory";
        assert!(run.stderr.contains(words) && run.stderr.contains("--tmp-dir"), "{}", run.stderr);
    }
}

/// Killed in the middle, with most rows put aside.
#[test]
fn a_kill_leaves_nothing_of_the_rows_that_wait() {
    let tmp = tempfile::tempdir().unwrap();
    let mut child = tool("to-gpx").arg("-q").arg("--tmp-dir").arg(tmp.path()).spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(CSV.as_bytes()).unwrap();
    feed(&mut stdin, 0..200_000, csv_row);
    let files = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap().flatten();
    let links: Vec<_> = files.filter_map(|file| fs::read_link(file.path()).ok()).collect();
    assert!(links.iter().any(|link| link.starts_with(tmp.path())), "no file yet: {links:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(tmp.path()).unwrap().count(), 0);
}

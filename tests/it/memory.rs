//! Memory does not grow with the number of rows. Only Linux tells the peak of a running process.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::process::ChildStdin;

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
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
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
    // A table with types is compressed: each of its ids takes a few bytes all the same.
    assert!(read > ROWS as u64, "{name}: only {read} bytes came out");
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

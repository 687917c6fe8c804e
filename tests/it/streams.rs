//! Standard streams and signals, as shells, `nohup` and other programs hand them to a tool.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::tool::{Run, path, tool};

/// Runs a line of the shell in which `$1` is the tool.
fn shell(line: &str, name: &str, folder: &Path) -> Run {
    let mut shell = Command::new("sh");
    shell.args(["-c", line, "sh"]).arg(path(name)).current_dir(folder).stdin(Stdio::null());
    shell.output().unwrap().into()
}

/// A folder with rows, of which `bad.csv` has none that can be read.
fn rows() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.csv"), "img_id,lon\n1,9.95\n").unwrap();
    std::fs::write(folder.path().join("bad.csv"), format!("img_id,lon\n{}", "1\n".repeat(5000)))
        .unwrap();
    folder
}

#[test]
fn messages_that_nobody_takes_change_no_status() {
    let folder = rows();
    for (line, status) in [
        ("\"$1\" good.csv 2>/dev/full", 0),
        ("\"$1\" good.csv 2>&-", 0),
        ("\"$1\" bad.csv 2>/dev/full", 1),
        ("\"$1\" bad.csv 2>&-", 1),
        ("\"$1\" good.csv --progress always 2>/dev/full", 0),
        // The status is the tool's, and `head` has gone after a line.
        ("{ \"$1\" bad.csv 2>&1 >/dev/null; echo $? >status; } | head -n 1; exit $(cat status)", 1),
    ] {
        let run = shell(line, "rows", folder.path());
        assert_eq!(run.status, Some(status), "{line}: {run:?}");
    }
}

#[test]
fn a_stream_that_is_closed_is_named_with_status_2() {
    let folder = rows();
    for (line, name) in [
        ("\"$1\" good.csv >&-", "standard output is closed"),
        ("\"$1\" --help >&-", "standard output is closed"),
        ("\"$1\" <&-", "standard input is closed"),
    ] {
        let run = shell(line, "rows", folder.path());
        assert_eq!(run.status, Some(2), "{line}: {run:?}");
        assert!(run.stderr.contains(name), "{line}: {run:?}");
    }
    let run = shell("\"$1\" good.csv -o out.csv <&- >&-", "rows", folder.path());
    assert_eq!(run.status, Some(0), "neither is wanted: {run:?}");
    assert_eq!(shell("\"$1\" >/dev/full", "mly", folder.path()).status, Some(2));
}

/// A tool that has begun, waits for rows, and has read one.
fn waiting(line: &str) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut shell = Command::new("sh");
    shell.args(["-c", line, "sh"]).arg(path("rows"));
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = shell.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(b"img_id\n1\n").unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        out.read_line(&mut String::new()).unwrap();
    }
    (child, out)
}

fn send(signal: &str, child: &Child) {
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
}

#[test]
fn signals_that_the_caller_ignores_are_ignored() {
    let (mut child, mut out) = waiting("trap '' HUP INT; exec \"$1\"");
    send("-HUP", &child);
    send("-INT", &child);
    child.stdin.take().unwrap().write_all(b"2\n").unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "2\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn signals_that_nobody_ignores_end_the_run_in_order() {
    for signal in ["-HUP", "-INT", "-TERM"] {
        let (mut child, _out) = waiting("exec \"$1\"");
        // Open until the end: waiting for a child would close it.
        let _stdin = child.stdin.take();
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
    }
}

#[test]
fn a_reader_who_does_not_read_does_not_hold_up_the_end_of_the_run() {
    let folder = rows();
    let file = folder.path().join("many.csv");
    let note = "w".repeat(200);
    std::fs::write(&file, format!("img_id,note\n{}", format!("1,{note}\n").repeat(5000))).unwrap();
    // More than a pipe holds: from the first byte on the tool is at work.
    let mut child = tool("rows").arg(&file).spawn();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut child = tool("rows").arg(folder.path().join("bad.csv")).spawn();
    child.stderr.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130), "messages that nobody takes");
}

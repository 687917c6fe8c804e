//! Standard streams and signals, as shells, `nohup` and other programs pass them to a tool.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::tool::{Run, path, tool};

/// Runs a shell command in which `$1` is the tool.
fn shell(line: &str, name: &str, folder: &Path) -> Run {
    let mut shell = Command::new("sh");
    shell.args(["-c", line, "sh"]).arg(path(name)).current_dir(folder).stdin(Stdio::null());
    shell.output().unwrap().into()
}

/// A folder with rows; those of `bad.csv` cannot be read.
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
        // The status is the tool's; `head` closes the pipe after one line.
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

#[test]
fn a_tool_that_may_open_too_few_files_says_so() {
    let folder = rows();
    for most in 4..=8 {
        let run = shell(&format!("ulimit -n {most}; exec \"$1\" good.csv"), "rows", folder.path());
        // Each system and build needs some files for itself.
        assert!([Some(0), Some(2)].contains(&run.status), "{most}: {run:?}");
        let is_said = run.stderr.contains("Too many open files");
        assert_eq!(is_said, run.status == Some(2), "{most}: {run:?}");
    }
}

/// A tool that has started, has read one row, and waits for more.
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
    let kill = crate::tool::kill().args([signal, &child.id().to_string()]).status();
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
        // The tests may be run with ignored signals, as by `nohup`.
        let (mut child, _out) = waiting("exec env --default-signal=HUP,INT,TERM \"$1\"");
        // Kept open until the end: waiting for a child would close it.
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
    // More than a pipe holds: after the first byte the tool is running.
    let mut child = tool("rows").arg(&file).spawn();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // With -v each bad row is named: also more than a pipe holds.
    let mut child = tool("rows").arg("-v").arg(folder.path().join("bad.csv")).spawn();
    child.stderr.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130), "messages that nobody takes");
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn is_fifo(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::symlink_metadata(path).unwrap().file_type().is_fifo()
}

#[test]
fn an_output_that_is_no_plain_file_is_written_into() {
    let folder = rows();
    for name in ["out", "failed"] {
        fifo(&folder.path().join(name));
    }
    for (line, taken) in [
        ("cat out & \"$1\" good.csv -o out; s=$?; wait; exit $s", "img_id,lon\n1,9.95\n"),
        ("\"$1\" good.csv -o -", "img_id,lon\n1,9.95\n"),
        ("\"$1\" good.csv -o /proc/self/fd/1", "img_id,lon\n1,9.95\n"),
        (
            "{ echo first >&3; \"$1\" good.csv -o /proc/self/fd/3 >/dev/null; } 3>>fd; cat fd",
            "first\nimg_id,lon\n1,9.95\n",
        ),
        ("\"$1\" good.csv -o link && cat target", "img_id,lon\n1,9.95\n"),
    ] {
        std::os::unix::fs::symlink("target", folder.path().join("link")).ok();
        let run = shell(line, "rows", folder.path());
        assert_eq!((run.status, run.stdout.as_str()), (Some(0), taken), "{line}: {run:?}");
    }
    assert!(folder.path().join("link").is_symlink());
    let photo = "cat failed & echo path,lon,lat,colour >a.csv; echo none.jpg,1,2,red >>a.csv; \
                 \"$1\" a.csv --failed failed; s=$?; wait; exit $s";
    let run = shell(photo, "tag-exif", folder.path());
    assert!(run.status == Some(1) && run.stdout.contains(",red,"), "{run:?}");
    let document = "cat out & echo path,lon,lat >b.csv; echo a.jpg,1,2 >>b.csv; \
                    \"$1\" b.csv -o out; s=$?; wait; exit $s";
    let run = shell(document, "to-geojson", folder.path());
    assert!(run.status == Some(0) && run.stdout.contains("a.jpg"), "{run:?}");
    assert!(["out", "failed"].iter().all(|name| is_fifo(&folder.path().join(name))));
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("part")), "{left:?}");
}

#[test]
fn a_fifo_that_nobody_writes_or_reads_does_not_hold_up_the_end() {
    let folder = rows();
    for name in ["in", "in.jpg", "out"] {
        fifo(&folder.path().join(name));
    }
    for arguments in [
        &["rows", "in"][..],
        &["rows", "good.csv", "-o", "out"],
        &["rows", "good.csv", "--failed", "out"],
        &["read-exif", "in"],
        &["get-images", "--user", "ada", "--known", "in"],
        &["get-images", "--user", "ada", "--area", "in"],
        &["get-images", "--user", "ada", "--token-file", "in"],
        &["geotag-gpx", "good.csv", "--gpx", "in"],
    ] {
        for signal in ["-INT", "-TERM"] {
            let mut child = tool(arguments[0]).args(&arguments[1..]).within(folder.path()).spawn();
            // Until the tool has started, a signal ends it like any program.
            std::thread::sleep(std::time::Duration::from_millis(30));
            send(signal, &child);
            let _stdin = child.stdin.take();
            let ended = child.wait().unwrap();
            assert!(
                !ended.success() && ended.code() != Some(101),
                "{arguments:?} {signal}: {ended:?}"
            );
        }
    }
    assert!(is_fifo(&folder.path().join("out")));
}

#[test]
fn one_signal_ends_a_tool_whose_named_stream_has_a_silent_writer() {
    let folder = rows();
    let (log, photos) = (folder.path().join("log"), folder.path().join("photos.csv"));
    std::fs::write(&photos, "captured_at,path\n1714557600000,a.jpg\n").unwrap();
    fifo(&log);
    for arguments in [
        &["geotag-gpx", "photos.csv", "--gpx", "log"][..],
        &["to-gpx", "--track", "log"],
        &["get-images", "--user", "ada", "--known", "log"],
    ] {
        for signal in ["-INT", "-TERM"] {
            let mut child = tool(arguments[0]).args(&arguments[1..]).within(folder.path()).spawn();
            // This open returns when the tool has opened its end.
            let _silent = std::fs::OpenOptions::new().write(true).open(&log).unwrap();
            send(signal, &child);
            let ended = child.wait().unwrap();
            assert!(!ended.success() && ended.code() != Some(101), "{arguments:?}: {ended:?}");
        }
    }
}

#[test]
fn a_fifo_that_is_named_like_a_picture_is_none_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    std::fs::create_dir(&photos).unwrap();
    fifo(&photos.join("7.jpg"));
    std::fs::write(folder.path().join("rows.csv"), "img_id,path,lon,lat\n7,photos/7.jpg,1,2\n")
        .unwrap();
    for arguments in [
        &["read-exif", "photos"][..],
        &["read-exif", "-r", "photos"],
        &["read-exif", "photos/7.jpg"],
        &["tag-exif", "rows.csv"],
        &["tag-exif", "photos"],
        &["tag-exif", "--sidecar", "rows.csv"],
        &["to-webp", "rows.csv"],
        &["pack-tar", "rows.csv", "--into", "tars"],
        &["geotag-gpx", "photos"],
        &["interpolate-dir", "photos"],
        &["time-split", "photos"],
        &["verify-archive", "rows.csv"],
    ] {
        let run = tool(arguments[0]).args(&arguments[1..]).within(folder.path()).stdin("").run();
        assert_eq!(run.status, Some(1), "{arguments:?}: {run:?}");
        let named = run.stderr.clone() + &run.stdout;
        assert!(named.contains("7.jpg"), "{arguments:?}: {run:?}");
        assert!(named.contains("a FIFO, and no plain file"), "{arguments:?}: {run:?}");
    }
    assert!(is_fifo(&photos.join("7.jpg")));
}

#[test]
fn no_file_is_read_and_written_in_one_run_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows = "img_id,make\n1,A\n";
    let area = r#"{"type":"Polygon","coordinates":[[[9,54],[9.01,54],[9.01,54.01],[9,54]]]}"#;
    std::fs::write(at("in.csv"), rows).unwrap();
    std::fs::write(at("area.json"), area).unwrap();
    std::fs::write(at("a.jpg"), b"\xff\xd8\xff\xe0").unwrap();
    std::fs::hard_link(at("in.csv"), at("hard.csv")).unwrap();
    std::os::unix::fs::symlink("in.csv", at("link.csv")).unwrap();
    let refused = |name: &str, words: &str, redirects: &str| {
        let shell = format!("{} {words} {redirects}", path(name).display());
        let run = Command::new("sh").args(["-c", &shell]).current_dir(folder.path()).output();
        let run = Run::from(run.unwrap());
        assert_eq!(run.status, Some(2), "{words} {redirects}: {}", run.stderr);
        assert!(run.stderr.contains("another name"), "{words} {redirects}: {}", run.stderr);
        assert_eq!(std::fs::read_to_string(at("in.csv")).unwrap(), rows, "{words} {redirects}");
        assert_eq!(std::fs::read_to_string(at("area.json")).unwrap(), area, "{words} {redirects}");
    };
    for flag in ["-o", "--failed", "--summary", "--log-file"] {
        for name in ["in.csv", "./in.csv", "hard.csv", "link.csv"] {
            // A list of failed rows may be the input file.
            if flag != "--failed" {
                refused("rows", &format!("in.csv {flag} {name}"), "");
                refused("rows", &format!("{flag} {name}"), "<in.csv");
            }
        }
        refused("get-images", &format!("--area area.json {flag} ./area.json"), "");
        refused("get-images", &format!("--bbox 1,1,2,2 --known in.csv {flag} hard.csv"), "");
        refused("read-exif", &format!("a.jpg {flag} ./a.jpg"), "");
    }
    for flag in ["-o", "--failed"] {
        refused("rows", &format!("in.csv {flag} /dev/fd/3"), "3>>in.csv");
        refused("rows", &format!("{flag} /dev/fd/3"), "<in.csv 3>>in.csv");
    }
    for (one, other) in [("-o", "--failed"), ("-o", "--summary"), ("--failed", "--log-file")] {
        refused("rows", &format!("in.csv {one} new.csv {other} ./new.csv"), "");
    }
    refused("rows", "in.csv --failed out.csv", ">out.csv");
    refused("rows", "in.csv --log-file out.csv -o -", ">out.csv");
    // A file that is used for both, or is not written, stays unchanged.
    let shell = format!(
        "{0} in.csv --failed /dev/null --log-file /dev/null --summary /dev/null && {0} in.csv --failed in.csv",
        path("rows").display()
    );
    assert!(
        Command::new("sh")
            .args(["-c", &shell])
            .current_dir(folder.path())
            .status()
            .unwrap()
            .success()
    );
}

/// A file that cannot be reopened is still recognized: a run with too few handles searched for it endlessly.
#[cfg(target_os = "linux")]
#[test]
fn a_run_ends_however_few_files_may_be_open() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.csv"), "img_id,note\n1,a\n").unwrap();
    let mut enough = 0;
    for handles in 6..=24 {
        let script = format!("ulimit -n {handles}; exec \"$0\" in.csv -o {handles}.csv");
        let run = Command::new("timeout")
            .args(["-s", "KILL", "20", "sh", "-c", &script])
            .arg(path("rows"))
            .current_dir(folder.path())
            .output()
            .unwrap();
        let written = std::fs::read_to_string(folder.path().join(format!("{handles}.csv")));
        match run.status.code() {
            Some(0) => enough += usize::from(written.unwrap() == "img_id,note\n1,a\n"),
            Some(2) => assert!(written.is_err(), "{handles} files: {run:?}"),
            _ => panic!("{handles} files: {run:?}"),
        }
    }
    assert!((1..19).contains(&enough), "{enough}");
}

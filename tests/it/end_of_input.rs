//! The end of the rows in a pipe: if a tool before was killed, could not continue or had failed rows, the input is
//! incomplete; the signal for that is not among the rows. Linux only.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{PipeWriter, Write, pipe};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::every_stream::{World, folder, lines};
use crate::every_tool;
use crate::service::{service, service_with};
use crate::tool::{Run, names, path};

/// Tools whose stdout is a document, which ends a pipe.
const DOCUMENTS: &[&str] =
    &["ia-meta", "ia-stats", "preview-map", "serve-archive", "to-geojson", "to-gpx"];

const EARLY: &str = "the input ended early";

/// Waits until the pipe has a writer that is counted: from then on its death is detected.
fn wait_for_writer(pipe: &impl std::os::fd::AsFd) {
    while rustix::fs::fstat(pipe).unwrap().st_mode & 0o7177 == 0 {
        sleep(Duration::from_millis(1));
    }
}

/// Starts two commands joined by a pipe, and waits until the first is counted as a writer.
fn joined(mut first: Command, mut second: Command) -> (Child, Child) {
    let (reader, writer) = pipe().unwrap();
    let watched = reader.try_clone().unwrap();
    let first = first.stdout(writer).stderr(Stdio::null()).spawn().unwrap();
    let second = second.stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped());
    let second = second.spawn().unwrap();
    wait_for_writer(&watched);
    (first, second)
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_tool_before_that_is_killed_completes_no_file_of_any_tool() {
    let world = World::new();
    for (at, name) in every_tool::readers().iter().enumerate() {
        let folder = folder();
        let mut first = world.command(&path("rows"), folder.path());
        let form = if at % 2 == 0 { "csv" } else { "jsonl" };
        first.args(["-q", "-f", form]).stdin(Stdio::piped());
        let mut second = world.command(&path(name), folder.path());
        second.args(every_tool::needed(name)).args(["-", "-o", "out"]);
        let (mut first, second) = joined(first, second);
        let rows = fs::read(folder.path().join("rows.csv")).unwrap();
        first.stdin.as_mut().unwrap().write_all(&rows).unwrap();
        kill(first);
        let run: Run = second.wait_with_output().unwrap().into();
        assert_eq!(run.status, Some(2), "{name}: {run:?}");
        assert!(run.stderr.contains(EARLY), "{name}: {run:?}");
        assert!(!folder.path().join("out").exists(), "{name}");
    }
}

#[test]
fn a_tool_that_is_refused_gives_no_complete_rows() {
    let world = World::new();
    for name in names() {
        let run = world.shell(&name, "tool --no-such-flag 2>/dev/null | \"$ROWS\" -o out; ls out*");
        assert!(run.stderr.contains(EARLY) && run.stdout.is_empty(), "{name}: {run:?}");
    }
}

#[test]
fn a_list_named_by_a_flag_is_not_taken_for_whole_if_its_writer_was_not_done() {
    let world = World::new();
    for (name, line) in [
        ("get-meta", "rows.csv --known /dev/stdin -o out"),
        ("get-images", "--user ada --known /dev/stdin -o out"),
        ("geotag-gpx", "--gpx /dev/stdin rows.csv -o out"),
        ("serve-archive", ". --rows /dev/stdin --port 0"),
    ] {
        for (writer, words) in [
            ("\"$ROWS\" --no-such-flag 2>/dev/null", EARLY),
            ("printf 'img_id,lon\\n3\\n4,1\\n' | \"$ROWS\" 2>/dev/null", "rows that failed"),
        ] {
            let run = world
                .shell(name, &format!("{writer} | timeout 20 \"$TOOL\" {line}; echo $?; ls out"));
            assert!(run.stderr.contains(words), "{name} {writer}: {run:?}");
            assert!(
                run.stdout.starts_with("2\n") && !run.stdout.contains("out"),
                "{name}: {run:?}"
            );
        }
    }
}

#[test]
fn rows_in_a_pipe_are_complete_where_a_file_of_the_tool_would_be() {
    let world = World::new();
    for (name, arguments) in lines().iter().filter(|(name, _)| {
        !DOCUMENTS.contains(&&**name) && !["fetch", "login", "to-site"].contains(&&**name)
    }) {
        let line = format!(
            "tool {arguments} -q -o file;\n\
             tool {arguments} -q | \"$ROWS\" -q -o pipe; echo $?; ls file pipe 2>/dev/null"
        );
        let run = world.shell(name, &line);
        let expected = ["0\nfile\npipe\n", "1\n"];
        assert!(expected.contains(&&*run.stdout), "{name}: {run:?}");
    }
}

#[test]
fn tools_that_write_into_one_pipe_at_once_keep_their_lines_whole() {
    let folder = tempfile::tempdir().unwrap();
    let list = |file: &str| -> String {
        let row = |row: u32| {
            format!(
                "{file}{row:06},{}
",
                file.repeat(40)
            )
        };
        "img_id,note
"
        .to_owned()
            + &(0..6_000).map(row).collect::<String>()
    };
    let files = ["1", "2", "3", "4"];
    for file in files {
        fs::write(folder.path().join(format!("part.{file}.csv")), list(file)).unwrap();
    }
    let mut expected: Vec<String> = files
        .iter()
        .flat_map(|file| list(file).lines().skip(1).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    expected.sort();
    // Until the reader begins, all of them fill the pipe, and each waits in the middle of a write.
    let line = "ls part.*.csv | xargs -P 4 -n 1 $ROWS -q | { sleep 0.3; $ROWS -q -o all.csv; }";
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder.path()).env("ROWS", path("rows"));
    let run: Run = shell.output().unwrap().into();
    assert_eq!(run.status, Some(0), "{run:?}");
    let all = fs::read_to_string(folder.path().join("all.csv")).unwrap();
    let mut rows: Vec<String> = all.lines().skip(1).map(str::to_owned).collect();
    rows.sort();
    assert!(rows == expected, "{} rows", rows.len());
}

/// The output of a shell command, which may list the files that exist then.
fn shell(line: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.csv", "img_id,lon\n1,9.5\n"),
        ("b.csv", "img_id,lon\n2,\n"),
        ("bad.csv", "img_id,lon\n3\n4,1\n"),
        ("none.jsonl", ""),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder.path()).stdin(Stdio::null());
    shell.env("ROWS", path("rows")).output().unwrap().into()
}

#[test]
fn writers_of_one_pipe_must_all_have_come_to_their_end() {
    for (writers, status) in [
        ("$ROWS a.csv", 0),
        ("{ $ROWS a.csv; $ROWS b.csv; }", 0),
        ("ls a.csv b.csv | xargs -P 2 -n 1 $ROWS", 0),
        ("{ $ROWS a.csv -o own.csv; cat own.csv; }", 0),
        ("{ $ROWS none.csv -o own.csv; $ROWS a.csv; }", 0),
        ("{ $ROWS bad.csv; $ROWS a.csv; }", 1),
        ("{ $ROWS bad.csv --accept-failed; $ROWS a.csv; }", 0),
        ("{ $ROWS none.csv; $ROWS a.csv; }", 2),
        ("$ROWS bad.csv | $ROWS", 1),
        ("$ROWS none.csv | $ROWS", 2),
        // Other programs, also in between, send no signal.
        ("{ echo img_id; $ROWS none.csv; } | cat", 0),
        ("$ROWS bad.csv | tee copy", 0),
        ("$ROWS none.csv | gzip", 0),
        ("{ $ROWS a.csv; $ROWS b.csv; } | head -n 1", 0),
        // No input at all: from a program that has finished, or that never existed.
        ("false", 1),
        // The rows are in a file, and a list that was there before must not become empty.
        ("$ROWS a.csv -o own.csv", 1),
        ("$ROWS a.csv -o none/own.csv", 1),
        ("$ROWS a.csv -o own.csv | $ROWS", 1),
        ("$ROWS none.csv -o own.csv", 1),
        ("false | $ROWS", 1),
        ("$ROWS none.csv | cat", 1),
        ("no-such-tool 2>/dev/null | $ROWS -f jsonl | $ROWS", 1),
        ("false | $ROWS --accept-empty", 0),
        ("$ROWS none.jsonl", 0),
        ("$ROWS -f jsonl </dev/null", 0),
    ] {
        let run = shell(&format!("{writers} | $ROWS -o out.csv; echo $?; ls out.csv*"));
        let file = if status == 0 { "out.csv" } else { "out.csv.part" };
        let expected = format!("{status}\n{file}\n");
        // If the input ends before its header, no file is opened.
        assert!(
            run.stdout == expected || (status, &*run.stdout) == (2, "2\n"),
            "{writers}: {run:?}"
        );
        assert!((status == 2) == run.stderr.contains(EARLY), "{writers}: {run:?}");
        let is_missing = run.stderr.contains("rows that failed, and they are missing here");
        let is_unproven = run.stderr.contains("not even a first byte");
        assert!((status == 1) == (is_missing || is_unproven), "{writers}: {run:?}");
        let is_empty = ["false", "no-such", "none.csv | cat", "-o own.csv", "-o none/own.csv"]
            .iter()
            .any(|it| writers.contains(it));
        assert!(!is_unproven || is_empty, "{writers}: {run:?}");
    }
    let run = shell("false | $ROWS -o out.csv --accept-empty; echo $?; ls out.csv*");
    assert_eq!(run.stdout, "0\nout.csv\n", "{run:?}");
    let run = shell("$ROWS bad.csv | $ROWS -o out.csv --accept-failed; echo $?; ls out.csv*");
    assert_eq!(run.stdout, "0\nout.csv\n", "{run:?}");
}

#[test]
fn an_output_that_is_a_pipe_tells_its_reader_too() {
    for (file, status) in [("a.csv", 0), ("bad.csv", 1)] {
        let line =
            format!("{{ $ROWS {file} -o /dev/fd/3 3>&1 >/dev/null; }} | $ROWS -o out.csv; echo $?");
        assert_eq!(shell(&line).stdout, format!("{status}\n"), "{file}");
    }
}

#[test]
fn what_other_programs_read_has_the_rows_alone() {
    for form in ["csv", "jsonl"] {
        let run = shell(&format!(
            "$ROWS a.csv -f {form} >file; $ROWS a.csv -f {form} | cat >piped; $ROWS a.csv -f {form} -o own;\n\
             $ROWS a.csv -f {form} | tee copy | $ROWS >again; cat again; cmp file piped && cmp file own && cmp file copy && cmp file again"
        ));
        assert_eq!(run.status, Some(0), "{run:?}");
        match form {
            "csv" => {
                let mut lines = csv::Reader::from_reader(run.stdout.as_bytes());
                let rows: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
                assert_eq!(rows, [vec!["1", "9.5"]]);
            }
            _ => {
                let rows: Vec<serde_json::Value> =
                    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                assert_eq!(rows.len(), 1);
                assert_eq!(rows[0]["id"], "1");
            }
        }
    }
}

/// Three tools of a pipe, and their arguments.
type Pipe = [(&'static str, &'static str); 3];

const PLAIN: Pipe = [
    ("get-images", "--bbox 9.94,54.31,9.97,54.33"),
    ("get-meta", ""),
    ("download", "--into pictures -o pictures.csv"),
];

/// Runs a pipe in which one stage is killed after a while, or at once.
fn killed(folder: &Path, url: &str, tools: &Pipe, stage: usize, after: Option<Duration>) -> Output {
    let mut input = Stdio::null();
    let mut children = Vec::new();
    for (name, arguments) in tools {
        let (reader, writer): (_, PipeWriter) = pipe().unwrap();
        let watched = reader.try_clone().unwrap();
        let mut command = Command::new(path(name));
        command
            .current_dir(folder)
            .args(["-q", "--timeout", "2", "--retry-wait", "0.001"])
            .args(arguments.split_whitespace());
        command.env("MAPILLARY_TOKEN", "MLY|1|secret").env("XDG_CONFIG_HOME", folder);
        command.env("MAPILLARY_GRAPH_API_ENDPOINT", url).env("MAPILLARY_TILES_ENDPOINT", url);
        children.push(command.stdin(input).stdout(writer).stderr(Stdio::piped()).spawn().unwrap());
        drop(command);
        if *name != "download" && after.is_some() {
            wait_for_writer(&watched);
        }
        input = reader.into();
    }
    sleep(after.unwrap_or_default());
    if let Some(child) = children.get_mut(stage) {
        child.kill().unwrap();
    }
    let last = children.pop().unwrap().wait_with_output().unwrap();
    children.into_iter().for_each(|mut child| _ = child.wait().unwrap());
    last
}

#[test]
fn a_stage_killed_at_any_moment_leaves_no_file_that_lacks_rows() {
    let service = service_with(|settings| {
        settings.faults = vec!["slow=1".parse().unwrap()];
        settings.slow = Duration::from_millis(10);
    });
    let (folder, mut random) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(20));
    let file = folder.path().join("pictures.csv");
    let rows = || fs::read_to_string(&file).unwrap().lines().count() - 1;
    for round in 0..8 {
        let after = Duration::from_millis(random.u64(..120));
        let last = killed(folder.path(), &service.url(), &PLAIN, round % 2, Some(after));
        assert_eq!(file.exists(), last.status.success(), "{round}: {last:?}");
        assert!(!file.exists() || rows() == 58, "{round}: {} rows", rows());
        let _ = fs::remove_file(&file);
    }
    let last = killed(folder.path(), &service.url(), &PLAIN, usize::MAX, None);
    assert!(last.status.success() && rows() == 58, "{last:?}");
}

#[test]
fn a_stage_killed_before_it_has_begun_leaves_no_file_that_lacks_rows() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let file = folder.path().join("pictures.csv");
    for round in 0..6 {
        let last = killed(folder.path(), &service.url(), &PLAIN, round % 2, None);
        let rows = fs::read_to_string(&file).map(|text| text.lines().count() - 1);
        assert_eq!(rows.is_ok(), last.status.success(), "{round}: {last:?}");
        assert!(rows.is_err() || rows.is_ok_and(|rows| rows == 58), "{round}");
        let _ = fs::remove_file(&file);
    }
}

#[test]
fn a_pipe_under_faults_whose_stages_are_killed_ends_when_it_is_repeated_with_kept_lists() {
    let service = service_with(|settings| {
        settings.faults = vec!["transient=0.3".parse().unwrap(), "cut=0.2".parse().unwrap()];
        settings.seed = 20;
    });
    let tools: Pipe = [
        ("get-images", "--bbox 9.94,54.31,9.97,54.33 --retries 1 --keep-list images.list"),
        ("get-meta", "--retries 1 --keep-list meta.list"),
        ("download", "--retries 1 --into pictures -o pictures.csv"),
    ];
    let (folder, mut random) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(20));
    let file = folder.path().join("pictures.csv");
    let mut rounds = 0;
    while !file.exists() {
        rounds += 1;
        assert!(rounds < 100, "it does not end");
        // In every other round one of the stages is killed, sometimes at once.
        let stage = if rounds % 2 == 0 { random.usize(..3) } else { usize::MAX };
        let after = random.bool().then(|| Duration::from_millis(random.u64(..80)));
        let last = killed(folder.path(), &service.url(), &tools, stage, after);
        assert_eq!(file.exists(), last.status.success(), "{rounds}: {last:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 59);
    // The lists are complete: nothing is requested again.
    let asked = service.requests();
    let last = killed(folder.path(), &service.url(), &tools, usize::MAX, None);
    assert!(last.status.success(), "{last:?}");
    assert_eq!(service.requests(), asked);
}

//! Every tool of src/bin as shells call it: rows by `<`, by `|`, by `-`, output into `head`, stderr closed or full.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::internet_archive::{self, InternetArchive};
use crate::sample::{RIDES, id};
use crate::service::{Service, service};
use crate::tool::{Run, names, path, tool};
use crate::{every_tool, photo};

/// The services that tools send requests to.
pub struct World {
    service: Service,
    archive: InternetArchive,
}

/// Arguments of the tools that read no rows.
pub const BEGIN: &[(&str, &str)] = &[
    ("fetch", "--user ada --into fetched"),
    ("get-features", "--bbox 9.95,54.31,9.955,54.315"),
    ("get-sequences", "--user ada"),
    ("ia-meta", "mapillary-ada-original"),
    ("ia-stats", "--refresh"),
    ("to-site", "mapillary-ada-original"),
    ("login", "--help"),
];

impl World {
    pub fn new() -> World {
        World { service: service(), archive: internet_archive::start(0).unwrap() }
    }

    /// Runs a shell command in which `tool` is the tool with its required arguments, in a new folder with `rows.csv`.
    pub fn shell(&self, name: &str, line: &str) -> Run {
        let folder = folder();
        let needed = every_tool::needed(name).join(" ");
        let mut shell = self.command("sh".as_ref(), folder.path());
        shell.args(["-c", &format!("tool() {{ \"$TOOL\" {needed} \"$@\"; }}; {line}")]);
        shell.env("TOOL", path(name)).env("ROWS", path("rows"));
        shell.output().unwrap().into()
    }

    /// A program in this folder, with the addresses of the services in its environment.
    pub fn command(&self, program: &Path, folder: &Path) -> Command {
        let url = self.service.url();
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        command.env("MAPILLARY_TOKEN", "MLY|1|secret").env("TZ", "UTC");
        command.env("MAPILLARY_GRAPH_API_ENDPOINT", &url).env("MAPILLARY_TILES_ENDPOINT", &url);
        command.env("INTERNET_ARCHIVE_ENDPOINT", self.archive.url());
        for cache in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            command.env(cache, folder.join("home"));
        }
        command
    }
}

/// Photos that exist and one that does not; pictures of the service; a collection.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "b.jpg", "mapillary-ada-original/1.jpg"] {
        photo::jpeg(&folder.path().join(name), None);
    }
    let mut rows = "img_id,seq_id,path,lon,lat,taken_at,captured_at,collection\n".to_string();
    for (at, name) in ["a.jpg", "b.jpg", "none.jpg"].into_iter().enumerate() {
        rows += &format!(
            "{},{},{name},9.95,54.3{at},2024-06-01T12:35:2{at},171724530{at}123,mapillary-ada-original\n",
            id(0, at as u64),
            RIDES[0].sequence
        );
    }
    fs::write(folder.path().join("rows.csv"), rows).unwrap();
    folder
}

/// The comparable part of a run: links are signed again each time.
fn outcome(run: &Run) -> (Option<i32>, Vec<&str>) {
    let lines = run.stdout.lines().map(|line| line.split("http").next().unwrap_or_default());
    (run.status, lines.collect())
}

fn is_quiet(run: &Run) -> bool {
    !["internal error", "panicked", "roken pipe"].iter().any(|word| run.stderr.contains(word))
}

#[test]
fn rows_come_by_redirection_by_a_pipe_and_by_a_dash_alike() {
    let world = World::new();
    for name in every_tool::readers() {
        let file = world.shell(&name, "tool rows.csv");
        assert!(matches!(file.status, Some(0 | 1)) && is_quiet(&file), "{name}: {file:?}");
        for line in
            ["tool <rows.csv", "cat rows.csv | tool", "cat rows.csv | tool -", "tool - <rows.csv"]
        {
            let run = world.shell(&name, line);
            assert_eq!(outcome(&run), outcome(&file), "{name}: {line}: {run:?}");
        }
    }
}

#[test]
fn a_dash_beside_anything_else_is_refused() {
    let world = World::new();
    for name in every_tool::readers() {
        for line in ["tool - - <rows.csv", "tool - rows.csv <rows.csv", "tool rows.csv - <rows.csv"]
        {
            let run = world.shell(&name, line);
            assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{name}: {line}: {run:?}");
            assert!(
                run.stderr.contains("'-'") || run.stderr.contains("'rows.csv'"),
                "{name}: {run:?}"
            );
        }
    }
}

/// All tools, each with its arguments or its rows.
pub fn lines() -> Vec<(String, &'static str)> {
    let begin = BEGIN.iter().map(|(name, arguments)| (name.to_string(), *arguments));
    begin.chain(every_tool::readers().into_iter().map(|name| (name, "rows.csv"))).collect()
}

#[test]
fn every_tool_is_tried_with_its_streams() {
    let mut tried: Vec<String> = lines().into_iter().map(|(name, _)| name).collect();
    tried.push("serve-archive".into());
    tried.sort();
    assert_eq!(tried, names());
}

#[test]
fn a_reader_of_one_line_ends_a_tool_quietly() {
    let world = World::new();
    for (name, arguments) in lines() {
        let line =
            format!("{{ tool {arguments}; echo $? >status; }} | head -n 1; exit $(cat status)");
        let run = world.shell(&name, &line);
        assert!(matches!(run.status, Some(0 | 1)) && is_quiet(&run), "{name}: {run:?}");
    }
}

#[test]
fn a_stderr_that_takes_nothing_changes_neither_rows_nor_status() {
    let world = World::new();
    for (name, arguments) in lines() {
        let open = world.shell(&name, &format!("tool {arguments}"));
        for stderr in ["2>&-", "2>/dev/full"] {
            let run = world.shell(&name, &format!("tool {arguments} {stderr}"));
            assert_eq!(outcome(&run), outcome(&open), "{name}: {stderr}: {run:?}");
        }
        let line = format!(
            "{{ tool {arguments} -v 2>&1 >/dev/null; echo $? >status; }} | true; exit $(cat status)"
        );
        assert_eq!(world.shell(&name, &line).status, open.status, "{name}: {line}");
    }
}

#[test]
fn the_server_serves_without_a_stderr() {
    let folder = folder();
    let line = "exec \"$1\" --port 0 --rows rows.csv . 2>&-";
    let mut shell = Command::new("sh");
    shell.args(["-c", line, "sh"]).arg(path("serve-archive")).current_dir(folder.path());
    let mut child = shell.stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert!(crate::tool::kill().arg(child.id().to_string()).status().unwrap().success());
    let status = child.wait().unwrap().code();
    assert!(matches!(status, Some(0 | 130)), "{status:?}");
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_summary_and_a_log_say_how_each_tool_went() {
    let world = World::new();
    let out = tempfile::tempdir().unwrap();
    let (summary, log) = (out.path().join("summary.json"), out.path().join("log"));
    // The summary of fetch covers the whole job (tests/it/fetch.rs); of login only the help is tested here.
    for (name, arguments) in
        lines().iter().filter(|(name, _)| !["fetch", "login"].contains(&&**name))
    {
        let flags = format!("--summary '{}' --log-file '{}'", summary.display(), log.display());
        let run = world.shell(name, &format!("tool {arguments} -q {flags}"));
        let (said, text) = (
            json(&summary),
            fs::read_to_string(&log).unwrap_or_else(|error| panic!("{name}: {error}: {run:?}")),
        );
        let [failed, found] = ["failed", "found"].map(|word| said[word].as_u64().unwrap());
        assert_eq!(said["tool"], **name, "{said}");
        assert_eq!(said["status"].as_i64(), run.status.map(i64::from), "{name}: {said} {run:?}");
        assert_eq!(failed + found > 0, run.status == Some(1), "{name}: {said}");
        assert!(said["duration_s"].is_number() && said["error"].is_null(), "{name}: {said}");
        assert!(text.contains(&format!(" info {name}: version ")), "{name}: {text}");
        let last = text.lines().last().unwrap();
        assert!(
            last.ends_with(&format!("info {name}: ends with status {}", said["status"])),
            "{last}"
        );
        for message in run.stderr.lines() {
            assert!(text.contains(message), "{name}: '{message}' is not in {text}");
        }
        let asked = said["service"]["requests"].as_u64().unwrap();
        assert_eq!(asked > 0, text.contains(&format!(" request {name}: ")), "{name}: {said}");
        fs::remove_file(&log).unwrap();
    }
}

#[test]
fn a_list_of_failed_rows_that_is_the_input_loses_none_by_a_share_or_a_dry_run() {
    let world = World::new();
    let has = |name: &str, flag: &str| tool(name).arg("--help").ok().stdout.contains(flag);
    for name in every_tool::readers().iter().filter(|name| has(name, "--failed <")) {
        let dry = match name.as_str() {
            "describe" => "--write --dry-run",
            // It has the flag in any case here.
            "upload" => "",
            _ => "--dry-run",
        };
        for input in ["rows.csv", "- <rows.csv", "<rows.csv"] {
            if has(name, "--shard <") {
                let line = format!("tool {input} --failed rows.csv --shard 1/2; wc -l <rows.csv");
                let run = world.shell(name, &line);
                assert_eq!(run.stdout.trim(), "4", "{name} {input}: {run:?}");
                assert!(run.stderr.contains("the other shares"), "{name} {input}: {run:?}");
            }
            if has(name, "--dry-run") {
                let line = format!(
                    "cp rows.csv old; tool {input} --failed rows.csv {dry} >/dev/null; cmp old rows.csv"
                );
                let run = world.shell(name, &line);
                assert_eq!(run.status, Some(0), "{name} {input}: {run:?}");
            }
        }
        if has(name, "--dry-run") {
            let line = format!(
                "cp rows.csv done.csv; tool rows.csv {dry} -o done.csv; cmp done.csv rows.csv"
            );
            let run = world.shell(name, &line);
            assert!(run.stderr.contains("replaces nothing"), "{name}: {run:?}");
            assert_eq!(run.status, Some(0), "{name}: {run:?}");
        }
    }
}

//! Shares of a table for several processes: complete keys, files named by their task, one winner for one output.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use crate::every_tool;
use crate::tool::{names, tool};

/// Photos of six cameras in three folders, interleaved, a minute apart and sometimes an hour.
fn photos() -> String {
    let row = |at: u32| {
        let (folder, camera) = (at % 3, at / 3 % 2);
        let minute = at / 6 + if at >= 60 { 60 } else { 0 };
        format!(
            "{{\"path\":\"{folder}/100GOPRO/{at}.jpg\",\"model\":\"m{camera}\",\"captured_at\":{}}}\n",
            1_717_240_000_000 + i64::from(minute) * 60_000 + i64::from(at) * 7
        )
    };
    (0..120).map(row).collect()
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines().collect()
}

/// The sequences, without columns that are set only for the first camera of a run.
fn sequences(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = row["sequence"].as_str().unwrap();
        found.entry(name.into()).or_default().push(row["path"].to_string());
    }
    found
}

#[test]
fn rows_are_split_by_key_whatever_their_order_and_a_shard_is_the_part_of_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let split = |input: &str, name: &str| {
        let args = ["--split", "4", "--by", "folder,camera", "-o", name];
        tool("rows").args(&args).within(folder.path()).stdin(input).ok();
        let part = |number: u32| {
            let file = name.replace("{task}", &number.to_string());
            fs::read_to_string(folder.path().join(file)).unwrap()
        };
        (1..=4).map(part).collect::<Vec<_>>()
    };
    let all = photos();
    let turned: String = all.lines().rev().map(|line| format!("{line}\n")).collect();
    let (parts, others) = (split(&all, "part-{task}.jsonl"), split(&turned, "turned-{task}.jsonl"));
    assert_eq!(lines(&parts.concat()), lines(&all));
    assert!(parts.iter().filter(|part| !part.is_empty()).count() > 1, "{parts:?}");
    for (number, (part, other)) in (1..).zip(parts.iter().zip(&others)) {
        assert_eq!(lines(part), lines(other), "the order does not matter");
        let shard = format!("{number}/4");
        let args = ["--shard", &shard, "--shard-by", "folder,camera"];
        let run = tool("rows").args(&args).stdin(all.clone()).ok();
        assert_eq!(run.stdout, *part);
        assert!(run.stderr.contains(&format!("rows are not of share {shard}")), "{}", run.stderr);
    }
}

#[test]
fn sequences_of_shares_are_those_of_the_whole() {
    let all = photos();
    let split = |args: &[&str]| {
        let args = [&["--gap", "600", "--name", "{time}"], args].concat();
        tool("time-split").args(&args).stdin(all.clone()).ok().stdout
    };
    let whole = sequences(&split(&[]));
    let shares: Vec<String> =
        ["1/3", "2/3", "3/3"].iter().map(|it| split(&["--shard", it])).collect();
    let members =
        |found: BTreeMap<String, Vec<String>>| found.into_values().collect::<BTreeSet<_>>();
    let joined = shares.iter().flat_map(|share| members(sequences(share)));
    assert_eq!(joined.collect::<BTreeSet<_>>(), members(whole.clone()));
    assert_eq!(whole.len(), 12);
}

#[test]
fn a_key_that_nobody_has_and_a_set_without_one_are_refused() {
    let refused = |name: &str, args: &[&str]| {
        let run = tool(name).args(args).stdin("img_id,lon\n1,2\n").run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        run.stderr
    };
    assert!(refused("rows", &["--shard", "1/2", "--shard-by", "colour"]).contains("'colour'"));
    assert!(refused("to-geojson", &["--shard", "1/2"]).contains("--shard-by"));
    assert!(refused("rows", &["--shard", "0/2"]).contains("the first of eight is 1"));
    let split = ["--split", "2", "--by", "lon", "-o", "all.csv"];
    assert!(refused("rows", &split).contains("{task}"));
}

#[test]
fn rows_without_a_key_are_in_one_part_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--split", "3", "--by", "folder", "-o", "{task}.csv"];
    let run = tool("rows").args(&args).within(folder.path()).stdin("img_id\n1\n2\n").ok();
    assert!(run.stderr.contains("2 rows have nothing of what --by names"), "{}", run.stderr);
    let read =
        |number: u32| fs::read_to_string(folder.path().join(format!("{number}.csv"))).unwrap();
    let mut parts: Vec<String> = (1..=3).map(read).collect();
    parts.sort();
    assert_eq!(parts, ["img_id\n", "img_id\n", "img_id\n1\n2\n"], "a header stands in each");
}

#[test]
fn a_task_stands_in_the_names_of_files_and_in_messages() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["-o", "part-{task}.csv", "--log-format", "json"];
    let run = |with: &dyn Fn(crate::tool::Tool) -> crate::tool::Tool| {
        with(tool("rows").args(&args).within(folder.path())).stdin("img_id\n1\n").run()
    };
    let first = run(&|tool| tool.args(&["--task", "a7"]));
    assert!(first.stderr.contains("\"task\":\"a7\""), "{first:?}");
    run(&|tool| tool.env("MAPILLARY_PIPES_TASK", "b8"));
    for name in ["part-a7.csv", "part-b8.csv"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "img_id\n1\n");
    }
    let none = run(&|tool| tool);
    assert!(none.status == Some(2) && none.stderr.contains("--task"), "{none:?}");
    for refused in [
        run(&|tool| tool.args(&["--task", "a7", "--no-such-flag"])),
        run(&|tool| tool.args(&["--task=a7", "--no-such-flag"])),
        run(&|tool| tool.arg("--no-such-flag").env("MAPILLARY_PIPES_TASK", "a7")),
    ] {
        assert!(refused.stderr.contains("\"task\":\"a7\""), "{refused:?}");
    }
    let odd = run(&|tool| tool.args(&["--task", "../x"]));
    assert!(odd.status == Some(2) && odd.stderr.contains("'../x'"), "{odd:?}");
}

#[test]
fn a_task_counts_wherever_its_flag_stands() {
    let all = "img_id,seq_id,captured_at,path\n1,a,1,x/1.jpg\n2,b,2,x/2.jpg\n";
    for (name, args) in [
        ("rows", ["--shard", "{task}/1", "--task", "1"]),
        ("rows", ["--task", "1", "--shard", "{task}/1"]),
        ("time-split", ["--name", "{time}-{task}", "--task", "1"]),
        ("time-split", ["--task", "1", "--name", "{time}-{task}"]),
    ] {
        let run = tool(name).args(&args).stdin(all).run();
        assert!(
            !run.stderr.contains("{task}") && run.stdout.contains("x/2.jpg"),
            "{args:?}: {run:?}"
        );
    }
}

/// The arguments of a task and its copies.
const TASK: [&str; 6] = ["--task", "1", "-o", "rows-{task}.csv", "--summary", "{task}.json"];

/// Runs a copy of a task that has to wait, until `act` has done what the first process does at its end.
fn copy_of(folder: &Path, act: impl FnOnce()) -> (Option<i32>, String) {
    let args = TASK;
    let mut child = tool("rows").args(&args).within(folder).spawn();
    let mut stdin = child.stdin.take().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut words = String::new();
    stderr.read_line(&mut words).unwrap();
    assert!(words.contains("being written by another process"), "{words}");
    act();
    stdin.write_all(b"img_id\n2\n").unwrap();
    drop(stdin);
    stderr.read_to_string(&mut words).unwrap();
    (child.wait().unwrap().code(), words)
}

/// A process that has the task and waits for its rows.
fn winner(folder: &Path) -> Child {
    let args = TASK;
    let child = tool("rows").args(&args).within(folder).spawn();
    while !folder.join(".rows-1.csv.task").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn summary(folder: &Path) -> String {
    fs::read_to_string(folder.join("1.json")).unwrap()
}

fn ends(mut winner: Child) {
    winner.stdin.take().unwrap().write_all(b"img_id\n1\n").unwrap();
    assert!(winner.wait().unwrap().success());
}

#[test]
fn the_loser_of_a_race_for_one_output_waits_and_ends_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let winner = winner(folder.path());
    let (status, words) = copy_of(folder.path(), || {
        std::thread::sleep(Duration::from_millis(100));
        ends(winner);
    });
    assert_eq!(status, Some(0), "{words}");
    assert!(words.contains("is complete: another process has written it"), "{words}");
    let path = folder.path().join("rows-1.csv");
    assert_eq!(fs::read_to_string(&path).unwrap(), "img_id\n1\n");
    assert!(summary(folder.path()).contains("\"rows_total\": 1"), "{}", summary(folder.path()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
}

#[test]
fn another_command_with_the_same_task_is_no_copy_of_it_and_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let winner = winner(folder.path());
    let args = ["--task", "1", "-o", "rows-{task}.csv", "--shard", "2/3"];
    let run = tool("rows").args(&args).within(folder.path()).stdin("img_id\n2\n").run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("another command with the same task"), "{run:?}");
    // Two tools of a pipe that were given the name of one summary.
    let run = tool("rows").args(&["--task", "1", "--summary", "{task}.json"]).within(folder.path());
    let run = run.stdin("img_id\n2\n").run();
    assert_eq!((run.status, &*run.stdout), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains("cannot write '1.json': another process is writing it"), "{run:?}");
    ends(winner);
    assert_eq!(fs::read_to_string(folder.path().join("rows-1.csv")).unwrap(), "img_id\n1\n");
    let empty =
        tool("rows").args(&["--task", "", "-o", "rows-{task}.csv"]).stdin("img_id\n2\n").run();
    assert!(empty.status == Some(2) && empty.stderr.contains("--task is empty"), "{empty:?}");
}

#[test]
fn a_task_whose_first_process_died_is_done_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let winner = [folder.path().join("rows-1.csv.part"), folder.path().join(".1.json.part")]
        .map(|name| fs::File::create(name).unwrap());
    winner.iter().for_each(|file| file.try_lock().unwrap());
    let (status, words) = copy_of(folder.path(), || drop(winner));
    assert_eq!(status, Some(0), "{words}");
    assert_eq!(fs::read_to_string(folder.path().join("rows-1.csv")).unwrap(), "img_id\n2\n");
    assert!(summary(folder.path()).contains("\"rows_total\": 1"), "{}", summary(folder.path()));
}

#[test]
fn an_output_without_the_task_in_its_name_may_be_of_another_task_and_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let winner = fs::File::create(folder.path().join("rows.csv.part")).unwrap();
    winner.try_lock().unwrap();
    let args = ["--task", "b", "-o", "rows.csv"];
    let run = tool("rows").args(&args).within(folder.path()).stdin("img_id\n2\n").run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("'rows.csv' is being written by another run"), "{run:?}");
}

#[test]
fn each_help_says_in_one_line_what_the_tool_has_to_see_at_once() {
    let all =
        ["\nWorks per row:", "\nWorks per key (", "\nWorks on the whole set:", "\nReads no rows:"];
    let readers = every_tool::readers();
    for name in names() {
        let help = tool(&name).arg("--help").ok().stdout;
        let said = all.map(|line| help.matches(line).count());
        assert_eq!(said.iter().sum::<usize>(), 1, "{name}: {help}");
        assert_eq!(said[3] == 0, readers.contains(&name), "{name}");
    }
}

#[test]
fn the_list_of_failed_rows_has_those_of_every_part() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String =
        (0..40).map(|at| format!("{at},{}\n", if at % 2 == 0 { "x" } else { "7" })).collect();
    let input = format!("img_id,captured_at\n{rows}");
    let args = [
        "-f",
        "parquet",
        "--split",
        "4",
        "--by",
        "row",
        "-o",
        "p-{task}.parquet",
        "--failed",
        "failed.csv",
    ];
    let run = tool("rows").args(&args).within(folder.path()).stdin(input).run();
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    let failed = fs::read_to_string(folder.path().join("failed.csv")).unwrap();
    let ids: BTreeSet<&str> =
        failed.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let expected: Vec<String> = (0..40).step_by(2).map(|at| at.to_string()).collect();
    assert_eq!(ids, expected.iter().map(String::as_str).collect());
}

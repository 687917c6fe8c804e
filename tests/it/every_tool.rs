//! Tests of every tool of src/bin: what all of them promise.

use std::io::Read;

use crate::tool::{Tool, names, tool};

/// Tools that start from flags or folders and read no rows.
const NO_ROWS: &[&str] = &[
    "fetch",
    "get-features",
    "get-sequences",
    "ia-meta",
    "ia-stats",
    "login",
    "serve-archive",
    "to-site",
];

/// Flags without which a tool does not run.
const NEEDED: &[(&str, &[&str])] = &[
    ("set-dates", &["--start", "2024-05-01T12:00:00", "--step", "1"]),
    ("upload", &["--dry-run"]),
];

pub fn needed(name: &str) -> &'static [&'static str] {
    NEEDED.iter().find(|(tool, _)| *tool == name).map_or(&[], |(_, flags)| flags)
}

/// A tool with its required flags.
fn ready(name: &str) -> Tool {
    tool(name).args(needed(name))
}

/// The tools that read rows.
pub fn readers() -> Vec<String> {
    names().into_iter().filter(|name| !NO_ROWS.contains(&name.as_str())).collect()
}

#[test]
fn help_says_what_the_tool_does_then_the_usage_the_flags_an_example_and_the_exit_statuses() {
    for name in names() {
        let help = tool(&name).arg("--help").ok();
        let usage = format!("\nUsage: {name}");
        let parts = [&usage, "\n      --", "\nExample: ", "\nExit status: 0"];
        let places = parts.map(|part| help.stdout.find(part).unwrap_or_else(|| panic!("{part}")));
        assert!(places.is_sorted(), "{name}: {}", help.stdout);
        assert!(help.stdout.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
        assert!(tool(&name).arg("-h").ok().stdout.len() < help.stdout.len(), "{name}");
    }
}

#[test]
fn an_unknown_flag_is_refused_with_status_2() {
    for name in names() {
        let run = tool(&name).arg("--no-such-flag").run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{name}");
        let said = format!("{name}: unexpected argument '--no-such-flag' found");
        assert!(run.stderr.starts_with(&said), "{name}: {}", run.stderr);
    }
}

#[test]
fn an_input_without_rows_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    for name in readers() {
        let run = ready(&name).within(folder.path()).stdin("").run();
        assert_eq!(run.status, Some(0), "{name}: {run:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_with_status_2() {
    for name in readers() {
        let run = ready(&name).arg("no-such-file.csv").run();
        assert_eq!(run.status, Some(2), "{name}: {run:?}");
        assert!(run.stderr.contains("'no-such-file.csv'"), "{name}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("{name}: ")), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_closed_pipe_ends_a_tool_quietly() {
    for name in readers() {
        let mut child = ready(&name).spawn();
        drop(child.stdout.take());
        drop(child.stdin.take());
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        child.wait().unwrap();
        assert!(!words.contains("panicked") && !words.contains("roken pipe"), "{name}: {words}");
    }
}

#[test]
fn what_is_wrong_with_a_value_is_said_in_words() {
    for (name, flag, said) in [
        (
            "download",
            "--jobs",
            "download: invalid value 'x' for '--jobs <N>': not a whole number: a number such as 8\n",
        ),
        (
            "time-split",
            "--gap",
            "time-split: invalid value 'x' for '--gap <S>': not a number: seconds, such as 60\n",
        ),
        (
            "set-dates",
            "--start",
            "set-dates: invalid value 'x' for '--start <TIME>': not a date and time",
        ),
        (
            "get-images",
            "--bbox",
            "get-images: invalid value 'x' for '--bbox <W,S,E,N>': not four numbers W,S,E,N",
        ),
    ] {
        let run = tool(name).args(&[flag, "x"]).run();
        assert!(run.status == Some(2) && run.stderr.starts_with(said), "{}", run.stderr);
    }
    let run = tool("rows").arg("/no-such-file").run();
    assert_eq!(run.stderr, "rows: cannot open '/no-such-file': No such file or directory\n");
    let run = tool("tag-exif").args(&["-f", "csv"]).stdin("path\n/no/such.jpg\n").run();
    assert_eq!(run.stderr.matches("/no/such.jpg").count(), 1, "{}", run.stderr);
}

#[test]
fn a_misspelt_tool_is_answered_with_the_nearest() {
    for (words, said) in [
        (
            vec!["dowload"],
            "mly: no tool 'dowload': did you mean 'download'? 'mly help' lists all\n",
        ),
        (
            vec!["help", "tag-exfi"],
            "mly: no tool 'tag-exfi': did you mean 'tag-exif'? 'mly help' lists all\n",
        ),
        (vec!["zzzzzzzz"], "mly: no tool 'zzzzzzzz': 'mly help' lists all\n"),
    ] {
        let run = tool("mly").args(&words).run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(2), said));
    }
}

#[test]
fn the_front_command_runs_every_tool() {
    let list = tool("mly").ok();
    for name in names() {
        assert!(list.stdout.contains(&format!("\n  {name} ")), "{name} in {}", list.stdout);
        let own = tool(&name).arg("--help").ok();
        assert_eq!(tool("mly").arg(&name).arg("--help").ok().stdout, own.stdout, "{name}");
    }
}

#[test]
fn man_pages_and_completions_come_for_every_tool() {
    let folder = tempfile::tempdir().unwrap();
    tool("mly").arg("man").arg(folder.path()).ok();
    let completions = tool("mly").args(&["completions", "bash"]).ok();
    for name in names() {
        // The system has its own `login`, and a man page for it.
        let page = if name == "login" { "mly-login.1".into() } else { format!("{name}.1") };
        assert!(folder.path().join(page).exists(), "{name}");
        assert!(completions.stdout.contains(&name), "{name}");
    }
}

//! The documents are accurate: their examples are run, their tables agree with the tools and with the code.
//!
//! An example that cannot run here begins with the line `# not run by the tests: why`; one that needs a program which
//! is not everywhere begins with `# needs PROGRAM`, and is skipped where it is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use mapillary_pipes::row::known_fields::{JsonPlace, TABLE, Type};

use crate::internet_archive::{self, InternetArchive};
use crate::service::{Service, service};
use crate::tool::{names, path, tool};

const NOT_RUN: &str = "# not run by the tests: ";
const NEEDS: &str = "# needs ";
/// The limit for examples that are not run: they are a last resort.
const MOST_NOT_RUN: usize = 6;

/// The fenced `sh` blocks of a document, with the line at which each begins.
fn examples(text: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match &mut block {
            None if line == "```sh" => block = Some((at + 2, String::new())),
            Some(_) if line == "```" => blocks.extend(block.take()),
            Some((_, lines)) => *lines += &format!("{line}\n"),
            None => {}
        }
    }
    assert!(block.is_none(), "an example without an end");
    blocks
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// README.md and the pages of docs.
fn documents() -> Vec<String> {
    let pages = fs::read_dir(root().join("docs")).unwrap();
    let mut names: Vec<String> = pages
        .map(|page| format!("docs/{}", page.unwrap().file_name().to_string_lossy()))
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.push("README.md".to_string());
    names.sort();
    names
}

/// The stand-in for archive.org: it is empty.
static ARCHIVE: LazyLock<InternetArchive> = LazyLock::new(|| internet_archive::start(0).unwrap());

/// A shell with the tools on its path that uses the local servers.
fn shell(service: &Service, folder: &Path, script: &str) -> Output {
    let tools = path("mly").parent().unwrap().to_path_buf();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths: Vec<PathBuf> = [tools].into_iter().chain(std::env::split_paths(&paths)).collect();
    Command::new("bash")
        .args(["-eu", "-c", script])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("ROOT", root())
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("XDG_CACHE_HOME", folder)
        .env("MAPILLARY_TOKEN", "MLY|1|secret")
        .env("MAPILLARY_GRAPH_API_ENDPOINT", service.url())
        .env("MAPILLARY_TILES_ENDPOINT", service.url())
        .env("INTERNET_ARCHIVE_ENDPOINT", ARCHIVE.url())
        .env_remove("MAKEFLAGS")
        .stdin(Stdio::null())
        .output()
        .expect("bash runs the examples")
}

fn is_there(program: &str) -> bool {
    let found = Command::new("bash").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|found| found.status.success())
}

/// Whether a block can be run here.
fn can_run(script: &str) -> bool {
    let first = script.lines().next().unwrap_or_default();
    let needed = first.strip_prefix(NEEDS).map(|programs| programs.split(", "));
    !first.starts_with(NOT_RUN) && needed.is_none_or(|mut all| all.all(is_there))
}

/// The examples limit their rate for the real service; tests do not wait for that.
fn without_pace(script: &str) -> String {
    let mut parts = script.split("--rate ");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |script, part| {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
        format!("{script}--rate 1000{rest}")
    })
}

#[test]
fn the_examples_of_the_documents_run() {
    std::thread::scope(|pages| {
        for document in documents() {
            pages.spawn(move || run_examples(&document));
        }
    });
}

fn run_examples(document: &str) {
    // Later examples of a page may use the files of earlier ones.
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    for (line, script) in examples(&read(document)) {
        if !can_run(&script) {
            continue;
        }
        let output = shell(&service, folder.path(), &without_pace(&script));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{document}:{line}:\n{script}\n{words}");
        assert!(!words.contains("panicked"), "{document}:{line}: {words}");
    }
}

/// The state after the first command of a new user: no token, no server, the tools not on the PATH.
#[test]
fn the_first_job_of_the_readme_runs_in_what_the_demo_opens() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = examples(&read("README.md"));
    let (_, job) = jobs.iter().find(|(_, script)| script.contains("get-sequences --bbox")).unwrap();
    let script = format!("{job}download --version\nwc -l < town.csv\nexit 7");
    let run = tool("mly").args(&["demo", "bash", "-euc", &script]).within(folder.path()).run();
    assert_eq!(run.status, Some(7), "the status is that of the command: {}", run.stderr);
    assert!(run.stdout.ends_with("\n59\n"), "58 pictures and a header: {run:?}");
    // Without a command, the shell of SHELL is run; an existing town is not drawn again.
    let drawn = folder.path().join("demo-town/images.jsonl");
    let before = fs::metadata(&drawn).unwrap().modified().unwrap();
    let shell = || tool("mly").arg("demo").within(folder.path()).env("SHELL", "/bin/sh");
    let run = shell().stdin("get-images -q --limit 1 --user ada; exit 3").run();
    assert_eq!((run.status, run.stdout.lines().count()), (Some(3), 2), "{}", run.stderr);
    assert!(
        run.stderr.contains("export MAPILLARY_GRAPH_API_ENDPOINT=http://127"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::metadata(&drawn).unwrap().modified().unwrap(), before);
    let run = tool("mly").args(&["demo", "no-such-command"]).within(folder.path()).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.starts_with("mly demo: cannot run 'no-such-command': "), "{}", run.stderr);
}

#[test]
fn few_examples_are_not_run() {
    let all: Vec<String> = documents().iter().map(|document| read(document)).collect();
    let blocks = all.iter().flat_map(|text| examples(text));
    let not_run: Vec<String> =
        blocks.map(|(_, script)| script).filter(|script| script.starts_with(NOT_RUN)).collect();
    assert!(not_run.len() <= MOST_NOT_RUN, "{not_run:#?}");
}

#[test]
fn the_table_of_tools_is_the_first_lines_of_their_helps() {
    let list = tool("mly").ok().stdout;
    let mut table = "| tool | what it does |\n|---|---|\n".to_string();
    for line in list.lines().filter_map(|line| line.strip_prefix("  ")) {
        let (name, about) = line.split_once(' ').unwrap();
        if !names().iter().any(|tool| tool == name) {
            continue;
        }
        table += &format!("| `{name}` | {} |\n", about.trim());
    }
    assert_eq!(table.lines().count(), names().len() + 2);
    assert_between("README.md", "<!-- tools: ", "<!-- end of tools -->", &table);
}

#[test]
fn the_table_of_names_is_the_one_in_the_code() {
    let mut table =
        "| CSV | JSON lines | also read | type | meaning |\n|---|---|---|---|---|\n".to_string();
    for entry in TABLE {
        let stand = match entry.stand {
            JsonPlace::Top(key) => format!("`{key}`"),
            JsonPlace::In(key, inner) => format!("`{key}.{inner}`"),
            JsonPlace::Point(key, at) => format!("`{key}.coordinates[{at}]`"),
        };
        let kind = match entry.kind {
            Type::Text => "text",
            Type::Id => "id",
            Type::Number => "number",
            Type::Bool => "true or false",
            Type::Json => "JSON",
        };
        let others: Vec<String> = entry.others.iter().map(|name| format!("`{name}`")).collect();
        table += &format!(
            "| `{}` | {stand} | {} | {kind} | {} |\n",
            entry.flat,
            others.join(", "),
            entry.about
        );
    }
    assert_between("docs/contract.md", "<!-- names: ", "<!-- end of names -->", &table);
}

/// Compares the text of a document between two marks; with `UPDATE=1` it is replaced.
#[track_caller]
fn assert_between(document: &str, from: &str, to: &str, wanted: &str) {
    let text = read(document);
    let start = text.find(from).unwrap_or_else(|| panic!("{document} has no '{from}'"));
    let start = start + text[start..].find('\n').unwrap() + 1;
    let end = start + text[start..].find(to).unwrap_or_else(|| panic!("{document} has no '{to}'"));
    if std::env::var_os("UPDATE").is_some() {
        let text = format!("{}{wanted}{}", &text[..start], &text[end..]);
        fs::write(root().join(document), text).unwrap();
        return;
    }
    assert_eq!(
        &text[start..end],
        wanted,
        "{document} differs from the code: 'UPDATE=1 cargo test --test it readme' puts it right"
    );
}

/// The commands of the lines `Example: ...` in a tool's help.
fn help_examples(name: &str) -> Vec<String> {
    let help = tool(name).arg("--help").ok().stdout;
    help.lines()
        .filter_map(|line| line.split_once("Example: "))
        .map(|(_, command)| command.to_string())
        .collect()
}

#[test]
fn the_examples_of_the_helps_parse() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    for name in names() {
        let examples = help_examples(&name);
        assert!(!examples.is_empty(), "{name} has no example");
        for part in examples.iter().flat_map(|command| command.split('|')) {
            let (command, _) = part.split_once('>').unwrap_or((part, ""));
            // clap parses flags from left to right, so a wrong one is found before the help.
            let output = shell(&service, folder.path(), &format!("{} --help", command.trim()));
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name}: '{command}': {words}");
        }
    }
}

#[test]
fn the_examples_of_the_tools_that_fetch_run() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let files =
        "get-sequences --bbox 9.94,54.31,9.97,54.33 -o seqs.csv\nget-images seqs.csv -o images.csv";
    assert!(shell(&service, folder.path(), files).status.success());
    let tools = [
        "fetch",
        "get-sequences",
        "get-images",
        "get-meta",
        "download",
        "rows",
        "ia-check",
        "ia-stats",
    ];
    for name in tools {
        for command in help_examples(name) {
            let script = format!("set -o pipefail\n{command}");
            let output = shell(&service, folder.path(), &script);
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name}: '{command}': {words}");
        }
    }
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

#[test]
fn the_tests_and_files_that_the_pages_name_are_there() {
    let mut sources = String::new();
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                sources += &fs::read_to_string(path).unwrap_or_default();
            }
        }
    }
    for page in ["ARCHITECTURE.md", "QUIRKS.md", "docs/geotagging.md", "docs/promises.md"] {
        let text = read(page);
        // A test's name is a sentence: at least four words.
        let is_test = |name: &&str| {
            name.matches('_').count() >= 3
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        for name in quoted(&text).filter(is_test) {
            assert!(sources.contains(&format!("fn {name}(")), "{page} names the test {name}");
        }
        let words = text.split(|c: char| c.is_whitespace() || "`()|,;:".contains(c));
        let files = words.filter(|word| word.ends_with(".rs") && word.contains('/'));
        for file in files {
            let there = root().join(file).exists() || root().join("src").join(file).exists();
            assert!(there || file.contains("NAME"), "{page} names the file {file}");
        }
    }
}

#[test]
fn every_situation_of_the_page_has_a_test() {
    let page = read("docs/geotagging.md");
    let (_, table) = page.split_once("| result | test |\n|---|---|---|\n").unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 39, "{} situations", rows.len());
    for row in rows {
        let test = row.trim_end_matches('|').rsplit('|').next().unwrap();
        assert!(quoted(test).any(|name| name.matches('_').count() >= 3), "{row}");
    }
}

#[test]
fn every_fuzz_target_is_built() {
    let manifest = read("fuzz/Cargo.toml");
    for target in fs::read_dir(root().join("fuzz/fuzz_targets")).unwrap() {
        let name = target.unwrap().file_name().to_string_lossy().into_owned();
        let path = format!("path = \"fuzz_targets/{name}\"");
        assert!(manifest.contains(&path), "fuzz/Cargo.toml lacks {name}");
    }
}

#[test]
fn a_promise_names_the_file_in_which_its_test_stands() {
    let mut found = 0;
    for line in read("docs/promises.md").lines().filter(|line| line.starts_with("| ")) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(".rs)") {
            let (names, file) = before.rsplit_once('(').unwrap();
            let text = read(&format!("{file}.rs"));
            for name in
                quoted(names).filter(|name| name.contains('_') && !name.contains(['.', '/']))
            {
                assert!(text.contains(&format!("fn {name}(")), "{name} is not in {file}.rs");
                found += 1;
            }
            rest = after;
        }
    }
    assert!(found > 50, "{found}");
}

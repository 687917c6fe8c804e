//! The tree follows the architecture: no folder uses one below it, and bins, files and functions stay small.

use std::fs;
use std::path::{Path, PathBuf};

use mapillary_pipes::row::known_fields::TABLE;
use mapillary_pipes::value::provenance::Status;

use crate::{imports, literals};

/// The endings of files, and the names of their folders, that exist only for tests.
const TESTS: [&str; 2] = ["tests.rs", "mock_server.rs"];

const LAYERS: [&str; 15] = [
    "threads", "value", "row", "format", "disk", "archive", "service", "shape", "query", "photo",
    "stage", "serve", "run", "cli", "pipeline",
];

/// Tools that are not a stage between two streams of rows: a server, one that writes a site, and one that runs others.
const WITHOUT_STAGE: [&str; 3] = ["fetch", "serve-archive", "to-site"];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.retain(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"));
    files
}

/// The text before the tests of a file.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

fn is_test(path: &Path) -> bool {
    let is_in_tests = path.parent().is_some_and(|folder| folder.ends_with("tests"));
    is_in_tests || TESTS.iter().any(|ending| path.to_string_lossy().ends_with(ending))
}

fn module(path: &str) -> imports::Module {
    path.split("::").map(String::from).collect()
}

#[test]
fn an_import_is_found_however_it_is_written() {
    let here = module("disk::walk");
    for text in [
        "use crate::run::Plan;",
        "use crate::{row, run};",
        "use crate::{row::{Row, Field}, run::{self, Plan as P}};",
        "use super::super::run::*;",
        "fn f() { crate::run::scan::run() }",
        "fn f() -> Result<(), Vec<crate::run::Plan>> { Ok(()) }",
        "fn f() { println!(\"{}\", g(crate::run::stats::NOW)) }",
        "mod inner { use super::super::super::run::Plan; }",
        "macro_rules! m { () => { $crate::run::Plan } }",
        "pub use crate::run as other;",
    ] {
        let found = imports::of_text(text, &here);
        assert!(found.iter().any(|path| path.first().is_some_and(|top| top == "run")), "{text}");
    }
    for text in [
        "#[cfg(test)] mod tests { use crate::run::Plan; }",
        "#[cfg(all(test, unix))] use crate::run::Plan;",
        "// crate::run\nfn f() { let run = \"crate::run\"; }",
    ] {
        let found = imports::of_text(text, &here);
        assert!(!found.iter().any(|path| path.first().is_some_and(|top| top == "run")), "{text}");
    }
}

#[test]
fn no_layer_uses_one_below_it() {
    let rank = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    for (file, paths) in imports::of_files() {
        let Some(own) = file.first().and_then(|layer| rank(layer)) else { continue };
        for path in paths {
            let used = path.first().and_then(|layer| rank(layer));
            assert!(
                used.is_none_or(|used| used <= own),
                "{} uses {}",
                file.join("::"),
                path.join("::")
            );
        }
    }
}

/// Cycles of files that are not parts of one another: `a` uses `b`, which leads back to `a`.
#[test]
fn no_two_files_use_each_other() {
    let files = imports::of_files();
    let file_of = |path: &imports::Module| {
        (1..=path.len()).rev().map(|len| path[..len].to_vec()).find(|it| files.contains_key(it))
    };
    let is_part = |one: &imports::Module, other: &imports::Module| {
        one.starts_with(other) || other.starts_with(one)
    };
    for (file, paths) in &files {
        for used in paths.iter().filter_map(file_of).filter(|used| !is_part(file, used)) {
            let back = files[&used].iter().filter_map(file_of).any(|back| back == *file);
            assert!(!back, "{} and {} use each other", file.join("::"), used.join("::"));
        }
    }
}

#[test]
fn a_tool_is_an_island() {
    let tools: Vec<String> =
        crate::tool::names().iter().map(|name| name.replace('-', "_")).collect();
    for (file, paths) in imports::of_files() {
        let is_driver = file.first().is_some_and(|layer| layer == "run");
        let [stage, tool, ..] = &file[..] else { continue };
        for path in &paths {
            let [used_stage, used, ..] = &path[..] else { continue };
            let is_tool = used_stage == "stage" && tools.contains(used);
            assert!(
                !(is_tool && (is_driver || (stage == "stage" && tool != used))),
                "{} uses {}",
                file.join("::"),
                path.join("::")
            );
        }
    }
}

#[test]
fn what_stands_in_stage_is_a_tool() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stage");
    let tools = crate::tool::names();
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().path().with_extension("");
        let name = name.file_name().unwrap().to_string_lossy().replace('_', "-");
        assert!(name == "mod" || tools.contains(&name), "src/stage/{name}");
    }
}

#[test]
fn disk_knows_no_column_and_no_tool() {
    for (file, paths) in imports::of_files() {
        let is_disk = file.first().is_some_and(|layer| layer == "disk");
        let row = paths.iter().find(|path| path.first().is_some_and(|layer| layer == "row"));
        assert!(!is_disk || row.is_none(), "{} uses {row:?}", file.join("::"));
    }
    let columns: Vec<&str> = TABLE.iter().map(|entry| entry.flat).collect();
    // A single word, such as "rows", is not certainly the tool's name.
    let tools: Vec<String> =
        crate::tool::names().into_iter().filter(|name| name.contains('-')).collect();
    for (path, text) in sources("src/disk").into_iter().filter(|(path, _)| !is_test(path)) {
        for literal in literals::of_text(&text) {
            let known = columns.iter().any(|column| literal == *column)
                || tools.iter().any(|tool| literal.contains(&**tool));
            assert!(!known, "{}: '{literal}'", path.display());
        }
    }
}

/// The result of a row, and how a value was found, are enums whose words are defined in one place.
#[test]
fn no_stage_spells_a_status_itself() {
    let statuses = Status::ALL.map(Status::word);
    let of_columns = [
        (".set(Field::Status,"),
        (".set(Field::ZoneBy,"),
        (".set(Field::CutBy,"),
        (".set(Field::TimeBy,"),
        (".set(Field::PositionBy,"),
        (".set(Field::DirectionBy,"),
    ];
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !is_test(path)) {
        let layer = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        for column in of_columns {
            let spelt =
                product(&text).split(column).skip(1).any(|rest| rest.trim_start().starts_with('"'));
            assert!(!spelt, "{}: {column}", layer.display());
        }
        if ["stage", "photo", "query", "run"].iter().any(|of| layer.starts_with(of)) {
            let found = literals::of_text(&text);
            let spelt = found.iter().find(|text| statuses.contains(&text.as_str()));
            assert_eq!(spelt, None, "{}", layer.display());
        }
    }
}

/// The error types of each `Result<T, E>` in a text without white space.
fn error_types(plain: &str) -> Vec<&str> {
    let each = plain.match_indices("Result<").map(|(at, start)| &plain[at + start.len()..]);
    each.filter_map(|rest| {
        let (mut depth, mut last) = (0, None);
        for (at, sign) in rest.char_indices() {
            match sign {
                '<' | '(' | '[' => depth += 1,
                '>' if rest[..at].ends_with('-') => {}
                '>' | ')' | ']' if depth == 0 => {
                    return Some(rest[last?..at].trim_end_matches(','));
                }
                '>' | ')' | ']' => depth -= 1,
                ',' if depth == 0 && !rest[at + 1..].starts_with('>') => last = Some(at + 1),
                _ => {}
            }
        }
        None
    })
    .collect()
}

#[test]
fn an_error_is_a_kind_and_no_text() {
    assert_eq!(error_types("Result<A,B<C,D>>,io::Result<(A,String)>"), ["B<C,D>"]);
    assert_eq!(
        error_types("Result<(),String,>,Result<Result<A,B>,String>"),
        ["String", "String", "B"]
    );
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !is_test(path)) {
        let plain: String = product(&text).split_whitespace().collect();
        let is_text = error_types(&plain).contains(&"String") || plain.contains("typeErr=String;");
        assert!(!is_text, "{}", path.display());
    }
}

#[test]
fn lib_lists_the_layers_in_their_order() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let listed: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(listed, LAYERS);
}

#[test]
fn a_bin_has_flags_help_and_one_call() {
    for (path, text) in sources("src/bin") {
        assert!(text.lines().count() < 120, "{}", path.display());
        assert_eq!(
            text.matches("fn ").count() - text.matches("fn() ").count(),
            1,
            "{}",
            path.display()
        );
    }
}

/// `cargo install` puts a program for each file of src/bin on the PATH, where it would shadow the system's own. Such a
/// tool has a folder without a `main.rs`: it is part of `mly` alone.
#[test]
fn no_program_has_the_name_of_one_of_the_system() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    for name in ["login", "test", "split", "join", "sort", "install", "link"] {
        for file in [format!("{name}.rs"), format!("{name}/main.rs")] {
            assert!(!root.join(&file).exists(), "src/bin/{file}");
        }
    }
}

#[test]
fn each_tool_has_one_name_in_three_places() {
    assert_eq!(mapillary_pipes::cli::tool_descriptor::NAMES.to_vec(), crate::tool::names());
    for name in crate::tool::names() {
        let module = name.replace('-', "_");
        let stands = |place: &str| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
            root.join(format!("{module}.rs")).exists() || root.join(&module).is_dir()
        };
        assert!(
            stands("src/stage") || WITHOUT_STAGE.contains(&name.as_str()),
            "src/stage/{module}"
        );
        assert!(stands("tests/it"), "tests/it/{module}.rs");
    }
}

#[test]
fn the_library_neither_prints_nor_panics() {
    for (path, text) in sources("src") {
        if path.components().any(|part| part.as_os_str() == "bin" || part.as_os_str() == "cli")
            || is_test(&path)
        {
            continue;
        }
        for (at, line) in product(&text).lines().enumerate() {
            for word in
                [".unwrap()", "panic!(", "println!(", "process::exit", "todo!(", "unimplemented!("]
            {
                let comment = line.trim_start().starts_with("//");
                assert!(comment || !line.contains(word), "{}:{}: {word}", path.display(), at + 1);
            }
        }
    }
}

#[test]
fn paths_are_opened_where_it_is_seen_what_they_are() {
    let opens = ["File::open(", "fs::read(", "fs::read_to_string("];
    for (path, text) in sources("src") {
        // The module that opens files, and one that reads a file of the system.
        if path.ends_with("disk/open.rs") || path.ends_with("cli/signals.rs") || is_test(&path) {
            continue;
        }
        for (at, line) in product(&text).lines().enumerate() {
            let is_here = |open: &&&str| {
                let before = line.split(**open).next().and_then(|before| before.chars().last());
                line.contains(**open) && !before.is_some_and(char::is_alphanumeric)
            };
            let found = opens.iter().find(is_here);
            assert!(found.is_none(), "{}:{}: use disk::open: {line}", path.display(), at + 1);
        }
    }
}

#[test]
fn files_stay_short() {
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !is_test(path)) {
        let lines = product(&text).lines().count();
        assert!(lines <= 300, "{}: {lines} lines", path.display());
    }
}

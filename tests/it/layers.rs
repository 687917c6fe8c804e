//! The tree shows the architecture: no folder uses one that stands below it,
//! and bins, files and functions stay small.

use std::fs;
use std::path::{Path, PathBuf};

/// How files end that are only there for the tests of their folder.
const TESTS: [&str; 2] = ["tests.rs", "mock_server.rs"];

const LAYERS: [&str; 12] = [
    "value", "row", "format", "disk", "service", "shape", "query", "photo", "stage", "serve",
    "run", "cli",
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push((path.clone(), fs::read_to_string(path).unwrap())),
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
    TESTS.iter().any(|ending| path.to_string_lossy().ends_with(ending))
}

#[test]
fn no_layer_uses_one_below_it() {
    for (at, layer) in LAYERS.iter().enumerate() {
        for (path, text) in sources(&format!("src/{layer}")) {
            for below in &LAYERS[at + 1..] {
                let arrow = format!("crate::{below}");
                assert!(!product(&text).contains(&arrow), "{} uses {arrow}", path.display());
            }
        }
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

#[test]
fn each_tool_has_one_name_in_three_places() {
    for name in crate::tool::names() {
        let module = name.replace('-', "_");
        let stands = |place: &str| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
            root.join(format!("{module}.rs")).exists() || root.join(&module).is_dir()
        };
        assert!(stands("src/stage") || name == "serve-archive", "src/stage/{module}");
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
        // The one that opens, and a file of the system's own.
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

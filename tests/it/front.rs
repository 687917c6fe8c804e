//! mly, as a process: pages and completions made from the flags.

use std::fs;
use std::path::Path;

use crate::tool::{names, tool};

#[test]
fn each_shell_finds_the_completions_of_a_tool_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, file) in [("bash", "download"), ("zsh", "_mly-download"), ("fish", "download.fish")]
    {
        let into = folder.path().join(shell);
        tool("mly").args(&["completions", shell]).arg(&into).ok();
        let text = fs::read_to_string(into.join(file)).unwrap();
        assert!(text.contains("--layout") || text.contains("layout"), "{shell}");
        for value in ["sequence", "2048"] {
            assert!(text.contains(value), "{shell}: {value}");
        }
        assert_eq!(
            fs::read_dir(&into).unwrap().count(),
            names().len(),
            "{shell}: mly, and all but login"
        );
    }
}

#[test]
fn no_function_of_zsh_itself_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    tool("mly").args(&["completions", "zsh"]).arg(folder.path()).ok();
    let text = fs::read_to_string(folder.path().join("_mly-describe")).unwrap();
    assert!(text.starts_with("#compdef describe\n"), "{text}");
    assert!(text.contains("\n_mly-describe() {\n"), "{text}");
    assert!(text.trim_end().ends_with("compdef _mly-describe describe\nfi"), "{text}");
    let all = tool("mly").args(&["completions", "zsh"]).ok().stdout;
    assert!(!all.contains("\n_describe()") && !folder.path().join("_describe").exists());
}

#[test]
fn completions_name_values_where_any_text_may_stand() {
    let text = tool("mly").args(&["completions", "bash"]).ok().stdout;
    for value in
        ["computed_compass_angle", "Europe/Berlin", "retry-after=", "fisheye", "geoparquet"]
    {
        assert!(text.contains(value), "{value}");
    }
}

#[test]
fn the_page_of_a_tool_has_values_statuses_files_and_examples() {
    let folder = tempfile::tempdir().unwrap();
    tool("mly").arg("man").arg(folder.path()).ok();
    let page = fs::read_to_string(folder.path().join("download.1")).unwrap();
    for words in
        ["256|1024|2048|original", ".SH \"EXIT STATUS\"", ".SH FILES", ".SH EXAMPLES", "mly(1)"]
    {
        assert!(page.contains(words), "{words}:\n{page}");
    }
    assert!(!page.contains("Exit status:"), "it has a section of its own");
    let front = fs::read_to_string(folder.path().join("mly.1")).unwrap();
    for name in names() {
        assert!(front.contains(&name.replace('-', "\\-")), "{name}:\n{front}");
    }
}

#[test]
fn the_page_of_flags_is_the_one_that_the_definitions_make() {
    let page = tool("mly").arg("flags").ok().stdout;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/flags.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "'UPDATE=1 cargo test --test it front' writes docs/flags.md anew");
}

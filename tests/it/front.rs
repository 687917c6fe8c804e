//! mly, as a process: man pages and completions generated from the flags.

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

#[cfg(unix)]
use crate::every_stream::World;
#[cfg(unix)]
use crate::tool::{Run, path};
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

/// A copy of `mly`, or a link to it, under any name: its first argument selects the tool.
#[cfg(unix)]
#[test]
fn under_a_name_that_no_tool_has_it_is_the_front_command() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("street-pictures");
    std::os::unix::fs::symlink(path("mly"), &program).unwrap();
    fs::write(folder.path().join("rows.csv"), "img_id,lon\n1,9.5\n").unwrap();
    let run = |arguments: &[&str]| -> Run {
        Command::new(&program).args(arguments).current_dir(&folder).output().unwrap().into()
    };
    assert_eq!(run(&["rows", "--columns", "lon", "rows.csv"]).stdout, "lon\n9.5\n");
    assert!(run(&["help", "rows"]).stdout.contains("Usage: rows"));
    let unknown = run(&["rows.csv"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.stderr.starts_with("mly: no tool 'rows.csv'"), "{unknown:?}");
}

/// The file of `mly` itself may have the name of a tool: the tools that it starts are still found within it.
#[cfg(unix)]
#[test]
fn a_copy_that_has_the_name_of_a_tool_starts_the_others_too() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::new());
    let program = folder.path().join("fetch");
    fs::hard_link(path("mly"), &program)
        .or_else(|_| fs::copy(path("mly"), &program).map(|_| ()))
        .unwrap();
    let mut command = world.command(&program, folder.path());
    let run: Run = command.args(["--user", "ada", "--into", "ada"]).output().unwrap().into();
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("29 pictures"), "{run:?}");
}

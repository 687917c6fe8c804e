//! The config file, `mly config`, `mly doctor`, and the prompt for the token.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::service::service;
use crate::tool::{Tool, tool};

/// A home folder with this config file.
fn home(text: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mapillary-pipes/config.ini");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    (home, path)
}

fn at(home: &Path, name: &str) -> Tool {
    tool(name).env("XDG_CONFIG_HOME", home.to_str().unwrap()).stdin("img_id,n\n1,2\n")
}

const CSV: &str = "img_id,n\n1,2\n";
const JSONL: &str = "{\"id\":\"1\",\"n\":\"2\"}\n";

#[test]
fn flags_of_the_file_hold_unless_the_command_line_or_a_profile_says_otherwise() {
    let (empty, _) = home("[rows]\nformat = jsonl\n[profile Empty]\n");
    assert_eq!(at(empty.path(), "rows").args(&["-q", "--profile", "empty"]).ok().stdout, JSONL);
    let (home, _) = home(
        "[rows]\nformat = jsonl ; mine\n[tools]\nquiet = yes\njobs = 4\n[profile plain rows]\nformat = csv\n",
    );
    let rows = || at(home.path(), "rows");
    let run = rows().ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (JSONL, ""), "rows has no --jobs");
    assert_eq!(rows().args(&["-f", "csv"]).ok().stdout, CSV);
    assert_eq!(rows().args(&["--profile", "plain"]).ok().stdout, CSV);
    assert_eq!(rows().env("MAPILLARY_PIPES_PROFILE", "Plain").ok().stdout, CSV);
    assert_eq!(rows().args(&["--profile=plain", "--format=jsonl"]).ok().stdout, JSONL);
    let run = rows().args(&["--profile", "nosuch"]).run();
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("no profile 'nosuch': ") && run.stderr.contains("has plain"),
        "{run:?}"
    );
}

#[test]
fn what_is_wrong_in_the_file_is_refused_with_its_place() {
    for (text, said) in [
        (
            "[rows]\nfromat = csv\n",
            "config.ini': [rows] has 'fromat', and rows has no flag of this name: did you mean 'format'?",
        ),
        (
            "[rows]\nformat = xml\n",
            "config.ini': [rows] format: invalid value 'xml' for '--format <FORM>'; there are csv, jsonl,",
        ),
        ("[rows]\nformat = csv # mine\n", "a comment after a value begins with ' ;'"),
        ("[rows]\nquiet = maybe\n", "[rows] quiet = maybe: --quiet is set by true or false"),
        // An error in the section of another tool is reported by each of them.
        (
            "[downlod]\njobs = 3\n",
            "config.ini': [downlod]: no tool 'downlod': did you mean 'download'?",
        ),
        ("[profile p row]\nformat = csv\n", "[profile p row]: no tool 'row': did you mean 'rows'?"),
        ("[mapillary]\nacces_token = MLY|1|secret\n", "did you mean 'access_token'?"),
    ] {
        let (home, _) = home(text);
        let run = at(home.path(), "rows").run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{text}");
        assert!(
            run.stderr.starts_with("rows: ")
                && run.stderr.contains(said)
                && !run.stderr.contains("secret"),
            "{text}: {}",
            run.stderr
        );
    }
}

#[test]
fn config_shows_each_value_with_its_origin_and_never_the_token() {
    let (home, _) = home(
        "[mapillary]\naccess_token = MLY|1|secret\n[download]\njobs = 16\n\
         [profile work]\naccess_token = MLY|2|other\ngraph_api_endpoint = http://u:hunter22@g.example\n",
    );
    let config = |args: &[&str]| {
        let tool = at(home.path(), "mly").args(&["config", "--json"]).args(args);
        let run = tool.env("MAPILLARY_TILES_ENDPOINT", "http://t").ok();
        assert!(!run.stdout.contains("secret") && !run.stdout.contains("other"), "{}", run.stdout);
        assert!(!run.stdout.contains("hunter22"), "{}", run.stdout);
        let rows: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
        move |key: &str| {
            let row = rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key}"));
            [&row["value"], &row["origin"]].map(|text| text.as_str().unwrap().to_string())
        }
    };
    let plain = config(&[]);
    assert_eq!(plain("access_token"), ["(hidden, 12 characters)", "file, [mapillary]"]);
    assert_eq!(plain("graph_api_endpoint"), ["https://graph.mapillary.com", "default"]);
    assert_eq!(plain("tiles_endpoint"), ["http://t", "environment, MAPILLARY_TILES_ENDPOINT"]);
    assert_eq!(plain("download.jobs"), ["16", "file, [download]"]);
    let work = config(&["--profile", "work"]);
    assert_eq!(work("access_token"), ["(hidden, 11 characters)", "file, [profile work]"]);
    assert_eq!(work("graph_api_endpoint")[0], "http://(hidden)@g.example");
}

#[test]
fn config_set_keeps_all_else_and_refuses_what_no_tool_takes() {
    let (home, path) = home("# mine\n[download] ; how\njobs = 4\n");
    let set = |args: &[&str]| at(home.path(), "mly").args(&["config", "set"]).args(args);
    set(&["download.jobs", "16"]).ok();
    set(&["download.min-free", "5G"]).ok();
    set(&["tools.rate", "2"]).ok();
    set(&["access_token"]).stdin("MLY|1|secret\n").ok();
    set(&["access_token", "--profile", "work"]).stdin("MLY|2|x").ok();
    let wanted = "# mine\n[download] ; how\njobs = 16\nmin-free = 5G\n\n[tools]\nrate = 2\n\n\
                  [mapillary]\naccess_token = MLY|1|secret\n\n[profile work]\naccess_token = MLY|2|x\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for (args, said) in [
        (&["download.jobs", "many"][..], "not a whole number"),
        (&["download.jbos", "1"], "download has no flag '--jbos'"),
        (&["dowload.jobs", "1"], "no tool 'dowload'"),
        (&["token", "x"], "no key 'token': there are access_token"),
        (&["access_token", "MLY|1|x"], "give the token on standard input"),
        (&["download.jobs"], "give a value to set"),
        (&["graph_api_endpoint", "nonsense"], "must be an http or https URL"),
        (&["download.into", "a ; b"], "a file of this form cannot hold it"),
        (&["download.into", ";b"], "a file of this form cannot hold it"),
        (&["download.jobs", "2", "--profile", "my work"], "'my work' cannot name a profile"),
    ] {
        let run = set(args).run();
        assert_eq!(run.status, Some(2), "{args:?}");
        assert!(
            run.stderr.starts_with("mly config: ") && run.stderr.contains(said),
            "{args:?}: {}",
            run.stderr
        );
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), wanted, "what is refused changes nothing");
}

#[test]
fn doctor_says_what_is_wrong_and_how_to_mend_it() {
    let service = service();
    let doctor = |home: &Path, args: &[&str]| {
        let run = at(home, "mly").args(&["doctor", "--json"]).args(args).env("NO_PROXY", "*");
        let run = run
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &service.url())
            .env("MAPILLARY_TILES_ENDPOINT", "http://127.0.0.1:1")
            .run();
        let checks: Vec<Value> =
            serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        let of = move |name: &str| {
            let check = checks.iter().find(|check| check["check"] == name).cloned();
            check.unwrap_or_else(|| panic!("{name}: {checks:?}"))
        };
        (run.status, of)
    };
    let (good, path) = home("[mapillary]\naccess_token = MLY|1|secret\n[download]\njobs = 3\n");
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let (status, of) = doctor(good.path(), &[]);
    assert_eq!(status, Some(1), "the tiles do not answer");
    for name in ["config", "token", "service", "clock", "disk"] {
        assert_eq!(of(name)["state"], "ok", "{}", of(name));
    }
    let tiles = of("tiles");
    assert!(tiles["state"] == "wrong" && tiles["mend"].is_string(), "{tiles}");
    assert!(tiles["text"].as_str().unwrap().contains("127.0.0.1:1"), "{tiles}");
    #[cfg(unix)]
    assert!(of("privacy")["mend"].as_str().unwrap().starts_with("chmod 600 "));
    let (bad, _) = home("[download]\njbos = 3\n");
    let before = service.requests();
    let (status, of) = doctor(bad.path(), &["--offline"]);
    assert_eq!((status, service.requests()), (Some(1), before));
    assert!(of("config")["text"].as_str().unwrap().contains("download has no flag '--jbos'"));
    assert!(of("token")["mend"].as_str().unwrap().contains("mly config set access_token"));
    #[cfg(unix)]
    {
        let (empty, path) = home("[mapillary]\naccess_token =\n");
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        let text = at(empty.path(), "mly").args(&["doctor", "--offline"]).run().stdout;
        assert!(!text.contains("others can read"), "nothing is there to be read: {text}");
    }
    let text = at(bad.path(), "mly").args(&["doctor", "--offline"]).run().stdout;
    assert!(
        text.contains("wrong  token     there is none\n") && text.contains("-> get a client token"),
        "{text}"
    );
}

/// For a deleted folder the system still reports the free space.
#[cfg(target_os = "linux")]
#[test]
fn doctor_finds_a_folder_in_which_nothing_can_be_written() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("gone");
    fs::create_dir(&folder).unwrap();
    let script =
        format!("cd {0} && rmdir {0} && exec \"$1\" doctor --offline --json", folder.display());
    let run: crate::tool::Run = std::process::Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(crate::tool::path("mly"))
        .env("XDG_CONFIG_HOME", home.path())
        .output()
        .unwrap()
        .into();
    let checks: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let disk = checks.iter().find(|check| check["check"] == "disk").unwrap();
    assert_eq!((run.status, &disk["state"]), (Some(1), &"wrong".into()), "{disk}");
    let text = disk["text"].as_str().unwrap();
    assert!(text.starts_with("cannot write in this folder: "), "{text}");
    assert!(!text.contains("os error"), "{text}");
}

#[test]
fn config_unset_takes_a_value_out_in_either_spelling_and_says_when_there_is_none() {
    let (home, path) = home(
        "[mapillary]\naccess_token = MLY|1|secret\n[download]\nmin_free = 1G\njobs = 4\nnosuch = 1\n[profile p download]\njobs = 2\n",
    );
    let unset = |args: &[&str]| at(home.path(), "mly").args(&["config", "unset"]).args(args);
    let run = unset(&["download.min-free"]).ok();
    assert!(run.stdout.starts_with("min-free is no longer set in '"), "{run:?}");
    unset(&["access_token"]).ok();
    unset(&["download.nosuch"]).ok();
    unset(&["download.jobs", "--profile", "p"]).ok();
    let left = "[mapillary]\n[download]\njobs = 4\n[profile p download]\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), left);
    let run = unset(&["download.rate"]).run();
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("rate is not set in '") && run.stderr.contains("[download]"),
        "{run:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), left);
}

#[test]
fn doctor_says_what_to_install_for_jobs_that_need_other_programs() {
    let (home, _) = home("");
    let doctor = || {
        at(home.path(), "mly")
            .env("PATH", "/nonexistent")
            .env("MAPILLARY_TOKEN", "MLY|1|x")
            .args(&["doctor", "--offline"])
    };
    let run = doctor().ok();
    for (program, way) in
        [("ia", "pip install internetarchive"), ("exiftool", "apt install libimage-exiftool-perl")]
    {
        let line =
            run.stdout.lines().position(|line| line.starts_with(&format!("note   {program}")));
        let mend = run.stdout.lines().nth(line.unwrap() + 1).unwrap();
        assert!(mend.contains("-> for ") && mend.ends_with(way), "{}", run.stdout);
    }
    let checks: Vec<Value> = serde_json::from_str(&doctor().args(&["--json"]).ok().stdout).unwrap();
    let of = |name: &str| checks.iter().find(|check| check["check"] == name).unwrap();
    assert_eq!((&of("ia")["state"], of("ia")["mend"].is_string()), (&"note".into(), true));
}

/// A signal during the prompt for the token restores the terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_at_the_question_for_the_token_leaves_a_terminal_that_shows_what_is_typed() {
    use crate::pseudo_terminal::pseudo_terminal;
    use rustix::process::{Pid, Signal, kill_process};
    use rustix::termios::{LocalModes, tcgetattr};
    use std::process::{Command, Stdio};
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("i.csv"), "img_id\n1\n").unwrap();
    let cases: [(&str, &[&str]); 2] =
        [("get-meta", &["-o", "m.csv", "i.csv"]), ("mly", &["config", "set", "access_token"])];
    for (tool, args) in cases {
        for signal in [Signal::TERM, Signal::INT] {
            let (mut terminal, there) = pseudo_terminal(200);
            let mut child = Command::new(crate::tool::path(tool))
                .args(args)
                .current_dir(home.path())
                .env("XDG_CONFIG_HOME", home.path())
                .env("MAPILLARY_GRAPH_API_ENDPOINT", "http://0.0.0.0:1")
                .env_remove("MAPILLARY_TOKEN")
                .env_remove("CI")
                .stdin(Stdio::from(there.try_clone().unwrap()))
                .stdout(Stdio::from(there.try_clone().unwrap()))
                .stderr(there.try_clone().unwrap())
                .spawn()
                .unwrap();
            terminal.answer("token (it is not shown): ", "MLY");
            let is_shown = || tcgetattr(&there).unwrap().local_modes.contains(LocalModes::ECHO);
            while is_shown() {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            kill_process(Pid::from_child(&child), signal).unwrap();
            let status = child.wait().unwrap();
            assert!(!status.success() && is_shown(), "{tool} {signal:?}: {status}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_token_is_asked_for_on_a_terminal_unseen_and_kept_when_wanted() {
    use crate::pseudo_terminal::pseudo_terminal;
    use std::process::{Command, Stdio};
    // There is no listener, and the address is not a loopback one.
    let ask = |home: &Path, keys: &[(&str, &str)]| {
        let (mut terminal, there) = pseudo_terminal(200);
        let mut child = Command::new(crate::tool::path("get-meta"))
            .args(["--retries", "0", "--timeout", "2", "-o", "m.csv", "i.csv"])
            .current_dir(home)
            .env("XDG_CONFIG_HOME", home)
            .env("TERM", "xterm")
            .env("MAPILLARY_GRAPH_API_ENDPOINT", "http://0.0.0.0:1")
            .env_remove("MAPILLARY_TOKEN")
            .env_remove("CI")
            .stdin(Stdio::from(there.try_clone().unwrap()))
            .stdout(Stdio::from(there.try_clone().unwrap()))
            .stderr(there)
            .spawn()
            .unwrap();
        keys.iter().for_each(|(question, typed)| terminal.answer(question, typed));
        let status = child.wait().unwrap().code();
        (status, terminal.shown())
    };
    let (home, path) = home("[download]\njobs = 4\n");
    fs::write(home.path().join("i.csv"), "img_id\n1\n").unwrap();
    let (question, keep) = ("token (it is not shown): ", "keep it in '");
    let (status, shown) = ask(home.path(), &[(question, "MLY|9|ty\u{8}yped\n"), (keep, "y\n")]);
    assert!(shown.contains("mapillary.com/dashboard/developers"), "{shown}");
    assert!(!shown.contains("MLY|9") && !shown.contains("typed"), "{shown}");
    assert!(status != Some(0) && shown.contains("0.0.0.0:1"), "it asked there: {shown}");
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(kept, "[download]\njobs = 4\n\n[mapillary]\naccess_token = MLY|9|typed\n");
    // The token is stored now: there is no prompt.
    let (_, shown) = ask(home.path(), &[]);
    assert!(!shown.contains("it is not shown"), "{shown}");
    fs::remove_file(&path).unwrap();
    let (status, _) = ask(home.path(), &[(question, "\u{3}")]);
    assert_eq!(status, Some(130), "Ctrl-C");
    let (_, shown) = ask(home.path(), &[(question, "MLY|9|x\n"), (keep, "\n")]);
    assert!(!path.exists() && !shown.contains("kept in"), "{shown}");
}

/// A line that is skipped silently would never be noticed.
#[test]
fn a_line_that_says_nothing_ends_the_run_and_is_told_by_doctor() {
    for (text, said) in [
        ("[download]\njobs 3\n", "line 2: 'jobs 3' is neither"),
        ("jobs = 3\n", "line 1: 'jobs = 3' is neither"),
        ("# mine\n\n[download\njobs = 3\n", "line 3: '[download' is neither"),
    ] {
        let (home, _) = home(text);
        let run = at(home.path(), "rows").stdin("img_id\n1\n").run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{text}");
        assert!(run.stderr.contains(said), "{text}: {}", run.stderr);
        let doctor = at(home.path(), "mly").args(&["doctor", "--offline"]).run();
        assert!(doctor.stdout.contains(said), "{text}: {}", doctor.stdout);
        // Commands that repair the file or explain it work in spite of the error.
        at(home.path(), "rows").arg("--help").ok();
        at(home.path(), "mly").args(&["config", "set", "download.jobs", "4"]).ok();
        at(home.path(), "mly").arg("config").ok();
    }
}

#[test]
fn doctor_says_which_value_no_tool_takes_and_which_key_nobody_knows() {
    for (text, said) in [
        ("[download]\njobs = many\n", "[download]: invalid value 'many' for '--jobs <N>'"),
        ("[profile work rows]\nlog-format = xml\n", "[profile work rows]: invalid value 'xml'"),
        ("[tools]\nrate = fast\n", "[tools]: invalid value 'fast'"),
        ("[mapillary]\nacces_token = MLY|1|secret\n", "[mapillary]: no key 'acces_token'"),
        (
            "[profile work]\ngraph_api_endpoint = x\n",
            "[profile work]: graph_api_endpoint: bad endpoint",
        ),
        ("[downlod]\njobs = 3\n", "[downlod]: no tool 'downlod': did you mean 'download'?"),
        ("[pace]\nlisten = nowhere\n", "[pace]: invalid value 'nowhere'"),
    ] {
        let (home, _) = home(text);
        let run = at(home.path(), "mly").args(&["doctor", "--offline"]).run();
        assert_eq!(run.status, Some(1), "{text}");
        assert!(
            run.stdout.contains(said) && !run.stdout.contains("secret"),
            "{text}: {}",
            run.stdout
        );
    }
}

#[test]
fn help_is_there_also_where_the_profile_is_not() {
    let (home, _) = home("[download]\njobs = 3\n");
    for flag in ["--help", "-h", "--version"] {
        at(home.path(), "rows").arg(flag).env("MAPILLARY_PIPES_PROFILE", "nosuch").ok();
    }
}

#[test]
fn a_path_in_the_file_may_begin_at_the_home_folder() {
    let (home, _) = home("[rows]\noutput = ~/rows.csv\n");
    let run = at(home.path(), "rows").env("HOME", home.path().to_str().unwrap());
    run.stdin("img_id\n1\n").within(home.path()).ok();
    assert_eq!(fs::read_to_string(home.path().join("rows.csv")).unwrap(), "img_id\n1\n");
}

#[test]
fn uploads_are_shown_to_go_where_they_would_go() {
    let (home, _) = home("[mapillary]\ngraph_api_endpoint = http://127.0.0.1:8080/\n");
    let shown = at(home.path(), "mly").arg("config").ok().stdout;
    assert!(shown.contains("http://127.0.0.1:8080/mapillary_public_uploads"), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn programs_that_read_the_messages_are_not_asked_for_a_token() {
    use crate::pseudo_terminal::pseudo_terminal;
    use std::process::{Command, Stdio};
    let home = tempfile::tempdir().unwrap();
    let (terminal, there) = pseudo_terminal(200);
    let mut child = Command::new(crate::tool::path("get-images"))
        .args(["--user", "ada", "--log-format", "json", "-o", "i.csv"])
        .current_dir(home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .env("MAPILLARY_GRAPH_API_ENDPOINT", "http://0.0.0.0:1")
        .env_remove("MAPILLARY_TOKEN")
        .env_remove("CI")
        .stdin(Stdio::from(there.try_clone().unwrap()))
        .stdout(Stdio::from(there.try_clone().unwrap()))
        .stderr(there)
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let shown = terminal.shown();
    assert!(shown.lines().all(|line| line.starts_with('{')), "{shown}");
    assert!(shown.contains("no token"), "{shown}");
}

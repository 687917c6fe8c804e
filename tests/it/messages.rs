//! Messages on stderr: on a terminal that the tools of a pipe share, and as JSON.

use std::time::Duration;

use serde_json::Value;

use crate::odd::odd;
use crate::sample;
use crate::service::{service, service_with};
use crate::tool::tool;

/// Each line as an object.
fn events(stderr: &str) -> Vec<Value> {
    stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// A link to the API is easily pasted in place of an id or a name.
#[test]
fn a_token_in_what_was_pasted_is_shown_nowhere() {
    let link = "https://h/images?creator_username=ada&access_token=MLY|12|5ecre7&limit=1";
    let service = service();
    let ask = |name: &str, args: &[&str]| service.tool(name).args(args).args(&["-v"]);
    let with_row = ask("get-meta", &["--ok-failed"]).stdin(format!("img_id\n{link}\n"));
    for tool in [
        ask("get-images", &["--user", link]),
        ask("get-images", &["--org", link]),
        ask("get-images", &["--image", link]),
        ask("get-images", &["--bbox", link]),
        ask("get-images", &["--log-format", "json", "--sequence", link]),
        ask("get-meta", &["/no/such/MLY%7C12%7C5ecre7"]),
        ask("get-meta", &[]).stdin(format!("{link}\n1\n")),
    ] {
        let run = tool.run();
        let said = run.stdout.clone() + &run.stderr;
        assert!(!said.contains("5ecre7"), "{run:?}");
        assert!(said.contains("(hidden)"), "{said}");
    }
    let run = with_row.run();
    assert!(!run.stderr.contains("5ecre7") && run.stderr.contains("(hidden)"), "{run:?}");
    let error = run.stdout.lines().nth(1).unwrap().replace(link, "");
    assert!(error.contains("(hidden)") && !error.contains("5ecre7"), "{error}");
}

#[test]
fn a_token_that_the_service_repeats_is_shown_nowhere_whatever_is_around_it() {
    const SECRET: &str = "0ff1cec0ded00dfeed112233";
    for (name, form) in [
        ("html", format!("MLY&#124;4242&#124;{SECRET}")),
        ("twice", format!("next=MLY%257C4242%257C{SECRET}")),
        ("alone", SECRET.to_string()),
        ("cut", format!("{}{SECRET}", ".".repeat(60))),
    ] {
        let of_json = format!(r#"{{"error":{{"message":"bad {form}","code":190}}}}"#);
        for (status, body) in [(500, format!("<html>{form}</html>")), (401, of_json)] {
            let service = odd(move |_| (status, body.clone()));
            let folder = tempfile::tempdir().unwrap();
            let files = ["-o", "o", "--failed", "f", "--log-file", "l", "--summary", "s", "-v"];
            let tool = service.tool("get-meta").args(&files).within(folder.path());
            let tool = tool.env("MAPILLARY_TOKEN", &format!("MLY|4242|{SECRET}"));
            let run = tool.args(&["--max-failures", "0"]).stdin("img_id\n1\n").run();
            let mut all = run.stderr.clone();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
                all += &String::from_utf8_lossy(&bytes);
            }
            assert!(all.contains("(hidden)"), "{name}: {all}");
            assert!(!all.contains(&SECRET[..8]) && !all.contains(&SECRET[16..]), "{name}: {all}");
        }
    }
}

#[test]
fn messages_counts_and_waits_are_json_objects() {
    let service = service_with(|settings| {
        settings.faults = vec!["server=0.3".parse().unwrap()];
        settings.seed = 3;
    });
    let ids = [sample::id(0, 0), sample::DELETED.to_string()].join("\n");
    let json = ["--log-format", "json", "--progress", "always", "-v"];
    let run = service.tool("get-meta").args(&json).stdin(format!("img_id\n{ids}\n")).ok();
    let events = events(&run.stderr);
    for event in &events {
        assert_eq!(event["tool"], "get-meta", "{event}");
        assert!(event["time"].as_str().unwrap().ends_with('Z'), "{event}");
    }
    let of = |kind: &str| events.iter().filter(|event| event["event"] == kind).collect::<Vec<_>>();
    let gone = format!("line 3: '{}': gone", sample::DELETED);
    assert!(of("message").iter().any(|it| it["level"] == "warning" && it["text"] == gone.as_str()));
    assert!(!of("request").is_empty());
    let [counts] = of("counts")[..] else { panic!("{events:?}") };
    assert_eq!(
        (&counts["counts"]["rows"]["rows"], &counts["counts"]["ended"]["gone"]),
        (&1.into(), &1.into())
    );
    // A run that cannot continue reports it in the same format.
    let run = tool("get-meta").args(&json).stdin("img_id\n1\n").run();
    assert_eq!(run.status, Some(2));
    let last = serde_json::from_str::<Value>(run.stderr.lines().last().unwrap()).unwrap();
    assert!(last["level"] == "error" && last["text"].as_str().unwrap().contains("token"), "{last}");
}

#[test]
fn what_is_refused_before_the_run_is_an_object_too() {
    for args in [
        &["--log-format", "json", "--no-such-flag"][..],
        &["--log-format=json", "--profile", "nosuch"],
        &["--log-format=json", "--log-file", "/nosuch/folder/file"],
        &["-j", "many", "--log-format", "json"],
    ] {
        let run = tool("get-meta").args(args).run();
        assert_eq!(run.status, Some(2), "{args:?}");
        let [event] = &events(&run.stderr)[..] else { panic!("{run:?}") };
        assert_eq!((&event["tool"], &event["level"]), (&"get-meta".into(), &"error".into()));
    }
}

#[test]
fn a_wait_is_an_event_of_its_own_and_a_log_file_has_the_form_of_stderr() {
    let service = service_with(|settings| {
        settings.faults = vec!["retry-after=1".parse().unwrap()];
        settings.slow = Duration::from_secs(30);
    });
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut child = service
        .tool("get-meta")
        .args(&["--log-format", "json", "--log-file", log.to_str().unwrap()])
        .stdin("img_id\n1\n")
        .spawn();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"img_id\n1\n").unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    let wait = lines.find_map(|line| {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        (event["event"] == "wait").then_some(event)
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let text = wait.unwrap()["text"].as_str().unwrap().to_string();
    assert!(text.contains(" s"), "it says how long: {text}");
    assert!(
        events(&std::fs::read_to_string(log).unwrap()).iter().any(|it| it["text"] == text.as_str())
    );
}

#[test]
fn a_hundred_rows_that_fail_for_one_reason_are_three_lines_and_a_count() {
    let rows: String = (0..100).map(|at| format!("photos/{at}.jpg\n")).collect();
    let folder = tempfile::tempdir().unwrap();
    let tag = |args: &[&str]| {
        let tool =
            tool("tag-exif").within(folder.path()).args(&["-f", "csv", "-j", "1"]).args(args);
        tool.stdin(format!("path\n{rows}")).run()
    };
    let run = tag(&["--failed", "failed.csv"]);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!((run.status, lines.len()), (Some(1), 6), "{}", run.stderr);
    assert!(lines[0].contains("line 2: ") && lines[0].contains("'photos/0.jpg'"), "{}", run.stderr);
    assert!(run.stderr.contains("relative to the folder where they were written: run from there"));
    assert!(run.stderr.contains("97 more rows for the same reason as line 2: "), "{}", run.stderr);
    let failed = std::fs::read_to_string(folder.path().join("failed.csv")).unwrap();
    assert_eq!(failed.lines().count(), 101, "each is in the list");
    let all = tag(&["-v"]).stderr;
    assert_eq!(all.matches("it is not there").count(), 101, "and on stderr for those who want all");
}

#[test]
fn what_people_paste_is_taken_ids_and_links_without_a_header_and_pages_of_users() {
    let service = service();
    let (one, two) = (sample::id(0, 0), sample::id(0, 1));
    let list =
        format!("{one}\n\nhttps://www.mapillary.com/app/?lat=54&lng=9&pKey={two}&focus=photo\n");
    for name in ["get-meta", "download", "get-detections"] {
        let run = service
            .tool(name)
            .within(service.folder.path())
            .args(&["-f", "csv"])
            .stdin(list.clone())
            .ok();
        assert!(run.stdout.contains(&one) && run.stdout.contains(&two), "{name}: {run:?}");
        assert!(
            run.stderr.contains("no header: its lines are taken for pictures"),
            "{}",
            run.stderr
        );
    }
    let sequence = format!("{}\n", sample::RIDES[0].sequence);
    let run = service.tool("get-images").stdin(sequence).ok();
    assert_eq!(run.stdout.lines().count(), 17, "{run:?}");
    let link = format!("https://www.mapillary.com/map/im/{one}");
    let run = service.tool("get-images").args(&["--image", &link]).ok();
    assert!(
        run.stdout.ends_with(&format!("{one}\n")) || run.stdout.contains(&format!(",{one}")),
        "{run:?}"
    );
    let run = service.tool("get-meta").stdin(format!("img_id,n\n{link},1\n")).ok();
    assert!(run.stdout.contains(&format!(",{one},1,")), "{run:?}");
    let page = "https://www.mapillary.com/app/user/ada?lat=1";
    assert_eq!(service.tool("get-images").args(&["--user", page]).ok().stdout.lines().count(), 30);
    for (flag, link, said) in [
        ("--user", "https://www.mapillary.com/app/?pKey=1", "a picture, which --image takes"),
        ("--user", "https://www.mapillary.com/app/?lat=1", "the link shows no user"),
        ("--user", "https://osm.example/user/ada", "the link shows no user"),
        ("--image", "https://www.mapillary.com/app/?lat=1", "the link shows neither a picture"),
        ("--image", "https://www.mapillary.com/app/user/ada", "get-images --user ada lists"),
    ] {
        let run = service.tool("get-images").args(&[flag, link]).run();
        assert!(run.status == Some(2) && run.stderr.contains(said), "{run:?}");
    }
}

#[test]
fn rows_and_links_that_a_tool_cannot_take_are_told_the_tool_that_can() {
    let service = service();
    let run = |name: &str, text: &str| {
        let tool = if name == "tag-exif" { tool(name) } else { service.tool(name) };
        tool.within(service.folder.path()).args(&["-f", "csv"]).stdin(text).run()
    };
    for (name, text, status, said) in [
        ("get-images", "img_id\n1\n", 2, "get-meta takes rows of pictures, and adds 'seq_id'"),
        (
            "get-images",
            "{\"id\":\"1\"}\n",
            1,
            "no value for seq_id; get-meta takes rows of pictures, and adds 'seq_id'",
        ),
        ("get-images", "image_key\n1\n", 2, "; get-sequences lists sequences"),
        ("get-meta", "image_key\n1\n", 2, "if 'image_key' is meant, name it 'img_id'"),
        ("get-meta", "seq_id\ns\n", 2, "get-images lists the pictures of sequences"),
        ("tag-exif", "img_id\n1\n", 2, "download adds 'path' to rows of pictures"),
        (
            "download",
            "https://www.mapillary.com/app/user/ada\n",
            1,
            "mly fetch --user ada downloads",
        ),
        (
            "get-meta",
            "https://www.mapillary.com/app/?lat=1&lng=2&z=3\n",
            1,
            "get-images --bbox W,S,E,N",
        ),
    ] {
        let run = run(name, text);
        assert_eq!(run.status, Some(status), "{name} {text}: {run:?}");
        assert!(run.stderr.contains(said), "{name} {text}: {}", run.stderr);
    }
}

#[test]
fn a_limit_is_one_picture_or_more() {
    let service = service();
    for (name, more) in [("get-images", &[][..]), ("fetch", &["--into", "ada"])] {
        let run = service.tool(name).args(&["--user", "ada", "--limit", "0"]).args(more).run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains("'0' for '--limit <N>': not 1 or more"), "{}", run.stderr);
    }
    assert_eq!(service.requests(), 0);
}

#[cfg(unix)]
#[test]
fn after_ctrl_c_it_says_what_was_done_and_how_to_go_on() {
    use rustix::process::{Pid, Signal, kill_process};
    let slow = service_with(|settings| {
        settings.faults = vec!["slow=1".parse().unwrap()];
        settings.slow = Duration::from_millis(50);
    });
    let folder = tempfile::tempdir().unwrap();
    let mut named = vec!["-j", "1"];
    sample::RIDES.iter().for_each(|ride| named.extend(["--sequence", ride.sequence]));
    let ids: String = (0..9).map(|at| sample::id(0, at) + "\n").collect();
    std::fs::write(folder.path().join("ids"), ids).unwrap();
    let kept = "interrupted: the same command, run again, goes on from what is on disk";
    for (name, args, said) in [
        (
            "get-images",
            &[][..],
            "begins anew; with -o FILE, or with --keep-list FILE in a pipe, it goes on",
        ),
        ("get-images", &["--keep-list", "kept"], kept),
        (
            "get-images",
            &["-o", "a.csv"],
            "'a.csv' is not complete: run the same command again to go on",
        ),
        ("download", &["-j", "1", "ids"], kept),
    ] {
        let args = if name == "download" { args.to_vec() } else { [&named, args].concat() };
        let before = slow.requests();
        let mut child = slow.tool(name).within(folder.path()).args(&args).spawn();
        while slow.requests() < before + 2 {
            assert!(child.try_wait().unwrap().is_none(), "{name} {args:?} ended by itself");
            std::thread::sleep(Duration::from_millis(5));
        }
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{name} {args:?}: {stderr}");
        assert!(stderr.contains(said), "{name} {args:?}: {stderr}");
        let counts = format!("{name}: ");
        assert!(
            stderr.lines().any(|line| line.starts_with(&counts) && line.contains(" in ")),
            "{stderr}"
        );
    }
}

#[test]
fn what_is_pasted_with_blanks_is_taken_and_what_names_nothing_is_refused_unasked() {
    let service = service();
    let listed =
        |args: &[&str]| service.tool("get-images").args(args).args(&["--limit", "1"]).run();
    for user in [" ada ", "https://www.mapillary.com/app/user/%61da"] {
        assert_eq!(listed(&["--user", user]).stdout.lines().count(), 2, "{user}");
    }
    let before = service.requests();
    for (args, said) in [
        (["--user", " "], "it is empty"),
        (["--sequence", "a b"], "not the id of a sequence, which has letters, digits"),
        (["--sequence", "https://www.mapillary.com/app/?pKey=12"], "the link shows a picture"),
        (["--sequence", "1020304050600100"], "but that of a picture"),
    ] {
        let run = listed(&args);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(said), "{args:?}: {}", run.stderr);
    }
    let rows = service.tool("get-images").stdin("seq_id\na b\n").run();
    assert!(rows.status == Some(1) && rows.stderr.contains("not the id of a sequence"), "{rows:?}");
    assert_eq!(service.requests(), before);
}

#[test]
fn a_service_that_is_down_is_named_with_its_host_and_port() {
    let run = tool("get-meta")
        .env("MAPILLARY_GRAPH_API_ENDPOINT", "http://127.0.0.1:1")
        .args(&["--retries", "0"])
        .stdin("img_id\n1\n")
        .run();
    assert!(run.stderr.contains("Connection refused at '127.0.0.1:1'"), "{}", run.stderr);
}

#[cfg(target_os = "linux")]
mod terminal {
    use std::process::{Command, Stdio};

    use super::*;
    use crate::pseudo_terminal::pseudo_terminal;
    use crate::tool::path;

    /// The bytes written to a terminal of this width, and its final screen.
    fn on_terminal(
        columns: u16,
        script: &str,
        service: &crate::service::Service,
    ) -> (String, String) {
        on_terminal_of("xterm", columns, script, service)
    }

    fn on_terminal_of(
        kind: &str,
        columns: u16,
        script: &str,
        service: &crate::service::Service,
    ) -> (String, String) {
        let (terminal, there) = pseudo_terminal(columns);
        let folder = tempfile::tempdir().unwrap();
        let tools = path("mly").parent().unwrap().display().to_string();
        let mut child = Command::new("sh")
            .args(["-euc", script])
            .current_dir(folder.path())
            .env("PATH", format!("{tools}:{}", std::env::var("PATH").unwrap()))
            .env("TERM", kind)
            .env("MAPILLARY_TOKEN", "t")
            .env("MAPILLARY_TILES_ENDPOINT", service.url())
            .env("MAPILLARY_GRAPH_API_ENDPOINT", service.url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(there)
            .spawn()
            .unwrap();
        assert!(child.wait().unwrap().success());
        let drawn = terminal.shown();
        (drawn.clone(), screen(&drawn))
    }

    /// The screen of a terminal that supports no more than single lines.
    fn screen(drawn: &str) -> String {
        let mut lines = vec![String::new()];
        for piece in drawn.replace("\r\n", "\n").split_inclusive('\n') {
            let end = lines.len() - 1;
            lines[end] += piece.trim_end_matches('\n');
            if let Some((_, rest)) = lines[end].rsplit_once("\r\x1b[K") {
                lines[end] = rest.to_string();
            }
            if piece.ends_with('\n') {
                lines.push(String::new());
            }
        }
        lines.join("\n")
    }

    #[test]
    fn fetch_has_one_line_for_the_whole_job_never_wider_than_the_terminal_and_leaves_counts() {
        let service = service_with(|settings| {
            settings.faults = vec!["slow=1".parse().unwrap()];
            settings.slow = Duration::from_millis(80);
        });
        for (kind, columns) in [("xterm", 100), ("xterm", 40), ("xterm", 20), ("dumb", 40)] {
            // The remaining time is not shown in the first three seconds.
            let jobs = if columns == 100 { 1 } else { 4 };
            let job = format!("fetch --bbox 9.94,54.31,9.97,54.33 -j {jobs} --into town");
            let (drawn, screen) = on_terminal_of(kind, columns, &job, &service);
            let bars: Vec<&str> = drawn
                .split("\r\x1b[K")
                .filter(|it| it.starts_with("fetch ") || it.starts_with("fetch,"))
                .map(|it| it.split(['\r', '\n']).next().unwrap())
                .collect();
            assert!(bars.iter().all(|bar| bar.chars().count() < columns.into()), "{bars:?}");
            match (kind, columns) {
                ("dumb", _) => {
                    assert!(bars.is_empty() && !drawn.contains('\x1b'), "{drawn}");
                    assert!(!drawn.replace("\r\n", "").contains('\r'), "{drawn}");
                }
                (_, 100) => {
                    let has = |what: &str| bars.iter().any(|bar| bar.contains(what));
                    for what in [" found", " described", " fetched", "%, ", " kB", " s left"] {
                        assert!(has(what), "{what}: {bars:?}");
                    }
                    let last = bars.iter().rfind(|bar| bar.contains('%')).unwrap();
                    let share = last.split_once('%').unwrap().0.rsplit(' ').next().unwrap();
                    assert!(share.parse::<u8>().unwrap() > 80, "{last}");
                }
                _ => assert!(bars.len() > 5, "{bars:?}"),
            }
            let lines: Vec<&str> = screen.lines().filter(|line| !line.is_empty()).collect();
            assert!(lines.iter().all(|line| line.starts_with("fetch: ")), "{screen}");
            assert!(lines.last().unwrap().starts_with("fetch: 58 done, "), "{screen}");
            assert!(
                lines.iter().any(|it| it.starts_with("fetch: get-images: 58 rows")),
                "{screen}"
            );
        }
    }

    /// Rows on the terminal with the bar are not appended to it.
    #[test]
    fn rows_on_the_terminal_take_the_place_of_the_bar() {
        let service = service_with(|settings| {
            settings.faults = vec!["slow=1".parse().unwrap()];
            settings.slow = Duration::from_millis(300);
        });
        for kind in ["xterm", "dumb"] {
            let script = "get-images --user ada --limit 3 1>&2";
            let (_, screen) = on_terminal_of(kind, 200, script, &service);
            let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
            assert!(lines[0].starts_with("org_id,seq_id,"), "{screen}");
            assert_eq!(lines.iter().filter(|line| !line.is_empty()).count(), 5, "{screen}");
        }
    }

    #[test]
    fn the_tools_of_a_pipe_share_the_terminal_and_leave_their_counts() {
        let service = service_with(|settings| {
            settings.faults = vec!["slow=1".parse().unwrap()];
            settings.slow = Duration::from_millis(15);
        });
        for columns in [80, 30] {
            let pipe = "get-images --user ada | get-meta | download -j 1 --into p -f csv";
            let (drawn, screen) = on_terminal(columns, pipe, &service);
            let lines: Vec<&str> = screen.lines().collect();
            let counts =
                |tool: &str| lines.iter().filter(|it| it.starts_with(&format!("{tool}: "))).count();
            assert_eq!(["get-images", "get-meta", "download"].map(counts), [1, 1, 1], "{screen}");
            assert!(lines[2].starts_with("download: 29 done, "), "{screen}");
            assert_eq!(
                lines.iter().filter(|it| !it.is_empty()).count(),
                3,
                "nothing else stays: {screen}"
            );
            let drawn = drawn.replace("\r\n", "\n");
            let bars: Vec<&str> =
                drawn.split('\r').filter_map(|it| it.strip_prefix("\x1b[K")).collect();
            let bars: Vec<&str> = bars.into_iter().filter(|it| !it.contains('\n')).collect();
            assert!(bars.len() > 3, "{drawn:?}");
            assert!(bars.iter().all(|bar| bar.chars().count() < columns.into()), "{bars:?}");
        }
    }

    #[test]
    fn the_bar_follows_the_rows_that_are_answered_and_not_those_that_are_read() {
        let service = service();
        let slow = service_with(|settings| {
            settings.faults = vec!["slow=1".parse().unwrap()];
            settings.slow = Duration::from_millis(15);
        });
        let rows = service.tool("get-images").args(&["--user", "ada"]).ok().stdout;
        let script =
            format!("printf '%s' '{rows}' > rows.csv; download -j 1 rows.csv --into p -f csv");
        let (drawn, _) = on_terminal(80, &script, &slow);
        let percents = drawn.split("] ").skip(1).filter_map(|rest| rest.split_once('%'));
        let percents: Vec<u64> = percents.map(|(number, _)| number.parse().unwrap()).collect();
        assert!(percents.iter().any(|percent| (1..60).contains(percent)), "{percents:?}");
        assert!(percents.is_sorted(), "{percents:?}");
    }
}

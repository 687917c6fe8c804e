//! get-images, as a process.

use std::fs;

use crate::odd::odd;
use crate::sample::{self, BBOX, DELETED, RIDES};
use crate::service::{Service, service};
use crate::tool::tool;

fn sequences(service: &Service) -> String {
    service.tool("get-sequences").args(&["--bbox", BBOX]).ok().stdout
}

#[test]
fn a_user_an_organization_and_an_area_agree_on_their_pictures() {
    let service = service();
    let ids = |args: &[&str]| -> Vec<String> {
        let run = service.tool("get-images").args(args).ok();
        let at = run.stdout.lines().next().unwrap().split(',').position(|name| name == "img_id");
        let mut ids: Vec<String> = run
            .stdout
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(at.unwrap()).unwrap().to_string())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&["--user", "ada"]), ids(&["--user", "ada", "--bbox", BBOX]));
    assert_eq!(
        ids(&["--org", "800900100200301"]),
        ids(&["--org", "800900100200301", "--bbox", BBOX])
    );
    assert_eq!(ids(&["--bbox", BBOX, "--limit", "7"]).len(), 7);
    assert_eq!(ids(&["--user", "grace", "--pano"]).len(), 12);
    assert_eq!(ids(&["--user", "ada", "--org", "800900100200301"]).len(), 14);
    let first = sample::id(0, 0);
    assert_eq!(ids(&["--image", &first]), [first.as_str()]);
    assert_eq!(ids(&["--sequence", RIDES[2].sequence]).len(), 12);
}

#[test]
fn an_unknown_sequence_is_empty_and_an_unknown_user_is_said() {
    let service = service();
    let run = service.tool("get-images").stdin("seq_id\nnothere\n").ok();
    assert!(run.stderr.contains("1 empty"), "{}", run.stderr);
    let run = service.tool("get-images").args(&["--user", "nobody"]).ok();
    assert!(run.stderr.contains("nobody") && run.stderr.contains("1 empty"), "{}", run.stderr);
    let run = service.tool("get-images").args(&["--user", "nobody", "--bbox", BBOX]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("'nobody'"), "{}", run.stderr);
}

#[test]
fn known_pictures_are_left_out() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.csv");
    let images = service.tool("get-images").stdin(sequences(&service)).ok().stdout;
    fs::write(&known, service.tool("get-meta").stdin(images).ok().stdout).unwrap();
    let known = known.to_str().unwrap();
    let more = service.tool("get-images").args(&["--known", known]).stdin(sequences(&service)).ok();
    assert_eq!(more.stdout.lines().count(), 2, "{}", more.stdout);
    assert!(more.stdout.contains(DELETED));
}

#[test]
fn an_estimate_and_a_dry_run_write_no_rows() {
    let service = service();
    let run = service.tool("get-images").args(&["--bbox", BBOX, "--estimate"]).ok();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("pictures: 2 requests of get-meta ("), "{}", run.stderr);
    let asked = service.requests();
    let run = service.tool("get-sequences").args(&["--bbox", BBOX, "--dry-run"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("tiles"), "{}", run.stderr);
    assert_eq!(service.requests(), asked);
}

/// A user's list with odd entries: null, no id, a number, a repeat, another user's, a clock of -1.
const ODD_PAGE: &str = r#"{"data":[
    {"id":"11","sequence":"s","captured_at":-1,"creator":{"username":"Ada","id":"7"}},
    null, {"sequence":"s"}, 5, {"id":"x y"},
    {"id":12,"sequence":"s","captured_at":1717245296123,"creator":{"username":"ada","id":"7"}},
    {"id":"11","sequence":"s"},
    {"id":"13","sequence":"t","creator":{"username":"eve","id":"8"}},
    {"id":"14","sequence":"s"}]}"#;

#[test]
fn an_odd_entry_of_a_users_list_makes_the_list_incomplete() {
    let service = odd(|_| (200, ODD_PAGE));
    let run = service.tool("get-images").args(&["--user", "ada"]).ok();
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(
        rows,
        [",s,11,7,Ada,,,", ",s,12,7,ada,1717245296123,,", ",s,14,,,,,"],
        "{}",
        run.stdout
    );
    for said in [
        "1 of others left out",
        "4 odd entries dropped",
        "1 repeat dropped",
        "4 entries of the service's list cannot be read",
        "1 incomplete",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let run = service.tool("get-sequences").args(&["--user", "ada"]).ok();
    assert_eq!(run.stdout.lines().nth(1), Some(",s,7,,1717245296123,3,11"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 2);
}

#[test]
fn a_list_without_a_readable_entry_fails_and_is_asked_for_again() {
    let service = odd(|_| (200, r#"{"data":[{"image_id":"1"},{"image_id":"2"}]}"#));
    let folder = tempfile::tempdir().unwrap();
    for args in [&["--user", "ada", "-o", "u.csv"][..], &["--sequence", "s", "-o", "s.csv"]] {
        for _ in 0..2 {
            let asked = service.asked("/image");
            let run = service.tool("get-images").args(args).within(folder.path()).run();
            assert_eq!(run.status, Some(1), "{}", run.stderr);
            assert!(run.stderr.contains("2 entries, none of which can be read"), "{}", run.stderr);
            assert!(service.asked("/image") > asked && !folder.path().join(args[3]).exists());
        }
    }
}

#[test]
fn a_picture_of_a_list_whose_values_cannot_be_read_fails_and_the_others_come() {
    let service = odd(|_| {
        let page = r#"{"data":[{"id":"11","captured_at":1717245296123},
            {"id":"12","creator":{"username":"a\ud800"}},{"id":"13","captured_at":"noon"},
            {"id":"14","captured_at":"2024-06-01T12:34:56+0000"},{"id":"15","creator":"ada"}]}"#;
        (200, page)
    });
    let run = service.tool("get-images").args(&["--user", "ada", "--since", "2024-01-01"]).run();
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(rows, [",,11,,,1717245296123,,", ",,14,,,1717245296000,,"], "{}", run.stderr);
    for said in ["'12'", "'noon'", "the service's 'creator' cannot be read: 'ada'"] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_list_that_is_cut_is_passed_on_and_named_incomplete() {
    let page = |next: &str| {
        format!(r#"{{"data":[{{"id":"1","sequence":"s"}}],"paging":{{"next":{next}}}}}"#)
    };
    let gone = r#"{"error":{"message":"no such","code":100,"error_subcode":33}}"#;
    // The link on the first page, and the response for the second.
    for (next, second) in [
        (r#""?after=c""#, (400, gone.to_string())),
        (r#""nonsense""#, (200, String::new())),
        (r#""?after=c""#, (200, page(r#""?after=c""#))),
    ] {
        let first = page(next);
        let service =
            odd(
                move |path| {
                    if path.contains("after=") { second.clone() } else { (200, first.clone()) }
                },
            );
        let tool = || service.tool("get-images");
        for (tool, whose) in [
            (tool().stdin("seq_id\ns\n"), "'s'"),
            (tool().args(&["--sequence", "s"]), "'s'"),
            (tool().args(&["--user", "ada"]), "'ada'"),
            (tool().args(&["--org", "9"]), "'9'"),
            (service.tool("get-sequences").args(&["--user", "ada"]), "'ada'"),
        ] {
            let run = tool.ok();
            assert_eq!(run.stdout.lines().count(), 2, "{next}: {run:#?}");
            assert!(run.stderr.contains(&format!("{whose}: incomplete: ")), "{}", run.stderr);
            assert!(run.stderr.contains("1 incomplete"), "{}", run.stderr);
        }
        // A complete output file does not make the list complete.
        let folder = tempfile::tempdir().unwrap();
        let mut asked = Vec::new();
        for flags in [&["-o", "i.csv"][..], &["-o", "i.csv"], &["-o", "i.csv", "--recheck"]] {
            let run = tool().args(flags).within(folder.path()).stdin("seq_id\ns\n").ok();
            assert!(run.stderr.contains("'s': incomplete: "), "{}", run.stderr);
            let rows = fs::read_to_string(folder.path().join("i.csv")).unwrap();
            assert_eq!(rows, "org_id,seq_id,img_id\n,s,1\n");
            asked.push(service.asked(""));
        }
        assert!(asked[0] == asked[1] && asked[1] < asked[2], "{asked:?}");
        let strict = tool().args(&["--sequence", "s", "--strict"]).run();
        assert_eq!(strict.status, Some(1));
    }
}

/// A page of a list with these ids and the cursor of the next page.
fn page(ids: &[u32], next: &str) -> (u16, String) {
    let data: Vec<String> =
        ids.iter().map(|id| format!(r#"{{"id":"{id}","sequence":"s"}}"#)).collect();
    let paging = format!(r#","paging":{{"cursors":{{"after":"{next}"}},"next":"?after={next}"}}"#);
    let paging = if next.is_empty() { "" } else { &paging };
    (200, format!(r#"{{"data":[{}]{paging}}}"#, data.join(",")))
}

/// Runs a list twice, of which the first ends at the second page; returns the rows of the second.
fn interrupted(
    tool: &str,
    after_that: impl Fn(&str) -> (u16, String) + Send + Sync + 'static,
) -> (String, String) {
    let is_second = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let turn = std::sync::Arc::clone(&is_second);
    let is_now = move || turn.load(std::sync::atomic::Ordering::Relaxed);
    let service = odd(move |path| match path.split_once("after=") {
        _ if is_now() => after_that(path),
        Some(_) => (500, "down".to_string()),
        None => page(&[1, 2, 3], "b"),
    });
    let folder = tempfile::tempdir().unwrap();
    let list = || service.tool(tool).args(&["--user", "ada", "-o", "o.csv"]).within(folder.path());
    assert_ne!(list().run().status, Some(0));
    is_second.store(true, std::sync::atomic::Ordering::Relaxed);
    let run = list().ok();
    (fs::read_to_string(folder.path().join("o.csv")).unwrap(), run.stderr)
}

#[test]
fn a_resumed_list_whose_pages_have_moved_has_each_picture_once() {
    let moved = |_: &str| page(&[2, 3, 4], "");
    let (rows, stderr) = interrupted("get-images", moved);
    let ids: Vec<&str> =
        rows.lines().skip(1).map(|row| row.split(',').nth(2).unwrap_or_default()).collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    assert!(stderr.contains("2 repeats dropped"), "{stderr}");
    let (rows, _) = interrupted("get-sequences", moved);
    assert_eq!(rows.lines().nth(1), Some(",s,,,,4,1"), "{rows}");
}

#[test]
fn a_list_whose_cursor_has_expired_is_listed_again_from_the_start() {
    let expired = r#"{"error":{"message":"Invalid cursors values provided in the parameter after","code":100}}"#;
    for answer in [(400, expired.to_string()), page(&[], "")] {
        let resumed = move |path: &str| match path.split_once("after=") {
            Some((_, cursor)) if cursor.starts_with('b') => answer.clone(),
            Some(_) => page(&[3, 4], ""),
            None => page(&[5, 1, 2], "c"),
        };
        let (rows, stderr) = interrupted("get-images", resumed);
        let mut ids: Vec<&str> =
            rows.lines().skip(1).map(|row| row.split(',').nth(2).unwrap_or_default()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["1", "2", "3", "4", "5"], "{stderr}");
        assert!(stderr.contains("listing again from the start"), "{stderr}");
    }
}

#[test]
fn rows_of_pictures_stand_for_their_sequences_and_lend_no_facts_to_others() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let pictures = service.tool("get-images").args(&["--user", "ada"]).ok().stdout;
    let noted: String = pictures.lines().enumerate().fold(String::new(), |text, (at, line)| {
        text + line + if at == 0 { ",note\n" } else { ",mine\n" }
    });
    let before = service.asked("/image_ids");
    let to_file = || service.tool("get-images").args(&["-o", "i.csv"]).within(folder.path());
    let run = to_file().stdin(noted.as_str()).ok();
    let rows = fs::read_to_string(folder.path().join("i.csv")).unwrap();
    assert_eq!(service.asked("/image_ids") - before, 2);
    assert!(rows.starts_with("org_id,seq_id,img_id,creator_id,creator_username\n"), "{rows}");
    assert_eq!(rows.lines().count(), 1 + 16 + 14, "each once, the deleted one too");
    assert_eq!(run.stderr.matches("each sequence is asked for once").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("captured_at") && run.stderr.contains("note"), "{}", run.stderr);
    assert!(run.stderr.contains("27 left out"), "{}", run.stderr);
    // Once more, from cached responses.
    to_file().stdin(noted).ok();
    assert_eq!(fs::read_to_string(folder.path().join("i.csv")).unwrap(), rows);
    let json = tool("rows").args(&["-f", "jsonl"]).stdin(pictures).ok().stdout;
    let json = service.tool("get-images").stdin(json).ok().stdout;
    assert!(json.lines().count() == 30 && !json.contains("captured_at"), "{json}");
}

#[test]
fn columns_of_a_sequence_are_passed_on_to_each_of_its_pictures() {
    let service = service();
    let rows = format!("seq_id,note,captured_at\n{},mine,5\n", RIDES[0].sequence);
    let run = service.tool("get-images").stdin(rows).ok();
    assert!(run.stdout.starts_with("org_id,seq_id,img_id,note\n"), "{}", run.stdout);
    assert_eq!(run.stdout.matches(",mine\n").count(), 16);
}

#[test]
fn sequences_and_pictures_that_are_named_are_narrowed_by_all_else() {
    let service = service();
    let (first, other) = (sample::id(0, 0), sample::id(1, 0));
    let (ride, pano) = (RIDES[0].sequence, RIDES[2].sequence);
    // The arguments, the number of rows, the number of filtered rows.
    let table: &[(&[&str], usize, usize)] = &[
        (&["--sequence", ride, "--sequence", ride], 16, 0),
        (&["--image", &first, "--image", &first], 1, 0),
        (&["--sequence", ride, "--user", "ada"], 15, 0),
        (&["--sequence", ride, "--user", "grace"], 0, 15),
        (&["--sequence", ride, "--sequence", pano, "--pano"], 12, 15),
        (&["--sequence", ride, "--bbox", "9.94,54.31,9.9503,54.33"], 2, 13),
        (&["--sequence", ride, "--bbox", "0,0,1,1"], 0, 15),
        (&["--sequence", ride, "--since", "2024-06-02"], 0, 15),
        (&["--sequence", ride, "--image", &first, "--image", &other], 1, 1),
        (&["--image", &first, "--image", &other, "--org", "800900100200301"], 1, 1),
        (&["--image", &first, "--image", &other, "--user", "ADA"], 2, 0),
    ];
    for &(args, rows, left_out) in table {
        let run = service.tool("get-images").args(args).ok();
        assert_eq!(run.stdout.lines().count() - 1, rows, "{args:?}: {run:#?}");
        let said = format!("{left_out} left out");
        assert_eq!(run.stderr.contains(&said), left_out > 0, "{args:?}: {}", run.stderr);
    }
    let asked = service.requests();
    let run = service.tool("get-images").args(&["--image", &first]).ok();
    assert_eq!((service.requests() - asked, run.stdout.lines().count()), (0, 2));
}

#[test]
fn a_file_of_rows_beside_flags_that_say_where_to_look_is_refused() {
    let run =
        tool("get-images").args(&["--bbox", BBOX, "seqs.csv"]).env("MAPILLARY_TOKEN", "MLY|1|s");
    let run = run.run();
    assert_eq!(run.status, Some(2), "{run:?}");
    assert!(run.stderr.contains("'seqs.csv' has rows"), "{}", run.stderr);
}

/// The real service gets no request: there is no token for it.
#[test]
fn a_run_that_is_refused_has_no_header_on_stdout() {
    for (name, args, rows) in [
        ("get-images", &["--bbox", "1,1,1.01,1.01"][..], ""),
        ("get-sequences", &["--bbox", "1,1,1.01,1.01"], ""),
        ("get-images", &[], "seq_id\nQm3vT7xKpL0aWcZyR2sNfB\n"),
        ("get-meta", &[], "img_id\n1\n"),
    ] {
        let run = tool(name).args(args).stdin(rows).run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{name}: {run:?}");
        assert!(run.stderr.contains(": no token: set MAPILLARY_TOKEN"), "{name}: {run:?}");
    }
}

//! get-meta, as a process.

use std::fs;

use crate::odd::odd;
use crate::sample::{self, BBOX, DELETED};
use crate::service::{Service, service, service_with};
use crate::tool::tool;

fn images(service: &Service) -> String {
    service.tool("get-images").args(&["--bbox", BBOX]).ok().stdout
}

#[test]
fn a_deleted_picture_is_named_and_no_failure() {
    let service = service();
    let run = service
        .tool("get-meta")
        .stdin(
            service.tool("get-images").args(&["--sequence", sample::RIDES[0].sequence]).ok().stdout,
        )
        .ok();
    assert!(run.stderr.contains(DELETED) && run.stderr.contains("1 gone"), "{}", run.stderr);
    let strict =
        service.tool("get-meta").arg("--strict").stdin(format!("img_id\n{DELETED}\n")).run();
    assert_eq!(strict.status, Some(1));
}

#[test]
fn the_rows_are_those_that_are_served() {
    let service = service();
    let rows = service.tool("get-meta").args(&["--fields", "all", "-f", "jsonl"]);
    let rows = rows.stdin(images(&service)).ok().stdout;
    let served = fs::read_to_string(service.folder.path().join("images.jsonl")).unwrap();
    let read = |text: &str| -> Vec<serde_json::Value> {
        let mut rows: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for row in &mut rows {
            let row = row.as_object_mut().unwrap();
            for value in row.values_mut() {
                if value.as_object().is_some_and(|parts| parts.values().all(|part| part.is_null()))
                {
                    *value = serde_json::Value::Null;
                }
            }
            // The service returns only the ids of detections, unless more is requested.
            let is_other =
                |key: &str| key.ends_with("_url") || key == "quality" || key == "detections";
            row.retain(|key, value| !value.is_null() && !is_other(key));
        }
        rows.retain(|row| row["id"] != DELETED);
        rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
        rows
    };
    assert_eq!(read(&rows), read(&served));
}

#[test]
fn answers_are_kept_by_key_and_only_what_has_none_is_asked() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let run = |rows: &str| {
        let tool = service.tool("get-meta").args(&["-o", "m.csv"]).within(folder.path());
        tool.stdin(rows).ok();
        fs::read_to_string(folder.path().join("m.csv")).unwrap()
    };
    let rows = images(&service);
    let half: Vec<&str> = rows.lines().take(31).collect();
    let first = run(&(half.join("\n") + "\n"));
    assert_eq!(first.lines().count(), 31);
    let asked = service.requests();
    assert_eq!(run(&(half.join("\n") + "\n")), first);
    assert_eq!(service.requests(), asked);
    let all = run(&rows);
    assert!(service.requests() <= asked + 8);
    assert!(all.starts_with(&first));
}

#[test]
fn answers_of_another_service_are_not_reused() {
    let (one, other) = (service(), service());
    let folder = tempfile::tempdir().unwrap();
    let rows = format!("img_id\n{}\n", sample::id(0, 0));
    for keep in [&["-o", "m.csv"][..], &["--keep-list", "m.list", "-o", "again.csv"]] {
        let run = |service: &crate::service::Service| {
            let tool = service.tool("get-meta").args(keep).within(folder.path());
            tool.stdin(rows.as_str()).run()
        };
        assert_eq!(run(&one).status, Some(0));
        let asked = other.requests();
        let run = run(&other);
        let is_refused = run.status == Some(2) && run.stderr.contains("another command");
        assert!(is_refused || other.requests() > asked, "{run:?}");
    }
}

#[test]
fn an_area_a_time_and_a_camera_leave_out_the_rest() {
    let service = service();
    let rows = images(&service);
    let count = |flags: &[&str]| {
        let run = service.tool("get-meta").args(flags).stdin(rows.as_str()).ok();
        run.stdout.lines().count() - 1
    };
    assert_eq!(count(&["--camera-type", "spherical,equirectangular"]), 12);
    assert_eq!(count(&["--pano"]), 12);
    assert_eq!(count(&["--since", "2024-08-02"]), 1);
    assert_eq!(count(&["--bbox", "0,0,1,1"]), 0);
    let swapped = service.tool("get-meta").args(&["--bbox", "54.31,9.94,54.33,9.97"]);
    let said = swapped.stdin(rows.as_str()).ok().stderr;
    assert!(said.contains("did you mean '9.94,54.31,9.97,54.33'? There are pictures"), "{said}");
}

#[test]
fn the_whole_answer_is_kept_beside_what_was_made_of_it() {
    let service = service();
    let rows = format!("img_id\n{}\n", sample::id(0, 0));
    let run = service.tool("get-meta").args(&["--raw-json", "-f", "jsonl"]).stdin(rows).ok();
    let row: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(row["raw_json"]["captured_at"], row["captured_at"]);
    assert_eq!(row["quality"], "original");
}

#[test]
fn one_id_that_fails_whatever_names_it_fails_alone() {
    let id = sample::id(0, 3);
    let service = service_with(|settings| settings.poison = vec![id.clone()]);
    let run = service.tool("get-meta").args(&["--retries", "2"]).stdin(images(&service)).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains(&format!("cannot get '{id}'")), "{}", run.stderr);
    assert!(run.stderr.contains("57 rows") && run.stderr.contains("1 failed"), "{}", run.stderr);
}

#[test]
fn a_service_that_is_down_ends_the_run_and_the_next_one_goes_on() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let rows = images(&service);
    let down = service.tool("get-meta").env("MAPILLARY_GRAPH_API_ENDPOINT", "http://127.0.0.1:1");
    let down = down.args(&["-o", "m.csv", "--max-failures", "1", "--retries", "1"]);
    let run = down.within(folder.path()).stdin(rows.as_str()).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("'127.0.0.1' is down"), "{}", run.stderr);
    assert!(!folder.path().join("m.csv").exists());
    let again = service.tool("get-meta").args(&["-o", "m.csv"]).within(folder.path());
    assert!(again.stdin(rows).ok().stderr.contains("58 rows"));
}

#[test]
fn what_the_service_leaves_out_does_not_blank_what_a_row_had() {
    let service = odd(|path| {
        let one = r#"{"id":"1","captured_at":1717245296123}"#;
        (200, if path.contains("ids=") { format!(r#"{{"1":{one}}}"#) } else { one.to_string() })
    });
    let folder = tempfile::tempdir().unwrap();
    let rows = "img_id,seq_id,make,captured_at,thumb_original_url\n1,s,Acme,5,http://h/old\n";
    // Once from the service, and once from cached responses.
    for _ in 0..2 {
        let tool = service.tool("get-meta").args(&["-o", "m.csv"]).within(folder.path());
        tool.stdin(rows).ok();
        let text = fs::read_to_string(folder.path().join("m.csv")).unwrap();
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with(",s,1,Acme,1717245296123,,"), "{text}");
        assert!(!text.contains("http://h/old"), "a link that does not come is not good: {text}");
    }
    assert_eq!(service.asked("ids="), 1);
}

#[test]
fn a_field_that_the_service_does_not_have_is_one_error_that_lists_those_it_has() {
    let service = service();
    let rows = images(&service);
    for name in ["nosuch", "captured_att", "path", "raw_json", "first_captured_at"] {
        let asked = service.requests();
        let list = format!("captured_at,{name}");
        let run = service.tool("get-meta").args(&["--fields", &list]).stdin(rows.as_str()).run();
        assert_eq!((run.status, run.stdout.lines().count() < 2), (Some(2), true), "{run:?}");
        let said = format!(
            "the service has no field '{name}': fields are standard, all, organization, sequence,"
        );
        assert_eq!(run.stderr.matches(&said).count(), 1, "{}", run.stderr);
        assert!(run.stderr.lines().count() <= 2, "{}", run.stderr);
        assert!(service.requests() - asked <= 1);
    }
    // A field that our table does not have, but the service does.
    let new = odd(|path| {
        let one = r#"{"created_at":"2024-06-01","id":"1"}"#;
        (200, if path.contains("ids=") { format!(r#"{{"1":{one}}}"#) } else { one.to_string() })
    });
    let run = new.tool("get-meta").args(&["--fields", "created_at"]).stdin("img_id\n1\n").ok();
    assert!(run.stdout.contains("2024-06-01"), "{}", run.stdout);
}

/// The ids in a file of rows.
fn ids(path: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let ids = tool("rows").args(&["-q", "-f", "csv", "--columns", "img_id"]).stdin(text).ok();
    let mut ids: Vec<String> = ids.stdout.lines().skip(1).map(String::from).collect();
    ids.sort();
    ids
}

#[test]
fn rows_stay_in_their_own_list_until_they_have_an_answer() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    fs::write(&list, images(&service)).unwrap();
    let all = ids(&list);
    // The service is down now: some rows fail, and the rest is not tried.
    let url = service.url();
    drop(service);
    let ask = || {
        tool("get-meta")
            .env("MAPILLARY_GRAPH_API_ENDPOINT", &url)
            .env("MAPILLARY_TOKEN", "MLY|1|secret")
            .args(&[
                "-q",
                "-j",
                "1",
                "--retries",
                "0",
                "--retry-wait",
                "0.001",
                "--max-failures",
                "1",
            ])
    };
    for link in ["list.csv", "./list.csv", "link.csv"] {
        #[cfg(unix)]
        if link == "link.csv" {
            std::os::unix::fs::symlink(&list, folder.path().join(link)).unwrap();
        }
        let run = ask().within(folder.path()).args(&["list.csv", "--failed", link]).run();
        assert_ne!(run.status, Some(0), "{run:?}");
        assert_eq!(ids(&folder.path().join(link)), all, "{link}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_unanswered_rows_in_their_own_list() {
    // A server that accepts the request, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.jsonl");
    fs::write(&list, "{\"id\":\"1020304050600100\",\"error\":\"x\"}\n{\"id\":\"img_id\"}\n")
        .unwrap();
    let tool = tool("get-meta").arg(&list).arg("--failed").arg(&list);
    let url = format!("http://{}", silent.local_addr().unwrap());
    let tool = tool.env("MAPILLARY_GRAPH_API_ENDPOINT", &url).env("MAPILLARY_TOKEN", "MLY|1|s");
    let child = tool.spawn();
    let _asked = silent.accept().unwrap();
    let kill = crate::tool::kill().args(["-TERM", &child.id().to_string()]).status();
    let ended = child.wait_with_output().unwrap();
    assert!(kill.unwrap().success() && ended.status.code() == Some(130), "{ended:?}");
    let kept = fs::read_to_string(&list).unwrap();
    assert!(kept.contains("1020304050600100") && kept.contains("img_id"), "{kept} {ended:?}");
}

#[test]
fn a_line_that_cannot_be_read_keeps_its_list_as_it_is() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    let text = "img_id\n1020304050600100\n1,2\n";
    fs::write(&list, text).unwrap();
    let run = service.tool("get-meta").arg(&list).arg("--failed").arg(&list).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.contains("is not changed"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&list).unwrap(), text);
}

#[test]
fn a_file_of_others_is_no_answer() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("m.csv");
    let run = |flags: &[&str]| {
        let tool =
            service.tool("get-meta").args(flags).args(&["-o", "m.csv"]).within(folder.path());
        let run = tool.stdin("img_id\n1020304050600100\n").ok();
        (fs::read_to_string(&output).unwrap(), run.stderr)
    };
    fs::write(&output, "img_id\n1020304050600100\n").unwrap();
    let (text, said) = run(&[]);
    assert!(text.contains("1717245296123") && said.contains("is not from this command"), "{said}");
    let asked = service.requests();
    run(&[]);
    assert_eq!(service.requests(), asked, "what it wrote itself is");
    fs::remove_file(folder.path().join(".m.csv.answers")).unwrap();
    let (text, _) = run(&["--fields", "make"]);
    assert_eq!(text, "org_id,seq_id,img_id,make\n,,1020304050600100,Acme\n");
    fs::write(&output, text + ",,1020304050600101,Made-up\n").unwrap();
    let (_, said) = run(&["--fields", "make"]);
    assert!(said.contains("was changed since"), "{said}");
}

#[test]
fn known_pictures_are_remembered_by_their_ids_and_not_by_the_name_of_their_file() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let run = |known: &str| {
        fs::write(folder.path().join("known"), known).unwrap();
        let tool = service.tool("get-meta").args(&["-q", "--known", "known", "-o", "m.csv"]);
        tool.within(folder.path()).stdin("img_id\n1020304050600100\n1020304050600101\n").ok();
        ids(&folder.path().join("m.csv"))
    };
    assert_eq!(run("1020304050600100\n"), ["1020304050600101"]);
    assert_eq!(run("1020304050600101\n"), ["1020304050600100"]);
}

#[test]
fn neighbours_of_one_id_have_one_answer_each_as_often_as_it_is_run() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let pictures = "img_id\n1020304050600100\n1020304050600100\n1020304050600101\n";
    let sequences = format!("seq_id\n{0}\n{0}\n", sample::RIDES[0].sequence);
    for (name, rows) in [("get-meta", pictures), ("get-images", &sequences)] {
        let output = folder.path().join(name);
        let run = || {
            service.tool(name).args(&["-q", "-o"]).arg(&output).stdin(rows).ok();
            fs::read_to_string(&output).unwrap()
        };
        let first = run();
        for _ in 0..3 {
            assert_eq!(run(), first, "{name}");
        }
    }
}

#[test]
fn what_is_no_id_fails_with_its_reason_and_is_not_asked_for() {
    let service = service();
    let rows = "img_id,make\n1.02E+15,\nQm3vT7xKpL0aWcZyR2sNfB,\n1020304050600100.0,\nimg_id,x\n";
    let run = service.tool("get-meta").stdin(rows).run();
    assert_eq!((run.status, service.requests()), (Some(1), 0), "{run:?}");
    for why in ["has rounded", "old API (v3)", "with a fraction", "a header line among the rows"] {
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
    }
}

#[test]
fn known_files_of_any_form_leave_out_their_pictures_and_others_say_so() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known");
    let run = |text: &str| {
        fs::write(&known, text).unwrap();
        service.tool("get-meta").arg("--known").arg(&known).stdin("img_id\n1020304050600100\n").ok()
    };
    let left_out = run(
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":1020304050600100}}]}",
    );
    assert!(left_out.stderr.contains("1 left out"), "{}", left_out.stderr);
    let said = run("IMG_ID\n1020304050600100\n");
    assert!(said.stderr.contains("no id of a picture in it"), "{}", said.stderr);
    let same = service.tool("get-meta").arg("--known").arg(&known).arg("-o").arg(&known).run();
    assert_eq!(same.status, Some(2));
    assert!(
        same.stderr.contains("is read by --known and cannot be written by -o"),
        "{}",
        same.stderr
    );
}

#[test]
fn rows_of_one_picture_keep_what_each_had_of_its_own_in_every_run() {
    let picture = |id: &str| format!(r#""{id}":{{"id":"{id}","make":"M"}}"#);
    let service = odd(move |path| {
        let ids = path.split("ids=").nth(1).unwrap_or_default().split('&').next().unwrap();
        let all: Vec<_> = ids.replace("%2C", ",").split(',').map(picture).collect();
        (200, format!("{{{}}}", all.join(",")))
    });
    let folder = tempfile::tempdir().unwrap();
    let run = |rows: &str, output: &str| {
        let tool = service.tool("get-meta").args(&["--fields", "sequence,make", "-o", output]);
        tool.within(folder.path()).stdin(rows).ok();
        fs::read_to_string(folder.path().join(output)).unwrap()
    };
    let rows = "img_id,seq_id\n1,a\n1,a\n2,b\n1,c\n1,\n2,b\n";
    let first = run(rows, "m.csv");
    let made = [",a,1,M", ",a,1,M", ",b,2,M", ",c,1,M", ",,1,M", ",b,2,M"];
    assert_eq!(first.lines().skip(1).collect::<Vec<_>>(), made);
    let asked = service.asked("ids=");
    for _ in 0..3 {
        assert_eq!(run(rows, "m.csv"), first);
    }
    assert_eq!(service.asked("ids="), asked, "nothing is asked again");
    // Other rows than those of the earlier run.
    let others = ["img_id,seq_id\n2,x\n1,\n", "img_id,seq_id\n1,c\n2,b\n3,\n"];
    for (rows, clean) in others.iter().zip(["clean.csv", "other.csv"]) {
        assert_eq!(run(rows, "m.csv"), run(rows, clean));
    }
}

#[test]
fn a_run_that_ends_early_says_how_many_rows_have_no_answer_and_where_they_are_not() {
    let refused = odd(|_| (401, r#"{"error":{"code":190,"message":"expired"}}"#));
    let folder = tempfile::tempdir().unwrap();
    let run = |flags: &[&str]| {
        let tool = refused.tool("get-meta").args(flags).within(folder.path());
        let run = tool.stdin("img_id\n1\n2\n3\n").run();
        assert_eq!(run.status, Some(2), "{flags:?}");
        run.stderr
    };
    assert!(!run(&[]).contains("no answer"), "none has one, and 0 rows are said");
    let failed = run(&["--failed", "f.csv"]);
    let words = "3 rows have no answer; they are not among the failed in 'f.csv': -o FILE or ";
    assert!(failed.contains(words), "{failed}");
    let kept = run(&["-o", "m.csv", "--failed", "f.csv"]);
    assert!(kept.contains("3 rows have no answer; they are not among the failed in 'f.csv'\n"));
    assert!(kept.contains("'m.csv' is not complete: run the same command again"), "{kept}");
}

/// A service whose only picture has these members.
fn with_members(members: &'static str) -> crate::odd::Odd {
    odd(move |path: &str| {
        let object = format!("{{\"id\":\"1020304050600100\",{members}}}");
        let is_batch = path.starts_with("/?");
        (200, if is_batch { format!("{{\"1020304050600100\":{object}}}") } else { object })
    })
}

#[test]
fn an_object_or_a_point_of_another_shape_fails_its_row_and_is_never_an_empty_value() {
    for (field, members, args) in [
        ("creator", r#""creator":"ada""#, &[][..]),
        ("organization", r#""organization":{"name":"x"}"#, &[]),
        ("geometry", r#""geometry":{"type":"Polygon","coordinates":[[[1,2]]]}"#, &[]),
        ("geometry", r#""geometry":{"type":"Point","coordinates":[1]}"#, &["--bbox", "0,0,1,1"]),
    ] {
        let service = with_members(members);
        let tool = service.tool("get-meta").args(&["--fields", field]).args(args);
        let run = tool.stdin("img_id,lon,lat\n1020304050600100,5,6\n").run();
        assert_eq!(run.status, Some(1), "{members}: {}", run.stderr);
        let value = members.split_once(':').unwrap().1.trim_matches('"');
        let said = format!("the service's '{field}' cannot be read: '");
        assert!(run.stderr.contains(&said) && run.stderr.contains(value), "{}", run.stderr);
        assert!(!run.stderr.contains("left out"), "{}", run.stderr);
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    }
}

#[test]
fn numbers_as_text_and_more_keys_in_a_point_are_read_and_its_height_is_the_altitude() {
    for (members, wanted) in [
        (r#""geometry":{"type":"Point","coordinates":["13.40","52.5"]}"#, "13.40,52.5,"),
        (r#""geometry":{"type":"Point","coordinates":[13.40,52.5],"crs":null}"#, "13.40,52.5,"),
        (r#""geometry":{"type":"Point","coordinates":[13.40,52.5,34.2]}"#, "13.40,52.5,34.2"),
        (r#""geometry":{"type":"Point","coordinates":[]}"#, ",,"),
    ] {
        let service = with_members(members);
        let tool = service.tool("get-meta").args(&["--fields", "geometry,altitude"]);
        let run = tool.stdin("img_id\n1020304050600100\n").ok();
        let row = run.stdout.lines().nth(1).unwrap();
        assert!(row.ends_with(&format!(",{wanted}")), "{members}: {}", run.stdout);
    }
    let two = with_members(
        r#""altitude":10,"geometry":{"type":"Point","coordinates":[13.40,52.5,34.2]}"#,
    );
    let ask = |fields: &str| {
        let tool = two.tool("get-meta").args(&["--fields", fields]);
        tool.stdin("img_id\n1020304050600100\n").ok()
    };
    let run = ask("geometry,altitude");
    assert!(run.stdout.contains(",10\n") && run.stderr.contains("altitude is used"), "{run:?}");
    let run = ask("geometry");
    assert!(run.stderr.contains("has heights"), "{run:?}");
}

#[test]
fn an_instant_as_text_is_read() {
    let service = with_members(r#""captured_at":"2024-06-01T12:34:56+0000""#);
    for (since, count) in [("2024-05-01", 2), ("2024-07-01", 1)] {
        let tool = service.tool("get-meta").args(&["--fields", "captured_at", "--since", since]);
        let run = tool.stdin("img_id\n1020304050600100\n").ok();
        assert_eq!(run.stdout.lines().count(), count, "{since}: {run:?}");
        assert!(count == 1 || run.stdout.contains("1717245296000"), "{run:?}");
    }
}

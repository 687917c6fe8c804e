//! get-meta, as a process.

use std::fs;

use crate::odd::odd;
use crate::sample::{self, BBOX, DELETED};
use crate::service::{Service, service, service_with};

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
            row.retain(|key, value| !value.is_null() && !key.ends_with("_url") && key != "quality");
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
    assert!(run.stderr.contains(&format!("'{id}': cannot get")), "{}", run.stderr);
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
    // Once from the service, and once from kept answers.
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
    // A field that the table does not know, and the service does.
    let new = odd(|path| {
        let one = r#"{"created_at":"2024-06-01","id":"1"}"#;
        (200, if path.contains("ids=") { format!(r#"{{"1":{one}}}"#) } else { one.to_string() })
    });
    let run = new.tool("get-meta").args(&["--fields", "created_at"]).stdin("img_id\n1\n").ok();
    assert!(run.stdout.contains("2024-06-01"), "{}", run.stdout);
}

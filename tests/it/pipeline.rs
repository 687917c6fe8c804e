//! The main pipe against the local server: what is served comes back.

use std::fs;

use mapillary_pipes::serve::Order;

use crate::sample::{self, DELETED, RIDES};
use crate::service::{Service, files, service, service_with};

const BBOX: &str = "9.94,54.31,9.97,54.33";

fn sequences(service: &Service) -> String {
    service.tool("get-sequences").args(&["--bbox", BBOX]).ok().stdout
}

fn images(service: &Service) -> String {
    service.tool("get-images").stdin(sequences(service)).ok().stdout
}

fn meta(service: &Service) -> String {
    service.tool("get-meta").stdin(images(service)).ok().stdout
}

/// How many pictures there are that are not deleted.
fn held() -> usize {
    RIDES.iter().map(|ride| ride.pictures as usize).sum::<usize>() - 1
}

#[test]
fn what_is_served_comes_back_byte_for_byte() {
    let service = service();
    let into = tempfile::tempdir().unwrap();
    let rows = meta(&service);
    assert_eq!(rows.lines().count(), held() + 1);
    let dir = into.path().to_str().unwrap();
    let run = service.tool("download").args(&["--into", dir]).stdin(rows.as_str()).ok();
    assert!(run.stderr.contains(&format!("{} done", held())), "{}", run.stderr);
    assert!(files(&service.pictures()) == files(into.path()));

    let asked = service.requests();
    let again = service.tool("download").args(&["--into", dir]).stdin(rows).ok();
    assert!(again.stderr.contains(&format!("{} kept", held())), "{}", again.stderr);
    assert_eq!(service.requests(), asked);
}

#[test]
fn every_sequence_is_found_once_the_lone_picture_too() {
    let service = service();
    let rows = sequences(&service);
    let mut found: Vec<&str> =
        rows.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    found.sort();
    let mut rides = RIDES.map(|ride| ride.sequence);
    rides.sort();
    assert_eq!(found, rides);
    let one = service.tool("get-sequences").args(&["--bbox", BBOX, "-j", "1"]).ok().stdout;
    assert_eq!(one, rows);
}

#[test]
fn a_deleted_picture_is_named_and_no_failure() {
    let service = service();
    let run = service.tool("get-meta").stdin(images(&service)).ok();
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
            row.retain(|key, value| !value.is_null() && !key.ends_with("_url") && key != "quality");
        }
        rows.retain(|row| row["id"] != DELETED);
        rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
        rows
    };
    assert_eq!(read(&rows), read(&served));
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
    let first = sample::id(0, 0);
    assert_eq!(ids(&["--image", &first]), [first.as_str()]);
    assert_eq!(ids(&["--sequence", RIDES[2].sequence]).len(), 12);
}

#[test]
fn an_unknown_sequence_is_empty_and_an_unknown_user_is_said() {
    let service = service();
    let run = service.tool("get-images").stdin("seq_id\nnothere\n").ok();
    assert!(run.stderr.contains("1 empty"), "{}", run.stderr);
    let run = service.tool("get-images").args(&["--user", "nobody", "--bbox", BBOX]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("'nobody'"), "{}", run.stderr);
}

#[test]
fn known_pictures_are_left_out() {
    let service = service();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.csv");
    fs::write(&known, meta(&service)).unwrap();
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
    assert!(run.stderr.contains("pictures: get-meta would ask 2 times"), "{}", run.stderr);
    let asked = service.requests();
    let run = service.tool("get-sequences").args(&["--bbox", BBOX, "--dry-run"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("tiles"), "{}", run.stderr);
    assert_eq!(service.requests(), asked);
}

#[test]
fn faults_of_every_kind_leave_the_result_of_a_clean_run() {
    let clean = service();
    let kinds = [
        "app-limit",
        "xml",
        "login",
        "transient",
        "timeout",
        "server",
        "cut",
        "length",
        "expired",
        "html",
        "malformed",
        "drop",
    ];
    let faulty = service_with(|settings| {
        let share = 0.2 / kinds.len() as f64 * 3.0;
        let order = |kind: &&str| format!("{kind}={share}").parse::<Order>().unwrap();
        settings.faults = kinds.iter().map(order).collect();
        settings.seed = 7;
    });
    let plain = |text: String| {
        let mut rows: Vec<String> = text
            .lines()
            .map(|line| {
                line.split(',')
                    .filter(|cell| !cell.starts_with("http"))
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .collect();
        rows.sort();
        rows
    };
    let rows = meta(&faulty);
    assert_eq!(plain(rows.clone()), plain(meta(&clean)));
    let into = tempfile::tempdir().unwrap();
    let dir = into.path().to_str().unwrap();
    faulty.tool("download").args(&["--into", dir]).stdin(rows).ok();
    assert!(files(&clean.pictures()) == files(into.path()));
}

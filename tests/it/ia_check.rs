//! ia-check, as a process, with a stand-in for archive.org.

use std::fs;
use std::time::{Duration, Instant};

use crate::internet_archive::{Disturbance, InternetArchive, Item, start};
use crate::tool::{Tool, tool};

/// A stand-in that has one collection of each kind.
fn archive() -> InternetArchive {
    let archive = start(0).unwrap();
    let files = [("2024-06-01.tar".to_string(), 1_048_576)];
    let item = Item { files: files.into(), ..Item::default() };
    archive.hold("mapillary-ada-original", item.clone());
    archive.hold("mapillary-grace-2048-webp", item);
    archive.hold("mapillary-mallory-original", Item { is_dark: true, ..Item::default() });
    archive
}

fn check(archive: &InternetArchive) -> Tool {
    tool("ia-check")
        .env("INTERNET_ARCHIVE_ENDPOINT", &archive.url())
        .env("MAPILLARY_TOKEN", "MLY|1|secret")
        .args(&["--retry-wait", "0.001"])
}

#[test]
fn names_and_folders_that_are_not_held_come_out() {
    let archive = archive();
    let names =
        ["mapillary-ada-original", "some/mapillary-a-b-256-webp/", "mapillary-ada-original-webp"];
    let run = check(&archive).args(&names).ok();
    assert_eq!(
        run.stdout,
        "collection,creator_username,quality,why\n\
         mapillary-a-b-256-webp,a-b,256,\n\
         mapillary-ada-original-webp,ada,original,\n"
    );
    let said = "'mapillary-ada-original' is at archive.org already: 1.0 MB";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("2 rows, 1 left out, 1 collection held"), "{}", run.stderr);
}

#[test]
fn rows_pass_when_their_user_is_held_in_no_form() {
    let archive = archive();
    let rows = "img_id,creator_username,quality\n1,ada,\n2,ada,original\n3,ada,2048\n4,grace,2048\n5,grace,original\n";
    let run = check(&archive).stdin(rows).ok();
    assert_eq!(run.stdout, "img_id,creator_username,quality,why\n3,ada,2048,\n5,grace,original,\n");
    let asked = archive.asked();
    assert_eq!(
        asked.len(),
        7,
        "once for each collection, and the WebP only where there is no JPEG"
    );
    let quality =
        check(&archive).args(&["--quality", "2048"]).stdin("creator_username\nada\ngrace\n");
    assert_eq!(quality.ok().stdout, "creator_username,why\nada,\n");
}

#[test]
fn many_rows_of_a_user_are_one_question() {
    let archive = archive();
    let rows = format!("img_id,creator_username\n{}", "7,ada\n".repeat(20_000));
    let run = check(&archive).args(&["-j", "8"]).stdin(rows).ok();
    assert_eq!(run.stdout.lines().count(), 1);
    assert_eq!(archive.asked().len(), 1);
}

#[test]
fn every_fault_is_asked_again_and_what_stays_is_no_absence() {
    let faults = [
        Disturbance::Status(500),
        Disturbance::Status(429),
        Disturbance::Status(503),
        Disturbance::Cut,
        Disturbance::Malformed,
        Disturbance::Error,
        Disturbance::Drop,
    ];
    let archive = archive();
    faults.iter().for_each(|&fault| is_no_absence(&archive, fault, "60"));
    is_no_absence(&archive, Disturbance::Slow(Duration::from_secs(5)), "0.7");
}

fn is_no_absence(archive: &InternetArchive, fault: Disturbance, timeout: &str) {
    archive.order(&[fault]);
    let patient = ["--timeout", timeout, "--retries", "8", "mapillary-ada-original"];
    let run = check(archive).args(&patient).ok();
    assert_eq!(run.stdout.lines().count(), 1, "{fault:?}: {run:?}");

    archive.order(&[fault; 2]);
    let folder = tempfile::tempdir().unwrap();
    let asking = |args: &[&str]| {
        let tool = check(archive).within(folder.path()).args(&["-o", "left.csv"]).args(args);
        tool.stdin("collection\nmapillary-new-256\n")
    };
    let short = ["--timeout", timeout, "--retries", "1", "--failed", "failed.csv"];
    let run = asking(&short).run();
    assert_eq!(run.status, Some(1), "{fault:?}: {run:?}");
    assert!(run.stderr.contains("mapillary-new-256"), "{fault:?}: {}", run.stderr);
    assert!(!folder.path().join("left.csv").exists());
    let failed = fs::read_to_string(folder.path().join("failed.csv")).unwrap();
    assert!(failed.starts_with("collection,error\nmapillary-new-256,"), "{failed}");
    archive.recover();
    asking(&["failed.csv"]).ok();
    let left = fs::read_to_string(folder.path().join("left.csv")).unwrap();
    assert_eq!(left, "collection,why\nmapillary-new-256,\n");
}

#[test]
fn nobody_there_is_a_failure_and_no_absence() {
    let run = tool("ia-check")
        .env("INTERNET_ARCHIVE_ENDPOINT", "http://127.0.0.1:9")
        .args(&["--retry-wait", "0.001", "--retries", "1", "mapillary-ada-original"])
        .run();
    assert_eq!((run.status, run.stdout.lines().count()), (Some(1), 1), "{run:?}");
}

#[test]
fn what_no_item_can_hold_passes_with_the_reason() {
    let archive = archive();
    let run =
        check(&archive).stdin("creator_username,quality\nzo\u{eb},256\nmallory,original\n").ok();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[1].starts_with("zo\u{eb},256,the name of an item cannot have"), "{run:?}");
    assert!(lines[2].starts_with("mallory,original,\"withdrawn from view"), "{run:?}");
    assert_eq!(archive.asked().len(), 2, "mallory's two, and none for a name that cannot be");
}

#[test]
fn what_is_no_collection_is_refused_or_fails_alone() {
    let archive = archive();
    let run = check(&archive).args(&["ada", "mapillary-ada-original"]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("'ada'") && archive.asked().is_empty(), "{}", run.stderr);
    let run = check(&archive).stdin("identifier\nada\nmapillary-b-256\n").run();
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), "collection,why\nmapillary-b-256,\n"));
}

#[test]
fn no_token_goes_to_archive_org() {
    let archive = archive();
    check(&archive).arg("mapillary-ada-original").ok();
    let words = archive.asked().concat().to_lowercase();
    assert!(words.contains("user-agent: mapillary-pipes/"), "{words}");
    assert!(!words.contains("secret") && !words.contains("authorization"), "{words}");
}

#[test]
fn ctrl_c_ends_the_wait_for_archive_org() {
    let archive = archive();
    archive.order(&[Disturbance::Slow(Duration::from_secs(20))]);
    let mut child = check(&archive).arg("mapillary-ada-original").spawn();
    while archive.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let start = Instant::now();
    crate::tool::kill().args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

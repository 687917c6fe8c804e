//! get-images, as a process.

use std::fs;

use crate::sample::{self, BBOX, DELETED, RIDES};
use crate::service::{Service, service};

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
    assert!(run.stderr.contains("pictures: get-meta would ask 2 times"), "{}", run.stderr);
    let asked = service.requests();
    let run = service.tool("get-sequences").args(&["--bbox", BBOX, "--dry-run"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("tiles"), "{}", run.stderr);
    assert_eq!(service.requests(), asked);
}

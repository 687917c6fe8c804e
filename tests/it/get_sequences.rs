//! get-sequences, as a process.

use crate::sample::{BBOX, RIDES};
use crate::service::service;

#[test]
fn every_sequence_is_found_once_the_lone_picture_too() {
    let service = service();
    let rows = service.tool("get-sequences").args(&["--bbox", BBOX]).ok().stdout;
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
fn a_user_has_the_sequences_of_the_pages_and_of_the_tiles() {
    let service = service();
    let ids = |args: &[&str]| {
        let rows = service.tool("get-sequences").args(args).ok().stdout;
        let mut ids: Vec<String> =
            rows.lines().skip(1).map(|row| row.split(',').nth(1).unwrap().to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&["--user", "ada"]).len(), 2);
    assert_eq!(ids(&["--user", "ada"]), ids(&["--user", "ada", "--bbox", BBOX]));
    assert_eq!(
        ids(&["--org", "800900100200301"]),
        ids(&["--org", "800900100200301", "--bbox", BBOX])
    );
    assert_eq!(ids(&["--bbox", BBOX, "--pano"]), [RIDES[2].sequence]);
    assert_eq!(ids(&["--bbox", BBOX, "--since", "2024-08-02"]), [RIDES[4].sequence]);
}

#[test]
fn an_area_of_many_tiles_is_thinned_and_says_so() {
    let service = service();
    let args = ["--bbox", "0,50,20,60"];
    let run = service.tool("get-sequences").args(&args).ok();
    assert!(run.stderr.contains("--thorough"), "{}", run.stderr);
    assert!(service.requests() < 200, "{}", service.requests());
    assert!(run.stdout.contains(RIDES[0].sequence), "{}", run.stdout);
}

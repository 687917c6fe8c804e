//! get-images --via search, as a process: tiles and searches must agree, and differences are counted.

use std::collections::BTreeMap;

use serde_json::json;

use crate::odd::odd;
use crate::sample::BBOX;
use crate::service::{Service, service, service_with};
use mapillary_pipes::format::mvt::{self, GeometryType, LayerWriter, Value};
use mapillary_pipes::value::geo::Position;
use mapillary_pipes::value::tile::Tile;

/// How each picture was found, by its id; empty if only tiles were requested.
fn found(service: &Service, flags: &[&str]) -> (BTreeMap<String, String>, String) {
    let run = service.tool("get-images").args(&["--bbox", BBOX, "-f", "jsonl"]).args(flags).ok();
    let rows = run.stdout.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_string();
        (text("id"), text("found_by"))
    });
    (rows.collect(), run.stderr)
}

#[test]
fn tiles_and_searches_agree_on_the_town() {
    let service = service();
    let (tiles, _) = found(&service, &[]);
    let (both, said) = found(&service, &["--via", "search"]);
    assert_eq!(tiles.keys().collect::<Vec<_>>(), both.keys().collect::<Vec<_>>());
    assert!(both.len() > 40 && both.values().all(|by| by == "both"), "{both:?}");
    assert!(said.contains("0 missed by search, 0 missed by tiles"), "{said}");
    let (ada, _) = found(&service, &["--user", "ada"]);
    let (ada_too, _) = found(&service, &["--user", "ada", "--via", "search"]);
    assert!(ada.len() > 20 && ada.keys().eq(ada_too.keys()), "{ada:?}");
}

#[test]
fn dense_boxes_are_cut_and_thinned_answers_are_found_out() {
    let plain = service();
    let (whole, _) = found(&plain, &["--via", "search"]);
    let dense = service_with(|settings| settings.density_limit = 5);
    let thinned = service_with(|settings| settings.thin_to = Some(3));
    let both = service_with(|settings| {
        (settings.density_limit, settings.thin_to) = (5, Some(3));
        settings.faults = vec!["all=0.15".parse().unwrap()];
        settings.slow = std::time::Duration::from_millis(1);
    });
    for service in [&dense, &thinned, &both] {
        let (rows, said) = found(service, &["--via", "search", "--retries", "30"]);
        assert_eq!(rows, whole, "{said}");
        let (few, more) = (plain.asked("/images?"), service.asked("/images?"));
        assert!(more > few, "{few} {more}");
    }
}

#[test]
fn a_check_closes_each_cell_and_names_those_that_are_not_complete() {
    let check = |service: &Service| {
        service.tool("get-images").args(&["--bbox", BBOX, "--check", "-f", "jsonl"]).run()
    };
    let cells = |rows: &str| -> Vec<serde_json::Value> {
        rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let sum = |rows: &str, key: &str| -> u64 {
        cells(rows).iter().map(|cell| cell[key].as_u64().unwrap()).sum()
    };
    let plain = service();
    let run = check(&plain);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(cells(&run.stdout).iter().all(|cell| cell["status"] == "complete"), "{}", run.stdout);
    let (tiles, _) = found(&plain, &[]);
    assert!(sum(&run.stdout, "tiles") >= tiles.len() as u64, "cells reach beyond the box");
    assert_eq!(sum(&run.stdout, "tiles"), sum(&run.stdout, "search"));
    assert!(run.stderr.contains("cells are complete"), "{}", run.stderr);
    // Every cell is too dense, down to the smallest.
    let run = check(&service_with(|settings| settings.density_limit = 0));
    assert_eq!(run.status, Some(1), "{}", run.stderr);
    let incomplete = |cell: &&serde_json::Value| cell["status"] == "incomplete";
    assert_eq!(cells(&run.stdout).iter().filter(incomplete).count(), {
        let filled = |cell: &&serde_json::Value| cell["tiles"].as_u64() > Some(0);
        cells(&run.stdout).iter().filter(filled).count()
    });
    assert!(run.stderr.contains("the search is refused"), "{}", run.stderr);
    assert!(run.stderr.contains("cells are not complete"), "{}", run.stderr);
    // The pictures still come, from the tile.
    let dense = service_with(|settings| settings.density_limit = 0);
    let (rows, said) = found(&dense, &["--via", "search"]);
    assert!(rows.keys().eq(tiles.keys()) && rows.values().all(|by| by == "tiles"), "{said}");
    assert!(said.contains("incomplete: the search is refused"), "{said}");
}

/// A tile has pictures 1, 2 and 4, and the search 2 and 3. Requested by id, 1 exists, and 4 is gone.
#[test]
fn what_each_way_misses_is_counted_and_passed_on() {
    let tile = Tile::new(14, 8801, 5373).unwrap();
    let at = move |x: i32| tile.position(x, 2048, 4096).unwrap();
    let image = |id: &str, at: Position| {
        json!({"sequence": "s", "captured_at": 5, "id": id,
               "geometry": {"type": "Point", "coordinates": [at.lon_deg(), at.lat_deg()]}})
    };
    let place = at(100);
    let service = odd(move |path| {
        if path.starts_with("/maps/") {
            if !path.contains("14/8801/5373") {
                return (200, Vec::new());
            }
            let mut images = LayerWriter::new("image", 4096);
            for (number, id) in [(1, 1), (2, 2), (3, 4)] {
                let values = [("id", Value::Uint(id)), ("sequence_id", Value::Text("s"))];
                images.feature(Some(number), GeometryType::Points, &[&[(100, 2048)]], &values);
            }
            return (200, mvt::write([images]));
        }
        let one = |id| image(id, at(100));
        let body = if path.starts_with("/1?") {
            one("1")
        } else if !path.starts_with("/images") {
            let why = json!({"message": "no such", "code": 100, "error_subcode": 33});
            return (400, json!({"error": why}).to_string().into_bytes());
        } else {
            let sides = query_box(path);
            let is_in = place.lon_deg() >= sides[0]
                && place.lon_deg() < sides[2]
                && place.lat_deg() >= sides[1]
                && place.lat_deg() < sides[3];
            json!({"data": if is_in { vec![one("2"), one("3")] } else { Vec::new() }})
        };
        (200, body.to_string().into_bytes())
    });
    let (west, south) = (at(90).lon_deg(), at(90).lat_deg() - 0.0001);
    let bbox = format!("{west},{south},{},{}", west + 0.001, south + 0.0002);
    let run = service.tool("get-images").args(&["--bbox", &bbox, "--via", "search"]).ok();
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(rows, [",s,1,,,,,tiles", ",s,2,,5,,,both", ",s,4,,,,,tiles", ",s,3,,5,,,search"]);
    assert!(run.stderr.contains("2 missed by search"), "{}", run.stderr);
    assert!(run.stderr.contains("1 missed by tiles"), "{}", run.stderr);
    let run = service.tool("get-images").args(&["--bbox", &bbox, "--check"]).run();
    assert_eq!(run.status, Some(1));
    let cell = run.stdout.lines().find(|line| line.contains("incomplete")).unwrap();
    assert!(cell.contains(",3,2,1,1,1,incomplete,"), "{cell}");
    assert!(run.stderr.contains("the search leaves out 1 that the tile has"), "{}", run.stderr);
}

fn query_box(path: &str) -> Vec<f64> {
    let text = path.split("bbox=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    text.split("%2C").map(|side| side.parse().unwrap()).collect()
}

#[test]
fn a_search_needs_an_area_and_takes_nothing_that_is_named() {
    let service = service();
    let run = service.tool("get-images").args(&["--user", "ada", "--via", "search"]).run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("--bbox or --area"), "{}", run.stderr);
    let run = service.tool("get-images").args(&["--via", "search"]).stdin("seq_id\ns\n").run();
    assert_eq!(run.status, Some(2));
    let run = service.tool("get-images").args(&["--sequence", "s", "--check"]).run();
    assert_eq!(run.status, Some(2));
    assert_eq!(service.requests(), 0);
    let run = service.tool("get-images").args(&["--bbox", BBOX, "--check", "--dry-run"]).ok();
    assert!(run.stderr.contains("boxes"), "{}", run.stderr);
    assert_eq!(service.requests(), 0);
}

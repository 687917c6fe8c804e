//! get-features, as a process.

use std::fs;

use crate::odd::odd;
use crate::sample;
use crate::service::{service, service_with};
use crate::tool::tool;

const FEATURE: &str = r#"{"object_value":"regulatory--stop--g1","object_type":"trafficsign","first_seen_at":"2023-04-01T10:00:00+0000","aligned_direction":88.4,"geometry":{"type":"Point","coordinates":[13.402,52.5201]},"images":{"data":[{"id":"11"},{"id":"12"}]},"id":"7"}"#;

#[test]
fn features_of_a_box_are_rows_each_once_and_geojson() {
    let page = format!(r#"{{"data":[{FEATURE},null]}}"#);
    let service = odd(move |_| (200, page.clone()));
    let flags = ["--bbox", "13.395,52.515,13.41,52.525", "--values", "regulatory--*"];
    let run = service.tool("get-features").args(&flags).ok();
    assert_eq!(
        run.stdout,
        "feature_id,value,object_type,lon,lat,aligned_direction,first_seen_at,last_seen_at,image_ids,why\n\
         7,regulatory--stop--g1,trafficsign,13.402,52.5201,88.4,2023-04-01T10:00:00+0000,,\"[\"\"11\"\",\"\"12\"\"]\",\n"
    );
    // Two adjacent cells, each smaller than 0.01 degrees.
    assert_eq!(service.asked("/map_features?"), 2);
    assert_eq!(service.asked("object_values=regulatory--"), 2);
    assert!(run.stderr.contains("1 repeat dropped"), "{}", run.stderr);
    let map = tool("to-geojson").stdin(run.stdout).ok().stdout;
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    let feature = &map["features"][0];
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([13.402, 52.5201]));
    assert_eq!(feature["properties"]["value"], "regulatory--stop--g1");
}

#[test]
fn a_box_with_too_many_is_asked_for_in_quarters() {
    let dense = r#"{"error":{"message":"Please reduce the amount of data you're asking for, then retry your request","type":"MLYApiException","code":1}}"#;
    let service = odd(move |path| {
        if path.contains("bbox=13.4%2C52.52%2C13.408%2C52.528") {
            (500, dense.to_string())
        } else {
            (200, format!(r#"{{"data":[{FEATURE}]}}"#))
        }
    });
    let run = service.tool("get-features").args(&["--bbox", "13.4,52.52,13.408,52.528"]).ok();
    assert_eq!((run.stdout.lines().count(), service.asked("/map_features?")), (2, 5), "{run:?}");
}

#[test]
fn a_box_with_several_pages_is_read_to_its_end_and_an_unreadable_entry_makes_it_incomplete() {
    let service = odd(|path| {
        let page = |id: u32, more: &str| {
            (200, format!(r#"{{"data":[{{"id":"{id}","object_value":"a"}},null],{more}}}"#))
        };
        let next = r#""paging":{"next":"https://h/?after=x"}"#;
        if path.contains("after=x") { page(8, r#""a":0"#) } else { page(7, next) }
    });
    let run = service.tool("get-features").args(&["--bbox", "13.4,52.52,13.408,52.528"]).ok();
    assert_eq!((run.stdout.lines().count(), service.asked("/map_features?")), (3, 2), "{run:?}");
    assert!(run.stderr.contains("2 entries of the service's list cannot be read"), "{run:?}");
}

#[test]
fn nothing_is_said_and_no_box_is_an_error() {
    let service = odd(|_| (200, r#"{"data":[]}"#.to_string()));
    let none = service.tool("get-features").args(&["--bbox", "13.4,52.52,13.408,52.528"]).ok();
    assert!(none.stderr.contains("nothing was found in '13.4,52.52"), "{}", none.stderr);
    let run = service.tool("get-features").run();
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("give --bbox"), "{}", run.stderr);
}

#[test]
fn what_an_archive_has_of_features_comes_back_as_rows_and_as_a_map_from_its_own_rows_too() {
    let town = service();
    let flags = ["-q", "--bbox", sample::BBOX];
    let town_rows = town.tool("get-features").args(&flags).ok().stdout;
    let rows = town_rows.as_str();
    let objects = fs::read_to_string(town.folder.path().join("map-features.jsonl")).unwrap();
    assert_eq!(rows.lines().count() - 1, objects.lines().count());
    assert!(rows.contains(",object--bench,mvd_fast,"), "{rows}");
    let map = tool("to-geojson").stdin(rows).ok().stdout;
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), objects.lines().count());
    for object in objects.lines() {
        let object: serde_json::Value = serde_json::from_str(object).unwrap();
        let is_it = |it: &&serde_json::Value| it["properties"]["feature_id"] == object["id"];
        let feature = features.iter().find(is_it).unwrap();
        assert_eq!(feature["geometry"]["coordinates"], object["geometry"]["coordinates"]);
        assert_eq!(feature["properties"]["value"], object["object_value"]);
        assert_eq!(feature["properties"]["last_seen_at"], object["last_seen_at"]);
    }
    // A local archive with these rows gives the same answer, from CSV and from JSON lines.
    for form in ["csv", "jsonl"] {
        let rows = tool("rows").args(&["-q", "-f", form]).stdin(rows).ok().stdout;
        let again = service_with(|settings| {
            fs::remove_file(settings.dir.join("map-features.jsonl")).unwrap();
            fs::write(settings.dir.join(format!("kept.{form}")), &rows).unwrap();
        });
        assert_eq!(again.tool("get-features").args(&flags).ok().stdout, town_rows, "{form}");
    }
}

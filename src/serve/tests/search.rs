//! Searches and lists.

use super::*;
use crate::value::geo::Position;

#[test]
fn a_sequence_lists_gone_images_and_an_unknown_one_is_empty() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/image_ids?sequence_id=S");
    assert_eq!(ids(&got), ["101", "102", "103", "104", "105"]);
    assert_eq!(get(&server, "/image_ids?sequence_id=s").text(), r#"{"data":[]}"#);
    assert_eq!(error_of(&get(&server, "/image_ids")).1, 100);
}

#[test]
fn a_search_is_narrowed_by_every_parameter() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let all = "bbox=13.4,52.51,13.41,52.53";
    for (query, expected) in [
        (all.to_owned(), vec!["101", "102", "103", "104", "106"]),
        (format!("{all}&creator_username=bob"), vec!["106"]),
        (format!("{all}&organization_id=99&limit=2"), vec!["101", "102"]),
        (format!("{all}&organization_id=98"), vec![]),
        (format!("{all}&is_pano=true"), vec!["102"]),
        (format!("{all}&is_pano=True"), vec!["102"]),
        (format!("{all}&start_captured_at=1717245299"), vec!["103", "104", "106"]),
        (format!("{all}&start_captured_at=2024-06-01T12:34:59+0000&limit=1"), vec!["103"]),
        (format!("{all}&make=acme"), vec![]),
        (format!("{all}&make=Acme&sequence_ids=T,U"), vec!["106"]),
        (
            format!(
                "{all}&start_captured_at=2024-06-01T12:34:59Z&end_captured_at=2024-06-01T12:35:00Z"
            ),
            vec!["103", "104"],
        ),
        (format!("{all}&end_captured_at=2024-06-01"), vec![]),
        ("lat=52.52&lng=13.4021&radius=20".to_owned(), vec!["102"]),
        ("image_ids=104,999,101,105".to_owned(), vec!["104", "101"]),
        ("sequence_ids=S".to_owned(), vec!["101", "102", "103", "104"]),
        ("creator_username=nobody".to_owned(), vec![]),
    ] {
        let got = get(&server, &format!("/images?{query}"));
        assert_eq!(ids(&got), expected, "{query}");
        assert!(got.json().get("paging").is_none(), "{query}");
    }
}

#[test]
fn a_circle_or_a_cell_over_the_antimeridian_finds_the_images_on_both_sides_and_no_others() {
    let places = [("1", 179.9999), ("2", -179.9999), ("3", 0.0), ("4", 0.0001), ("5", 0.0002)];
    let rows: String = places
        .iter()
        .map(|(id, lon)| {
            format!(r#"{{"id":"{id}","geometry":{{"coordinates":[{lon},-17]}}}}"#) + "\n"
        })
        .collect();
    let town = Town::new();
    fs::write(town.dir.path().join("metadata.jsonl"), rows).expect("rows");
    let server = town.serve(|settings| settings.density_limit = 2);
    let near = Position::new(-180.0, -17.0).unwrap();
    let cell = S2Cell::leaf(near).parent(12);
    for query in [
        "lat=-17&lng=179.9999&radius=50".to_owned(),
        "lat=-17&lng=-179.9999&radius=50".to_owned(),
        "lat=-17&lng=180&radius=50".to_owned(),
    ] {
        let mut found = ids(&get(&server, &format!("/images?{query}")));
        found.sort();
        assert_eq!(found, ["1", "2"], "{query}");
    }
    let found = get(&server, &format!("/images?s2={cell}"));
    assert_eq!(found.status, 200, "{}", found.text());
    for (lat, lng) in [(90, 0), (-90, 13), (0, 0), (0, 180)] {
        let got = get(&server, &format!("/images?lat={lat}&lng={lng}&radius=0"));
        assert_eq!(got.status, 200, "{lat},{lng}: {}", got.text());
    }
}

#[test]
fn a_camera_or_a_time_selects_alone() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for (query, expected) in [
        ("make=Acme", vec!["106", "104", "103", "102", "101"]),
        ("make=Acme&is_pano=1", vec!["102"]),
        ("model=None", vec![]),
        ("is_pano=true", vec!["102"]),
        ("end_captured_at=2024-06-01T12:34:58Z", vec!["102", "101"]),
        ("organization_id=99&creator_username=bob", vec!["106"]),
    ] {
        assert_eq!(ids(&get(&server, &format!("/images?{query}"))), expected, "{query}");
    }
}

#[test]
fn a_cell_of_s2_selects_what_lies_in_it() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let cell = |lon_deg: f64, level| {
        let place = crate::value::geo::Position::new(lon_deg, 52.52).expect("a place");
        S2Cell::leaf(place).parent(level).to_string()
    };
    // 102 is 68 metres from its neighbours; cells of level 17 are about 70 metres wide.
    let got = ids(&get(&server, &format!("/images?s2={}", cell(13.402, 20))));
    assert_eq!(got, ["102"]);
    let got = ids(&get(&server, &format!("/images?s2={}&is_pano=false", cell(13.402, 8))));
    assert_eq!(got, ["101", "103", "104", "106"]);
    assert!(ids(&get(&server, &format!("/images?s2={}", cell(14.0, 17)))).is_empty());
    for wrong in ["x", "2", "-1"] {
        assert_eq!(error_of(&get(&server, &format!("/images?s2={wrong}"))).1, 100, "{wrong}");
    }
}

#[test]
fn a_list_is_walked_back_as_it_was_walked_on() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let page = |path: &str| {
        let got = get(&server, path);
        let link = |key: &str| got.json()["paging"].get(key).map(target);
        (ids(&got), link("previous"), link("next"))
    };
    let list = "/images?creator_username=ada&is_pano=false&fields=id&limit=1";
    let (first, previous, next) = page(list);
    assert_eq!((first, previous), (vec!["104".to_owned()], None));
    let (second, _, next) = page(&next.expect("a second page"));
    let (third, back, end) = page(&next.expect("a third page"));
    assert_eq!((second, third, end), (vec!["103".to_owned()], vec!["101".to_owned()], None));
    let (second, back, next) = page(&back.expect("a page before"));
    assert_eq!((second, next.is_some()), (vec!["103".to_owned()], true));
    let (first, back, _) = page(&back.expect("a page before"));
    assert_eq!((first, back), (vec!["104".to_owned()], None));
    let got = get(&server, list);
    let text = got.text();
    let keys = ["\"data\"", "\"paging\"", "\"cursors\"", "\"before\"", "\"after\"", "\"next\""];
    let places: Vec<_> = keys.iter().map(|key| text.find(key)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{text}");
}

#[test]
fn a_search_that_asks_too_much_or_nonsense_is_refused() {
    let town = Town::new();
    let server = town.serve(|settings| settings.density_limit = 4);
    for (query, status, code) in [
        ("", 400, 100),
        ("bbox=13,52,13.2,52.2", 400, 100),
        ("bbox=13,52,13.1", 400, 100),
        ("bbox=13.2,52,13.1,52.1", 400, 100),
        ("bbox=13.4,52.51,13.41,92", 400, 100),
        ("bbox=13.4,52.51,13.41,52.53", 500, 1),
        ("lat=52&lng=13&radius=51", 400, 100),
        ("lat=52&lng=13", 400, 100),
        ("creator_username=ada&limit=2001", 400, 100),
        ("creator_username=ada&limit=0", 400, 100),
        ("creator_username=ada&after=%21", 400, 100),
        ("creator_username=ada&start_captured_at=soon", 400, 100),
        ("creator_username=ada&fields=mood", 400, 100),
    ] {
        let got = get(&server, &format!("/images?{query}"));
        assert_eq!(error_of(&got), (status, code, Value::Null), "{query}");
    }
    let flat = "/images?bbox=13,52,13.05,52.0001";
    assert_eq!(get(&server, flat).status, 200);
    assert_eq!(get(&town.serve(|settings| settings.strict_box = true), flat).status, 400);
}

#[test]
fn a_users_images_come_in_pages_newest_first() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let mut next = "/images?creator_username=ada&limit=2&fields=id".to_owned();
    let mut pages = Vec::new();
    loop {
        let got = get(&server, &next);
        pages.push(ids(&got));
        let page = got.json();
        assert!(page["paging"]["cursors"]["after"].is_string());
        let Some(link) = page["paging"].get("next") else { break };
        assert!(link.as_str().expect("a link").starts_with(&server.url()));
        next = target(link);
    }
    assert_eq!(pages, [["104", "103"], ["102", "101"]]);
}

//! The web page.

use super::*;

fn web(town: &Town, base: Option<BaseMap>) -> Server {
    town.serve(|settings| settings.web = Some(WebSettings { base: base.clone() }))
}

#[test]
fn the_page_comes_from_the_server_and_may_ask_nobody_else() {
    let town = Town::new();
    let server = web(&town, None);
    let front = ask(&server, "GET", "/", "");
    assert_eq!((front.status, front.header("location")), (302, Some("web/")));
    assert_eq!(ask(&server, "GET", "/web", "").header("location"), Some("web/"));
    let page = ask(&server, "GET", "/web/", "");
    assert!(page.text().starts_with("<!doctype html>"), "{}", page.head);
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("connect-src 'self' blob: data:;") && !policy.contains("https:"),
        "{policy}"
    );
    for asset in crate::serve::web::assets::ASSETS {
        let path = format!("/web/{}", asset.name);
        let plain = ask(&server, "GET", &path, "");
        let packed = ask(&server, "GET", &path, "Accept-Encoding: gzip\r\n");
        assert_eq!((plain.status, packed.status), (200, 200), "{path}");
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        let mut body = packed.body.clone();
        if packed.header("content-encoding") == Some("gzip") {
            body.clear();
            flate2::read::GzDecoder::new(&*packed.body).read_to_end(&mut body).expect("gzip");
        }
        assert!(body == plain.body, "{path} is the same, packed or not");
        let tag = packed.header("etag").expect("a tag");
        let again = format!("Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n");
        assert_eq!(ask(&server, "GET", &path, &again).status, 304, "{path}");
    }
    assert_eq!(ask(&server, "GET", "/web/no-such.js", "").status, 404);
    assert_eq!(ask(&server, "GET", "/web/..%2F..%2Fmetadata.jsonl", "").status, 404);
    let without = town.serve(|_| {});
    assert_eq!(get(&without, "/web/").status, 400);
    assert_eq!(ask(&without, "GET", "/", "").status, 500);
}

#[test]
fn the_page_is_told_what_there_is_if_it_knows_the_token() {
    let town = Town::new();
    let server = town.serve(|settings| {
        settings.web = Some(WebSettings::default());
        settings.token = Some("right".into());
    });
    let config = ask(&server, "GET", "/web/config.json", "").json();
    assert_eq!((&config["needs_token"], &config["kind"]), (&json!(true), &json!("server")));
    assert_eq!(ask(&server, "GET", "/web/summary.json", "").json()["error"]["code"], 190);
    let told = ask(&server, "GET", "/web/summary.json", "Authorization: OAuth right\r\n").json();
    assert_eq!((&told["images"], &told["sequences"]), (&json!(6), &json!(2)));
    assert_eq!(told["users"][0], json!({"username": "ada", "id": "77", "images": 4}));
    assert_eq!(told["users"][1], json!({"username": "bob", "id": "88", "images": 1}));
    assert_eq!(
        (&told["from_ms"], &told["to_ms"]),
        (&json!(1_717_245_297_000i64), &json!(1_717_245_302_000i64))
    );
    let bounds: Vec<f64> = serde_json::from_value(told["bounds"].clone()).expect("numbers");
    for (found, wanted) in bounds.iter().zip([13.401, 52.52, 13.406, 52.52]) {
        assert!((found - wanted).abs() < 1e-4, "{bounds:?}");
    }
}

#[test]
fn the_extent_and_the_users_are_of_all_images_in_or_outside_of_sequences() {
    let row = |id: u32, lon: f64, user: &str, sequence: &str| {
        format!(
            r#"{{"id":"{id}","geometry":{{"coordinates":[{lon},52]}},"creator":{{"username":"{user}","id":"{id}7"}}{sequence}}}"#
        ) + "\n"
    };
    let sequence = r#","sequence":"S""#;
    let mixed =
        [row(1, 13.0, "ada", sequence), row(2, 14.0, "bob", sequence), row(3, 15.0, "eve", "")];
    let alone = [row(1, 13.0, "ada", ""), row(2, 14.0, "bob", ""), row(3, 15.0, "eve", "")];
    for rows in [mixed, alone] {
        let town = Town::new();
        fs::write(town.dir.path().join("metadata.jsonl"), rows.concat()).expect("rows");
        let server = town.serve(|settings| settings.web = Some(WebSettings::default()));
        let told = get(&server, "/web/summary.json").json();
        let users: Vec<&Value> =
            told["users"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
        assert_eq!(users, ["ada", "bob", "eve"]);
        let bounds: Vec<f64> = serde_json::from_value(told["bounds"].clone()).expect("numbers");
        for (found, wanted) in bounds.iter().zip([13.0, 52.0, 15.0, 52.0]) {
            assert!((found - wanted).abs() < 1e-4, "{bounds:?}");
        }
    }
}

#[test]
fn a_base_map_of_the_user_s_is_served_by_range_or_asked_where_it_is() {
    let town = Town::new();
    let mut tiles = b"PMTiles\x03".to_vec();
    tiles.resize(200, 7);
    tiles[99] = 1;
    let file = town.dir.path().join("base.pmtiles");
    fs::write(&file, &tiles).expect("a file");
    let server = web(&town, Some(BaseMap::read(file.to_str().expect("text")).expect("a map")));
    assert_eq!(ask(&server, "GET", "/web/config.json", "").json()["base"]["file"], "base.pmtiles");
    let part = ask(&server, "GET", "/web/base.pmtiles", "Range: bytes=5-11\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &tiles[5..12]));
    let outside = web(&town, Some(BaseMap::read("https://example.org/style.json").expect("a map")));
    let page = ask(&outside, "GET", "/web/", "");
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("https:")));
    assert_eq!(
        ask(&outside, "GET", "/web/config.json", "").json()["style"],
        "https://example.org/style.json"
    );
}

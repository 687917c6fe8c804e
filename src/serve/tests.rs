//! The server over loopback, as clients meet it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::value::s2_cell::S2Cell;

/// An answer as it came off the wire.
#[derive(Debug)]
struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = |line: &'_ &str| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
        Some(self.head.lines().find(line)?.split_once(':')?.1.trim())
    }
}

fn send(server: &Server, request: &str) -> std::io::Result<Got> {
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Ok(Got { status, head, body: bytes[end + 4..].to_vec() })
}

fn ask(server: &Server, method: &str, target: &str, headers: &str) -> Got {
    let host = server.address();
    let request =
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    send(server, &request).expect("an answer")
}

fn get(server: &Server, target: &str) -> Got {
    ask(server, "GET", target, "Authorization: OAuth MLY|1|2\r\n")
}

/// A link of this server without its host.
fn target(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    format!("/{}", link.splitn(4, '/').nth(3).expect("a path"))
}

const PICTURE: &[u8] = b"\xff\xd8 a small picture \xff\xd9";

struct Town {
    dir: tempfile::TempDir,
}

impl Town {
    /// Five images of ada in sequence `S`, one of bob; 3 has no picture, 5 is gone.
    fn new() -> Town {
        let dir = tempfile::tempdir().expect("a folder");
        let mut rows = String::new();
        for n in 1..=6 {
            let (name, user, sequence) = if n < 6 { ("ada", 77, "S") } else { ("bob", 88, "T") };
            rows.push_str(&format!(
                "{{\"captured_at\": {}, \"geometry\": {{\"type\": \"Point\", \"coordinates\": [13.40{n}0, 52.520]}}, \
                 \"sequence\": \"{sequence}\", \"creator\": {{\"username\": \"{name}\", \"id\": \"{user}\"}}, \
                 \"organization\": {{\"id\": \"99\"}}, \"is_pano\": {}, \"make\": \"Acme\", \
                 \"merge_cc\": 4.50e+18, \"id\": \"10{n}\"}}\n",
                1_717_245_296_000i64 + n * 1000,
                n == 2,
            ));
        }
        rows.push_str("{\"__complete__\": true}\n");
        fs::write(dir.path().join("metadata.jsonl"), rows).expect("rows");
        for name in ["101.jpg", "101_256.jpg", "2024/S/102.jpg", "104.jpg", "105.jpg", "106.jpg"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, PICTURE).expect("a picture");
        }
        Town { dir }
    }

    fn serve(&self, change: impl FnOnce(&mut ServerSettings)) -> Server {
        let mut settings =
            ServerSettings { gone: vec!["105".into()], ..ServerSettings::new(self.dir.path()) };
        change(&mut settings);
        Server::start(settings).expect("a server")
    }
}

fn ids(got: &Got) -> Vec<String> {
    let data = got.json()["data"].as_array().expect("data").clone();
    data.iter().map(|image| image["id"].as_str().expect("an id").to_owned()).collect()
}

fn error_of(got: &Got) -> (u16, i64, Value) {
    let error = got.json()["error"].clone();
    assert!(error["fbtrace_id"].is_string() && error["message"].is_string(), "{error}");
    (got.status, error["code"].as_i64().expect("a code"), error["error_subcode"].clone())
}

#[test]
fn an_entity_has_the_fields_asked_for_in_order_and_its_id_last() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/101?fields=merge_cc,id,altitude,geometry,is_pano");
    let text = r#"{"merge_cc":4.50e+18,"geometry":{"type":"Point","coordinates":[13.4010,52.520]},"is_pano":false,"id":"101"}"#;
    assert_eq!((got.status, got.text()), (200, text));
    assert_eq!(get(&server, "/101").text(), r#"{"id":"101"}"#);
    assert_eq!(get(&server, "/101/").text(), r#"{"id":"101"}"#);
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for (path, kind) in [("/101", "Image"), ("/77", "User"), ("/99", "Organization")] {
        let got = get(&server, &format!("{path}?fields=path"));
        assert_eq!(error_of(&got), (400, 100, Value::Null));
        let message = format!("Tried accessing nonexisting field (path) on node type ({kind})");
        assert_eq!(got.json()["error"]["message"], json!(message));
    }
}

#[test]
fn a_dead_id_is_refused_alone_and_with_its_batch() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for target in ["/105", "/999", "/?ids=101,105", "/105/detections", "/abc"] {
        assert_eq!(error_of(&get(&server, target)), (400, 100, json!(33)), "{target}");
    }
    let lenient = town.serve(|settings| settings.lenient_ids = true);
    assert_eq!(get(&lenient, "/?ids=101,105").text(), r#"{"101":{"id":"101"}}"#);
}

#[test]
fn a_batch_is_keyed_by_id() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/?ids=102,101,102&fields=sequence");
    assert_eq!(
        got.text(),
        r#"{"102":{"sequence":"S","id":"102"},"101":{"sequence":"S","id":"101"}}"#
    );
    assert_eq!(error_of(&get(&server, "/")).1, 100);
}

#[test]
fn detections_are_listed_with_what_is_asked_for_and_their_ids() {
    let town = Town::new();
    let row = r#"{"id":"102","detections":{"data":[{"value":"a","geometry":"Gg","id":"7"}]}}"#;
    fs::write(town.dir.path().join("more.jsonl"), row).expect("rows");
    let server = town.serve(|_| {});
    let list = get(&server, "/102/detections?fields=value,image").json();
    let image = json!({"geometry": {"type": "Point", "coordinates": [13.402, 52.52]}, "id": "102"});
    assert_eq!(list, json!({"data": [{"value": "a", "image": image, "id": "7"}]}));
    for (fields, wanted) in [
        ("detections", json!({"detections": {"data": [{"id": "7"}]}, "id": "102"})),
        (
            "detections.geometry,detections%7Bvalue%7D",
            json!({"detections": {"data": [{"geometry": "Gg", "value": "a", "id": "7"}]}, "id": "102"}),
        ),
    ] {
        assert_eq!(get(&server, &format!("/102?fields={fields}")).json(), wanted);
    }
    // Without any there is no such key, and an empty list.
    assert_eq!(get(&server, "/101?fields=detections").json(), json!({"id": "101"}));
    let wrong = get(&server, "/102/detections?fields=colour");
    assert_eq!((wrong.status, wrong.json()["error"]["code"].clone()), (400, json!(100)));
}

#[test]
fn map_features_are_found_by_box_kind_and_time_and_are_entities_and_tiles() {
    let town = Town::new();
    let rows = concat!(
        r#"{"id":"7","object_value":"regulatory--stop--g1","object_type":"trafficsign","aligned_direction":88.4,"first_seen_at":"2023-04-01T10:00:00+0000","last_seen_at":"2023-05-01T10:00:00+0000","geometry":{"type":"Point","coordinates":[13.402,52.5201]},"images":{"data":[{"id":"101"},{"id":"999"}]}}"#,
        "\n",
        r#"{"feature_id":"8","value":"object--bench","object_type":"mvd_fast","first_seen_at":"2024-04-01T10:00:00+0000","geometry":{"type":"Point","coordinates":[13.403,52.5202]},"image_ids":["102"]}"#,
        "\n",
        r#"{"feature_id":"9","value":"object--bench"}"#,
        "\n",
    );
    fs::write(town.dir.path().join("features.jsonl"), rows).expect("rows");
    let server = town.serve(|_| {});
    assert!(server.notes().is_empty(), "{:?}", server.notes());
    let list = |more: &str| {
        ids(&get(&server, &format!("/map_features?bbox=13.4,52.52,13.405,52.525{more}")))
    };
    assert_eq!(list(""), ["7", "8"]);
    assert_eq!(list("&object_values=object--*,marking--*"), ["8"]);
    assert_eq!(list("&end_first_seen_at=2023-12-31T00:00:00Z"), ["7"]);
    assert_eq!(list("&start_last_seen_at=2023-05-01T10:00:00Z"), ["7"]);
    assert_eq!(list("&limit=1"), ["7"]);
    // The image that the archive has comes with its place, as the service tells it.
    assert_eq!(
        get(&server, "/7?fields=images,object_value,aligned_direction").json(),
        json!({
            "images": {"data": [
                {"geometry": {"type": "Point", "coordinates": [13.401, 52.52]}, "id": "101"}, {"id": "999"},
            ]},
            "object_value": "regulatory--stop--g1",
            "aligned_direction": 88.4,
            "id": "7",
        })
    );
    assert_eq!(
        get(&server, "/9?fields=geometry,object_value,images").text(),
        r#"{"object_value":"object--bench","id":"9"}"#
    );
    for wrong in [
        "/7?fields=colour",
        "/map_features?bbox=1,1",
        "/map_features",
        "/map_features?bbox=1,1,5,5",
    ] {
        assert_eq!(error_of(&get(&server, wrong)).1, 100, "{wrong}");
    }
    let dense = town.serve(|settings| settings.density_limit = 1);
    let refused = get(&dense, "/map_features?bbox=13.4,52.52,13.405,52.525");
    assert_eq!((refused.status, error_of(&refused).1), (500, 1));
    for (set, id) in [("mly_map_feature_traffic_sign", 7), ("mly_map_feature_point", 8)] {
        let at = crate::value::tile::Tile::at(
            crate::value::geo::Position::new(13.402, 52.5201).expect("a place"),
            14,
        );
        let got = get(&server, &format!("/maps/vtp/{set}/2/14/{}/{}", at.x(), at.y()));
        let layers = crate::format::mvt::read(&got.body).expect("a tile");
        assert_eq!((layers.len(), layers[0].name()), (1, &set[16..]), "{id}");
    }
}

#[test]
fn users_organizations_and_detections_are_entities_too() {
    let town = Town::new();
    let server = town.serve(|_| {});
    assert_eq!(get(&server, "/77?fields=id,username").text(), r#"{"username":"ada","id":"77"}"#);
    assert_eq!(get(&server, "/me?fields=username").text(), r#"{"username":"ada","id":"77"}"#);
    assert_eq!(get(&server, "/me").text(), r#"{"username":"ada","id":"77"}"#, "as JOSM asks");
    assert_eq!(get(&server, "/99?fields=slug,name").text(), r#"{"id":"99"}"#);
    assert_eq!(get(&server, "/101/detections?fields=value").text(), r#"{"data":[]}"#);
}

#[test]
fn no_request_goes_without_a_token() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for target in ["/101", "/images?bbox=1,1,1,1", "/maps/vtp/mly1_public/2/0/0/0"] {
        let got = ask(&server, "GET", target, "");
        assert_eq!(error_of(&got), (500, 190, Value::Null), "{target}");
        assert_eq!(got.json()["error"]["error_data"], json!({}));
    }
    assert_eq!(ask(&server, "GET", "/101?access_token=MLY%7C1", "").status, 200);
    assert_eq!(ask(&server, "GET", "/101", "Authorization: Bearer x\r\n").status, 200);

    let strict = town.serve(|settings| settings.token = Some("MLY|1|right".into()));
    assert_eq!(ask(&strict, "GET", "/101", "Authorization: OAuth MLY|1|right\r\n").status, 200);
    assert_eq!(ask(&strict, "GET", "/101?access_token=MLY%7C1%7Cright", "").status, 200);
    assert_eq!(error_of(&get(&strict, "/101")).0, 401);
    assert_eq!(error_of(&ask(&strict, "GET", "/101?access_token=wrong", "")).0, 400);
}

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
    // 102 lies 68 metres from its neighbours; cells of level 17 are about 70 metres wide.
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

#[test]
fn links_are_given_for_the_qualities_held_and_lead_to_the_picture() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let fields = "thumb_256_url,thumb_1024_url,thumb_2048_url,thumb_original_url";
    let entity = get(&server, &format!("/101?fields={fields}")).json();
    assert_eq!(entity.as_object().expect("an object").len(), 5, "smaller ones are made: {entity}");
    assert_eq!(get(&server, &format!("/103?fields={fields}")).text(), r#"{"id":"103"}"#);

    let link = target(&entity["thumb_original_url"]);
    let whole = ask(&server, "GET", &link, "");
    assert_eq!((whole.status, &whole.body[..]), (200, PICTURE));
    assert_eq!(whole.header("content-type"), Some("image/jpeg"));
    assert_eq!(whole.header("content-length"), Some(&*PICTURE.len().to_string()));
    assert!(whole.header("last-modified").is_some_and(|date| date.ends_with("GMT")));

    let head = ask(&server, "HEAD", &link, "");
    assert_eq!(
        (head.header("content-length"), head.body.len()),
        (whole.header("content-length"), 0)
    );
    let part = ask(&server, "GET", &link, "Range: bytes=2-4\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &PICTURE[2..5]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 2-4/{}", PICTURE.len())));
    assert_eq!(ask(&server, "GET", &link, "Range: bytes=500-\r\n").status, 416);
    let mark = whole.header("etag").expect("a mark");
    assert_eq!(ask(&server, "GET", &link, &format!("If-None-Match: {mark}\r\n")).status, 304);
}

/// Left half red, right half blue.
fn drawn(width: u16, height: u16) -> Vec<u8> {
    let pixel = |at: usize| {
        if at % usize::from(width) < usize::from(width) / 2 { [200, 10, 10] } else { [10, 10, 200] }
    };
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height)).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).expect("a picture");
    bytes
}

#[test]
fn a_size_that_is_not_held_is_made_of_a_larger_one() {
    let town = Town::new();
    let original = drawn(1400, 700);
    fs::write(town.dir.path().join("104.jpg"), &original).expect("a picture");
    fs::write(town.dir.path().join("2024/S/103_1024.jpg"), drawn(1024, 512)).expect("a picture");
    let server = town.serve(|_| {});
    let links = |id: &str| {
        let fields = "thumb_256_url,thumb_1024_url,thumb_2048_url,thumb_original_url";
        get(&server, &format!("/{id}?fields={fields}")).json()
    };
    let fetch = |link: &Value, headers: &str| ask(&server, "GET", &target(link), headers);
    let size =
        |got: &Got| crate::format::jpeg::read(&mut &got.body[..]).expect("a JPEG").layout.size;
    let of_104 = links("104");
    let small = fetch(&of_104["thumb_256_url"], "");
    assert_eq!((small.status, size(&small)), (200, Some((256, 128))));
    assert_eq!(small.header("content-type"), Some("image/jpeg"));
    assert_eq!(size(&fetch(&of_104["thumb_1024_url"], "")), Some((1024, 512)));
    assert_eq!(fetch(&of_104["thumb_2048_url"], "").body, original, "no picture is enlarged");
    let part = fetch(&of_104["thumb_256_url"], "Range: bytes=2-9\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &small.body[2..10]));
    let mark = small.header("etag").expect("a mark").to_owned();
    let again = fetch(&of_104["thumb_256_url"], &format!("If-None-Match: {mark}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let of_103 = links("103");
    assert_eq!(size(&fetch(&of_103["thumb_256_url"], "")), Some((256, 128)));
    assert!(of_103.get("thumb_2048_url").is_none() && of_103.get("thumb_original_url").is_none());
    let broken = fetch(&links("101")["thumb_1024_url"], "");
    assert_eq!(broken.status, 404, "what cannot be decoded has no smaller sizes");
    assert!(broken.text().contains("cannot be decoded"), "{}", broken.text());
}

/// Waits until it is so; the server looks on a thread of its own.
fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn what_is_new_in_the_archive_is_served_without_a_restart() {
    let town = Town::new();
    for index_from in [usize::MAX, 3] {
        let id = if index_from == 3 { "201" } else { "202" };
        let server = town.serve(|settings| settings.index_from = index_from);
        assert_eq!(get(&server, "/103?fields=thumb_original_url").text(), r#"{"id":"103"}"#);
        let tile = get(&server, "/maps/vtp/mly1_public/2/14/8801/5373").body;
        let picture = town.dir.path().join("2024/S/103.jpg");
        fs::write(&picture, PICTURE).expect("a picture");
        server.reloader()();
        until(|| get(&server, "/103?fields=thumb_original_url").text().contains("http://"));
        let row = format!(
            "{{\"id\":\"{id}\",\"geometry\":{{\"coordinates\":[13.4,52.52]}},\"captured_at\":1717245296000}}\n"
        );
        fs::write(town.dir.path().join(format!("{id}.jsonl")), row).expect("rows");
        server.reloader()();
        until(|| get(&server, &format!("/{id}")).status == 200);
        assert_ne!(get(&server, "/maps/vtp/mly1_public/2/14/8801/5373").body, tile);
        fs::remove_file(picture).expect("removed");
        server.reloader()();
        until(|| get(&server, "/103?fields=thumb_original_url").text() == r#"{"id":"103"}"#);
    }
}

#[test]
fn an_archive_that_changes_is_looked_at_again_by_itself() {
    let town = Town::new();
    let server = town.serve(|settings| settings.watch = Duration::from_millis(1));
    fs::write(town.dir.path().join("2024/S/103.jpg"), PICTURE).expect("a picture");
    until(|| get(&server, "/103?fields=thumb_original_url").text().contains("http://"));
}

#[test]
fn an_index_that_an_earlier_run_left_is_used_while_nothing_has_changed() {
    let town = Town::new();
    let file = town.dir.path().join(".mapillary-pipes/serve-index");
    town.serve(|_| {});
    assert!(!file.exists(), "small archives are read anew");
    let settle = || {
        // As if all had been there for a minute.
        let past = std::time::SystemTime::now() - Duration::from_secs(60);
        for path in ["", "metadata.jsonl", "2024", "2024/S"] {
            let file = fs::File::open(town.dir.path().join(path)).expect("a file");
            file.set_modified(past).expect("a time");
        }
    };
    settle();
    let serve = |gone: &[&str]| {
        town.serve(|settings| {
            settings.index_from = 3;
            settings.gone = gone.iter().map(|id| id.to_string()).collect();
        })
    };
    let made = |file: &std::path::Path| {
        fs::metadata(file).and_then(|meta| meta.modified()).expect("an index")
    };
    let answers = |server: &Server| {
        [
            "/me?fields=username",
            "/images?make=Acme&fields=captured_at",
            "/image_ids?sequence_id=S",
            "/105",
        ]
        .map(|target| get(server, target).text().to_owned())
    };
    let first = serve(&["105"]);
    let (time, said) = (made(&file), answers(&first));
    drop(first);
    let again = serve(&["105"]);
    assert_eq!((answers(&again), made(&file)), (said.clone(), time), "it is as it was");
    assert_eq!((again.images(), again.pictures()), (6, 6));
    drop(again);
    fs::write(&file, "no index").expect("a file");
    assert_eq!(answers(&serve(&["105"])), said, "one that is broken is made anew");
    let other = serve(&[]);
    assert_eq!(get(&other, "/105").status, 200, "other settings make another index");
    fs::write(town.dir.path().join("2024/S/103.jpg"), PICTURE).expect("a picture");
    assert_eq!(serve(&[]).pictures(), 7);
}

#[cfg(unix)]
#[test]
fn the_first_index_of_a_large_archive_is_good_for_the_second_start_by_whatever_path() {
    let town = Town::new();
    let dir = town.dir.path();
    let rows = format!("img_id,lon,lat,note\n107,13.4,52.5,{}\n", "x".repeat(3 << 20));
    fs::write(dir.join("large.csv"), rows).expect("rows");
    let past = std::time::SystemTime::now() - Duration::from_secs(60);
    for path in ["", "metadata.jsonl", "large.csv", "2024", "2024/S"] {
        fs::File::open(dir.join(path)).expect("a file").set_modified(past).expect("a time");
    }
    let made = |path: std::path::PathBuf| {
        drop(town.serve(|settings| (settings.index_from, settings.dir) = (3, path)));
        let file = dir.join(".mapillary-pipes/serve-index");
        fs::metadata(file).and_then(|meta| meta.modified()).expect("an index")
    };
    let first = made(dir.to_path_buf());
    assert_eq!(made(dir.join("2024/..")), first, "it is not made anew");
}

#[test]
fn an_index_that_cannot_be_written_is_kept_in_memory_and_that_is_said() {
    let town = Town::new();
    let notes = town.dir.path().join(".mapillary-pipes");
    fs::create_dir_all(notes.join("serve-index")).expect("a folder in the way");
    let server = town.serve(|settings| settings.index_from = 3);
    assert_eq!(get(&server, "/101").status, 200);
    let notes = server.notes().join("\n");
    assert!(notes.contains("kept in memory") && notes.contains("serve-index"), "{notes}");
}

#[test]
fn the_user_of_a_collection_made_what_its_rows_do_not_say() {
    let dir = tempfile::tempdir().expect("a folder");
    let collection = dir.path().join("mapillary-ada-lovelace-original");
    fs::create_dir(&collection).expect("a folder");
    let rows = "{\"id\": \"1\", \"captured_at\": 5}\n{\"id\": \"2\", \"creator\": {\"username\": \"grace\", \"id\": \"9\"}}\n{\"__complete__\": true}\n";
    fs::write(collection.join("metadata.jsonl"), rows).expect("rows");
    for served in [collection.as_path(), dir.path()] {
        let server = Server::start(ServerSettings::new(served)).expect("a server");
        assert_eq!(ids(&get(&server, "/images?creator_username=ada-lovelace")), ["1"]);
        assert_eq!(ids(&get(&server, "/images?creator_username=grace")), ["2"]);
        assert_eq!(
            get(&server, "/1?fields=creator").text(),
            r#"{"creator":{"username":"ada-lovelace"},"id":"1"}"#
        );
    }
    fs::write(collection.join("metadata.jsonl"), "{\"id\": \"1\"}\n").expect("rows");
    let server = Server::start(ServerSettings::new(&collection)).expect("a server");
    let me = r#"{"username":"ada-lovelace","id":"ada-lovelace"}"#;
    assert_eq!(get(&server, "/me?fields=username").text(), me);
    assert_eq!(get(&server, "/ada-lovelace?fields=username").text(), me);
}

#[test]
fn computed_places_have_tiles_of_their_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let row = |id: u32, computed: &str| {
        format!(
            "{{\"id\":\"{id}\",\"sequence\":\"S\",\"captured_at\":{id},\"geometry\":{{\"coordinates\":[13.40{id},52.52]}}{computed}}}\n"
        )
    };
    let computed = ",\"computed_geometry\":{\"type\":\"Point\",\"coordinates\":[13.4215,52.52]}";
    fs::write(dir.path().join("rows.jsonl"), row(1, computed) + &row(2, "")).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let images = |set: &str, x: u32| {
        let got = get(&server, &format!("/maps/vtp/{set}/2/14/{x}/5373"));
        let layers = crate::format::mvt::read(&got.body).expect("a tile");
        let images = layers.iter().filter(|layer| layer.name() == "image");
        images
            .flat_map(|layer| layer.features())
            .filter_map(|one| one.property("id")?.as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!((images("mly1_public", 8801), images("mly1_public", 8802)), (vec![1, 2], vec![]));
    let computed = "mly1_computed_public";
    assert_eq!((images(computed, 8801), images(computed, 8802)), (vec![2], vec![1]));
}

#[test]
fn meshes_and_clusters_that_are_not_held_are_absent() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = r#"{"id":"1","mesh":{"id":"5","url":"https://out/x"},"sfm_cluster":{"id":"6","url":"https://out/y"}}"#;
    fs::write(dir.path().join("rows.jsonl"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!(get(&server, "/1?fields=mesh,sfm_cluster").text(), r#"{"id":"1"}"#);
    assert_eq!(get(&server, "/1/tiles?z=1&fields=url,z,x,y").text(), r#"{"data":[]}"#);
    assert_eq!(error_of(&get(&server, "/2/tiles")).2, json!(33));
}

#[test]
fn a_copy_that_the_client_has_is_not_sent_again() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let token = "Authorization: OAuth x\r\n";
    for target in
        ["/101?fields=captured_at", "/maps/vtp/mly1_public/2/14/8801/5373", "/images?make=Acme"]
    {
        let got = get(&server, target);
        let (tag, date) =
            (got.header("etag").expect("a tag"), got.header("last-modified").expect("a date"));
        for condition in [format!("If-None-Match: {tag}"), format!("If-Modified-Since: {date}")] {
            let again = ask(&server, "GET", target, &format!("{token}{condition}\r\n"));
            assert_eq!((again.status, again.body.len()), (304, 0), "{target} {condition}");
            assert_eq!(again.header("etag"), Some(tag));
        }
        let other = ask(&server, "GET", target, &format!("{token}If-None-Match: \"x\"\r\n"));
        assert_eq!((other.status, &other.body), (200, &got.body));
    }
    let links = get(&server, "/101?fields=thumb_256_url");
    assert_eq!(links.header("last-modified"), None, "links expire");
}

#[test]
fn lists_and_tiles_are_packed_for_those_who_take_it() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let target = "/images?make=Acme&fields=geometry,captured_at,creator,organization,merge_cc";
    let plain = get(&server, target);
    let headers = "Authorization: OAuth x\r\nAccept-Encoding: gzip, deflate\r\n";
    let packed = ask(&server, "GET", target, headers);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut body).expect("gzip");
    assert_eq!((body, packed.header("etag")), (plain.body.clone(), plain.header("etag")));
    let head = ask(&server, "HEAD", target, "Authorization: OAuth x\r\n");
    assert_eq!(head.header("content-length"), plain.header("content-length"));
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn links_begin_as_a_proxy_in_front_is_called() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let headers = "Authorization: OAuth x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: archive.org:8443\r\n";
    let entity = ask(&server, "GET", "/101?fields=thumb_256_url", headers).json();
    let link = entity["thumb_256_url"].as_str().expect("a link");
    assert!(link.starts_with("https://archive.org:8443/m1/"), "{link}");
    let page = ask(&server, "GET", "/images?make=Acme&limit=1", headers).json();
    let next = page["paging"]["next"].as_str().expect("a link");
    assert!(next.starts_with("https://archive.org:8443/images?make=Acme"), "{next}");
}

#[test]
fn what_is_not_served_says_so() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/101/no/such");
    assert_eq!(error_of(&got).1, 2500);
    assert!(got.text().contains("not served"), "{}", got.text());
    for target in ["/maps/vtp/mly9_new/2/14/1/1", "/maps/other", "/m1/x"] {
        let got = get(&server, target);
        assert!(got.status == 404 && got.text().contains("not served"), "{target}: {}", got.text());
    }
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_a_picture_holds_nobody_up() {
    let town = Town::new();
    crate::disk::open::make_fifo(&town.dir.path().join("103.jpg"));
    let server = town.serve(|_| {});
    assert_eq!(get(&server, "/103?fields=thumb_original_url").text(), r#"{"id":"103"}"#);
    let link = get(&server, "/101?fields=thumb_original_url").json()["thumb_original_url"].clone();
    let picture = town.dir.path().join("101.jpg");
    fs::remove_file(&picture).expect("removed");
    crate::disk::open::make_fifo(&picture);
    for _ in 0..3 {
        let got = ask(&server, "GET", &target(&link), "");
        assert!(got.status == 404 && got.text().contains("FIFO"), "{}", got.text());
    }
    assert_eq!(get(&server, "/101").status, 200);
}

#[test]
fn a_client_that_never_reads_is_left() {
    let town = Town::new();
    let length = 64 << 20;
    let large = fs::File::create(town.dir.path().join("101.jpg")).expect("a file");
    large.set_len(length).expect("a length");
    let server = town.serve(|settings| settings.write_timeout = Duration::from_millis(100));
    let link = get(&server, "/101?fields=thumb_original_url").json()["thumb_original_url"].clone();
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let request = format!("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", target(&link));
    stream.write_all(request.as_bytes()).expect("sent");
    // As soon as anything has come, the answer is under way; it is over when the server lets go of it.
    stream.peek(&mut [0]).expect("an answer");
    while Arc::strong_count(&server.busy) > 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!((rest.len() as u64) < length, "{} bytes came", rest.len());
}

#[test]
fn links_that_expired_or_were_altered_are_refused() {
    let town = Town::new();
    let server = town.serve(|settings| settings.url_life = Duration::ZERO);
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    let expired = ask(&server, "GET", &link, "");
    assert_eq!((expired.status, expired.text()), (403, "URL signature expired"));
    assert_eq!(expired.header("content-type"), Some("text/plain"));
    let altered = ask(&server, "GET", &link.replace("oe=", "oe=7"), "");
    assert_eq!((altered.status, altered.text()), (403, "URL signature mismatch"));
    assert_eq!(ask(&server, "GET", "/m1/v/t6/nothing?oe=1", "").text(), "Bad URL hash");
}

#[test]
fn a_moved_archive_is_found_by_names_and_a_renamed_picture_by_its_row() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "{\"id\":\"1\",\"path\":\"/gone/1.jpg\",\"quality\":\"1024\"}\n{\"id\":\"2\",\"path\":\"front.jpg\",\"quality\":\"2048\"}\n";
    fs::write(dir.path().join("rows.jsonl"), rows).expect("rows");
    fs::create_dir(dir.path().join("moved")).expect("a folder");
    fs::write(dir.path().join("moved/1.jpg"), PICTURE).expect("a picture");
    fs::write(dir.path().join("front.jpg"), PICTURE).expect("a picture");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!((server.images(), server.pictures()), (2, 2));
    assert!(get(&server, "/1?fields=thumb_1024_url").json()["thumb_1024_url"].is_string());
    assert!(get(&server, "/2?fields=thumb_2048_url").json()["thumb_2048_url"].is_string());
}

#[test]
fn rows_in_csv_are_served_with_the_names_of_the_service() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "org_id,seq_id,img_id,lon,lat,captured_at,creator_username,altitude,error\n99,S,1,13.40,52.5,1717245296000,ada,3.50,\n,S,2,,,,,,gone\n";
    fs::write(dir.path().join("meta.csv"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let got = get(&server, "/1?fields=sequence,geometry,altitude,organization,creator");
    let text = r#"{"sequence":"S","geometry":{"type":"Point","coordinates":[13.40,52.5]},"altitude":3.50,"organization":{"id":"99"},"creator":{"username":"ada"},"id":"1"}"#;
    assert_eq!(got.text(), text);
    assert_eq!(ids(&get(&server, "/image_ids?sequence_id=S")), ["1", "2"]);
    assert_eq!(error_of(&get(&server, "/2")), (400, 100, json!(33)));
}

#[test]
fn a_packed_row_file_is_read_and_a_bad_row_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = fs::File::create(dir.path().join("metadata.jsonl.gz")).expect("a file");
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    gzip.write_all(
        b"{\"id\":\"1\"}\n{\"id\":\"2\",\"captured_at\":\"x\"}\n{\"__complete__\": true}\n",
    )
    .expect("rows");
    gzip.finish().expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    assert_eq!(server.images(), 1);
    assert!(server.notes()[0].contains("line 2: captured_at 'x'"), "{:?}", server.notes());
    assert!(Server::start(ServerSettings::new(dir.path().join("none"))).is_err());
}

#[test]
fn tiles_come_as_tiles_and_empty_where_nothing_is() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/maps/vtp/mly1_public/2/0/0/0");
    assert_eq!((got.status, got.header("content-type")), (200, Some("application/x-protobuf")));
    assert_eq!(crate::format::mvt::read(&got.body).expect("a tile")[0].name(), "overview");
    for empty in [
        "mly1_public/2/14/0/0",
        "mly1_public/2/15/0/0",
        "mly1_public/2/1/2/0",
        "mly_map_feature_point/2/0/0/0",
    ] {
        let got = get(&server, &format!("/maps/vtp/{empty}"));
        assert_eq!((got.status, got.body.len()), (200, 0), "{empty}");
    }
    assert_eq!(get(&server, "/maps/vtp/mly1_public/2/a/b/c").status, 404);
}

#[test]
fn browsers_may_ask_from_any_page_errors_too() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for (method, target) in [
        ("OPTIONS", "/101"),
        ("GET", "/101"),
        ("GET", "/m1/v/t6/x"),
        ("GET", "/a/b"),
        ("POST", "/101"),
    ] {
        let got = ask(&server, method, target, "");
        assert_eq!(got.header("access-control-allow-origin"), Some("*"), "{method} {target}");
    }
    let asked = ask(&server, "OPTIONS", "/101", "");
    assert_eq!((asked.status, asked.header("access-control-max-age")), (200, Some("7200")));
    assert_eq!(ask(&server, "POST", "/101", "").status, 405);
    assert_eq!(error_of(&get(&server, "/a/b")).1, 2500);
}

#[test]
fn one_connection_carries_many_requests() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let one = |close: &str| {
        format!("GET /101 HTTP/1.1\r\nHost: h\r\nAuthorization: OAuth x\r\n{close}\r\n")
    };
    let got = send(&server, &format!("{}{}{}", one(""), one(""), one("Connection: close\r\n")))
        .expect("answers");
    assert_eq!(got.text().matches("HTTP/1.1 200").count() + 1, 3);
}

#[test]
fn each_request_is_logged_without_its_token() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let log: Log = Arc::new(move |line: &str| sink.lock().expect("the log").push(line.to_owned()));
    let access = Arc::new(Mutex::new(Vec::new()));
    let sink = access.clone();
    let access_log: Log =
        Arc::new(move |line: &str| sink.lock().expect("the log").push(line.to_owned()));
    let town = Town::new();
    let server = town.serve(|settings| {
        settings.log = Some(log);
        settings.access_log = Some(access_log);
    });
    let link = get(&server, "/101?fields=thumb_256_url&access_token=MLY%7Csecret").json();
    ask(&server, "GET", &target(&link["thumb_256_url"]), "");
    let lines = lines.lock().expect("the log");
    assert!(lines[0].starts_with("GET /101?fields=thumb_256_url 200 "), "{lines:?}");
    assert!(lines[1].ends_with(&format!(" 200 {} picture 101 256", PICTURE.len())), "{lines:?}");
    assert!(!lines.join("\n").contains("secret") && !lines[1].contains("oh="));
    let access = access.lock().expect("the log");
    assert!(access[0].starts_with("127.0.0.1 - - ["), "{access:?}");
    assert!(access[0].contains("] \"GET /101?fields=thumb_256_url HTTP/1.1\" 200 "), "{access:?}");
    assert!(!access.join("\n").contains("secret") && !access[1].contains("oh="));
}

#[test]
fn mutated_requests_get_an_answer_and_do_no_harm() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    let good = [
        "/images?bbox=13.4,52.51,13.41,52.53&limit=2&fields=id,creator{id}&start_captured_at=2024-06-01T12:34:59Z",
        "/images?lat=52.52&lng=13.4021&radius=20&creator_username=ada&after=YWZ0ZXI6MQ",
        "/?ids=101,102&fields=geometry",
        TILE,
        &link,
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3000 {
        let mut text = good[random.usize(..good.len())].as_bytes().to_vec();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(1..text.len());
            text[at] = b"0179-.,%=&?/{}()_eE+AzN"[random.usize(..23)];
        }
        let text = String::from_utf8(text).expect("ASCII");
        let range =
            format!("Range: bytes={}-{}\r\n", random.u8(..), random.u64(..) >> random.u8(..64));
        let got = ask(&server, "GET", &text, &format!("Authorization: OAuth x\r\n{range}"));
        assert!(got.status >= 200, "{text}");
    }
}

#[test]
fn a_stopped_server_answers_no_more() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let address = server.address();
    assert_eq!(get(&server, "/101").status, 200);
    server.stop();
    let refused = TcpStream::connect(address).and_then(|mut stream| {
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
        stream.read(&mut [0; 1])
    });
    assert!(matches!(refused, Err(_) | Ok(0)));
}

/// What a picture, a tile or an entity looks like when a fault strikes surely.
fn struck(fault: &str, target: &str) -> std::io::Result<Got> {
    let order = format!("{fault}=1").parse().expect("an order");
    let town = Town::new();
    let server = town.serve(|settings| {
        settings.faults = vec![order];
        settings.slow = Duration::from_millis(20);
    });
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: OAuth x\r\n\r\n"
    );
    send(&server, &request)
}

const TILE: &str = "/maps/vtp/mly1_public/2/0/0/0";

#[test]
fn throttling_has_each_of_its_shapes() {
    let got = struck("app-limit", "/101").expect("an answer");
    assert_eq!(error_of(&got).0, 429);
    assert_eq!(
        (&got.json()["error"]["code"], &got.json()["error"]["is_transient"]),
        (&json!(4), &json!(true))
    );
    let got = struck("xml", "/101").expect("an answer");
    assert!(got.status == 429 && got.text().starts_with("<?xml"));
    let got = struck("login", TILE).expect("an answer");
    assert_eq!(
        (got.status, got.header("location")),
        (302, Some("https://www.mapillary.com/login"))
    );
    assert_eq!(error_of(&struck("transient", "/101").expect("an answer")), (500, 2, Value::Null));
    assert_eq!(error_of(&struck("timeout", "/101").expect("an answer")), (400, -2, Value::Null));
}

#[test]
fn other_faults_look_as_they_do_in_the_wild() {
    let got = struck("server", "/101").expect("an answer");
    assert!(got.status == 502 && got.text().contains("<html>"));
    let got = struck("html", TILE).expect("an answer");
    assert!(
        got.status == 200
            && got.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    );
    let got = struck("malformed", "/101").expect("an answer");
    assert!(got.status == 200 && serde_json::from_slice::<Value>(&got.body).is_err());
    assert_eq!(struck("slow", "/101").expect("an answer").text(), r#"{"id":"101"}"#);
    assert!(struck("drop", "/101").is_err());
    let cut = struck("cut", "/101").expect("a head");
    assert!(cut.body.len() < 12 && cut.header("content-length") == Some("12"), "{cut:?}");
    let wrong = struck("length", "/101").expect("an answer");
    assert!(wrong.header("content-length") != Some("12"), "{wrong:?}");
}

#[test]
fn an_answer_may_stall_or_drip_and_breaks_in_the_end() {
    for (fault, most) in [("stall", 11), ("drip", 12)] {
        let start = Instant::now();
        let got = struck(fault, "/101").expect("a head");
        assert_eq!(got.header("content-length"), Some("12"), "{fault}");
        assert!(got.body.len() <= most, "{fault} {got:?}");
        let least = if fault == "stall" { 400 } else { 24 };
        assert!(start.elapsed() >= Duration::from_millis(least), "{fault} {:?}", start.elapsed());
    }
}

#[test]
fn a_good_status_may_come_with_json_that_is_no_answer() {
    let town = Town::new();
    let mut bodies = std::collections::BTreeSet::new();
    for seed in 0..12 {
        let server = town.serve(|settings| {
            settings.faults = vec!["error-200=1".parse().expect("an order")];
            settings.seed = seed;
        });
        let got = get(&server, "/?ids=101,102");
        assert_eq!(got.status, 200);
        bodies.insert(got.text().to_owned());
    }
    let wanted = [
        r#"{"101":null,"102":null}"#,
        r#"{"error":"temporarily unavailable"}"#,
        r#"{"status":"maintenance"}"#,
    ];
    assert!(bodies.iter().eq(wanted), "{bodies:?}");
}

#[test]
fn it_may_say_how_long_to_wait_and_how_much_of_the_quota_is_used() {
    let town = Town::new();
    let mut after = Vec::new();
    for seed in 0..8 {
        let server = town.serve(|settings| {
            settings.faults = vec!["retry-after=1".parse().expect("an order")];
            settings.seed = seed;
        });
        let got = get(&server, "/101");
        assert_eq!(got.status, 429);
        after.push(got.header("retry-after").expect("a wait").to_owned());
    }
    assert!(after.contains(&"5".to_owned()) && after.iter().any(|text| text.ends_with(" GMT")));
    let got = struck("app-usage", "/101").expect("an answer");
    let usage: Value = serde_json::from_str(got.header("x-app-usage").expect("a usage")).unwrap();
    assert_eq!((got.status, &usage["call_count"]), (200, &json!(95)));
}

#[test]
fn what_is_there_may_be_said_to_be_gone_and_one_id_may_spoil_whatever_names_it() {
    let (status, code, subcode) = error_of(&struck("false-gone", "/101").expect("an answer"));
    assert_eq!((status, code, subcode), (400, 100, json!(33)));
    let town = Town::new();
    let server = town.serve(|settings| settings.poison = vec!["102".into()]);
    let statuses = ["/102", "/?ids=101,102", "/?ids=101", "/101"].map(|at| get(&server, at).status);
    assert_eq!(statuses, [500, 500, 200, 200]);
}

#[test]
fn lists_may_come_in_odd_pages() {
    let list = "/images?creator_username=ada&limit=3";
    let next = |got: &Got| got.json()["paging"]["next"].as_str().map(str::to_owned);
    let page = struck("short-page", list).expect("a page");
    assert_eq!(ids(&page), ["104"], "half of three");
    let later = next(&page).expect("a next page");
    assert!(later.starts_with("http://h/images?creator_username=ada&limit=3&after="), "{later}");
    let later = later.strip_prefix("http://h").expect("a path").to_owned();
    assert_eq!(error_of(&struck("page-gone", &later).expect("an answer")).2, json!(33));
    assert_eq!(struck("page-gone", list).expect("the first page").status, 200);
    let bad = next(&struck("bad-next", list).expect("a page")).expect("a next page");
    assert!(bad == "next" || bad.starts_with("/images?"), "{bad}");
    for list in [list, "/image_ids?sequence_id=S"] {
        let got = struck("loop", list).expect("a page");
        let again = next(&got).expect("a next page");
        let again = again.strip_prefix("http://h").expect("a path");
        let second = struck("loop", again).expect("a page");
        assert_eq!((ids(&got), next(&got)), (ids(&second), next(&second)), "{list}");
    }
}

#[test]
fn a_picture_may_be_refused_as_expired_before_its_time() {
    let order = "expired=1".parse().expect("an order");
    let town = Town::new();
    let server = town.serve(|settings| settings.faults = vec![order]);
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    assert_eq!(ask(&server, "GET", &link, "").text(), "URL signature expired");
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let town = Town::new();
    let answers = |seed| -> Vec<Option<u16>> {
        let server = town.serve(|settings| {
            settings.faults = vec!["all=0.5".parse().expect("an order")];
            settings.slow = Duration::ZERO;
            settings.seed = seed;
        });
        let request = |n| {
            format!(
                "GET /10{n} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: OAuth x\r\n\r\n"
            )
        };
        (0..40).map(|n| send(&server, &request(n % 6 + 1)).ok().map(|got| got.status)).collect()
    };
    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
}

/// Rows of others, as pandas writes them, and what the service would answer of them.
#[test]
fn fields_have_the_types_of_the_service_whatever_the_rows_have() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = "id,captured_at,is_pano,height,width,compass_angle,exif_orientation,make,model,sequence,lon,lat,merge_cc,\
                camera_parameters,creator_username,creator_id\n\
                1,1717245296123.0,True,240.0,320,80.50,1.0,2024,007,123,9.95,54.3,4.5e18,\"[0.8,0,0]\",ada,77\n";
    fs::write(dir.path().join("rows.csv"), rows).expect("rows");
    let server = Server::start(ServerSettings::new(dir.path())).expect("a server");
    let fields = "captured_at,is_pano,height,width,compass_angle,exif_orientation,make,model,sequence,geometry,merge_cc,camera_parameters,creator";
    let wanted = concat!(
        r#"{"captured_at":1717245296123,"is_pano":true,"height":240,"width":320,"compass_angle":80.50,"#,
        r#""exif_orientation":1,"make":"2024","model":"007","sequence":"123","#,
        r#""geometry":{"type":"Point","coordinates":[9.95,54.3]},"merge_cc":4.5e18,"#,
        r#""camera_parameters":[0.8,0,0],"creator":{"username":"ada","id":"77"},"id":"1"}"#
    );
    assert_eq!(get(&server, &format!("/1?fields={fields}")).text(), wanted);
    assert_eq!(
        ids(&get(&server, "/images?is_pano=true&start_captured_at=2024-06-01T00:00:00Z")),
        ["1"]
    );
}

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
    for asset in super::web::assets::ASSETS {
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

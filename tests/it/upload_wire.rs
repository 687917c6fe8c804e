//! The bytes that upload sends: what docs/contract.md lists, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use mapillary_pipes::format::exif::{Edit, Value, tags};
use mapillary_pipes::format::metadata_container::joined;
use mapillary_pipes::format::picture::Picture;

use crate::photo::{Camera, jpeg};
use crate::upload::{statuses, taking, upload};

/// A proxy that records what the client sends on each connection.
struct Wire {
    url: String,
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Wire {
    fn to(server: &str) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let (server, kept) = (server.trim_start_matches("http://").to_owned(), Arc::clone(&sent));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let service = TcpStream::connect(&server).unwrap();
                let place = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(Vec::new());
                    kept.len() - 1
                };
                let (back, mut to_client) = (service.try_clone(), client.try_clone().unwrap());
                thread::spawn(move || std::io::copy(&mut back.unwrap(), &mut to_client));
                let kept = Arc::clone(&kept);
                thread::spawn(move || {
                    pass(client, service, |part| kept.lock().unwrap()[place].extend(part));
                });
            }
        });
        Wire { url, sent }
    }

    fn requests(&self) -> Vec<Request> {
        self.sent.lock().unwrap().iter().flat_map(|bytes| requests(bytes)).collect()
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let mut part = [0; 64 << 10];
    while let Ok(len @ 1..) = from.read(&mut part) {
        keep(&part[..len]);
        if to.write_all(&part[..len]).is_err() {
            return;
        }
    }
    // A client that has closed the connection wants no answer.
    let _ = to.shutdown(std::net::Shutdown::Write);
}

#[derive(Debug)]
struct Request {
    /// Method and path.
    line: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

fn requests(mut bytes: &[u8]) -> Vec<Request> {
    let mut found = Vec::new();
    while let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_lowercase(), value.to_owned())
        };
        let headers: BTreeMap<String, String> = lines.map(pair).collect();
        assert!(!headers.contains_key("transfer-encoding"), "{head}");
        let len = headers.get("content-length").map_or(0, |len| len.parse().unwrap());
        let body = bytes[end + 4..][..len].to_vec();
        bytes = &bytes[end + 4 + len..];
        found.push(Request { line, headers, body });
    }
    assert!(bytes.is_empty());
    found
}

/// A photo with everything that a camera may record about its owner.
fn photo(path: &Path, clock: [u32; 3]) -> Vec<u8> {
    let original = format!("2024:05:01 {:02}:{:02}:{:02}", clock[0], clock[1], clock[2]);
    let camera = Camera {
        make: Some("Acme"),
        original: Some(&original),
        gps: Some(("2024:05:01", clock)),
        place: Some((52, 13)),
        artist: Some("Ada the artist"),
        copyright: Some("Ada the owner"),
        maker_note: Some("Acme maker note 4711"),
        owner: Some("Ada Private"),
        serial: Some("SERIAL-0815"),
        ..Camera::default()
    };
    fs::read(jpeg(path, Some(&camera))).unwrap()
}

/// The file with another ImageDescription.
fn with(bytes: &[u8], text: &str) -> Vec<u8> {
    let mut picture = Picture::open(Cursor::new(bytes)).unwrap();
    let edit = Edit { tag: tags::IMAGE_DESCRIPTION, value: Some(Value::Ascii(text.into())) };
    joined(&picture.edit(&[edit], &[]).unwrap().unwrap(), bytes)
}

/// The keys of the description; there are no others.
const DESCRIPTION: [&str; 9] = [
    "MAPAltitude",
    "MAPCameraUUID",
    "MAPCaptureTime",
    "MAPCompassHeading",
    "MAPDeviceMake",
    "MAPFilename",
    "MAPLatitude",
    "MAPLongitude",
    "MAPOrientation",
];

#[test]
fn what_goes_out_is_the_photo_its_description_and_what_the_docs_list() {
    let (service, folder) = (taking(|_| {}), tempfile::tempdir().unwrap());
    let wire = Wire::to(&service.url());
    let private = folder.path().join("private folder");
    let photos: Vec<Vec<u8>> =
        (0..2).map(|at| photo(&private.join(format!("IMG_{at}.jpg")), [10, 0, at * 30])).collect();
    let mut rows = String::from("path,seq_id,lon,lat,captured_at,compass_angle,note\n");
    for at in 0..2 {
        let (path, ms) =
            (private.join(format!("IMG_{at}.jpg")), 1_714_557_600_000_i64 + at * 30_000);
        rows += &format!(
            "{},secret-seq,{},52.5,{ms},90,a private note\n",
            path.display(),
            13.4 + at as f64 * 0.001
        );
    }
    let run = upload(&service, folder.path())
        .env("MAPILLARY_GRAPH_API_ENDPOINT", &wire.url)
        .env("MAPILLARY_TILES_ENDPOINT", &wire.url)
        .args(&["-j", "2"])
        .stdin(rows)
        .ok();
    assert_eq!(statuses(&run), ["done"; 2]);
    let requests = wire.requests();
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for request in &requests {
        for name in request.headers.keys() {
            let known = [
                "host",
                "authorization",
                "user-agent",
                "accept",
                "accept-encoding",
                "content-length",
                "content-type",
                "offset",
                "x-entity-name",
            ];
            assert!(known.contains(&name.as_str()), "{request:?}");
        }
        assert_eq!(request.headers["authorization"], "OAuth a-user");
        assert_eq!(
            request.headers["user-agent"],
            concat!("mapillary-pipes/", env!("CARGO_PKG_VERSION"))
        );
        let (method, path) = request.line.split_once(' ').unwrap();
        let key = path.rsplit('/').next().unwrap();
        match (method, path) {
            ("GET", "/me?fields=id%2Cusername") => {}
            ("GET", path) if path.starts_with("/mapillary_public_uploads/") => {}
            ("POST", path) if path.starts_with("/mapillary_public_uploads/mly_tools_") => {
                assert_eq!(
                    (request.headers["x-entity-name"].as_str(), request.headers["offset"].as_str()),
                    (key, "0")
                );
                pictures.push(request.body.clone());
            }
            ("POST", path) if path.starts_with("/mapillary_public_uploads/uuid_") => {
                others.push(request);
            }
            ("POST", "/finish_upload") => others.push(request),
            _ => panic!("{request:?}"),
        }
        assert!(method == "POST" || request.body.is_empty(), "{request:?}");
    }
    check_pictures(&photos, &pictures);
    check_others(&others);
    let all = wire.sent.lock().unwrap().concat();
    let without: Vec<u8> = pictures.iter().fold(all.clone(), |rest, one| {
        let at = rest.windows(one.len()).position(|part| part == one).unwrap();
        [&rest[..at], &rest[at + one.len()..]].concat()
    });
    let has =
        |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    for never in ["private folder", "secret-seq", "a private note", folder.path().to_str().unwrap()]
    {
        assert!(!has(&all, never), "{never}");
    }
    for in_pictures_alone in ["Ada", "4711", "0815", "IMG_0"] {
        assert!(
            has(&all, in_pictures_alone) && !has(&without, in_pictures_alone),
            "{in_pictures_alone}"
        );
    }
}

/// Each is the file as it is on disk, except for its description, which has the known keys.
fn check_pictures(photos: &[Vec<u8>], sent: &[Vec<u8>]) {
    assert_eq!(sent.len(), photos.len());
    for (at, photo) in photos.iter().enumerate() {
        let is_this = |sent: &&Vec<u8>| {
            let text = description(sent);
            text.contains(&format!("IMG_{at}.jpg")) && with(photo, &text) == **sent
        };
        let sent = sent.iter().find(is_this).expect("the photo with its description");
        let said: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&description(sent)).unwrap();
        let odd: Vec<&String> =
            said.keys().filter(|key| !DESCRIPTION.contains(&key.as_str())).collect();
        assert!(odd.is_empty() && said["MAPFilename"] == format!("IMG_{at}.jpg"), "{said:?}");
        assert_eq!(said["MAPCameraUUID"], "SERIAL0815");
    }
}

fn description(jpeg: &[u8]) -> String {
    Picture::open(Cursor::new(jpeg)).unwrap().facts().unwrap().exif.description.unwrap()
}

fn check_others(others: &[&Request]) {
    let keys = |request: &Request| {
        let body: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&request.body).unwrap();
        body.into_keys().collect::<Vec<_>>()
    };
    let found: Vec<Vec<String>> = others.iter().map(|request| keys(request)).collect();
    let manifest = vec!["image_handles".to_owned(), "upload_type".into(), "version".into()];
    assert_eq!(found, [manifest, vec!["file_handle".into(), "file_type".into()]]);
}

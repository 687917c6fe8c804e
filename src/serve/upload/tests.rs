//! Uploads over loopback, as clients send them.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::{Value, json};

use super::*;
use crate::serve::{Order, Server, ServerSettings};

/// A JPEG of two segments with an ImageDescription.
fn jpeg(description: &str, mark: &str) -> Vec<u8> {
    let mut text = description.as_bytes().to_vec();
    text.push(0);
    let mut tiff = b"II\x2A\0\x08\0\0\0\x01\0\x0E\x01\x02\0".to_vec();
    tiff.extend((text.len() as u32).to_le_bytes());
    tiff.extend(26u32.to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(text);
    let length = (tiff.len() + 8) as u16;
    let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
    jpeg.extend(length.to_be_bytes());
    jpeg.extend(b"Exif\0\0");
    jpeg.extend(tiff);
    jpeg.extend(b"\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00\xff\xda\x00\x02");
    jpeg.extend(mark.as_bytes());
    jpeg.extend(b"\xff\xd9");
    jpeg
}

fn described(n: u32) -> Vec<u8> {
    let description = json!({
        "MAPLatitude": 52.52, "MAPLongitude": 13.4 + f64::from(n) / 1e4, "MAPAltitude": 34.5,
        "MAPCaptureTime": format!("2024_06_01_12_34_{:02}_123", n + 10),
        "MAPCompassHeading": {"TrueHeading": 271.5, "MagneticHeading": 271.5},
        "MAPDeviceMake": "Acme", "MAPDeviceModel": "One",
    });
    jpeg(&description.to_string(), &format!("pixels {n}"))
}

struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An archive that takes uploads.
struct Place {
    dir: tempfile::TempDir,
    server: Server,
}

impl Place {
    fn new(change: impl FnOnce(&mut ServerSettings)) -> Place {
        let dir = tempfile::tempdir().expect("a folder");
        let server = Place::serve(&dir, change);
        Place { dir, server }
    }

    fn serve(dir: &tempfile::TempDir, change: impl FnOnce(&mut ServerSettings)) -> Server {
        let mut settings = ServerSettings::new(dir.path());
        settings.upload = Some(Limits { min_free_bytes: 0, ..Limits::default() });
        change(&mut settings);
        Server::start(settings).expect("a server")
    }

    /// As after a kill: nothing is ended in order.
    fn restart(self) -> Place {
        let Place { dir, server } = self;
        drop(server);
        let server = Place::serve(&dir, |_| {});
        Place { dir, server }
    }

    fn open(&self, method: &str, target: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.server.address()).expect("a connection");
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
        )
        .expect("a head is sent");
        stream
    }

    fn ask(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> Option<Got> {
        let headers = format!("{headers}Content-Length: {}\r\n", body.len());
        let mut stream = self.open(method, target, &headers);
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Got { status, head, body: bytes[end + 4..].to_vec() })
    }

    fn get(&self, target: &str) -> Got {
        self.ask("GET", target, TOKEN, b"").expect("an answer")
    }

    fn post_bytes(&self, name: &str, offset: u64, bytes: &[u8], more: &str) -> Option<Got> {
        let headers = format!("{TOKEN}Offset: {offset}\r\nX-Entity-Name: {name}\r\n{more}");
        self.ask("POST", &format!("/mapillary_public_uploads/{name}"), &headers, bytes)
    }

    fn offset(&self, name: &str) -> u64 {
        let got = self.get(&format!("/mapillary_public_uploads/{name}"));
        got.json()["offset"].as_u64().expect("an offset")
    }

    /// Sends a file; its handle.
    fn send(&self, name: &str, bytes: &[u8]) -> String {
        let got = self.post_bytes(name, 0, bytes, "").expect("an answer");
        assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.body));
        got.json()["h"].as_str().expect("a handle").to_owned()
    }

    fn manifest(&self, name: &str, handles: &[String]) -> String {
        let manifest = json!({"image_handles": handles, "upload_type": "images", "version": "1"});
        self.send(name, manifest.to_string().as_bytes())
    }

    fn finish(&self, handle: &str, kind: &str) -> Got {
        let body = json!({"file_handle": handle, "file_type": kind, "organization_id": 99});
        self.ask("POST", "/finish_upload", TOKEN, body.to_string().as_bytes()).expect("an answer")
    }

    fn finish_manifest(&self, handles: &[String]) -> Got {
        self.finish(&self.manifest("uuid_1.json", handles), "mly_bundle_manifest")
    }

    fn upload_three(&self) -> Vec<String> {
        (0..3).map(|n| self.send(&format!("mly_tools_{n}.jpg"), &described(n))).collect()
    }

    /// The folders of sequences.
    fn sequences(&self) -> Vec<std::path::PathBuf> {
        let inbox = fs::read_dir(self.dir.path().join(INBOX)).expect("an inbox");
        let all = inbox.map(|entry| entry.expect("an entry").path());
        all.filter(|path| !path.ends_with(NOTES)).collect()
    }

    fn images(&self) -> Vec<Value> {
        let fields = "captured_at,geometry,altitude,compass_angle,make,creator,organization,sequence,width,thumb_original_url";
        let got = self.get(&format!("/images?creator_username=uploader&fields={fields}"));
        let mut images = got.json()["data"].as_array().cloned().unwrap_or_default();
        images.sort_by_key(|image| image["captured_at"].as_i64());
        images
    }
}

const TOKEN: &str = "Authorization: OAuth MLY|1|2\r\n";

#[test]
fn a_sequence_that_was_sent_is_served_at_once_with_its_rows_and_bytes() {
    let place = Place::new(|_| {});
    let got = place.finish_manifest(&place.upload_three());
    let cluster = got.json()["cluster_id"].as_str().expect("a cluster").to_owned();
    let images = place.images();
    assert_eq!(images.len(), 3, "{images:?}");
    let first = &images[0];
    assert_eq!(first["captured_at"], 1_717_245_250_123i64);
    assert_eq!(first["geometry"]["coordinates"], json!([13.4, 52.52]));
    assert_eq!((&first["compass_angle"], &first["altitude"]), (&json!(271.5), &json!(34.5)));
    assert_eq!((&first["make"], &first["width"]), (&json!("Acme"), &json!(64)));
    assert_eq!(
        (&first["creator"]["username"], &first["organization"]["id"]),
        (&json!("uploader"), &json!("99"))
    );
    assert_eq!(first["sequence"].as_str().map(str::len), Some(22));
    let link = first["thumb_original_url"].as_str().expect("a link");
    let link = link.splitn(4, '/').nth(3).expect("a path");
    assert_eq!(place.get(&format!("/{link}")).body, described(0));
    assert_eq!(place.sequences(), [place.dir.path().join(INBOX).join(&cluster)]);
}

#[test]
fn what_is_sent_or_finished_twice_arrives_once() {
    let place = Place::new(|_| {});
    let handles = place.upload_three();
    let manifest = place.manifest("uuid_1.json", &handles);
    let first = place.finish(&manifest, "mly_bundle_manifest").json();
    assert!(first["cluster_id"].is_string(), "{first}");
    assert_eq!(place.finish(&manifest, "mly_bundle_manifest").json(), first);
    let place = place.restart();
    let again = place.manifest("uuid_2.json", &handles);
    assert_eq!(place.finish(&again, "mly_bundle_manifest").json(), first);
    assert_eq!((place.images().len(), place.sequences().len()), (3, 1));
}

#[test]
fn bytes_that_came_before_a_break_or_a_kill_are_not_sent_again() {
    let place = Place::new(|_| {});
    let bytes = jpeg("", &"long ".repeat(40_000));
    let headers = format!("{TOKEN}Offset: 0\r\nTransfer-Encoding: chunked\r\n");
    let mut stream = place.open("POST", "/mapillary_public_uploads/a.jpg", &headers);
    write!(stream, "{:x}\r\n", 70_000).expect("sent");
    stream.write_all(&bytes[..70_000]).expect("sent");
    write!(stream, "\r\n").expect("sent");
    stream.shutdown(Shutdown::Both).expect("a broken connection");
    while place.offset("a.jpg") < 70_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let place = place.restart();
    let wrong = place.post_bytes("a.jpg", 0, &bytes, "").expect("an answer");
    assert_eq!(
        (wrong.status, wrong.json()["debug_info"]["type"].as_str()),
        (412, Some("OffsetInvalidError"))
    );
    let got = place.post_bytes("a.jpg", 70_000, &bytes[70_000..], "").expect("an answer");
    assert!(got.json()["h"].is_string());
    assert_eq!(place.offset("a.jpg"), bytes.len() as u64);
    let again = place.post_bytes("a.jpg", bytes.len() as u64, b"", "").expect("an answer");
    assert_eq!(again.json(), got.json(), "an answer that was lost comes again");
    let more = place.post_bytes("a.jpg", bytes.len() as u64, b"x", "").expect("an answer");
    assert_eq!(more.status, 400);
}

#[test]
fn older_clients_send_parts_of_a_length_that_they_tell() {
    let place = Place::new(|_| {});
    let bytes = described(1);
    let more = format!("X-Entity-Length: {}\r\nX-Entity-Type: image/jpeg\r\n", bytes.len());
    let part = place.post_bytes("a.jpg", 0, &bytes[..50], &more).expect("an answer");
    assert_eq!(part.json(), json!({"offset": 50}));
    let part = place.post_bytes("a.jpg", 50, &bytes[50..], &more).expect("an answer");
    let end = place.post_bytes("a.jpg", bytes.len() as u64, b"", &more).expect("an answer");
    assert!(part.json()["h"].is_string() && part.json() == end.json());
    let got = place.finish_manifest(&[part.json()["h"].as_str().expect("a handle").to_owned()]);
    assert!(got.json()["cluster_id"].is_string());
}

#[test]
fn a_zip_is_a_sequence_in_the_order_of_its_members() {
    let place = Place::new(|_| {});
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..3 {
        // A name is no path here, whatever it says.
        let name = format!("../../{n}.jpg");
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        zip.write_all(&described(n)).expect("a picture");
    }
    let bytes = zip.finish().expect("a zip").into_inner();
    let got = place.finish(&place.send("mly_tools_1.zip", &bytes), "zip");
    assert!(got.json()["cluster_id"].is_string(), "{}", got.json());
    assert_eq!(place.images().len(), 3);
    let none = place.finish(&place.send("mly_tools_2.zip", b"no zip"), "zip");
    assert!(
        none.status == 400
            && none.json()["error"]["message"].as_str().is_some_and(|m| m.contains("ZIP"))
    );
}

#[test]
fn a_picture_that_cannot_be_taken_keeps_its_sequence_out_and_is_named() {
    for (bytes, why) in [
        (jpeg("{\"MAPCaptureTime\":\"2024_06_01_12_34_56_123\"}", ""), "no position"),
        (jpeg("{\"MAPLatitude\":52.5,\"MAPLongitude\":13.4}", ""), "no time"),
        (jpeg("{\"MAPLatitude\":\"north\",\"MAPLongitude\":13.4}", ""), "MAPLatitude"),
        (described(5)[..60].to_vec(), "damaged"),
        (b"\x89PNG\r\n\x1a\n and more".to_vec(), "no JPEG"),
        (b"GIF89a".to_vec(), "damaged"),
    ] {
        let place = Place::new(|_| {});
        let mut handles = place.upload_three();
        handles.push(place.send("mly_tools_bad.jpg", &bytes));
        let got = place.finish_manifest(&handles);
        let message = got.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(got.status == 400 && message.contains("picture 4 of 4"), "{message}");
        assert!(message.contains(why), "{message} without {why}");
        assert!(place.sequences().is_empty());
    }
}

#[test]
fn what_is_too_much_or_not_as_agreed_is_refused_in_words() {
    let place = Place::new(|settings| {
        settings.upload = Some(Limits { most_bytes: 1000, min_free_bytes: 0 });
    });
    let kind = |got: Got| (got.status, got.json()["debug_info"]["type"].as_str().map(String::from));
    let ask = |name: &str, headers: &str, bytes: &[u8]| {
        let target = format!("/mapillary_public_uploads/{name}");
        kind(place.ask("POST", &target, headers, bytes).expect("an answer"))
    };
    let with = |more: &str| format!("{TOKEN}{more}");
    let at_0 = with("Offset: 0\r\n");
    let chunked = with("Offset: 0\r\nTransfer-Encoding: chunked\r\n");
    for (name, headers, len, status, wanted) in [
        ("a.exe", &at_0, 1, 400, "InvalidNameError"),
        ("a%00.jpg", &at_0, 1, 400, "InvalidNameError"),
        ("a.jpg", &"Offset: 0\r\n".to_owned(), 1, 401, "NotAuthorizedError"),
        ("a.jpg", &TOKEN.to_owned(), 1, 400, "OffsetInvalidError"),
        ("a.jpg", &with("Offset: -1\r\n"), 1, 400, "OffsetInvalidError"),
        ("a.jpg", &with("Offset: 7\r\n"), 1, 412, "OffsetInvalidError"),
        ("a.jpg", &at_0, 1001, 413, "FileTooLargeError"),
        ("a.jpg", &with("Offset: 0\r\nX-Entity-Length: 1001\r\n"), 1, 413, "FileTooLargeError"),
        ("a.jpg", &at_0, 0, 400, "FileEmptyError"),
    ] {
        assert_eq!(
            ask(name, headers, &vec![b'x'; len]),
            (status, Some(wanted.to_owned())),
            "{name} {headers}"
        );
    }
    let mut stream = place.open("POST", "/mapillary_public_uploads/b.jpg", &chunked);
    let _ =
        write!(stream, "400\r\n{}\r\n400\r\n{}\r\n0\r\n\r\n", "x".repeat(1024), "x".repeat(1024));
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(place.offset("b.jpg"), 0, "nothing of it is kept");
    let full = Place::new(|settings| {
        settings.upload = Some(Limits { min_free_bytes: u64::MAX, ..Limits::default() });
    });
    assert_eq!(full.post_bytes("a.jpg", 0, b"x", "").map(|got| got.status), Some(507));
    let closed = Place::new(|settings| settings.upload = None);
    assert_eq!(closed.post_bytes("a.jpg", 0, b"x", "").map(|got| got.status), Some(403));
    assert!(!closed.dir.path().join(INBOX).exists());
}

#[test]
fn only_what_has_come_whole_can_be_finished_and_only_by_its_user() {
    let place = Place::new(|_| {});
    let handle = place.send("a.jpg", &described(1));
    let other = "2:000000000000.".to_owned() + &"0".repeat(64);
    for (handles, why) in [
        (vec![], "image_handles"),
        (vec![other.clone()], "handle 1"),
        (vec![handle.clone(), "../../etc/passwd".to_owned()], "handle 2"),
    ] {
        let manifest = json!({"image_handles": handles}).to_string();
        let name = format!("uuid_{}.json", handles.len());
        let got = place.finish(&place.send(&name, manifest.as_bytes()), "mly_bundle_manifest");
        assert!(got.status == 400 && got.json().to_string().contains(why), "{}", got.json());
    }
    assert_eq!(place.finish(&other, "mly_bundle_manifest").status, 400);
    assert_eq!(place.finish(&handle, "mly_camm_video").status, 400);
    let login = json!({"email": "bob@example.org", "password": "x"}).to_string();
    let login = place.ask("POST", "/login", TOKEN, login.as_bytes()).expect("an answer").json();
    let token =
        format!("Authorization: OAuth {}\r\n", login["access_token"].as_str().expect("a token"));
    let body = json!({"file_handle": handle, "file_type": "mly_bundle_manifest"}).to_string();
    let got = place.ask("POST", "/finish_upload", &token, body.as_bytes()).expect("an answer");
    assert!(got.status == 400 && got.json().to_string().contains("not a handle of this user"));
}

#[test]
fn a_kill_between_any_two_steps_of_finishing_leaves_it_to_be_finished() {
    let place = Place::new(|_| {});
    let handles = place.upload_three();
    let manifest = place.manifest("uuid_1.json", &handles);
    let cluster = place.finish(&manifest, "mly_bundle_manifest").json();
    let folder = place.sequences().remove(0);
    let staging = place.dir.path().join(INBOX).join(NOTES).join(INBOX);
    let forget = || {
        let files = fs::read_dir(&staging).expect("files").flatten().map(|entry| entry.path());
        let known = files.filter(|path| path.extension().is_some_and(|ending| ending == "cluster"));
        known.for_each(|path| fs::remove_file(path).expect("gone"));
    };
    // After the rename, and before it is noted.
    forget();
    let place = place.restart();
    assert_eq!(place.finish(&manifest, "mly_bundle_manifest").json(), cluster);
    // Before the rename, with the folder half made.
    forget();
    let building = staging.join("building-1");
    fs::rename(&folder, &building).expect("it goes back");
    fs::remove_file(building.join(ROWS)).expect("gone");
    let place = place.restart();
    assert!(!building.exists() && place.images().is_empty());
    assert_eq!(place.finish(&manifest, "mly_bundle_manifest").json(), cluster);
    assert_eq!((place.images().len(), place.sequences()), (3, vec![folder]));
}

#[test]
fn an_inbox_elsewhere_is_served_with_the_archive_and_alone() {
    let inbox = tempfile::tempdir().expect("a folder");
    let place = Place::new(|settings| settings.inbox = Some(inbox.path().to_owned()));
    assert!(place.finish_manifest(&place.upload_three()).json()["cluster_id"].is_string());
    assert_eq!(place.images().len(), 3);
    assert!(!place.dir.path().join(INBOX).exists());
    for dir in [place.dir.path(), inbox.path()] {
        let settings =
            ServerSettings { inbox: Some(inbox.path().to_owned()), ..ServerSettings::new(dir) };
        let server = Server::start(settings).expect("a server");
        assert_eq!((server.images(), server.pictures()), (3, 3));
    }
    let alone = Server::start(ServerSettings::new(inbox.path())).expect("a server");
    assert_eq!((alone.images(), alone.pictures()), (3, 3));
}

#[test]
fn each_fault_that_is_ordered_is_met_and_got_over() {
    for (fault, status, kept) in [
        ("offset=0.5", Some(412), 0),
        ("backoff=0.5", Some(400), 0),
        ("upload-cut=0.5", None, 1),
        ("drop=0.5", None, 2),
        ("server=0.5", Some(502), 0),
    ] {
        let place = Place::new(|settings| {
            settings.faults = vec![fault.parse::<Order>().expect("an order")];
            settings.slow = Duration::from_millis(1);
        });
        let bytes = jpeg("", &"long ".repeat(20_000));
        let (mut met, mut kept_some) = (false, 0);
        for n in 0..40 {
            let name = format!("{n}.jpg");
            let offset = || {
                (0..50).find_map(|_| {
                    let got = place.ask(
                        "GET",
                        &format!("/mapillary_public_uploads/{name}"),
                        TOKEN,
                        b"",
                    )?;
                    got.json()["offset"].as_u64()
                })
            };
            let got = place.post_bytes(&name, 0, &bytes, "");
            if got.as_ref().is_some_and(|got| got.status == 200) {
                continue;
            }
            if fault.starts_with("backoff") {
                let wait = got.as_ref().map(|got| got.json()["backoff"].clone());
                assert_eq!(wait, Some(json!(1)));
            } else {
                assert_eq!(got.map(|got| got.status), status, "{fault}");
            }
            met = true;
            let held = offset().expect("an offset");
            kept_some = kept_some.max(match held {
                0 => 0,
                held if held < bytes.len() as u64 => 1,
                _ => 2,
            });
            let rest = (0..50).find_map(|_| {
                let held = offset()?;
                let got = place.post_bytes(&name, held, &bytes[held as usize..], "")?;
                got.json()["h"].as_str().map(String::from)
            });
            assert!(rest.is_some(), "{fault}");
        }
        assert!(met && kept_some == kept, "{fault}: {kept_some}");
    }
    let place = Place::new(|settings| {
        settings.faults = vec!["finish-failed=0.5".parse().expect("an order")];
    });
    let manifest = place.manifest("uuid_1.json", &place.upload_three());
    let tries: Vec<u16> =
        (0..20).map(|_| place.finish(&manifest, "mly_bundle_manifest").status).collect();
    assert!(tries.contains(&200) && tries.iter().any(|status| *status >= 400), "{tries:?}");
    assert_eq!(place.images().len(), 3);
}

#[test]
fn users_log_in_under_any_name_or_with_the_token_as_password() {
    let post = |place: &Place, target: &str, body: &str| {
        place.ask("POST", target, TOKEN, body.as_bytes()).expect("an answer")
    };
    let me = |place: &Place, token: &str| {
        let headers = format!("Authorization: OAuth {token}\r\n");
        place.ask("GET", "/me?fields=id,username", &headers, b"").expect("an answer")
    };
    let open = Place::new(|_| {});
    let got =
        post(&open, "/login", r#"{"email":"ada@example.org","password":"x","locale":"en_US"}"#)
            .json();
    let token = got["access_token"].as_str().expect("a token").to_owned();
    let user = me(&open, &token).json();
    assert_eq!((&user["username"], &user["id"]), (&json!("ada"), &got["user_id"]));
    let id = got["user_id"].as_str().expect("an id");
    let headers = format!("Authorization: OAuth {token}\r\n");
    let own = open.ask("GET", &format!("/{id}?fields=username"), &headers, b"").expect("an answer");
    assert_eq!(own.json()["username"], "ada", "who has no images yet is there, too");
    for form in [
        format!("grant_type=refresh_token&refresh_token={token}"),
        format!("{{\"grant_type\":\"authorization_code\",\"code\":\"{token}\"}}"),
    ] {
        let renewed = post(&open, "/token", &form).json();
        assert_eq!(me(&open, renewed["access_token"].as_str().expect("a token")).json(), user);
    }
    assert_eq!(post(&open, "/token", "grant_type=refresh_token&refresh_token=made-up").status, 400);
    let other = Place::new(|_| {});
    let elsewhere = post(&other, "/login", r#"{"email":"ada@example.org","password":"x"}"#).json();
    assert_ne!(elsewhere["access_token"], json!(token), "what clients remember by it is not here");
    let open = open.restart();
    assert_eq!(me(&open, &token).json(), user, "a token outlives a restart");
    let code = open.get("/connect?redirect_uri=http%3A%2F%2Flocalhost%3A1%2F&state=s").head;
    assert!(
        code.contains("location: http://localhost:1/?code=MLYU.") && code.contains("&state=s"),
        "{code}"
    );
    assert_eq!(open.get("/connect?redirect_uri=http%3A%2F%2Fexample.org%2F").status, 400);

    let locked = Place::new(|settings| settings.token = Some("MLY|9|right".into()));
    let wrong = post(&locked, "/login", r#"{"email":"ada@example.org","password":"x"}"#);
    assert_eq!(
        (wrong.status, wrong.json()["error"]["error_subcode"].as_i64()),
        (400, Some(1_348_131))
    );
    let right =
        post(&locked, "/login", r#"{"email":"ada@example.org","password":"MLY|9|right"}"#).json();
    let token = right["access_token"].as_str().expect("a token");
    assert_eq!(me(&locked, token).json()["username"], "ada");
    assert_eq!(me(&locked, "MLY|1|2").status, 401);
    assert_eq!(locked.post_bytes("a.jpg", 0, b"x", "").map(|got| got.status), Some(401));
    assert_eq!(post(&locked, "/logging", "{}").status, 200);
    assert_eq!(post(&locked, "/login", &"x".repeat(70_000)).status, 413);
    assert_eq!(locked.get("/login").status, 405);
}

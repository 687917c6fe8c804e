//! Uploads over loopback, as sent by clients: what arrives, and when.

mod client;
mod refusals;

use crate::disk::NOTES;
use std::fs;
use std::io::Write;
use std::net::Shutdown;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::serve::{Server, ServerSettings};
use client::*;

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
        // Names in a ZIP are not used as paths.
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
    // After the rename, but before it is recorded.
    forget();
    let place = place.restart();
    assert_eq!(place.finish(&manifest, "mly_bundle_manifest").json(), cluster);
    // Before the rename, with an incomplete folder.
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

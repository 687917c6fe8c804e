//! Refused uploads, and faults from which a client recovers.

use std::io::{Read, Write};
use std::time::Duration;

use serde_json::json;

use super::super::*;
use super::client::*;
use crate::serve::Order;

#[test]
fn a_picture_that_cannot_be_taken_keeps_its_sequence_out_and_is_named() {
    for (bytes, why) in [
        (jpeg("{\"MAPCaptureTime\":\"2024_06_01_12_34_56_123\"}", "p"), "no position"),
        (jpeg("{\"MAPLatitude\":52.5,\"MAPLongitude\":13.4}", "p"), "no time"),
        (jpeg("{\"MAPLatitude\":\"north\",\"MAPLongitude\":13.4}", "p"), "MAPLatitude"),
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
        assert!(!message.contains("uploads/"), "a path of the server: {message}");
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

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::service::ErrorKind;
use crate::service::clock::Clock;
use crate::service::mock_server::{Script, TestClock, answer, raw};

fn content(bytes: &'static [u8]) -> Arc<dyn Content> {
    Arc::new(Memory(hyper::body::Bytes::from_static(bytes)))
}

/// A client whose waits end at once, and its clock.
fn client(script: &Script) -> (crate::service::Client, Arc<TestClock>) {
    let clock = Arc::new(TestClock::default());
    let its = Arc::clone(&clock) as Arc<dyn Clock>;
    let change = |settings: &mut crate::service::ClientSettings| {
        settings.upload = script.base();
        settings.retry_wait = Duration::from_secs(1);
        settings.clock = its;
        settings.token = crate::service::Token::new("secret").ok();
    };
    (script.client_with(change).0, clock)
}

fn ok(json: &str) -> Vec<u8> {
    answer(200, "", json.as_bytes())
}

fn fault(status: u16, json: &str) -> Vec<u8> {
    answer(status, "", json.as_bytes())
}

#[test]
fn what_is_held_is_not_sent_again() {
    let script = Script::play(vec![ok("{\"offset\":3}"), ok("{\"h\":\"H\"}")]);
    let sent = client(&script).0.send("mly_tools_x.jpg", &content(b"abcdef")).unwrap();
    assert_eq!(sent, Sent { handle: "H".into(), bytes: 3 });
    let seen = script.seen();
    assert!(
        seen[0].starts_with("GET /mly_tools_x.jpg ")
            && seen[1].starts_with("POST /mly_tools_x.jpg ")
    );
    let post = seen[1].to_lowercase();
    for header in [
        "offset: 3\r\n",
        "x-entity-name: mly_tools_x.jpg\r\n",
        "content-length: 3\r\n",
        "authorization: oauth secret\r\n",
    ] {
        assert!(post.contains(header), "{post}");
    }
}

#[test]
fn an_answer_that_was_lost_after_all_bytes_came_is_asked_for_with_none() {
    let script = Script::play(vec![
        ok("{\"offset\":0}"),
        raw(b""),
        ok("{\"offset\":6}"),
        ok("{\"h\":\"H\"}"),
    ]);
    let sent = client(&script).0.send("k.jpg", &content(b"abcdef")).unwrap();
    assert_eq!((sent.handle.as_str(), sent.bytes), ("H", 0));
    assert!(script.seen()[3].to_lowercase().contains("offset: 6\r\n"));
}

#[test]
fn a_wrong_offset_is_asked_for_and_tried_at_once_and_one_that_never_fits_ends() {
    let wrong = fault(
        412,
        r#"{"debug_info":{"retriable":true,"type":"OffsetInvalidError","message":"offset is invalid"}}"#,
    );
    let script = Script::play(vec![
        ok("{\"offset\":0}"),
        wrong.clone(),
        ok("{\"offset\":2}"),
        ok("{\"h\":\"H\"}"),
    ]);
    let (client_, clock) = client(&script);
    assert_eq!(client_.send("k.jpg", &content(b"abcdef")).unwrap().bytes, 4);
    assert_eq!(clock.passed(), Duration::ZERO);
    let script =
        Script::ask(
            move |_, head| {
                if head.starts_with("GET") { ok("{\"offset\":2}") } else { wrong.clone() }
            },
        );
    let error = client(&script).0.send("k.jpg", &content(b"abcdef")).unwrap_err();
    assert!(error.message.contains("offset is invalid"), "{error:?}");
    // One round that moved on to 2, then a round without progress.
    assert!(script.seen().len() < 150, "{}", script.seen().len());
    let script = Script::play(vec![ok("{\"offset\":7}")]);
    let error = client(&script).0.send("k.jpg", &content(b"abcdef")).unwrap_err();
    assert!(error.message.contains("7 bytes are held of a file that has 6"), "{error:?}");
}

#[test]
fn each_refusal_has_its_wait() {
    for (refusal, least_s, most_s) in [
        (
            fault(
                400,
                r#"{"backoff":13000,"debug_info":{"retriable":false,"type":"RequestRateLimitedError"}}"#,
            ),
            13,
            15,
        ),
        (fault(429, r#"{"backoff":"12000"}"#), 12, 14),
        (fault(429, "slow"), 10, 12),
        (answer(429, "Retry-After: 7\r\n", b"slow"), 7, 9),
        (answer(503, "Retry-After: 5\r\n", b""), 5, 7),
        (fault(500, "{}"), 0, 2),
        (fault(400, r#"{"debug_info":{"retriable":true,"type":"Other"}}"#), 0, 2),
        (ok("{}"), 0, 2),
    ] {
        let script = Script::play(vec![
            ok("{\"offset\":0}"),
            refusal.clone(),
            ok("{\"offset\":0}"),
            ok("{\"h\":\"H\"}"),
        ]);
        let (client, clock) = client(&script);
        assert_eq!(client.send("k.jpg", &content(b"ab")).unwrap().handle, "H");
        let waited = clock.passed().as_secs();
        let said = String::from_utf8_lossy(&refusal);
        assert!((least_s..=most_s).contains(&waited), "{waited} s for {said}");
    }
}

#[test]
fn a_refused_token_ends_the_run_at_once_and_shows_nowhere() {
    for refusal in [
        fault(
            400,
            r#"{"debug_info":{"type":"NotAuthorizedError","message":"secret is not allowed"}}"#,
        ),
        fault(401, "{}"),
        fault(403, ""),
        fault(500, r#"{"error":{"message":"Invalid OAuth 2.0 Access Token","code":190}}"#),
    ] {
        let script = Script::play(vec![refusal]);
        let error = client(&script).0.send("k.jpg", &content(b"ab")).unwrap_err();
        assert_eq!((error.kind, script.seen().len()), (ErrorKind::Run, 1), "{error:?}");
        assert!(error.message.contains("login") && !error.message.contains("secret"), "{error:?}");
    }
}

#[test]
fn what_no_try_can_change_is_asked_once() {
    let script = Script::play(vec![
        ok("{\"offset\":0}"),
        fault(413, r#"{"debug_info":{"message":"too large"}}"#),
    ]);
    let error = client(&script).0.send("k.jpg", &content(b"ab")).unwrap_err();
    assert_eq!((error.kind, script.seen().len()), (ErrorKind::Refused, 2));
    assert!(error.message.contains("k.jpg") && error.message.contains("too large"), "{error:?}");
}

#[test]
fn as_long_as_bytes_arrive_it_goes_on() {
    // Each request stores one byte and is cut off; a round has 3 tries.
    let held = std::sync::atomic::AtomicU64::new(0);
    let script = Script::ask(move |_, head| {
        use std::sync::atomic::Ordering;
        if head.starts_with("GET") {
            ok(&format!("{{\"offset\":{}}}", held.load(Ordering::Relaxed)))
        } else if held.fetch_add(1, Ordering::Relaxed) >= 30 {
            ok("{\"h\":\"H\"}")
        } else {
            raw(b"")
        }
    });
    let bytes: &'static [u8] = &[7; 40];
    assert_eq!(client(&script).0.send("k.jpg", &content(bytes)).unwrap().handle, "H");
}

#[test]
fn an_upload_is_finished_with_its_handle_and_an_answer_that_was_lost_is_asked_again() {
    let script = Script::play(vec![raw(b""), fault(500, "{}"), ok("{\"cluster_id\":700800}")]);
    let (client_, _) = client(&script);
    assert_eq!(client_.finish_upload("H", FileType::Manifest, Some("8")).unwrap(), "700800");
    assert!(script.seen().iter().all(|head| head.starts_with("POST /finish_upload ")));
    let script = Script::play(vec![fault(500, "{}")]);
    let error = client(&script).0.finish_upload("H", FileType::Zip, None).unwrap_err();
    assert_eq!((error.kind, script.seen().len()), (ErrorKind::Row, 6));
}

#[test]
fn an_empty_receipt_is_none() {
    for receipt in [r#"{"cluster_id":""}"#, r#"{"cluster_id":"1\n2"}"#, r#"{"h":""}"#] {
        let script = Script::play(vec![ok(receipt), ok(r#"{"cluster_id":"7"}"#)]);
        assert_eq!(client(&script).0.finish_upload("H", FileType::Zip, None).unwrap(), "7");
    }
    for handle in [r#"{"h":""}"#, r#"{"h":"a\nb"}"#] {
        let offset = ok(r#"{"offset":0}"#);
        let script = Script::play(vec![offset.clone(), ok(handle), offset, ok(r#"{"h":"H"}"#)]);
        assert_eq!(client(&script).0.send("k.jpg", &content(b"ab")).unwrap().handle, "H");
    }
}

#[test]
fn a_user_whose_name_is_of_several_lines_is_refused() {
    for user in [r#"{"id":"5","username":"a]\n[x]\nk=1"}"#, r#"{"id":"5","username":"a\u0085b"}"#] {
        let script = Script::play(vec![ok(user)]);
        let error = client(&script).0.user().unwrap_err();
        assert!(error.kind == ErrorKind::Run && error.message.contains("no user has"), "{error}");
        assert!(!error.message.contains('\n'));
    }
}

#[test]
fn an_end_that_is_refused_is_asked_for_once_and_one_that_is_put_off_again() {
    for (status, said) in [
        (400, r#"{"error":{"message":"no such handle","code":100}}"#),
        (400, r#"{"debug_info":{"retriable":false,"type":"Other","message":"no such handle"}}"#),
        (404, r#"{"error":{"message":"no such handle","code":7}}"#),
        (413, "no such handle"),
        (422, "no such handle"),
    ] {
        let script = Script::play(vec![fault(status, said)]);
        let error = client(&script).0.finish_upload("H", FileType::Zip, None).unwrap_err();
        assert_eq!((error.kind, script.seen().len()), (ErrorKind::Refused, 1), "{status} {said}");
        assert!(error.message.contains("no such handle"), "{error:?}");
    }
    for (status, said, least_s) in [
        (400, r#"{"backoff":13000,"debug_info":{"type":"RequestRateLimitedError"}}"#, 13),
        (400, r#"{"debug_info":{"retriable":true,"type":"Other"}}"#, 0),
        (400, r#"{"error":{"message":"later","code":-2}}"#, 0),
        (429, r#"{"backoff":12000}"#, 12),
        (429, "", 10),
        (502, "<html>", 0),
    ] {
        let script = Script::play(vec![fault(status, said), ok("{\"cluster_id\":\"7\"}")]);
        let (client, clock) = client(&script);
        assert_eq!(client.finish_upload("H", FileType::Manifest, None).unwrap(), "7", "{said}");
        let waited_s = clock.passed().as_secs();
        assert!((least_s..least_s + 3).contains(&waited_s), "{waited_s} s for {status} {said}");
    }
}

#[test]
fn who_one_is_and_for_whom_one_may_upload_is_asked() {
    let script = Script::play(vec![ok(r#"{"id":"5","username":"ada"}"#)]);
    assert_eq!(client(&script).0.user().unwrap(), User { id: "5".into(), username: "ada".into() });
    let script = Script::play(vec![ok(r#"{"id":"5"}"#)]);
    assert_eq!(client(&script).0.user().unwrap_err().kind, ErrorKind::Run);
    for answer in [ok(r#"{"id":"8","slug":"town","name":"Town"}"#)] {
        for key in ["town", "8"] {
            let script = Script::play(vec![answer.clone()]);
            assert_eq!(client(&script).0.organization(key, "ada").unwrap().id, "8", "{key}");
        }
    }
    let script = Script::play(vec![ok(r#"{"access_token":"T","user_id":5}"#)]);
    let login = client(&script).0.login("ada@example.org", "pass").unwrap();
    assert_eq!((login.token.as_str(), login.user_id.as_str()), ("T", "5"));
}

#[test]
fn an_organization_is_found_among_those_of_the_users_pictures_or_these_are_named() {
    let script = Script::ask(|_, head| {
        if head.starts_with("GET /images?") {
            let org = |id: u8| format!("{{\"id\":\"1{id}\",\"organization\":{{\"id\":\"{id}\"}}}}");
            ok(&format!("{{\"data\":[{},{},{},{{\"id\":\"5\"}}]}}", org(8), org(9), org(8)))
        } else if head.starts_with("GET /8?") {
            ok(r#"{"id":"8","slug":"town","name":"Town of X"}"#)
        } else if head.starts_with("GET /9?") {
            ok(r#"{"id":"9"}"#)
        } else {
            fault(
                400,
                r#"{"error":{"message":"Unsupported get request","code":100,"error_subcode":33}}"#,
            )
        }
    });
    let client = client(&script).0;
    for key in ["8", "town", "TOWN", "Town of X"] {
        assert_eq!(client.organization(key, "ada").unwrap().slug, "town", "{key}");
    }
    let said = client.organization("city", "ada").unwrap_err();
    assert_eq!(said.kind, ErrorKind::Run);
    assert!(said.message.contains("'city'") && said.message.contains("'town' (8), 9"), "{said}");
}

//! Tests of the request loop: reports of waits, what ends a run, and the rate.

use crate::service::request::Request;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::service::Search;
use crate::service::clock::Clock;
use crate::service::mock_server::{Script, TestClock, answer};
use crate::service::retry::Stop;
use crate::service::settings::ClientSettings;

const S: Duration = Duration::from_secs(1);

/// A client with real waits on a clock that passes them at once, and its messages.
fn patient(
    script: &Script,
    change: impl FnOnce(&mut ClientSettings),
) -> (Client, Arc<Mutex<Vec<String>>>, Arc<TestClock>) {
    let (said, clock) = (Arc::new(Mutex::new(Vec::new())), Arc::new(TestClock::default()));
    let (lines, time) = (Arc::clone(&said), Arc::clone(&clock));
    let (client, _) = script.client_with(|s| {
        s.retry_wait = S;
        s.say = Some(Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned())));
        s.clock = time;
        change(s);
    });
    (client, said, clock)
}

fn list() -> Vec<u8> {
    answer(200, "", br#"{"data":[{"id":"1"}]}"#)
}

#[test]
fn a_pause_that_the_service_asks_for_is_said_once_with_why_and_how_long() {
    let script =
        Script::play(vec![answer(429, "Retry-After: 90\r\n", b"<Error>slow</Error>"), list()]);
    let (client, said, clock) = patient(&script, |_| ());
    assert_eq!(client.image_ids("s").unwrap().ids, ["1"]);
    let said = said.lock().unwrap();
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["waiting 9", " s before '127.0.0.1' is asked again", "(try 2 of 9)", "HTTP 429"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
    assert!((90 * S..93 * S).contains(&clock.passed()), "{:?}", clock.passed());
}

#[test]
fn many_threads_in_one_pause_are_one_line_and_the_next_pause_is_another() {
    let script = Script::play(vec![list()]);
    let (client, said, clock) = patient(&script, |_| ());
    let ask = Ask::new(Request::Entity, client.graph.clone(), 1);
    let verdict = ResponseClass::Throttled(30, "HTTP 429".into());
    let wait = |n: u32| client.say_wait(&ask, 600 * S + n * S / 10, &verdict, (2, 9));
    (0..16).for_each(wait);
    assert_eq!(
        *said.lock().unwrap(),
        ["waiting 10 min before '127.0.0.1' is asked again (try 2 of 9): HTTP 429"]
    );
    clock.sleep(602 * S, &Stop::default());
    (0..16).for_each(wait);
    assert_eq!(said.lock().unwrap().len(), 2);
}

#[test]
fn a_503_that_says_how_long_holds_everybody() {
    let script = Script::play(vec![answer(503, "Retry-After: 50\r\n", b"Slow Down"), list()]);
    let (client, _, clock) = patient(&script, |s| s.rate = Some(100.0));
    assert_eq!(client.image_ids("s").unwrap().ids, ["1"]);
    assert!((50 * S..53 * S).contains(&clock.passed()), "{:?}", clock.passed());
    assert!(client.per_s(Request::Entity).is_some_and(|per_s| per_s < 60.0));
}

#[test]
fn longer_and_longer_waits_for_a_service_that_is_down_are_said_and_short_ones_are_not() {
    let script = Script::play(vec![answer(503, "", b"busy")]);
    let (client, said, clock) = patient(&script, |_| ());
    assert!(client.image_ids("s").is_err());
    let said = said.lock().unwrap();
    assert!(said.len() <= 8 && said.iter().all(|line| line.contains("HTTP 503: 'busy'")));
    assert!(clock.passed() < 300 * S);
    let (quick, quiet, _) = patient(&script, |s| s.retry_wait = Duration::from_millis(10));
    assert!(quick.image_ids("s").is_err());
    assert!(quiet.lock().unwrap().is_empty());
}

#[test]
fn a_redirect_of_the_graph_is_not_waited_out() {
    let to = "Location: https://www.mapillary.com/login?next=secret\r\n";
    let script = Script::play(vec![answer(302, to, b"")]);
    let (client, _, clock) = patient(&script, |_| ());
    let error = client.image_ids("s").unwrap_err();
    let wanted = "HTTP 302, a redirect to 'https://www.mapillary.com/login', which is not followed";
    assert!(error.message.ends_with(wanted), "{error}");
    assert!(script.seen().len() == 3 && clock.passed() < 10 * S, "{:?}", clock.passed());
    // The tile host bars an address this way.
    let script = Script::play(vec![answer(302, to, b""), answer(200, "", b"")]);
    let (client, said, clock) = patient(&script, |_| ());
    assert!(client.tile("mly1_public", 14, 1, 2).unwrap().is_empty());
    assert!(clock.passed() >= 300 * S);
    let said = said.lock().unwrap();
    assert!(said.len() == 1 && said[0].starts_with("waiting 5 min before"), "{said:?}");
}

#[test]
fn a_host_that_wants_https_is_named_and_not_asked_again() {
    let script = Script::ask(|_, head| {
        let path = head.split(' ').nth(1).unwrap();
        answer(301, &format!("Location: https://127.0.0.1{path}\r\n"), b"")
    });
    let (client, _, _) = patient(&script, |_| ());
    let error = client.image_ids("s").unwrap_err();
    assert!(error.is_of_run(), "{error}");
    assert!(error.message.contains("write MAPILLARY_GRAPH_API_ENDPOINT with https"), "{error}");
    let error = client.tile("mly1_public", 14, 1, 2).unwrap_err();
    assert!(error.message.contains("write MAPILLARY_TILES_ENDPOINT with https"), "{error}");
    assert_eq!(script.seen().len(), 2);
}

#[test]
fn requests_in_a_row_that_fail_end_the_run_and_any_answer_begins_anew() {
    let down = || answer(503, "", b"busy");
    let gone = answer(400, "", br#"{"error":{"message":"x","code":100,"error_subcode":33}}"#);
    // A list that is gone is empty, which is an answer.
    let script = Script::play(vec![down(), down(), gone, down()]);
    let (client, _, _) = patient(&script, |s| (s.retries, s.max_failures) = (0, 3));
    let kinds: Vec<_> = (0..6).map(|_| client.image_ids("s").map_err(|error| error.kind)).collect();
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_ref().err().copied()).collect();
    assert_eq!(
        kinds,
        [
            Some(ErrorKind::Row),
            Some(ErrorKind::Row),
            None,
            Some(ErrorKind::Row),
            Some(ErrorKind::Row),
            Some(ErrorKind::Run)
        ]
    );
    // Tiles have another host.
    assert_eq!(client.tile("mly1_public", 14, 1, 2).unwrap_err().kind, ErrorKind::Row);
    let (never, _, _) = patient(&script, |s| (s.retries, s.max_failures) = (0, 0));
    assert!((0..20).all(|_| never.image_ids("s").unwrap_err().kind == ErrorKind::Row));
}

#[test]
fn a_rate_that_is_given_is_kept_towards_this_machine_too_for_each_kind_of_request() {
    const JPEG: &[u8] = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02 a picture \xff\xd9";
    let script = Script::ask(|_, head| match head {
        _ if head.starts_with("GET /maps") => answer(200, "", b""),
        _ if head.starts_with("GET /p.jpg") => answer(200, "", JPEG),
        _ => list(),
    });
    let picture = format!("{}/p.jpg", script.base());
    let search = Search { creator_username: Some("a".into()), limit: 1, ..Search::default() };
    type Asking<'a> = &'a dyn Fn(&Client) -> bool;
    let each: [Asking; 4] = [
        &|client| client.image_ids("s").is_ok(),
        &|client| client.images(&search).is_ok(),
        &|client| client.tile("mly1_public", 14, 1, 2).is_ok(),
        &|client| client.picture(&picture, |_| Ok(Vec::new())).is_ok(),
    ];
    for ask in each {
        let (client, said, clock) = patient(&script, |s| s.rate = Some(0.1));
        assert!((0..5).all(|_| ask(&client)));
        assert_eq!(clock.passed(), 40 * S);
        let said = said.lock().unwrap();
        assert_eq!(*said, ["'127.0.0.1' is asked once every 10 s"]);
        let (free, _, clock) = patient(&script, |_| ());
        assert!((0..5).all(|_| ask(&free)) && clock.passed().is_zero());
    }
}

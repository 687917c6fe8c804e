//! Tests of the Graph endpoints against a scripted server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::scripted::{Script, answer, client, raw};
use super::super::settings::Settings;
use super::*;
use crate::service::{Kind, Token};

const DEAD: &[u8] =
    br#"{"error":{"message":"Unsupported get request","code":100,"error_subcode":33}}"#;

/// The ids of a multi-get's request line.
fn asked(head: &str) -> Vec<String> {
    let path = head.split(' ').nth(1).unwrap();
    let url = Url::parse(&format!("http://h{path}")).unwrap();
    let ids = url.query_pairs().find(|(name, _)| name == "ids").unwrap().1.into_owned();
    ids.split(',').map(str::to_owned).collect()
}

fn objects(ids: &[String]) -> Vec<u8> {
    let rows: Vec<String> =
        ids.iter().map(|id| format!(r#""{id}":{{"altitude":1.50,"id":"{id}"}}"#)).collect();
    answer(200, "", format!("{{{}}}", rows.join(",")).as_bytes())
}

/// As the service: one dead id spoils the batch.
fn strict(dead: &'static [&'static str]) -> Script {
    Script::ask(move |_, head| {
        let ids = asked(head);
        let spoilt = ids.iter().any(|id| dead.contains(&id.as_str()));
        if spoilt { answer(400, "", DEAD) } else { objects(&ids) }
    })
}

fn fifty() -> Vec<String> {
    (100..150).map(|n| n.to_string()).collect()
}

fn gone(answers: &[(String, Entity)]) -> Vec<&str> {
    answers.iter().filter(|(_, e)| matches!(e, Entity::Gone)).map(|(id, _)| id.as_str()).collect()
}

#[test]
fn dead_ids_are_singled_out_by_halving_with_few_requests() {
    // The middle figure: 1 for the whole batch, then at most 2 for each of 6 halvings.
    let cases: [(&'static [&'static str], usize); 4] =
        [(&[], 1), (&["107"], 13), (&["149"], 13), (&["100", "149"], 25)];
    let ids = fifty();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for (dead, most) in cases {
        let script = strict(dead);
        let answers = client(&script).multi_get(&ids, "altitude").unwrap();
        assert_eq!(gone(&answers), dead);
        assert!(answers.iter().map(|(id, _)| id.as_str()).eq(ids.iter().copied()), "request order");
        assert!(script.seen().len() <= most, "{dead:?}: {}", script.seen().len());
        for good in ids.iter().filter(|id| !dead.contains(id)) {
            let times =
                script.seen().iter().filter(|head| asked(head).iter().any(|id| id == good)).count();
            assert!(times <= 7, "{good} asked {times} times");
        }
    }
}

#[test]
fn fifty_dead_ids_cost_less_than_two_requests_each() {
    let script = Script::play(vec![answer(400, "", DEAD)]);
    let ids = fifty();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answers = client(&script).multi_get(&ids, "altitude").unwrap();
    assert_eq!(gone(&answers), ids);
    assert!(script.seen().len() <= 99, "{}", script.seen().len());
}

#[test]
fn an_id_left_out_or_without_an_object_is_gone_and_numbers_keep_their_text() {
    let body = br#"{"3":{"altitude":1.50,"id":"3"},"2":null}"#;
    let script = Script::play(vec![answer(200, "", body)]);
    let answers = client(&script).multi_get(&["1", "2", "3", "3", "a,b", ""], "altitude").unwrap();
    assert_eq!(gone(&answers), ["1", "2"]);
    for n in [2, 3] {
        assert!(
            matches!(&answers[n].1, Entity::Found(row) if row.get() == r#"{"altitude":1.50,"id":"3"}"#)
        );
    }
    for n in [4, 5] {
        assert!(matches!(&answers[n].1, Entity::Failed(e) if e.message.starts_with("not an id")));
    }
    assert_eq!(asked(&script.seen()[0]), ["1", "2", "3"]);
}

#[test]
fn many_or_long_ids_are_asked_for_in_batches_of_a_bounded_url() {
    let script = strict(&[]);
    let ids: Vec<String> = (0..120).map(|n| format!("{n:060}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answers = client(&script).multi_get(&ids, "altitude").unwrap();
    assert!(answers.iter().all(|(_, e)| matches!(e, Entity::Found(_))));
    assert!(
        script
            .seen()
            .iter()
            .all(|head| asked(head).len() <= 50 && head.split(' ').nth(1).unwrap().len() < 8000)
    );
    assert_eq!(script.seen().len(), 3);
}

#[test]
fn a_refused_or_missing_token_ends_the_run_at_once_and_shows_nowhere() {
    let body = br#"{"error":{"message":"Failed to decode MLY|1|secret","code":190}}"#;
    let script = Script::play(vec![answer(500, "", body)]);
    let (client, lines) =
        script.client_with(|s| s.token = Some(Token::new("MLY|1|secret").unwrap()));
    let error = client.multi_get(&["1", "2"], "id").unwrap_err();
    assert!(error.is_of_run() && error.message.contains("MAPILLARY_TOKEN"), "{error}");
    assert_eq!(script.seen().len(), 1);
    assert!(script.seen()[0].to_lowercase().contains("authorization: oauth mly|1|secret"));
    let all = format!("{error} {error:?} {client:?} {:?}", lines.lock().unwrap());
    assert!(!all.contains("secret"), "{all}");
    let none = Client::new(Settings::default(), Arc::default()).unwrap();
    assert!(none.image_ids("s").unwrap_err().message.starts_with("no token: set MAPILLARY_TOKEN"));
}

#[test]
fn a_sequence_is_read_page_by_page_and_never_goes_round() {
    let page = |ids: &str, next: &str| {
        let next =
            format!(r#""paging":{{"next":"https://evil.example/x?access_token=t&after={next}"}}"#);
        answer(200, "", format!(r#"{{"data":[{ids}],{next}}}"#).as_bytes())
    };
    let script = Script::play(vec![
        page(r#"{"id":"1"},{"id":"2"}"#, "a%2Bb"),
        page(r#"{"id":"3"}"#, "a%2Bb"),
    ]);
    assert_eq!(client(&script).image_ids("-S_1").unwrap(), ["1", "2", "3"]);
    let seen = script.seen();
    assert!(
        seen.len() == 2 && seen[1].starts_with("GET /image_ids?sequence_id=-S_1&after=a%2Bb "),
        "{seen:?}"
    );
    let empty = Script::play(vec![answer(200, "", br#"{"data":[]}"#)]);
    assert!(client(&empty).image_ids("x").unwrap().is_empty());
    let numbers = Script::play(vec![answer(200, "", br#"{"data":[{"id":1}]}"#)]);
    assert!(client(&numbers).image_ids("x").unwrap_err().message.contains("without an id"));
}

#[test]
fn a_search_sends_its_selectors_and_says_when_the_box_is_too_dense() {
    let reduce =
        br#"{"error":{"message":"Please reduce the amount of data you're asking for","code":1}}"#;
    let script =
        Script::play(vec![answer(200, "", br#"{"data":[{"id":"1"}]}"#), answer(500, "", reduce)]);
    let client = client(&script);
    let search = Search {
        creator_username: Some("a&b".to_owned()),
        bbox: Some([-1.5, 2.0, -1.495, 2.005]),
        is_pano: Some(true),
        fields: "id".to_owned(),
        limit: 2000,
        ..Search::default()
    };
    let page = client.images(&search).unwrap();
    assert!(page.after.is_none() && id_of(&page.rows[0]).unwrap() == "1");
    let wanted = "GET /images?creator_username=a%26b&bbox=-1.5%2C2%2C-1.495%2C2.005&is_pano=true&fields=id&limit=2000 ";
    assert!(script.seen()[0].starts_with(wanted), "{}", script.seen()[0]);
    assert_eq!(client.images(&search).unwrap_err().kind, Kind::TooMuch);
    assert_eq!(script.seen().len(), 2);
}

#[test]
fn one_answer_in_five_failing_in_every_way_gives_the_result_of_a_clean_run() {
    let faults = [
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"data\""),
        answer(429, "Retry-After: 0\r\n", b"<?xml version='1.0'?>"),
        answer(302, "Location: https://www.mapillary.com/login\r\n", b""),
        answer(500, "", br#"{"error":{"message":"down","code":2,"is_transient":true}}"#),
        answer(400, "", br#"{"error":{"message":"timeout","code":-2}}"#),
        answer(403, "", br#"{"error":{"message":"limit","code":4,"is_transient":true}}"#),
        answer(200, "Content-Type: text/html\r\n", b"<html>log in</html>"),
        answer(200, "", b"{\"10\":{\"id\""),
        answer(503, "", b"busy"),
        answer(400, "", b"odd"),
    ];
    let rng = Mutex::new(fastrand::Rng::with_seed(7));
    let script = Script::ask(move |n, head| match rng.lock().unwrap().f64() < 0.2 {
        true => faults[n % faults.len()].clone(),
        false => objects(&asked(head)),
    });
    let (client, _) = script.client_with(|s| s.retry_wait = Duration::from_micros(1));
    for n in 0..200 {
        let id = n.to_string();
        let answers = client.multi_get(&[id.as_str()], "altitude").unwrap();
        assert!(matches!(&answers[0].1, Entity::Found(_)), "{answers:?}");
        let times = script.seen().iter().filter(|head| asked(head) == [id.as_str()]).count();
        assert!(times <= 5, "'{id}' asked {times} times");
    }
    assert!(client.counts().repeats.load(Ordering::Relaxed) > 20);
}

#[test]
fn a_service_that_is_down_fails_the_rows_after_the_retries() {
    let script = Script::play(vec![answer(503, "", b"<html>busy")]);
    let (client, _) = script.client_with(|s| s.retries = 3);
    let answers = client.multi_get(&["1"], "id").unwrap();
    let Entity::Failed(error) = &answers[0].1 else { panic!("{answers:?}") };
    assert_eq!(error.message, "cannot get '1': HTTP 503: '<html>busy'");
    assert_eq!(script.seen().len(), 4);
}

#[test]
fn a_stopped_run_waits_no_longer() {
    let script = Script::play(vec![answer(429, "Retry-After: 600\r\n", b"")]);
    let stop = Arc::new(AtomicBool::new(false));
    let settings = Settings { graph: script.base(), ..Settings::default() };
    let client = Client::new(settings, stop.clone()).unwrap();
    let start = Instant::now();
    std::thread::scope(|s| {
        let waiting = s.spawn(|| client.image_ids("x").unwrap_err());
        while script.seen().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap().kind, Kind::Stopped);
    });
    assert!(start.elapsed() < Duration::from_secs(5));
}

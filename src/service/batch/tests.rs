//! Tests of batch requests against a scripted server.

use std::sync::Mutex;

use reqwest::Url;

use super::*;
use crate::service::mock_server::{Script, answer, client, raw};

const DEAD: &[u8] =
    br#"{"error":{"message":"Unsupported get request","code":100,"error_subcode":33}}"#;

/// The ids of a request line: of a batch, or the one in the path.
fn asked(head: &str) -> Vec<String> {
    let path = head.split(' ').nth(1).unwrap();
    let url = Url::parse(&format!("http://h{path}")).unwrap();
    let ids = url.query_pairs().find(|(name, _)| name == "ids").map(|(_, ids)| ids.into_owned());
    let ids = ids.unwrap_or_else(|| url.path().trim_start_matches('/').to_owned());
    ids.split(',').map(str::to_owned).collect()
}

fn is_single(head: &str) -> bool {
    !head.contains("ids=")
}

fn object(id: &str) -> String {
    format!(r#"{{"altitude":1.50,"id":"{id}"}}"#)
}

fn objects(ids: &[String]) -> Vec<u8> {
    let rows: Vec<String> = ids.iter().map(|id| format!(r#""{id}":{}"#, object(id))).collect();
    answer(200, "", format!("{{{}}}", rows.join(",")).as_bytes())
}

/// The correct answer to a request.
fn right(head: &str) -> Vec<u8> {
    let ids = asked(head);
    if is_single(head) { answer(200, "", object(&ids[0]).as_bytes()) } else { objects(&ids) }
}

/// Sends this answer whenever one of the bad ids is requested, and the correct one otherwise.
fn spoilt_by(bad: &'static [&'static str], with: Vec<u8>) -> Script {
    Script::ask(move |_, head| {
        let spoilt = asked(head).iter().any(|id| bad.contains(&id.as_str()));
        if spoilt { with.clone() } else { right(head) }
    })
}

/// Like the service: one dead id makes the batch fail.
fn strict(dead: &'static [&'static str]) -> Script {
    spoilt_by(dead, answer(400, "", DEAD))
}

fn fifty() -> Vec<String> {
    (100..150).map(|n| n.to_string()).collect()
}

fn gone(answers: &[(String, Entity)]) -> Vec<&str> {
    answers.iter().filter(|(_, e)| matches!(e, Entity::Gone)).map(|(id, _)| id.as_str()).collect()
}

#[test]
fn dead_ids_are_singled_out_by_halving_with_few_requests() {
    // The limit of 14: 1 for the whole batch, at most 2 for each of 6 bisections, 1 for the id alone.
    let cases: [(&'static [&'static str], usize); 4] =
        [(&[], 1), (&["107"], 14), (&["149"], 14), (&["100", "149"], 27)];
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
fn fifty_dead_ids_cost_less_than_three_requests_each() {
    let script = Script::play(vec![answer(400, "", DEAD)]);
    let ids = fifty();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let client = client(&script);
    client.gone_doubt.found();
    let answers = client.multi_get(&ids, "altitude").unwrap();
    assert_eq!(gone(&answers), ids);
    assert!(script.seen().len() <= 149, "{}", script.seen().len());
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
    let script = Script::ask(move |n, head| {
        if rng.lock().unwrap().f64() < 0.2 { faults[n % faults.len()].clone() } else { right(head) }
    });
    let (client, _) = script.client_with(|s| s.retry_wait = Duration::from_micros(1));
    for n in 0..200 {
        let id = n.to_string();
        let answers = client.multi_get(&[id.as_str()], "altitude").unwrap();
        assert!(matches!(&answers[0].1, Entity::Found(_)), "{answers:?}");
        let times = script.seen().iter().filter(|head| asked(head) == [id.as_str()]).count();
        assert!(times <= 5, "'{id}' asked {times} times");
    }
    assert!(client.counts().repeats() > 20);
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
fn what_an_answer_leaves_out_is_asked_for_alone_and_only_its_own_words_make_it_gone() {
    // Omitted, null, a text, a list, a number, an error, another object's, and one that is complete.
    const ODD: &[u8] = br#"{"2":null,"3":"gone","4":[],"5":7,"6":{"error":{"code":1}},"7":{"id":"8"},"9":{},"10":{"altitude":1.50,"id":"10"}}"#;
    let script = Script::ask(|_, head| match is_single(head) {
        false => answer(200, "", ODD),
        true if head.starts_with("GET /3?") => answer(400, "", DEAD),
        true => right(head),
    });
    let ids = ["1", "2", "3", "4", "5", "6", "7", "9", "10", "10", "a,b", ""];
    let answers = client(&script).multi_get(&ids, "altitude").unwrap();
    assert_eq!(gone(&answers), ["3"]);
    for (id, entity) in &answers {
        let found = matches!(entity, Entity::Found(row) if row.get() == object(id));
        assert_eq!(found, id != "3" && id != "a,b" && !id.is_empty(), "{id}: {entity:?}");
    }
    for (_, entity) in &answers[10..] {
        assert!(matches!(entity, Entity::Failed(e) if e.message.starts_with("not an id")));
    }
    assert_eq!(asked(&script.seen()[0]).len(), 9);
}

#[test]
fn an_answer_with_none_of_the_ids_buries_nothing() {
    for body in [
        r#"{"error":"temporarily unavailable"}"#,
        r#"{"error":{"message":"busy"}}"#,
        r#"{"status":"maintenance"}"#,
        r#"{"1":null,"2":null}"#,
        r#"{"data":[]}"#,
        "{}",
        "[]",
        "null",
        r#""down""#,
    ] {
        // Always, and only once.
        let odd = answer(200, "", body.as_bytes());
        let script = Script::play(vec![odd.clone()]);
        let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (2, 0));
        let answers = client.multi_get(&["1", "2"], "altitude").unwrap();
        assert!(answers.iter().all(|(_, e)| matches!(e, Entity::Failed(_))), "{body} {answers:?}");
        let script = Script::ask(move |n, head| if n == 0 { odd.clone() } else { right(head) });
        let answers =
            crate::service::mock_server::client(&script).multi_get(&["1", "2"], "altitude");
        let answers = answers.unwrap();
        assert!(answers.iter().all(|(_, e)| matches!(e, Entity::Found(_))), "{body} {answers:?}");
    }
}

#[test]
fn an_id_that_is_falsely_said_to_be_gone_is_found_after_all() {
    let script = Script::ask(|n, head| if n == 0 { answer(400, "", DEAD) } else { right(head) });
    let answers = client(&script).multi_get(&["1"], "altitude").unwrap();
    assert!(matches!(answers[0].1, Entity::Found(_)), "{answers:?}");
}

#[test]
fn one_bad_id_fails_alone_whatever_the_service_says_of_its_batch() {
    let error = |status: u16, code: i64| {
        let body = format!(r#"{{"error":{{"message":"no","code":{code}}}}}"#);
        answer(status, "", body.as_bytes())
    };
    for with in [
        error(500, 2),
        error(500, 77),
        error(400, 77),
        error(403, 10),
        error(400, 100),
        error(403, 200),
        error(403, 299),
        answer(502, "", b"<html>"),
        answer(400, "", b"Bad Request"),
        answer(200, "", b"<html>log in</html>"),
        answer(200, "", br#"{"status":"odd"}"#),
        raw(b""),
    ] {
        let shown = String::from_utf8_lossy(&with).into_owned();
        // At both ends, and two at once.
        for bad in [&["100"][..], &["149"], &["120"], &["100", "149"], &["148", "149"]] {
            let script = spoilt_by(bad, with.clone());
            let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (3, 1));
            let ids = fifty();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let answers = client.multi_get(&ids, "altitude").unwrap();
            let failed = |e: &Entity| matches!(e, Entity::Failed(_));
            let failed = answers.iter().filter(|(_, e)| failed(e)).map(|(id, _)| id.as_str());
            assert!(failed.eq(bad.iter().copied()), "{bad:?} {shown}");
        }
    }
}

#[test]
fn a_service_that_is_down_is_not_asked_for_each_of_fifty_and_then_not_at_all() {
    for with in [answer(503, "", b"busy"), answer(200, "", br#"{"status":"maintenance"}"#)] {
        let script = Script::play(vec![with]);
        let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (3, 3));
        let ids = fifty();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for n in 1..=3 {
            let answers = client.multi_get(&ids, "altitude");
            if n < 3 {
                assert!(answers.unwrap().iter().all(|(_, e)| matches!(e, Entity::Failed(_))));
            } else {
                let error = answers.unwrap_err();
                assert!(error.is_of_run(), "{error}");
                assert!(error.message.contains("3 requests in a row"), "{error}");
                assert!(error.message.contains("--max-failures"), "{error}");
            }
            assert!(script.seen().len() <= n * 45, "{}", script.seen().len());
        }
    }
}

#[test]
fn nobody_there_ends_the_run_as_well() {
    let script = Script::play(vec![answer(200, "", b"{}")]);
    let (client, _) = script.client_with(|s| {
        // A port without a listener, and a name that does not exist.
        s.graph = "http://127.0.0.1:1".into();
        (s.retries, s.max_failures) = (1, 2);
    });
    for batch in [&["1"][..], &["1", "2", "3"]] {
        match client.multi_get(batch, "id") {
            Ok(answers) => {
                assert!(answers.iter().all(|(_, e)| matches!(e, Entity::Failed(_))), "{answers:?}");
            }
            Err(error) => assert!(error.is_of_run() && batch.len() == 3, "{error}"),
        }
    }
    assert!(client.multi_get(&["1"], "id").unwrap_err().is_of_run());
}

#[test]
fn no_body_makes_the_reader_stumble_or_gives_what_was_not_asked_for() {
    let good = br#"{"1":{"altitude":1.50,"id":"1"},"2":{"id":2},"3":null}"#;
    let ids = ["1", "2", "3"];
    assert!(read_objects(good, &ids).unwrap().keys().eq(["1", "2"]));
    assert!((0..good.len()).all(|end| read_objects(&good[..end], &ids).is_err()));
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut body = good.to_vec();
        let at = rng.usize(..body.len());
        body[at] = rng.u8(..);
        let read = read_objects(&body, &ids).unwrap_or_default();
        assert!(read.keys().all(|id| ids.contains(&id.as_str())));
    }
}

#[test]
fn that_a_whole_list_is_gone_is_doubted_until_the_service_knows_one() {
    let script = Script::ask(|_, head| {
        let is_known = asked(head).contains(&"7".to_owned());
        if is_known { right(head) } else { answer(400, "", DEAD) }
    });
    let fifty = fifty();
    let ids: Vec<&str> = fifty.iter().map(String::as_str).collect();
    let client = client(&script);
    assert_eq!(gone(&client.multi_get(&ids[..49], "id").unwrap()).len(), 49);
    for (_, entity) in client.multi_get(&ids, "id").unwrap() {
        let Entity::Failed(error) = entity else { panic!("{entity:?}") };
        assert!(error.message.contains("knows none of 99 pictures"), "{error}");
    }
    let (confident, _) = script.client_with(|settings| settings.believes_gone = true);
    assert_eq!(gone(&confident.multi_get(&ids, "id").unwrap()).len(), 50);
    assert!(matches!(client.entity("7", "id").unwrap(), Entity::Found(_)));
    assert_eq!(gone(&client.multi_get(&ids, "id").unwrap()).len(), 50);
}

#[test]
fn an_answer_that_another_picture_is_gone_is_a_failure() {
    let dead = r#"{"error":{"message":"Unsupported get request. Object with ID '1' does not exist","code":100,"error_subcode":33}}"#;
    let script = Script::play(vec![answer(400, "", dead.as_bytes())]);
    let client = client(&script);
    let answers = client.multi_get(&["1", "2"], "id").unwrap();
    assert!(matches!(answers[0].1, Entity::Gone));
    let Entity::Failed(error) = &answers[1].1 else { panic!("{:?}", answers[1]) };
    assert!(error.message.contains("'2': the service answers about another"), "{error}");
}

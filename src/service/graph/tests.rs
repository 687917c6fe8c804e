//! Tests of the Graph endpoints against a scripted server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::service::mock_server::{Script, answer, client};
use crate::service::settings::ClientSettings;
use crate::service::{ErrorKind, Token};

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
    let none = Client::new(ClientSettings::default(), Arc::default()).unwrap();
    let advice = "set MAPILLARY_TOKEN to a client token from mapillary.com/dashboard/developers, or keep it by \
                  'mly config set access_token'";
    assert_eq!(none.image_ids("s").unwrap_err().message, format!("no token: {advice}"));
    assert!(error.message.ends_with(advice), "{error}");
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
    assert_eq!(client(&script).image_ids("-S_1").unwrap().ids, ["1", "2", "3"]);
    let seen = script.seen();
    assert!(
        seen.len() == 2 && seen[1].starts_with("GET /image_ids?sequence_id=-S_1&after=a%2Bb "),
        "{seen:?}"
    );
    let empty = Script::play(vec![answer(200, "", br#"{"data":[]}"#)]);
    assert!(client(&empty).image_ids("x").unwrap().ids.is_empty());
}

#[test]
fn an_odd_entry_makes_the_list_incomplete_and_what_comes_again_is_counted() {
    let odd = r#"{"data":[{"id":"1"},null,{"id":2},{},"x",7,[],{"id":null},{"id":""},{"id":"a/b"},
        {"id":1.5},{"id":1e15},{"id":true},{"id":"1"},{"id":"1020304050600100"},{"id":"4"}]}"#;
    let ids = client(&Script::play(vec![answer(200, "", odd.as_bytes())])).image_ids("s").unwrap();
    assert_eq!(ids.ids, ["1", "2", "1020304050600100", "4"]);
    assert_eq!((ids.odd, ids.repeated), (11, 1));
    assert_eq!(ids.cut.unwrap(), "11 entries of the service's list cannot be read");
}

#[test]
fn a_list_without_a_single_readable_entry_is_no_answer_and_never_empty() {
    for data in [r#"[{"image_id":"1"},{"image_id":"2"}]"#, r#"["1","2"]"#, "[1e15]", "[[[]]]"] {
        let body = format!("{{\"data\":{data}}}");
        let script = Script::play(vec![answer(200, "", body.as_bytes())]);
        let (client, _) = script.client_with(|s| s.retries = 1);
        let error = client.image_ids("s").unwrap_err();
        assert!(error.message.contains("none of which can be read: '{\"data\""), "{error}");
        assert_eq!(script.seen().len(), 2, "{data}");
    }
}

#[test]
fn a_list_that_is_cut_says_so_and_a_relative_link_leads_on() {
    let page = |paging: &str| {
        let body = format!(r#"{{"data":[{{"id":"1"}}],"paging":{paging}}}"#);
        answer(200, "", body.as_bytes())
    };
    let last = answer(200, "", br#"{"data":[{"id":"2"}]}"#);
    // The value of `paging`, and whether the list is complete.
    for (paging, is_whole) in [
        (r#"{"next":"/image_ids?after=c"}"#, true),
        (r#"{"next":"?after=c"}"#, true),
        (r#"{"next":"//h/x?a=b&after=c"}"#, true),
        (r#"{"next":"http://[","cursors":{"after":"c"}}"#, true),
        (r#"{"next":7,"cursors":{"after":"c"}}"#, true),
        (r#"{"next":"http://["}"#, false),
        (r#"{"next":"https://h/x"}"#, false),
        (r#"{"next":"https://h/x?after="}"#, false),
        (r#"{"next":7}"#, false),
        (r#"{"next":{"after":"c"}}"#, false),
    ] {
        let ids = client(&Script::play(vec![page(paging), last.clone()])).image_ids("s").unwrap();
        assert_eq!(
            (ids.ids.len(), ids.cut.is_none()),
            (if is_whole { 2 } else { 1 }, is_whole),
            "{paging}"
        );
    }
    for paging in ["{}", "null", r#"{"next":null}"#, r#"{"next":"","cursors":{"after":"c"}}"#] {
        let ids = client(&Script::play(vec![page(paging), last.clone()])).image_ids("s").unwrap();
        assert_eq!((ids.ids.len(), ids.cut), (1, None), "{paging}");
    }
    let round = client(&Script::play(vec![page(r#"{"next":"?after=c"}"#)])).image_ids("s").unwrap();
    assert!(round.cut.unwrap().contains("the same pages again"));
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
    assert!(page.next == Next::End && id_of(&page.rows[0]).unwrap() == "1");
    let wanted = "GET /images?creator_username=a%26b&bbox=-1.5%2C2%2C-1.495%2C2.005&is_pano=true&fields=id&limit=2000 ";
    assert!(script.seen()[0].starts_with(wanted), "{}", script.seen()[0]);
    assert_eq!(client.images(&search).unwrap_err().kind, ErrorKind::TooMuch);
    assert_eq!(script.seen().len(), 2);
}

#[test]
fn a_stopped_run_waits_no_longer() {
    let script = Script::play(vec![answer(429, "Retry-After: 600\r\n", b"")]);
    let stop = Arc::new(AtomicBool::new(false));
    let settings = ClientSettings { graph: script.base(), ..ClientSettings::default() };
    let client = Client::new(settings, stop.clone()).unwrap();
    let start = Instant::now();
    std::thread::scope(|s| {
        let waiting = s.spawn(|| client.image_ids("x").unwrap_err());
        while script.seen().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap().kind, ErrorKind::Stopped);
    });
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_page_that_is_too_much_shrinks_and_the_next_ones_with_it() {
    let reduce =
        br#"{"error":{"message":"Please reduce the amount of data you're asking for","code":1}}"#;
    let script = Script::ask(|_, head| {
        let limit = head.split("limit=").nth(1).unwrap().split(['&', ' ']).next().unwrap();
        match limit.parse::<u32>().unwrap() {
            ..=100 => answer(200, "", br#"{"data":[{"id":"1"}]}"#),
            _ => answer(500, "", reduce),
        }
    });
    let search = Search { creator_username: Some("a".into()), limit: 1000, ..Search::default() };
    let client = client(&script);
    assert_eq!(client.images(&search).unwrap().rows.len(), 1);
    assert_eq!(script.seen().len(), 3, "1000, 250, 62");
    assert_eq!(client.images(&search).unwrap().rows.len(), 1);
    assert_eq!(script.seen().len(), 4);
    let never = Script::play(vec![answer(500, "", reduce)]);
    let error = crate::service::mock_server::client(&never).images(&search).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuch);
    assert!(never.seen().len() < 10, "{}", never.seen().len());
}

#[test]
fn a_good_status_with_other_json_is_no_answer_of_a_list_or_an_object() {
    for body in [
        r#"{"error":"temporarily unavailable"}"#,
        r#"{"status":"maintenance"}"#,
        r#"{"data":null}"#,
        "{}",
        "[]",
        "null",
        r#""busy""#,
    ] {
        let odd = answer(200, "", body.as_bytes());
        let list = answer(200, "", br#"{"data":[{"id":"1"}]}"#);
        let script = Script::play(vec![odd.clone(), list]);
        assert_eq!(client(&script).image_ids("s").unwrap().ids, ["1"], "{body}");
        let object = answer(200, "", br#"{"id":"1","altitude":2}"#);
        let script = Script::play(vec![odd.clone(), object]);
        let found = client(&script).entity("1", "altitude").unwrap();
        assert!(matches!(found, Entity::Found(_)), "{body}: {found:?}");
        let script = Script::play(vec![odd]);
        let (client, _) = script.client_with(|s| s.retries = 2);
        assert!(client.image_ids("s").is_err(), "{body}");
        assert!(matches!(client.entity("1", "altitude").unwrap(), Entity::Failed(_)), "{body}");
    }
}

#[test]
fn an_answer_about_another_object_is_no_answer_and_both_are_named() {
    let other = answer(200, "", br#"{"id":"9","altitude":2}"#);
    let script = Script::play(vec![other.clone(), answer(200, "", br#"{"id":1}"#)]);
    assert!(matches!(client(&script).entity("1", "altitude").unwrap(), Entity::Found(_)));
    let batch = answer(200, "", br#"{"1":{"id":"9","altitude":2}}"#);
    let script = Script::ask(
        move |_, head| {
            if head.contains("ids=") { batch.clone() } else { other.clone() }
        },
    );
    let (client, _) = script.client_with(|s| s.retries = 1);
    let found = client.multi_get(&["1"], "altitude").unwrap().remove(0).1;
    let Entity::Failed(error) = found else { panic!("{found:?}") };
    assert!(error.message.contains("about '9' and not about '1'"), "{error}");
    // An organization may be requested by its slug.
    assert!(matches!(client.entity("a-slug", "id").unwrap(), Entity::Found(_)));
}

#[test]
fn what_is_gone_by_its_own_words_is_asked_once_more() {
    let gone = answer(400, "", br#"{"error":{"message":"x","code":100,"error_subcode":33}}"#);
    let script = Script::play(vec![gone.clone()]);
    assert!(matches!(client(&script).entity("1", "id").unwrap(), Entity::Gone));
    assert_eq!(script.seen().len(), 2);
    let script = Script::play(vec![gone, answer(200, "", br#"{"id":"1"}"#)]);
    assert!(matches!(client(&script).entity("1", "id").unwrap(), Entity::Found(_)));
}

#[test]
fn a_list_is_empty_only_when_it_is_said_twice_and_a_later_page_that_is_gone_is_no_end() {
    let gone = answer(400, "", br#"{"error":{"message":"x","code":100,"error_subcode":33}}"#);
    let page = |next: &str| {
        let body = format!(r#"{{"data":[{{"id":"1"}}],"paging":{{{next}}}}}"#);
        answer(200, "", body.as_bytes())
    };
    let script = Script::play(vec![gone.clone(), page("")]);
    assert_eq!(client(&script).image_ids("s").unwrap().ids, ["1"]);
    let script = Script::play(vec![gone.clone()]);
    assert!(client(&script).image_ids("s").unwrap().ids.is_empty());
    let script = Script::play(vec![page(r#""next":"http://h/x?after=a""#), gone]);
    let part = client(&script).image_ids("s").unwrap();
    assert_eq!(part.ids, ["1"]);
    assert!(
        part.cut.unwrap().contains("the next page is gone"),
        "a part of a list is not the list"
    );
}

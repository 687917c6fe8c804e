use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::*;
use crate::service::mock_server::{Script, answer};
use crate::service::{ClientSettings, Token};

fn client(script: &Script) -> Client {
    let settings = ClientSettings {
        internet_archive: script.base(),
        token: Some(Token::new("MLY|1|secret").unwrap()),
        retries: 3,
        retry_wait: Duration::from_micros(20),
        timeout: Duration::from_millis(300),
        ..ClientSettings::default()
    };
    Client::of_internet_archive(settings, Arc::new(AtomicBool::new(false))).unwrap()
}

fn asked(body: &str) -> Result<ItemState, Error> {
    client(&Script::play(vec![answer(200, "", body.as_bytes())])).held("mapillary-ada-original")
}

#[test]
fn an_item_is_told_from_none_and_from_a_withdrawn_one() {
    assert_eq!(asked("{}").unwrap(), ItemState::No);
    assert_eq!(asked(r#"{"is_dark":true,"dir":"/1"}"#).unwrap(), ItemState::Dark);
    let item = r#"{"is_dark":false,"metadata":{"identifier":"x"},"files":[],"item_size":"12"}"#;
    assert_eq!(asked(item).unwrap(), ItemState::Item { bytes: 12 });
}

#[test]
fn what_is_no_answer_is_no_absence() {
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"error":"busy"}"#,
        r#"{"server":"ia1"}"#,
        "<html>",
        r#"{"metadata":null}"#,
        r#"{"metadata":{}}"#,
        r#"{"metadata":[]}"#,
    ] {
        let error = asked(body).unwrap_err();
        assert!(error.message.contains("mapillary-ada-original"), "{body}: {error}");
    }
    for status in [302, 400, 403, 404, 429, 500, 503] {
        let script = Script::play(vec![answer(status, "Retry-After: 0\r\n", b"{}")]);
        assert!(client(&script).held("x").is_err(), "{status}");
    }
}

#[test]
fn a_failure_that_passes_is_asked_again_and_no_token_is_sent() {
    let script = Script::play(vec![
        answer(500, "", b"oops"),
        answer(429, "Retry-After: 0\r\n", b""),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"meta".to_vec(),
        answer(200, "", b"{}"),
    ]);
    assert_eq!(client(&script).held("a b/../c").unwrap(), ItemState::No);
    let seen = script.seen();
    assert_eq!(seen.len(), 4);
    assert!(seen[0].starts_with("GET /metadata/a%20b%2F..%2Fc HTTP"), "{}", seen[0]);
    let words = seen.concat().to_lowercase();
    assert!(!words.contains("secret") && !words.contains("authorization"), "{words}");
}

#[test]
fn a_list_goes_on_by_its_cursors_and_must_be_whole() {
    let page = |n: usize, cursor: &str| {
        let body = format!(
            r#"{{"items":[{{"identifier":"i{n}","item_size":"7","description":["a","b"]}}],"total":3{cursor}}}"#
        );
        answer(200, "", body.as_bytes())
    };
    let script = Script::play(vec![
        page(0, r#","cursor":"c1""#),
        page(1, r#","cursor":"c&2""#),
        page(2, ""),
    ]);
    let items = client(&script).items("mapillary:*").unwrap();
    let items = items.items;
    assert_eq!(items.len(), 3);
    assert_eq!((items[2].bytes, items[2].description.as_str()), (Some(7), "a\nb"));
    assert!(script.seen()[2].contains("cursor=c%262"), "{}", script.seen()[2]);

    let short = client(&Script::play(vec![page(0, "")])).items("x").unwrap_err();
    assert!(short.message.contains("1 of 3"), "{short}");
    let round = client(&Script::play(vec![page(0, r#","cursor":"c1""#)])).items("x");
    assert!(round.unwrap_err().message.contains("the same page again"));
}

#[test]
fn a_list_that_shrinks_while_it_is_read_is_whole_and_an_odd_entry_costs_itself() {
    let page = |items: &str, rest: &str| {
        answer(200, "", format!(r#"{{"items":[{items}]{rest}}}"#).as_bytes())
    };
    let script = Script::play(vec![
        page(r#"{"identifier":"a"},{"identifier":"b"}"#, r#","total":4,"cursor":"c""#),
        page(r#"{"identifier":"b"},{"identifier":"c"}"#, r#","total":3"#),
    ]);
    let list = client(&script).items("x").unwrap();
    assert_eq!((list.items.len(), list.odd, list.is_counted), (3, 0, true));
    let odd = page(r#"null,{"identifier":"a","item_size":-1},{},{"identifier":7}"#, "");
    let list = client(&Script::play(vec![odd])).items("x").unwrap();
    assert_eq!((list.items.len(), list.odd, list.is_counted), (1, 3, false));
    assert_eq!(list.items[0].bytes, None);
}

#[test]
fn no_body_makes_the_reader_stumble() {
    let good =
        r#"{"metadata":{"a":[1]},"files":[{"name":"x","source":"original"}],"item_size":12}"#;
    for end in 0..good.len() {
        assert_eq!(read_held(&good.as_bytes()[..end]), None);
    }
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = good.as_bytes().to_vec();
        let at = rng.usize(..bytes.len());
        bytes[at] = rng.u8(..);
        read_held(&bytes);
    }
}

use super::*;
use crate::service::Token;
use crate::service::error::ErrorKind;
use crate::service::mock_server::{Script, answer, client, raw};
use std::time::Duration;

const JPEG: &[u8] = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02 a picture \xff\xd9";

fn fetch(client: &Client, script: &Script) -> Result<Vec<u8>, Error> {
    let url = format!("{}/p.jpg?stp=s1&oh=00_abc&oe=6A3B1C00", script.base());
    client.picture(&url, |_| Ok(Vec::new())).map(|(bytes, n)| {
        assert_eq!(n, bytes.len() as u64);
        bytes
    })
}

#[test]
fn only_a_whole_picture_is_taken_and_each_try_starts_anew() {
    let mut cut = answer(200, "", JPEG);
    cut.truncate(cut.len() - 4);
    let script = Script::play(vec![
        cut,
        answer(200, "Content-Type: text/html\r\n", b"<html>log in</html>"),
        answer(200, "", b""),
        answer(503, "", b"busy"),
        answer(200, "", &JPEG[..JPEG.len() - 2]),
        answer(200, "Content-Type: image/jpeg\r\n", JPEG),
    ]);
    assert_eq!(fetch(&client(&script), &script).unwrap(), JPEG);
    assert_eq!(script.seen().len(), 6);
}

#[test]
fn a_webp_is_a_picture_too_and_whole_by_the_length_that_it_says() {
    let webp = crate::format::webp::sample();
    let short = &webp[..webp.len() - 1];
    let script = Script::play(vec![answer(200, "", short), answer(200, "", &webp)]);
    let mut formats = Vec::new();
    let (bytes, _) = client(&script)
        .picture(&format!("{}/p", script.base()), |format| {
            formats.push(format);
            Ok(Vec::new())
        })
        .unwrap();
    assert_eq!((bytes, formats), (webp, vec![Format::WebP; 2]));
}

#[test]
fn a_picture_that_never_comes_whole_is_tried_as_often_as_retries_say() {
    for retries in [0, 5] {
        let cut = || answer(200, "", &JPEG[..JPEG.len() - 1]);
        let script = Script::play((0..=retries).map(|_| cut()).collect());
        let (client, _) = script.client_with(|settings| settings.retries = retries);
        let error = fetch(&client, &script).unwrap_err();
        assert!(error.message.contains("the JPEG has no end"), "{error}");
        assert_eq!(script.seen().len(), retries as usize + 1);
    }
}

#[test]
fn an_expired_url_is_told_apart_and_not_asked_again() {
    for status in [403, 404, 410] {
        let script = Script::play(vec![answer(status, "", b"URL signature expired")]);
        let error = fetch(&client(&script), &script).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Expired);
        assert!(!error.message.contains("00_abc") && error.message.contains("/p.jpg"), "{error}");
        assert_eq!(script.seen().len(), 1);
    }
}

#[test]
fn a_redirect_is_followed_and_no_token_is_sent() {
    let script =
        Script::play(vec![answer(302, "Location: /q.jpg\r\n", b""), answer(200, "", JPEG)]);
    let (client, lines) =
        script.client_with(|s| s.token = Some(Token::new("MLY|1|secret").unwrap()));
    assert_eq!(fetch(&client, &script).unwrap(), JPEG);
    assert!(
        script
            .seen()
            .iter()
            .all(|r| !r.contains("secret") && !r.to_lowercase().contains("authorization"))
    );
    assert!(lines.lock().unwrap().iter().all(|line| !line.contains("00_abc")));
    let script = Script::play(vec![answer(302, "Location: /q.jpg\r\n", b"")]);
    assert!(fetch(&crate::service::mock_server::client(&script), &script).is_err());
}

#[test]
fn a_sink_that_fails_ends_the_picture_with_the_reason() {
    let script = Script::play(vec![answer(200, "", JPEG)]);
    let full = |_| Err::<Vec<u8>, _>(std::io::Error::from(std::io::ErrorKind::StorageFull));
    let error = client(&script).picture(&format!("{}/p.jpg", script.base()), full).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Write(std::io::ErrorKind::StorageFull));
}

#[test]
fn a_dropped_connection_is_another_try() {
    let script = Script::play(vec![raw(b""), raw(b"HTTP/1.1 2"), answer(200, "", JPEG)]);
    assert_eq!(fetch(&client(&script), &script).unwrap(), JPEG);
}

/// A longer picture, which the tests cut.
fn long() -> Vec<u8> {
    let filler = vec![b'.'; 20_000];
    [
        &b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02"[..],
        &filler,
        b"\xff\xd9",
    ]
    .concat()
}

fn cut(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = answer(200, headers, body);
    answer.truncate(answer.len() - 5_000);
    answer
}

const MARK: &str = "ETag: \"a\"\r\n";

#[test]
fn a_picture_that_was_cut_goes_on_where_it_was_cut() {
    let body = long();
    let (all, first) = (body.len(), body.len() - 5_000);
    let range = format!("{MARK}Content-Range: bytes {first}-{}/{all}\r\n", all - 1);
    let rest = answer(206, &range, &body[first..]);
    // An outage in between makes no difference.
    let script = Script::play(vec![cut(MARK, &body), answer(503, "", b"busy"), rest]);
    let (mut begun, url) = (0, format!("{}/p.jpg", script.base()));
    let client = client(&script);
    let (came, bytes) = client
        .picture(&url, |_| {
            begun += 1;
            Ok(Vec::new())
        })
        .unwrap();
    assert_eq!((came == body, bytes, begun), (true, all as u64, 1));
    assert_eq!(client.counts().bytes(), all as u64, "nothing twice");
    let seen = script.seen();
    assert!(!seen[0].to_lowercase().contains("range"));
    for head in &seen[1..] {
        let head = head.to_lowercase();
        assert!(head.contains(&format!("\r\nrange: bytes={first}-\r\n")), "{head}");
        assert!(head.contains("\r\nif-range: \"a\"\r\n"), "{head}");
    }
}

#[test]
fn a_host_that_cannot_go_on_or_has_another_picture_by_now_gives_all_of_it_anew() {
    let (body, mut other) = (long(), long());
    other[9_000] = b'!';
    let (all, first) = (body.len(), body.len() - 5_000);
    let rest = |mark: &str, from: usize| {
        let range = format!("{mark}Content-Range: bytes {from}-{}/{all}\r\n", all - 1);
        answer(206, &range, &other[from..])
    };
    let whole = || answer(200, "ETag: \"b\"\r\n", &other);
    for (first_try, second) in [
        (cut(MARK, &body), whole()),
        (cut(MARK, &body), rest("ETag: \"b\"\r\n", first)),
        (cut(MARK, &body), rest("", first)),
        (cut(MARK, &body), rest(MARK, first - 1)),
        (cut(MARK, &body), answer(416, "", b"")),
        // Without a validator, the host could not recognize the content.
        (cut("", &body), whole()),
        (cut("ETag: W/\"a\"\r\n", &body), whole()),
    ] {
        let script = Script::play(vec![first_try, second, whole()]);
        assert_eq!(fetch(&client(&script), &script).unwrap(), other);
        assert!(script.seen().last().is_some_and(|head| {
            script.seen().len() == 2 || !head.to_lowercase().contains("range:")
        }));
    }
    // A part that was not requested is not a picture.
    let script = Script::play(vec![rest(MARK, 0), whole()]);
    assert_eq!(fetch(&client(&script), &script).unwrap(), other);
}

#[test]
fn the_end_is_proven_of_what_was_put_together_too() {
    let mut body = long();
    let first = body.len() - 5_000;
    body.truncate(body.len() - 2);
    let range = format!("{MARK}Content-Range: bytes {first}-{}/{}\r\n", body.len() - 1, body.len());
    let rest = answer(206, &range, &body[first..]);
    let start = [answer(200, MARK, &body)[..].to_vec()].concat();
    let start = start[..start.len() - (body.len() - first)].to_vec();
    let script = Script::play(vec![start, rest, answer(200, "", &long())]);
    assert_eq!(fetch(&client(&script), &script).unwrap(), long());
    assert!(!script.seen()[2].to_lowercase().contains("range:"), "not the same part again");
}

#[test]
fn a_picture_that_drips_gives_up_its_place() {
    // From its first byte, and after a fast start.
    for at_once in [100, 4_300] {
        let pause = Duration::from_millis(5);
        let script = Script::drip(answer(200, "", &long()), at_once, pause);
        let (client, _) = script.client_with(|s| {
            // Longer than a busy machine delays a thread.
            s.timeout = Duration::from_millis(300);
            s.retries = 0;
        });
        let error = fetch(&client, &script).unwrap_err();
        assert!(error.message.contains("too slow"), "{error}");
    }
}

#[test]
fn pictures_that_are_broken_at_their_source_do_not_end_the_run() {
    let script = Script::play(vec![answer(200, "", &JPEG[..JPEG.len() - 1])]);
    let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (1, 2));
    assert!((0..5).all(|_| fetch(&client, &script).unwrap_err().kind == ErrorKind::Row));
    let script = Script::play(vec![answer(503, "", b"busy")]);
    let (client, _) = script.client_with(|s| (s.retries, s.max_failures) = (1, 2));
    assert_eq!(fetch(&client, &script).unwrap_err().kind, ErrorKind::Row);
    assert_eq!(fetch(&client, &script).unwrap_err().kind, ErrorKind::Run);
}

#[test]
fn the_expiry_of_a_url_is_read_from_its_query() {
    assert_eq!(expires_s("https://h/a?oh=1&oe=6710ABCD&x=1"), Some(0x6710_abcd));
    assert_eq!(expires_s("https://h/a?oe=zz"), None);
    assert_eq!(expires_s("https://h/a"), None);
}

use super::*;

fn judge(endpoint: Endpoint, status: u16, content_type: Option<&str>, body: &str) -> &'static str {
    let content_type = content_type.map(str::to_owned);
    let head = Head { status, content_type, redirect: None };
    match classify(endpoint, &head, body.as_bytes()) {
        ResponseClass::Ok => "ok",
        ResponseClass::Gone(_) => "gone",
        ResponseClass::MaybeEmpty => "maybe empty",
        ResponseClass::Again(RetryPolicy::Many, _) => "again",
        ResponseClass::Again(RetryPolicy::Twice, _) => "twice",
        ResponseClass::Throttled(..) => "throttled",
        ResponseClass::TooMuch(_) => "too much",
        ResponseClass::BadToken(_) => "token",
        ResponseClass::BadRequest(_) => "request",
        ResponseClass::WrongType(_) => "type",
        ResponseClass::Expired(_) => "expired",
        ResponseClass::Broken(_) => "broken",
        ResponseClass::NeedsHttps(_) => "https",
    }
}

#[test]
fn every_answer_of_the_graph_has_its_meaning() {
    let reduce =
        r#"{"error":{"message":"Please reduce the amount of data you're asking for","code":1}}"#;
    let table: &[(u16, &str, &str)] = &[
        (200, r#"{"id":"1"}"#, "ok"),
        (200, r#"{"data":[]}"#, "ok"),
        (
            500,
            r#"{"error":{"message":"Invalid OAuth 2.0 Access Token","code":190,"error_data":{}}}"#,
            "token",
        ),
        (401, r#"{"error":{"message":"Failed to decode","code":190}}"#, "token"),
        (400, r#"{"error":{"message":"expired","code":190}}"#, "token"),
        (200, r#"{"error":{"message":"bad","code":"190"}}"#, "token"),
        (401, "", "token"),
        (400, r#"{"error":{"message":"no such","code":100,"error_subcode":33}}"#, "gone"),
        (400, r#"{"error":{"message":"aliases","code":803}}"#, "gone"),
        (
            400,
            r#"{"error":{"message":"Tried accessing nonexisting field (x)","code":100}}"#,
            "type",
        ),
        (400, r#"{"error":{"message":"bbox too big","code":100}}"#, "request"),
        (403, r#"{"error":{"message":"permission","code":10}}"#, "request"),
        (403, r#"{"error":{"message":"permission","code":200}}"#, "request"),
        (429, r#"{"error":{"message":"limit","code":4,"is_transient":true}}"#, "throttled"),
        (403, r#"{"error":{"message":"limit","code":4}}"#, "throttled"),
        (429, "<?xml version='1.0'?><Error/>", "throttled"),
        (302, "", "twice"),
        (500, reduce, "too much"),
        (500, r#"{"error":{"message":"An unknown error","code":1}}"#, "again"),
        (500, r#"{"error":{"message":"down","code":2,"is_transient":true}}"#, "again"),
        (400, r#"{"error":{"message":"timeout","code":-2}}"#, "again"),
        (400, r#"{"error":{"message":"odd","code":77,"is_transient":true}}"#, "again"),
        (400, r#"{"error":{"message":"odd","code":77}}"#, "twice"),
        (500, r#"{"error":{"message":"odd","code":77}}"#, "again"),
        (200, r#"{"error":{"message":"odd"}}"#, "twice"),
        (200, r#"{"error":"temporarily unavailable"}"#, "again"),
        (200, r#"{"error":null}"#, "again"),
        (200, r#"{"id":"1","error":"temporarily unavailable"}"#, "again"),
        (400, r#"{"error":{"message":"no code"}}"#, "twice"),
        (400, "Bad Request", "twice"),
        (404, "", "twice"),
        (403, "<html>", "twice"),
        (502, "<html>bad gateway</html>", "again"),
        (200, "<html>log in</html>", "again"),
        (200, r#"{"data":[{"id":"#, "again"),
        (200, "", "again"),
        (200, "[]", "again"),
        (202, r#"{"data":[]}"#, "again"),
        (206, r#"{"data":[{"id":"1"}]}"#, "again"),
        (201, r#"{"data":[]}"#, "ok"),
    ];
    for (status, body, wanted) in table {
        assert_eq!(judge(Endpoint::Graph, *status, None, body), *wanted, "{status} {body}");
    }
}

#[test]
fn every_answer_for_a_tile_or_a_picture_has_its_meaning() {
    use Endpoint::{Picture, Tile};
    let table: &[(Endpoint, u16, Option<&str>, &str, &str)] = &[
        (Tile, 200, None, "\x1a\x05", "ok"),
        (Tile, 200, None, "", "ok"),
        (Tile, 204, None, "", "ok"),
        (Tile, 202, None, "", "again"),
        (Tile, 206, None, "\x1a\x05", "again"),
        (Tile, 404, None, "", "maybe empty"),
        (Tile, 302, None, "", "throttled"),
        (Tile, 200, Some("text/html"), "anything", "throttled"),
        (Tile, 200, None, "\n <html>", "throttled"),
        (Tile, 429, None, "", "throttled"),
        (Tile, 401, None, "", "token"),
        (Tile, 403, None, "", "token"),
        (Tile, 503, None, "", "again"),
        (Picture, 403, Some("text/plain"), "URL signature expired", "expired"),
        (Picture, 404, None, "", "expired"),
        (Picture, 410, None, "", "expired"),
        (Picture, 429, Some("application/xml"), "<Error/>", "throttled"),
        (Picture, 200, Some("text/html"), "<html>", "again"),
        (Picture, 200, Some("image/jpeg"), "", "again"),
        (Picture, 500, None, "", "again"),
    ];
    for (endpoint, status, content_type, body, wanted) in table {
        assert_eq!(
            judge(*endpoint, *status, *content_type, body),
            *wanted,
            "{endpoint:?} {status} {body}"
        );
    }
    let head = Head { status: 200, ..Head::default() };
    for (start, is_picture) in [
        (&b"\xff\xd8\xff\xe0"[..], true),
        (b"RIFF\x1a\0\0\0WEBPVP8 ", true),
        (b"RIFF\x1a\0\0\0WAVEfmt ", false),
        (b"\x89PNG\r\n\x1a\n", false),
    ] {
        assert_eq!(classify(Picture, &head, start) == ResponseClass::Ok, is_picture, "{start:?}");
    }
}

#[test]
fn a_redirect_is_what_it_is_at_each_host() {
    use Endpoint::{Graph, InternetArchive, Tile};
    let judge = |endpoint, to: &str, wants_https| {
        let redirect = Some(Redirect { to: to.to_owned(), wants_https });
        classify(endpoint, &Head { status: 302, redirect, ..Head::default() }, b"")
    };
    let login = "https://www.mapillary.com/login";
    assert!(matches!(judge(Tile, login, false), ResponseClass::Throttled(UNITS_LOGIN, text)
        if text.contains("a redirect to 'https://www.mapillary.com/login'")));
    for endpoint in [Graph, InternetArchive] {
        assert!(
            matches!(judge(endpoint, login, false), ResponseClass::Again(RetryPolicy::Twice, text)
            if text.contains(login) && text.contains("not followed"))
        );
    }
    for endpoint in [Graph, InternetArchive, Tile] {
        assert!(matches!(judge(endpoint, "https://h/1", true), ResponseClass::NeedsHttps(_)));
    }
}

#[test]
fn every_answer_of_the_internet_archive_has_its_meaning() {
    let table: &[(u16, &str, &str)] = &[
        (200, "{}", "ok"),
        (200, r#"{"metadata":{}}"#, "ok"),
        (200, r#"{"error":"down for maintenance"}"#, "again"),
        (400, r#"{"error":"bad query","errorType":"RangeException"}"#, "twice"),
        (200, r#"{"metadata":"#, "again"),
        (200, "<html>", "again"),
        (200, "", "again"),
        (404, "{}", "twice"),
        (403, "", "twice"),
        (301, "", "twice"),
        (429, "", "throttled"),
        (500, r#"{"error":{"code":190}}"#, "again"),
        (503, "Slow Down", "again"),
    ];
    for (status, body, wanted) in table {
        let verdict = judge(Endpoint::InternetArchive, *status, None, body);
        assert_eq!(verdict, *wanted, "{status} {body}");
    }
}

#[test]
fn an_unreadable_answer_is_shown_by_its_first_bytes_in_one_line() {
    let head = Head { status: 502, ..Head::default() };
    let body = format!("<html>\n\x1b[31m{}", "x".repeat(500));
    let ResponseClass::Again(_, text) = classify(Endpoint::Graph, &head, body.as_bytes()) else {
        panic!("{body}")
    };
    assert!(text.starts_with("HTTP 502: '<html>  [31mxx") && text.len() < 120, "{text}");
}

#[test]
fn no_body_makes_the_judge_stumble() {
    let good =
        br#"{"error":{"message":"no such","code":100,"error_subcode":33,"is_transient":false}}"#;
    let mut rng = fastrand::Rng::with_seed(7);
    let head = Head { status: 400, ..Head::default() };
    for end in 0..good.len() {
        classify(Endpoint::Graph, &head, &good[..end]);
    }
    for _ in 0..5_000 {
        let mut body = good.to_vec();
        let at = rng.usize(..body.len());
        body[at] = rng.u8(..);
        classify(Endpoint::Graph, &head, &body);
    }
}

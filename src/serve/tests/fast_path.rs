//! The same responses with and without hyper.

use super::*;

const HEAD: &str = "GET /101 HTTP/1.1\r\nHost: h\r\n";

/// The response of hyper, which has the connection after its first request, with the head's lines sorted and without
/// the date.
fn by_hyper(server: &Server, request: &str) -> (Vec<String>, Vec<u8>) {
    let first = "OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n";
    let both = send(server, &format!("{first}{request}")).expect("two answers");
    let split = both.body.windows(4).position(|four| four == b"\r\n\r\n").expect("a second head");
    let head = String::from_utf8_lossy(&both.body[..split]).into_owned();
    (lines(&head), both.body[split + 4..].to_vec())
}

fn lines(head: &str) -> Vec<String> {
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    lines.retain(|line| !line.starts_with("date: "));
    lines.sort_unstable();
    lines
}

#[test]
fn hyper_gives_the_same_answers_to_the_byte() {
    let town = Town::new();
    let server = town.serve(|settings| settings.web = Some(WebSettings::default()));
    let picture =
        target(&get(&server, "/101?fields=thumb_original_url").json()["thumb_original_url"]);
    let tag = get(&server, "/101?fields=captured_at").header("etag").expect("a tag").to_owned();
    let held = format!("If-None-Match: {tag}\r\n");
    let gzip = "Accept-Encoding: gzip\r\n";
    let list = "/images?make=Acme&fields=geometry,captured_at,creator,organization,merge_cc";
    for (path, headers) in [
        ("/101?fields=captured_at,geometry", ""),
        ("/101?fields=captured_at,geometry", ""),
        ("/101?fields=captured_at", &*held),
        ("/101?fields=nonesuch", ""),
        ("/77?fields=username", ""),
        ("/me", ""),
        ("/105", ""),
        ("/none/such/path", ""),
        (list, ""),
        (list, gzip),
        (TILE, ""),
        (TILE, gzip),
        ("/maps/other", ""),
        (&*picture, ""),
        (&*picture, "Range: bytes=2-4\r\n"),
        (&*picture, "Range: bytes=900-\r\n"),
        ("/m1/v/t6/none", ""),
        ("/web/config.json", ""),
        ("/web/index.html", gzip),
        ("/", ""),
    ] {
        for (method, token) in [("GET", "Authorization: OAuth x\r\n"), ("HEAD", ""), ("GET", "")] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: h\r\n{token}{headers}Connection: close\r\n\r\n"
            );
            let own = send(&server, &request).expect("an answer");
            let (head, body) = by_hyper(&server, &request);
            assert_eq!(lines(&own.head), head, "{request}");
            assert!(own.body == body, "{request}: {} and {} bytes", own.body.len(), body.len());
        }
    }
}

#[test]
fn a_connection_goes_on_with_hyper_where_a_request_is_not_plain() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let token = "Authorization: OAuth x\r\n";
    let requests = format!(
        "{HEAD}{token}\r\n{HEAD}{token}\r\nPOST /101 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc{HEAD}{token}Connection: close\r\n\r\n"
    );
    let Got { head, body, .. } = send(&server, &requests).expect("answers");
    let all = head + &String::from_utf8_lossy(&body);
    let statuses: Vec<&str> = all.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "200", "405", "200"], "{all}");
}

#[test]
fn a_head_that_is_longer_than_any_plain_one_is_answered_too() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let long = format!("Authorization: OAuth x\r\nA: {}\r\n", "b".repeat(40_000));
    assert_eq!(ask(&server, "GET", "/101", &long).status, 200);
}

#[test]
fn a_picture_that_the_system_sends_itself_comes_whole_and_in_parts() {
    let town = Town::new();
    let mut large: Vec<u8> = (0..800_000u32).flat_map(u32::to_le_bytes).collect();
    large[..4].copy_from_slice(b"\xff\xd8\xff\xfe");
    fs::write(town.dir.path().join("104.jpg"), &large).expect("a picture");
    let server = town.serve(|_| {});
    let link = |id: &str| {
        let url = format!("/{id}?fields=thumb_original_url");
        target(&get(&server, &url).json()["thumb_original_url"])
    };
    assert!(ask(&server, "GET", &link("104"), "").body == large);
    let part = ask(&server, "GET", &link("104"), "Range: bytes=5-3000003\r\n");
    assert!(part.status == 206 && part.body == large[5..=3_000_003]);
    assert_eq!(ask(&server, "GET", &link("101"), "").body, PICTURE);
}

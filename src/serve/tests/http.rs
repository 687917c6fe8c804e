//! HTTP features: conditional requests, compression, origins, connections, logging.

use super::*;

#[test]
fn a_copy_that_the_client_has_is_not_sent_again() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let token = "Authorization: OAuth x\r\n";
    for target in
        ["/101?fields=captured_at", "/maps/vtp/mly1_public/2/14/8801/5373", "/images?make=Acme"]
    {
        let got = get(&server, target);
        let (tag, date) =
            (got.header("etag").expect("a tag"), got.header("last-modified").expect("a date"));
        for condition in [format!("If-None-Match: {tag}"), format!("If-Modified-Since: {date}")] {
            let again = ask(&server, "GET", target, &format!("{token}{condition}\r\n"));
            assert_eq!((again.status, again.body.len()), (304, 0), "{target} {condition}");
            assert_eq!(again.header("etag"), Some(tag));
        }
        let other = ask(&server, "GET", target, &format!("{token}If-None-Match: \"x\"\r\n"));
        assert_eq!((other.status, &other.body), (200, &got.body));
    }
    let links = get(&server, "/101?fields=thumb_256_url");
    assert_eq!(links.header("last-modified"), None, "links expire");
}

#[test]
fn lists_and_tiles_are_packed_for_those_who_take_it() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let target = "/images?make=Acme&fields=geometry,captured_at,creator,organization,merge_cc";
    let plain = get(&server, target);
    let headers = "Authorization: OAuth x\r\nAccept-Encoding: gzip, deflate\r\n";
    let packed = ask(&server, "GET", target, headers);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut body).expect("gzip");
    assert_eq!((body, packed.header("etag")), (plain.body.clone(), plain.header("etag")));
    let head = ask(&server, "HEAD", target, "Authorization: OAuth x\r\n");
    assert_eq!(head.header("content-length"), plain.header("content-length"));
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn links_begin_as_a_proxy_in_front_is_called() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let headers = "Authorization: OAuth x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: archive.org:8443\r\n";
    let entity = ask(&server, "GET", "/101?fields=thumb_256_url", headers).json();
    let link = entity["thumb_256_url"].as_str().expect("a link");
    assert!(link.starts_with("https://archive.org:8443/m1/"), "{link}");
    let page = ask(&server, "GET", "/images?make=Acme&limit=1", headers).json();
    let next = page["paging"]["next"].as_str().expect("a link");
    assert!(next.starts_with("https://archive.org:8443/images?make=Acme"), "{next}");
}

#[test]
fn what_is_not_served_says_so() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let got = get(&server, "/101/no/such");
    assert_eq!(error_of(&got).1, 2500);
    assert!(got.text().contains("not served"), "{}", got.text());
    for target in ["/maps/vtp/mly9_new/2/14/1/1", "/maps/other", "/m1/x"] {
        let got = get(&server, target);
        assert!(got.status == 404 && got.text().contains("not served"), "{target}: {}", got.text());
    }
}

#[test]
fn browsers_may_ask_from_any_page_errors_too() {
    let town = Town::new();
    let server = town.serve(|_| {});
    for (method, target) in [
        ("OPTIONS", "/101"),
        ("GET", "/101"),
        ("GET", "/m1/v/t6/x"),
        ("GET", "/a/b"),
        ("POST", "/101"),
    ] {
        let got = ask(&server, method, target, "");
        assert_eq!(got.header("access-control-allow-origin"), Some("*"), "{method} {target}");
    }
    let asked = ask(&server, "OPTIONS", "/101", "");
    assert_eq!((asked.status, asked.header("access-control-max-age")), (200, Some("7200")));
    assert_eq!(ask(&server, "POST", "/101", "").status, 405);
    assert_eq!(error_of(&get(&server, "/a/b")).1, 2500);
}

#[test]
fn one_connection_carries_many_requests() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let one = |close: &str| {
        format!("GET /101 HTTP/1.1\r\nHost: h\r\nAuthorization: OAuth x\r\n{close}\r\n")
    };
    let got = send(&server, &format!("{}{}{}", one(""), one(""), one("Connection: close\r\n")))
        .expect("answers");
    assert_eq!(got.text().matches("HTTP/1.1 200").count() + 1, 3);
}

#[test]
fn each_request_is_logged_without_its_token() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let log: Log = Arc::new(move |line: &str| sink.lock().expect("the log").push(line.to_owned()));
    let access = Arc::new(Mutex::new(Vec::new()));
    let sink = access.clone();
    let access_log: Log =
        Arc::new(move |line: &str| sink.lock().expect("the log").push(line.to_owned()));
    let town = Town::new();
    let server = town.serve(|settings| {
        settings.log = Some(log);
        settings.access_log = Some(access_log);
    });
    let link = get(&server, "/101?fields=thumb_256_url&access_token=MLY%7Csecret").json();
    ask(&server, "GET", &target(&link["thumb_256_url"]), "");
    let lines = lines.lock().expect("the log");
    assert!(lines[0].starts_with("GET /101?fields=thumb_256_url 200 "), "{lines:?}");
    assert!(lines[1].ends_with(&format!(" 200 {} picture 101 256", PICTURE.len())), "{lines:?}");
    assert!(!lines.join("\n").contains("secret") && !lines[1].contains("oh="));
    let access = access.lock().expect("the log");
    assert!(access[0].starts_with("127.0.0.1 - - ["), "{access:?}");
    assert!(access[0].contains("] \"GET /101?fields=thumb_256_url HTTP/1.1\" 200 "), "{access:?}");
    assert!(!access.join("\n").contains("secret") && !access[1].contains("oh="));
}

#[test]
fn mutated_requests_get_an_answer_and_do_no_harm() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    let good = [
        "/images?bbox=13.4,52.51,13.41,52.53&limit=2&fields=id,creator{id}&start_captured_at=2024-06-01T12:34:59Z",
        "/images?lat=52.52&lng=13.4021&radius=20&creator_username=ada&after=YWZ0ZXI6MQ",
        "/?ids=101,102&fields=geometry",
        TILE,
        &link,
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3000 {
        let mut text = good[random.usize(..good.len())].as_bytes().to_vec();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(1..text.len());
            text[at] = b"0179-.,%=&?/{}()_eE+AzN"[random.usize(..23)];
        }
        let text = String::from_utf8(text).expect("ASCII");
        let range =
            format!("Range: bytes={}-{}\r\n", random.u8(..), random.u64(..) >> random.u8(..64));
        let got = ask(&server, "GET", &text, &format!("Authorization: OAuth x\r\n{range}"));
        assert!(got.status >= 200, "{text}");
    }
}

#[test]
fn a_stopped_server_answers_no_more() {
    let town = Town::new();
    let server = town.serve(|_| {});
    let address = server.address();
    assert_eq!(get(&server, "/101").status, 200);
    server.stop();
    let refused = TcpStream::connect(address).and_then(|mut stream| {
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
        stream.read(&mut [0; 1])
    });
    assert!(matches!(refused, Err(_) | Ok(0)));
}

#[test]
fn a_connection_without_a_request_is_closed_early_when_others_cannot_connect() {
    let town = Town::new();
    let server = town.serve(|settings| settings.crowded_idle = Duration::from_millis(30));
    let mut idle = TcpStream::connect(server.address()).expect("a connection");
    let mut half = TcpStream::connect(server.address()).expect("a connection");
    half.write_all(b"GET /101?fields=captured_at HTTP/1.1\r\nHost: h\r\n").expect("sent");
    idle.set_read_timeout(Some(Duration::from_millis(100))).expect("a timeout");
    assert!(idle.read(&mut [0]).is_err(), "it stays open as long as all can connect");
    assert!(server.crowd.refused() && !server.crowd.refused(), "it is told once");
    idle.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    assert_eq!(idle.read(&mut [0]).expect("an end"), 0);
    half.write_all(b"Authorization: OAuth x\r\nConnection: close\r\n\r\n").expect("sent");
    let mut got = String::new();
    half.read_to_string(&mut got).expect("an answer");
    assert!(got.starts_with("HTTP/1.1 200"), "{got}");
}

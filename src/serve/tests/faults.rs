//! Injected faults, as a client sees them.

use super::*;

/// A picture, a tile or an entity with a fault in every response.
fn struck(fault: &str, target: &str) -> std::io::Result<Got> {
    let order = format!("{fault}=1").parse().expect("an order");
    let town = Town::new();
    let server = town.serve(|settings| {
        settings.faults = vec![order];
        settings.slow = Duration::from_millis(20);
    });
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: OAuth x\r\n\r\n"
    );
    send(&server, &request)
}

#[test]
fn throttling_has_each_of_its_shapes() {
    let got = struck("app-limit", "/101").expect("an answer");
    assert_eq!(error_of(&got).0, 429);
    assert_eq!(
        (&got.json()["error"]["code"], &got.json()["error"]["is_transient"]),
        (&json!(4), &json!(true))
    );
    let got = struck("xml", "/101").expect("an answer");
    assert!(got.status == 429 && got.text().starts_with("<?xml"));
    let got = struck("login", TILE).expect("an answer");
    assert_eq!(
        (got.status, got.header("location")),
        (302, Some("https://www.mapillary.com/login"))
    );
    assert_eq!(error_of(&struck("transient", "/101").expect("an answer")), (500, 2, Value::Null));
    assert_eq!(error_of(&struck("timeout", "/101").expect("an answer")), (400, -2, Value::Null));
}

#[test]
fn other_faults_look_as_they_do_in_the_wild() {
    let got = struck("server", "/101").expect("an answer");
    assert!(got.status == 502 && got.text().contains("<html>"));
    let got = struck("html", TILE).expect("an answer");
    assert!(
        got.status == 200
            && got.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    );
    let got = struck("malformed", "/101").expect("an answer");
    assert!(got.status == 200 && serde_json::from_slice::<Value>(&got.body).is_err());
    assert_eq!(struck("slow", "/101").expect("an answer").text(), r#"{"id":"101"}"#);
    assert!(struck("drop", "/101").is_err());
    let cut = struck("cut", "/101").expect("a head");
    assert!(cut.body.len() < 12 && cut.header("content-length") == Some("12"), "{cut:?}");
    let wrong = struck("length", "/101").expect("an answer");
    assert!(wrong.header("content-length") != Some("12"), "{wrong:?}");
}

#[test]
fn an_answer_may_stall_or_drip_and_breaks_in_the_end() {
    for (fault, most) in [("stall", 11), ("drip", 12)] {
        let start = Instant::now();
        let got = struck(fault, "/101").expect("a head");
        assert_eq!(got.header("content-length"), Some("12"), "{fault}");
        assert!(got.body.len() <= most, "{fault} {got:?}");
        let least = if fault == "stall" { 400 } else { 24 };
        assert!(start.elapsed() >= Duration::from_millis(least), "{fault} {:?}", start.elapsed());
    }
}

#[test]
fn a_good_status_may_come_with_json_that_is_no_answer() {
    let town = Town::new();
    let mut bodies = std::collections::BTreeSet::new();
    for seed in 0..12 {
        let server = town.serve(|settings| {
            settings.faults = vec!["error-200=1".parse().expect("an order")];
            settings.seed = seed;
        });
        let got = get(&server, "/?ids=101,102");
        assert_eq!(got.status, 200);
        bodies.insert(got.text().to_owned());
    }
    let wanted = [
        r#"{"101":null,"102":null}"#,
        r#"{"error":"temporarily unavailable"}"#,
        r#"{"status":"maintenance"}"#,
    ];
    assert!(bodies.iter().eq(wanted), "{bodies:?}");
}

#[test]
fn it_may_say_how_long_to_wait_and_how_much_of_the_quota_is_used() {
    let town = Town::new();
    let mut after = Vec::new();
    for seed in 0..8 {
        let server = town.serve(|settings| {
            settings.faults = vec!["retry-after=1".parse().expect("an order")];
            settings.seed = seed;
        });
        let got = get(&server, "/101");
        assert_eq!(got.status, 429);
        after.push(got.header("retry-after").expect("a wait").to_owned());
    }
    assert!(after.contains(&"5".to_owned()) && after.iter().any(|text| text.ends_with(" GMT")));
    let got = struck("app-usage", "/101").expect("an answer");
    let usage: Value = serde_json::from_str(got.header("x-app-usage").expect("a usage")).unwrap();
    assert_eq!((got.status, &usage["call_count"]), (200, &json!(95)));
}

#[test]
fn what_is_there_may_be_said_to_be_gone_and_one_id_may_spoil_whatever_names_it() {
    let (status, code, subcode) = error_of(&struck("false-gone", "/101").expect("an answer"));
    assert_eq!((status, code, subcode), (400, 100, json!(33)));
    let town = Town::new();
    let server = town.serve(|settings| settings.poison = vec!["102".into()]);
    let statuses = ["/102", "/?ids=101,102", "/?ids=101", "/101"].map(|at| get(&server, at).status);
    assert_eq!(statuses, [500, 500, 200, 200]);
}

#[test]
fn lists_may_come_in_odd_pages() {
    let list = "/images?creator_username=ada&limit=3";
    let next = |got: &Got| got.json()["paging"]["next"].as_str().map(str::to_owned);
    let page = struck("short-page", list).expect("a page");
    assert_eq!(ids(&page), ["104"], "half of three");
    let later = next(&page).expect("a next page");
    assert!(later.starts_with("http://h/images?creator_username=ada&limit=3&after="), "{later}");
    let later = later.strip_prefix("http://h").expect("a path").to_owned();
    assert_eq!(error_of(&struck("page-gone", &later).expect("an answer")).2, json!(33));
    assert_eq!(struck("page-gone", list).expect("the first page").status, 200);
    let bad = next(&struck("bad-next", list).expect("a page")).expect("a next page");
    assert!(bad == "next" || bad.starts_with("/images?"), "{bad}");
    for list in [list, "/image_ids?sequence_id=S"] {
        let got = struck("loop", list).expect("a page");
        let again = next(&got).expect("a next page");
        let again = again.strip_prefix("http://h").expect("a path");
        let second = struck("loop", again).expect("a page");
        assert_eq!((ids(&got), next(&got)), (ids(&second), next(&second)), "{list}");
    }
}

#[test]
fn a_picture_may_be_refused_as_expired_before_its_time() {
    let order = "expired=1".parse().expect("an order");
    let town = Town::new();
    let server = town.serve(|settings| settings.faults = vec![order]);
    let link = target(&get(&server, "/101?fields=thumb_256_url").json()["thumb_256_url"]);
    assert_eq!(ask(&server, "GET", &link, "").text(), "URL signature expired");
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let town = Town::new();
    let answers = |seed| -> Vec<Option<u16>> {
        let server = town.serve(|settings| {
            settings.faults = vec!["all=0.5".parse().expect("an order")];
            settings.slow = Duration::ZERO;
            settings.seed = seed;
        });
        let request = |n| {
            format!(
                "GET /10{n} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: OAuth x\r\n\r\n"
            )
        };
        (0..40).map(|n| send(&server, &request(n % 6 + 1)).ok().map(|got| got.status)).collect()
    };
    assert_eq!(answers(1), answers(1));
    assert_ne!(answers(1), answers(2));
}

use super::*;

#[test]
fn a_redirect_is_seen_without_its_query_and_one_to_https_of_the_same_host_is_told_apart() {
    let asked = Url::parse("http://graph.example/v4/images?access_token=x").unwrap();
    for (to, wanted, wants_https) in [
        (
            "https://graph.example/v4/images?access_token=x#y",
            "https://graph.example/v4/images",
            true,
        ),
        ("/login?next=/v4", "http://graph.example/login", false),
        ("https://www.example/login", "https://www.example/login", false),
        ("http://graph.example/", "http://graph.example/", false),
    ] {
        let found = redirect(&asked, to).unwrap();
        assert_eq!((found.to.as_str(), found.wants_https), (wanted, wants_https), "{to}");
    }
    assert_eq!(redirect(&asked, "http://[:"), None);
}

#[test]
fn the_kind_of_an_answer_is_told_without_its_parameters() {
    let kind = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, value.parse().unwrap());
        content_type(&headers)
    };
    assert_eq!(kind("Text/HTML; charset=utf-8").as_deref(), Some("text/html"));
    assert_eq!(kind(" image/jpeg ").as_deref(), Some("image/jpeg"));
    assert_eq!(content_type(&HeaderMap::new()), None);
}

#[test]
fn a_date_that_cannot_be_read_tells_nothing_of_the_clock() {
    assert_eq!(clock_offset_s("yesterday"), None);
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    let offset_s = clock_offset_s(&httpdate::fmt_http_date(hour_ago)).unwrap();
    assert!((3600..3660).contains(&offset_s), "{offset_s}");
}

#[test]
fn a_date_to_wait_for_is_compared_with_the_clock_of_the_response() {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:47 GMT".parse().unwrap());
    assert_eq!(retry_after_of(&headers), Some(Duration::ZERO), "by our clock it is long over");
    headers.insert(DATE, "Sun, 06 Nov 1994 08:49:40 GMT".parse().unwrap());
    assert_eq!(retry_after_of(&headers), Some(Duration::from_secs(7)));
    headers.insert(RETRY_AFTER, "30".parse().unwrap());
    assert_eq!(retry_after_of(&headers), Some(Duration::from_secs(30)));
}

use super::*;

#[test]
fn only_the_browser_that_was_sent_is_heard() {
    let of = |line: &str| said(line, "s1");
    assert_eq!(of("GET /?code=a%2Fb&state=s1 HTTP/1.1\r\n"), Some(Answer::Code("a/b".into())));
    assert_eq!(
        of("GET /?error=user_denied&state=s1 HTTP/1.1"),
        Some(Answer::Refused("user_denied".into()))
    );
    assert_eq!(of("GET /?state=s1 HTTP/1.1"), Some(Answer::Refused("no code".into())));
    for other in [
        "GET /?code=a&state=s2 HTTP/1.1",
        "GET /favicon.ico HTTP/1.1",
        "POST /?code=a&state=s1",
        "",
        "GET /?code=a",
    ] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn the_page_names_where_to_come_back_to() {
    let browser = Browser::listen("7", 0).unwrap();
    let page = browser.page("https://www.mapillary.com/connect").unwrap();
    assert!(
        page.starts_with(
            "https://www.mapillary.com/connect?client_id=7&redirect_uri=http%3A%2F%2Flocalhost%3A"
        ),
        "{page}"
    );
    assert!(page.contains("scope=read+write+upload&state="), "{page}");
}

use hyper::header::{HeaderName, HeaderValue};

use super::*;

#[test]
fn links_begin_as_the_client_calls_the_server() {
    let cases: [(&[(&'static str, &'static str)], &str); 8] = [
        (&[], "http://own:1"),
        (&[("host", "a.org:8080")], "http://a.org:8080"),
        (&[("host", "[::1]:80")], "http://[::1]:80"),
        (&[("host", "a.org"), ("x-forwarded-proto", "https")], "https://a.org"),
        (
            &[
                ("host", "10.0.0.1"),
                ("x-forwarded-proto", "https, http"),
                ("x-forwarded-host", "b.org, c"),
            ],
            "https://b.org",
        ),
        (
            &[
                ("host", "h"),
                ("forwarded", "for=1.2.3.4;Proto=https;host=\"d.org:444\", for=5.6.7.8;proto=http"),
            ],
            "https://d.org:444",
        ),
        (&[("host", "a\"b/c"), ("x-forwarded-proto", "javascript")], "http://own:1"),
        (&[("host", "a.org"), ("x-forwarded-host", "b.org/path?")], "http://a.org"),
    ];
    for (headers, expected) in cases {
        let map = headers
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        assert_eq!(origin(&map.collect(), "own:1"), expected, "{headers:?}");
    }
}

//! How the client calls this server: links in answers begin so. Behind a proxy that ends TLS, its headers tell.

use hyper::HeaderMap;

/// `http://host:port`, or what a proxy says in front: Forwarded (RFC 7239), or X-Forwarded-Proto and X-Forwarded-Host.
pub fn origin(headers: &HeaderMap, own: &str) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Each proxy adds its own at the end: the first one met the client.
    let first = |name: &str| header(name).and_then(|list| list.split(',').next()).map(str::trim);
    let forwarded = |key: &str| {
        let pairs = first("forwarded")?.split(';');
        let mut named = pairs.filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = named.find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        Some(value.trim_matches('"'))
    };
    let scheme = forwarded("proto").or_else(|| first("x-forwarded-proto"));
    let scheme = match scheme {
        Some(https) if https.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    let hosts = [forwarded("host"), first("x-forwarded-host"), header("host")];
    let host = hosts.into_iter().flatten().find(|host| is_host(host)).unwrap_or(own);
    format!("{scheme}://{host}")
}

/// A name or an address, and perhaps a port: nothing that could be more than the host of a link.
fn is_host(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(plain)
}

#[cfg(test)]
mod tests {
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
                    (
                        "forwarded",
                        "for=1.2.3.4;Proto=https;host=\"d.org:444\", for=5.6.7.8;proto=http",
                    ),
                ],
                "https://d.org:444",
            ),
            (&[("host", "a\"b/c"), ("x-forwarded-proto", "javascript")], "http://own:1"),
            (&[("host", "a.org"), ("x-forwarded-host", "b.org/path?")], "http://a.org"),
        ];
        for (headers, expected) in cases {
            let map = headers.iter().map(|&(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            assert_eq!(origin(&map.collect(), "own:1"), expected, "{headers:?}");
        }
    }
}

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
mod tests;

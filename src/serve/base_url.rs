//! The base URL by which the client reaches this server, used for links in responses. Behind a proxy that ends TLS, it
//! comes from the proxy's headers.

use hyper::HeaderMap;

/// `http://host:port`, or the value from a proxy: Forwarded (RFC 7239), or X-Forwarded-Proto and X-Forwarded-Host.
pub fn origin(headers: &HeaderMap, own: &str) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Each proxy appends its own value: the first one is from the proxy that the client connected to.
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

/// Whether it is a name or an address with an optional port: only characters that a host in a link may have.
fn is_host(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(plain)
}

#[cfg(test)]
mod tests;

//! The addresses of the services, and which of them are on this machine.

use std::net::IpAddr;

use reqwest::Url;

use super::super::error::{Error, ErrorKind};
use super::super::settings::ClientSettings;
use super::super::token::redact;

/// Whether the service is on this machine, where no token is needed.
pub fn is_local(settings: &ClientSettings) -> bool {
    settings.graph.parse().is_ok_and(|url| is_loopback(&url))
}

/// True for hosts on this machine, for which there is no rate limit.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // A name may end in the dot of the root, and IPv4 may be written as IPv6.
    host.trim_end_matches('.') == "localhost"
        || address.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// # Errors
///
/// If the text is not an address that a client can use.
pub fn check_endpoint(text: &str) -> Result<(), Error> {
    base(text).map(drop)
}

pub(super) fn base(text: &str) -> Result<Url, Error> {
    let refuse =
        |why: &str| Error::new(ErrorKind::Run, format!("bad endpoint '{}': {why}", redact(text)));
    const WANTED: &str =
        "it must be an http or https URL without a query, such as http://127.0.0.1:8080";
    if !text.contains("://") {
        return Err(refuse(WANTED));
    }
    let url = Url::parse(text.trim_end_matches('/')).map_err(|e| refuse(&e.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() && url.query().is_none() => Ok(url),
        _ => Err(refuse(WANTED)),
    }
}

#[cfg(test)]
mod tests;

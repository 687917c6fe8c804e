//! One line for each request in the Common Log Format, which log analyzers read.

use std::net::SocketAddr;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::value::shown::is_invisible;

/// `host - - [time] "request" status bytes`; quotes and control characters in the request are escaped.
pub fn line(
    peer: Option<SocketAddr>,
    now: SystemTime,
    request: &str,
    status: u16,
    bytes: u64,
) -> String {
    let host = peer.map_or("-".to_owned(), |peer| peer.ip().to_string());
    let time = DateTime::<Utc>::from(now).format("%d/%b/%Y:%H:%M:%S +0000");
    let request: String = request.chars().map(escaped).collect();
    let bytes = if bytes == 0 { "-".to_owned() } else { bytes.to_string() };
    format!("{host} - - [{time}] \"{request}\" {status} {bytes}")
}

fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        c if is_invisible(c) => c.escape_default().to_string(),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests;

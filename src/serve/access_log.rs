//! One line for each request in the Common Log Format, which log analyzers read.

use std::net::SocketAddr;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// `host - - [time] "request" status bytes`; a quote or a control character in the request is written as an escape.
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
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_request_is_a_line_of_the_common_log_format() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_717_245_296);
        let peer = "192.0.2.1:4711".parse().ok();
        assert_eq!(
            line(peer, now, "GET /101?fields=id HTTP/1.1", 200, 12),
            r#"192.0.2.1 - - [01/Jun/2024:12:34:56 +0000] "GET /101?fields=id HTTP/1.1" 200 12"#
        );
        assert!(
            line(None, now, "GET /\"\n HTTP/1.1", 304, 0)
                .ends_with(r#""GET /\"\n HTTP/1.1" 304 -"#)
        );
    }
}

//! Conditional requests and content negotiation: ETag and dates (RFC 9110, section 13), gzip.

use std::io::Write;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::HeaderMap;
use hyper::body::Bytes;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::payload::Payload;

/// Shorter bodies gain nothing from gzip.
const GZIP_FROM_BYTES: usize = 512;

/// The value of a header, if it is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the client's copy is current: by its tag, or by its date only if it sends no tag.
pub fn is_unchanged(headers: &HeaderMap, tag: &str, modified: Option<SystemTime>) -> bool {
    if let Some(tags) = header(headers, "if-none-match") {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return tags.split(',').any(|other| other.trim() == "*" || bare(other) == bare(tag));
    }
    let since = header(headers, "if-modified-since");
    let since = since.and_then(|date| httpdate::parse_http_date(date).ok());
    // HTTP dates have no fractions of a second.
    let seconds =
        |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).map(|d| d.as_secs());
    since.zip(modified).is_some_and(|(since, modified)| {
        matches!((seconds(since), seconds(modified)), (Ok(since), Ok(modified)) if modified <= since)
    })
}

/// Adds a tag to a JSON or tile response, and leaves out the body if the client has it, or compresses it if the client
/// accepts gzip. `modified` is the time of the last change; responses with links, which expire, have none.
pub fn negotiate(answer: &mut Answer, headers: &HeaderMap, modified: Option<SystemTime>) {
    if answer.status != 200 {
        return;
    }
    let Some(body) = answer.body.in_memory().cloned() else { return };
    let is_packed = answer.headers.iter().any(|(name, _)| *name == "content-encoding");
    let known = answer.headers.iter().find(|(name, _)| *name == "etag");
    let tag = known.map_or_else(|| tag(&body), |(_, tag)| tag.clone());
    let unchanged = is_unchanged(headers, &tag, modified);
    answer.headers.retain(|(name, _)| *name != "etag");
    answer.headers.push(("etag", tag));
    answer.headers.push(("vary", "accept-encoding".to_owned()));
    answer.headers.extend(modified.map(|time| ("last-modified", httpdate::fmt_http_date(time))));
    if unchanged {
        answer.status = 304;
        answer.headers.retain(|(name, _)| *name != "content-encoding");
        answer.body = Payload::bytes(Bytes::new());
    } else if is_worth_packing(&body) && takes_gzip(headers) && !is_packed {
        answer.headers.push(("content-encoding", "gzip".to_owned()));
        answer.body = Payload::bytes(packed(&body));
    }
}

/// A weak tag, since the bytes may be sent compressed or not.
pub fn tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let digits: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{digits}\"")
}

pub fn is_worth_packing(body: &[u8]) -> bool {
    body.len() >= GZIP_FROM_BYTES
}

/// Compresses for speed rather than size: the response is for one client, and the fastest level gives most of the gain.
pub fn packed(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::fast());
    let done = encoder.write_all(body).and_then(|()| encoder.finish());
    done.expect("memory takes all").into()
}

/// Whether the client accepts gzip. A weight of 0 refuses it, and `*` stands only for codings that are not listed (RFC 9110,
/// section 12.5.3).
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = header(headers, "accept-encoding").unwrap_or_default().to_ascii_lowercase();
    let takes = |names: &[&str]| {
        listed.split(',').find_map(|coding| {
            let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = rest.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f64>().ok());
            names.contains(&name.trim()).then_some(weight != Some(0.0))
        })
    };
    takes(&["gzip", "x-gzip"]).or_else(|| takes(&["*"])).unwrap_or(false)
}

#[cfg(test)]
mod tests;

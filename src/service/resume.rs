//! Resumes an interrupted picture by Range (RFC 9110, section 14).
//!
//! The rest is accepted only if it is of the same content: the validator must be the same, the part must begin where
//! ours ends, and the total length must be unchanged.

use super::no_answer::NoAnswer;
use reqwest::header::{
    CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_RANGE, LAST_MODIFIED, RANGE,
};

/// The part of the content that a response has, by its headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentRange {
    /// A strong ETag, or else the time of the last change.
    pub mark: Option<String>,
    /// The first byte and the total length, from Content-Range.
    pub range: Option<(u64, Option<u64>)>,
}

/// A request for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// The number of bytes received.
    pub bytes: u64,
    /// The total length, if it was promised.
    pub length: Option<u64>,
    pub mark: String,
}

impl ContentRange {
    pub fn from_headers<'a>(text: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let name = |name: HeaderName| match name {
            ETAG => text("etag"),
            LAST_MODIFIED => text("last-modified"),
            _ => text("content-range"),
        };
        // A weak ETag promises that the picture is equivalent, not that its bytes are the same (section 13.1.5).
        let mark = name(ETAG).filter(|mark| !mark.starts_with("W/")).or(name(LAST_MODIFIED));
        Self { mark: mark.map(str::to_owned), range: name(CONTENT_RANGE).and_then(range) }
    }
}

impl Resume {
    pub fn headers(&self) -> Result<HeaderMap, NoAnswer> {
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|error| NoAnswer::Network(error.to_string()))
        };
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, value(&format!("bytes={}-", self.bytes))?);
        headers.insert(IF_RANGE, value(&self.mark)?);
        Ok(headers)
    }

    /// Whether a response with status 206 is the requested rest.
    pub fn fits(&self, part: &ContentRange) -> bool {
        let Some((first, length)) = part.range else { return false };
        first == self.bytes
            && self.length.is_none_or(|promised| length == Some(promised))
            && part.mark.as_ref() == Some(&self.mark)
    }
}

/// Parses `bytes 5-9/10`, in which the length may be `*`.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, length) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let length = if length == "*" { None } else { Some(length.parse::<u64>().ok()?) };
    (first <= last && length.is_none_or(|length| last < length)).then_some((first, length))
}

#[cfg(test)]
mod tests;

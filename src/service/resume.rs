//! The rest of a picture that was cut on its way, asked for by Range (RFC 9110, section 14).
//!
//! It is taken only when the host says that it is of the very same bytes: the mark must be the same, the part must
//! begin where ours ends, and the whole must have the length that it had.

use super::no_answer::NoAnswer;
use reqwest::header::{
    CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_RANGE, LAST_MODIFIED, RANGE,
};

/// What an answer says of which part it is, and of what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentRange {
    /// A strong ETag, else the time of the last change.
    pub mark: Option<String>,
    /// First byte and length of the whole, of a Content-Range.
    pub range: Option<(u64, Option<u64>)>,
}

/// A wish for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// Bytes that are there.
    pub bytes: u64,
    /// The length of the whole, where it was promised.
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
        // A weak ETag says that the picture looks the same, not that its bytes are (section 13.1.5).
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

    /// Whether an answer with status 206 is the rest that was asked for.
    pub fn fits(&self, part: &ContentRange) -> bool {
        let Some((first, length)) = part.range else { return false };
        first == self.bytes
            && self.length.is_none_or(|promised| length == Some(promised))
            && part.mark.as_ref() == Some(&self.mark)
    }
}

/// `bytes 5-9/10`, of which the length may be `*`.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, length) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let length = if length == "*" { None } else { Some(length.parse::<u64>().ok()?) };
    (first <= last && length.is_none_or(|length| last < length)).then_some((first, length))
}

#[cfg(test)]
mod tests;

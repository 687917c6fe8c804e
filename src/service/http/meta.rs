//! The head of an answer, and what its headers ask of us.

use std::time::{Duration, SystemTime};

use reqwest::Url;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};

use super::super::classify::{Head, Redirect};
use super::super::rate_limiter::usage_percent;
use super::super::resume::ContentRange;
use super::super::retry::retry_after;
use super::super::token::redact;

/// An answer's head, with what its headers ask of us.
#[derive(Debug, Default)]
pub struct Meta {
    pub head: Head,
    pub retry_after: Option<Duration>,
    pub usage_percent: Option<f64>,
    /// The length of the body as promised; absent when it was not, or was of the packed body.
    pub length: Option<u64>,
    /// How far our clock is ahead of the answer's date, in seconds.
    pub clock_offset_s: Option<i64>,
    /// Which part of what this is.
    pub part: ContentRange,
}

impl Meta {
    /// What the head of an answer tells.
    pub(super) fn new(response: &Response) -> Meta {
        let headers = response.headers();
        let redirect = |to| redirect(response.url(), to);
        Meta {
            head: Head {
                status: response.status().as_u16(),
                content_type: content_type(headers),
                redirect: text(headers, LOCATION.as_str()).and_then(redirect),
            },
            retry_after: text(headers, RETRY_AFTER.as_str())
                .and_then(|told| retry_after(told, SystemTime::now())),
            usage_percent: text(headers, "x-app-usage").and_then(usage_percent),
            length: response.content_length(),
            clock_offset_s: text(headers, DATE.as_str()).and_then(clock_offset_s),
            part: ContentRange::from_headers(|name| text(headers, name)),
        }
    }
}

/// Our time less that of a date.
fn clock_offset_s(date: &str) -> Option<i64> {
    let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
    let (own, told) = (since(SystemTime::now())?, since(httpdate::parse_http_date(date).ok()?)?);
    Some(own.as_secs().cast_signed() - told.as_secs().cast_signed())
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = text(headers, CONTENT_TYPE.as_str())?;
    Some(text.split(';').next()?.trim().to_ascii_lowercase())
}

/// Where a redirect leads: seen, not followed.
fn redirect(asked: &Url, to: &str) -> Option<Redirect> {
    let mut to = asked.join(to).ok()?;
    let wants_https =
        asked.scheme() == "http" && to.scheme() == "https" && asked.host_str() == to.host_str();
    to.set_query(None);
    to.set_fragment(None);
    Some(Redirect { to: redact(to.as_str()), wants_https })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests;

//! The head of a response, and the values of its headers.

use std::time::{Duration, SystemTime};

use reqwest::Url;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};

use super::super::classify::{Head, Redirect};
use super::super::rate_limiter::usage_percent;
use super::super::resume::ContentRange;
use super::super::retry::retry_after;
use super::super::token::redact;

/// The head of a response, and the values of its headers.
#[derive(Debug, Default)]
pub struct Meta {
    pub head: Head,
    pub retry_after: Option<Duration>,
    pub usage_percent: Option<f64>,
    /// The promised length of the body; `None` if there was none, or if it was that of the compressed body.
    pub length: Option<u64>,
    /// How far our clock is ahead of the response's `Date`, in seconds.
    pub clock_offset_s: Option<i64>,
    /// The part of the content that the body is, by its headers.
    pub part: ContentRange,
}

impl Meta {
    /// Reads the head of a response.
    pub(super) fn new(response: &Response) -> Meta {
        let headers = response.headers();
        let redirect = |to| redirect(response.url(), to);
        Meta {
            head: Head {
                status: response.status().as_u16(),
                content_type: content_type(headers),
                redirect: text(headers, LOCATION.as_str()).and_then(redirect),
            },
            retry_after: retry_after_of(headers),
            usage_percent: text(headers, "x-app-usage").and_then(usage_percent),
            length: response.content_length(),
            clock_offset_s: text(headers, DATE.as_str()).and_then(clock_offset_s),
            part: ContentRange::from_headers(|name| text(headers, name)),
        }
    }
}

/// The wait that a response asks for. A date is compared with that of the response: our clock may be wrong.
fn retry_after_of(headers: &HeaderMap) -> Option<Duration> {
    let date = text(headers, DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = date.unwrap_or_else(SystemTime::now);
    text(headers, RETRY_AFTER.as_str()).and_then(|told| retry_after(told, now))
}

/// Our time minus a date, in seconds.
fn clock_offset_s(date: &str) -> Option<i64> {
    let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
    let (own, told) = (since(SystemTime::now())?, since(httpdate::parse_http_date(date).ok()?)?);
    Some(own.as_secs().cast_signed() - told.as_secs().cast_signed())
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = text(headers, CONTENT_TYPE.as_str())?;
    Some(text.split(';').next()?.trim().to_ascii_lowercase())
}

/// The target of a redirect: reported, not followed.
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

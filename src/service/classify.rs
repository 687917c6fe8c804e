//! Classifies a response by the body's `code`, then `is_transient`, then the status.
//!
//! Pure: no socket, no clock. How long and how often to wait is decided in `retry`.

mod response_class;

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

use crate::format::picture::PictureFormat;
use crate::value::shown::is_invisible;

pub use response_class::{ResponseClass, RetryPolicy};

/// The kind of endpoint, which determines the expected response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    Graph,
    Tile,
    Picture,
    /// The APIs of archive.org, which do not use the Graph's errors.
    InternetArchive,
    /// The upload host, and the request that finishes an upload; `upload::classify` reads these responses.
    Upload,
}

/// The parts of a response's head that affect its meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Lower case, without parameters; `None` if the service sent none.
    pub content_type: Option<String>,
    pub redirect: Option<Redirect>,
}

/// The target of a redirect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The URL without its query.
    pub to: String,
    /// A redirect from http to https of the same host: the endpoint is configured wrong.
    pub wants_https: bool,
}

/// Units to wait after "application request limit reached": its window is a minute.
const UNITS_LIMIT: u32 = 60;
/// Units to wait after a 429 without a time to wait.
const UNITS_429: u32 = 30;
/// Units to wait after a redirect to the login page, with which the tile host bars an address for minutes.
const UNITS_LOGIN: u32 = 300;
/// Bytes of an unreadable response that a message shows.
const SHOWN_BYTES: usize = 80;

/// Classifies a response by its head and body (for pictures, the first bytes of the body are enough).
pub fn classify(endpoint: Endpoint, head: &Head, body: &[u8]) -> ResponseClass {
    if endpoint != Endpoint::InternetArchive
        && let Some(verdict) = envelope(body).and_then(|error| by_envelope(head.status, &error))
    {
        return verdict;
    }
    match head.status {
        // "Accepted" and "Partial Content": what was asked for is not in it, or not all of it (RFC 9110, 15.3).
        202 | 206 if !matches!(endpoint, Endpoint::Picture | Endpoint::Upload) => {
            ResponseClass::Again(RetryPolicy::Many, reason(head.status, body))
        }
        200..=299 => by_body(endpoint, head, body),
        300..=399 => by_redirect(endpoint, head),
        status => by_status(endpoint, status, reason(status, body)),
    }
}

/// The first bytes of an unexpected response, printable.
pub fn shown(body: &[u8]) -> String {
    let cut = &body[..body.len().min(SHOWN_BYTES)];
    String::from_utf8_lossy(cut)
        .chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The format of a picture, if it is one that is expected: the service has JPEG, a converted archive WebP.
pub fn kind_of_picture(start: &[u8]) -> Option<PictureFormat> {
    PictureFormat::detect(start)
        .filter(|kind| matches!(kind, PictureFormat::Jpeg | PictureFormat::WebP))
}

fn by_envelope(status: u16, error: &Value) -> Option<ResponseClass> {
    let message = error["message"].as_str().unwrap_or("no message");
    let code = number(&error["code"]);
    let text = match code {
        Some(code) => format!("HTTP {status}, code {code}: {}", shown(message.as_bytes())),
        None => format!("HTTP {status}: {}", shown(message.as_bytes())),
    };
    Some(match code {
        Some(190) => ResponseClass::BadToken(text),
        // 4 is the app's limit; 17, 32 and 613 are the Graph API's other limits with the same meaning.
        Some(4 | 17 | 32 | 613) => ResponseClass::Throttled(UNITS_LIMIT, text),
        Some(1) if message.contains("reduce the amount") => ResponseClass::TooMuch(text),
        Some(-2 | 1 | 2) => ResponseClass::Again(RetryPolicy::Many, text),
        Some(100) if number(&error["error_subcode"]) == Some(33) => ResponseClass::Gone(text),
        Some(803) => ResponseClass::Gone(text),
        Some(100) if message.contains("nonexisting field") => ResponseClass::WrongType(text),
        _ if error["is_transient"] == Value::Bool(true) => {
            ResponseClass::Again(RetryPolicy::Many, text)
        }
        Some(10 | 100 | 200..=299) => ResponseClass::BadRequest(text),
        // A 2xx that carries an error is not an answer.
        _ if (200..300).contains(&status) => ResponseClass::Again(RetryPolicy::Twice, text),
        _ => return None,
    })
}

fn by_body(endpoint: Endpoint, head: &Head, body: &[u8]) -> ResponseClass {
    let what = || format!("the answer is not what was asked for: '{}'", shown(body));
    let is_html = head.content_type.as_deref() == Some("text/html")
        || body.trim_ascii_start().starts_with(b"<");
    match endpoint {
        // Both can report an error with status 200, with an 'error' that is text.
        Endpoint::Graph | Endpoint::InternetArchive
            if object(body).is_some_and(|o| !o.contains_key("error")) =>
        {
            ResponseClass::Ok
        }
        Endpoint::Graph | Endpoint::InternetArchive | Endpoint::Upload => {
            ResponseClass::Again(RetryPolicy::Many, what())
        }
        // The login page itself, after a proxy followed the redirect.
        Endpoint::Tile if is_html => ResponseClass::Throttled(UNITS_LOGIN, what()),
        Endpoint::Tile => ResponseClass::Ok,
        Endpoint::Picture if kind_of_picture(body).is_some() && !is_html => ResponseClass::Ok,
        Endpoint::Picture => ResponseClass::Again(RetryPolicy::Many, what()),
    }
}

fn by_status(endpoint: Endpoint, status: u16, text: String) -> ResponseClass {
    match (endpoint, status) {
        (Endpoint::Picture, 403 | 404 | 410) => ResponseClass::Expired(text),
        (_, 429) => ResponseClass::Throttled(UNITS_429, text),
        (_, 408 | 500..=599) => ResponseClass::Again(RetryPolicy::Many, text),
        (Endpoint::Tile, 404) => ResponseClass::MaybeEmpty,
        (Endpoint::Tile, 401 | 403) | (Endpoint::Graph, 401) => ResponseClass::BadToken(text),
        _ => ResponseClass::Again(RetryPolicy::Twice, text),
    }
}

/// Only the tile host redirects addresses that it bars; elsewhere a redirect means a wrong address, or a network that
/// requires a login.
fn by_redirect(endpoint: Endpoint, head: &Head) -> ResponseClass {
    let text = match &head.redirect {
        Some(redirect) => format!("HTTP {}, a redirect to '{}'", head.status, redirect.to),
        None => format!("HTTP {}, a redirect to nowhere", head.status),
    };
    match endpoint {
        _ if head.redirect.as_ref().is_some_and(|redirect| redirect.wants_https) => {
            ResponseClass::NeedsHttps(text)
        }
        Endpoint::Tile => ResponseClass::Throttled(UNITS_LOGIN, text),
        _ => ResponseClass::Again(RetryPolicy::Twice, text + ", which is not followed"),
    }
}

fn reason(status: u16, body: &[u8]) -> String {
    match shown(body) {
        text if text.is_empty() => format!("HTTP {status}"),
        text => format!("HTTP {status}: '{text}'"),
    }
}

fn envelope(body: &[u8]) -> Option<Value> {
    let error = object(body)?.remove("error")?;
    serde_json::from_str::<Value>(error.get()).ok().filter(Value::is_object)
}

fn object(body: &[u8]) -> Option<BTreeMap<String, Box<RawValue>>> {
    serde_json::from_slice(body).ok()
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests;

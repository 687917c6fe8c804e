//! Classifies responses of the upload host, whose errors have their own format, `debug_info`.

use std::time::Duration;

use serde_json::Value;

use crate::service::classify::{
    Endpoint, Head, ResponseClass, RetryPolicy, classify as graph, shown,
};

/// Units to wait after throttling without a time to wait; mapillary_tools waits 10 s.
const UNITS_RATE: u32 = 10;

/// The response of the upload host.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Judged(ResponseClass),
    /// The service holds another number of bytes than the offset of the request: ask for it, and resume there.
    WrongOffset(String),
}

/// Classifies a response; also returns the wait that its body sets.
pub fn classify(head: &Head, body: &[u8]) -> (Answer, Option<Duration>) {
    let parsed: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let info = &parsed["debug_info"];
    let kind = info["type"].as_str().unwrap_or_default();
    let text = || match info["message"].as_str().or(info["type"].as_str()) {
        Some(message) => format!("HTTP {}: {}", head.status, shown(message.as_bytes())),
        None => format!("HTTP {}: '{}'", head.status, shown(body)),
    };
    // In milliseconds, as a number or as text.
    let backoff = parsed["backoff"].as_u64().or_else(|| parsed["backoff"].as_str()?.parse().ok());
    let class = match (head.status, kind) {
        (412, _) | (_, "OffsetInvalidError") => return (Answer::WrongOffset(text()), None),
        (429, _) | (_, "RequestRateLimitedError") => ResponseClass::Throttled(UNITS_RATE, text()),
        (401 | 403, _) | (_, "NotAuthorizedError") => ResponseClass::BadToken(text()),
        (400..=499, _) if parsed["error"].is_object() => match graph(Endpoint::Graph, head, body) {
            // A refusal that the Graph does not explain is final too.
            ResponseClass::Again(RetryPolicy::Twice, reason) => ResponseClass::BadRequest(reason),
            class => class,
        },
        (408, _) => ResponseClass::Again(RetryPolicy::Many, text()),
        (400..=499, _) if info["retriable"] == Value::Bool(true) => {
            ResponseClass::Again(RetryPolicy::Many, text())
        }
        (400..=499, _) => ResponseClass::BadRequest(text()),
        (200..=299, _) if parsed.is_object() && parsed["error"].is_null() => ResponseClass::Ok,
        _ => graph(Endpoint::Upload, head, body),
    };
    (Answer::Judged(class), backoff.map(Duration::from_millis))
}

//! Turns an answer into an HTTP response with the common headers.

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};

use super::super::answer::Answer;
use super::super::payload::Payload;

/// Any page may send requests. Browsers send the token in a header, for which a star is not enough.
pub const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
    (
        "access-control-allow-headers",
        "authorization, content-type, if-modified-since, if-none-match, range",
    ),
    ("access-control-expose-headers", "content-length, content-range, etag, last-modified"),
];

pub(super) fn respond(answer: Answer, method: &Method) -> Response<Payload> {
    let length = answer.body.length();
    let mut response = Response::new(answer.body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert("content-length", length.into());
    for (name, value) in CORS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if method == Method::OPTIONS {
        // Otherwise browsers send a preflight request before each request; Chromium caches it for two hours at most.
        headers.insert("access-control-max-age", HeaderValue::from_static("7200"));
    }
    response
}

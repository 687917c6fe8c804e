//! Parses request heads that are answered without hyper: only unambiguous ones.

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Uri};

/// No browser sends more headers than this.
const MOST_HEADERS: usize = 48;

/// The state of a received request head.
#[derive(Debug)]
pub enum Head {
    /// Incomplete.
    Partial,
    Plain(Box<Plain>),
    /// For hyper: another method or version, a body, a protocol upgrade, or not HTTP.
    Other,
}

/// A complete head.
#[derive(Debug)]
pub struct Plain {
    pub parts: Parts,
    /// Its length in bytes.
    pub len: usize,
    /// The client sends no more requests on this connection.
    pub is_last: bool,
}

pub fn read(bytes: &[u8]) -> Head {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Partial) => Head::Partial,
        Ok(httparse::Status::Complete(len)) => {
            plain(&request, len).map_or(Head::Other, |plain| Head::Plain(Box::new(plain)))
        }
        Err(_) => Head::Other,
    }
}

fn plain(request: &httparse::Request, len: usize) -> Option<Plain> {
    let method = match request.method? {
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        _ => return None,
    };
    let target = request.path.filter(|path| path.starts_with('/') && request.version == Some(1))?;
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = method;
    parts.uri = target.parse::<Uri>().ok()?;
    let mut is_last = false;
    for header in request.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        match name.as_str() {
            "content-length" | "transfer-encoding" | "expect" | "upgrade" | "te" | "trailer" => {
                return None;
            }
            "connection" if header.value.eq_ignore_ascii_case(b"close") => is_last = true,
            "connection" if header.value.eq_ignore_ascii_case(b"keep-alive") => {}
            "connection" => return None,
            _ => {}
        }
        parts.headers.append(name, HeaderValue::from_bytes(header.value).ok()?);
    }
    Some(Plain { parts, len, is_last })
}

#[cfg(test)]
mod tests;

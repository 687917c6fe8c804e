//! Response heads as bytes.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::StatusCode;

use crate::serve::answer::Answer;
use crate::serve::request_handler::CORS;

/// The head that hyper would write.
pub fn head(answer: &Answer, is_last: bool) -> Vec<u8> {
    let mut head = Vec::with_capacity(768);
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("<none>");
    head.extend_from_slice(format!("HTTP/1.1 {} {reason}\r\n", status.as_str()).as_bytes());
    for (at, (name, value)) in answer.headers.iter().enumerate() {
        // Of headers with the same name the last one counts.
        let is_replaced = answer.headers[at + 1..].iter().any(|(other, _)| other == name);
        if is_visible(value) && !is_replaced {
            line(&mut head, name, value);
        }
    }
    // With 304 it would be the length of the representation that the client has (RFC 9110, section 8.6).
    if status != StatusCode::NOT_MODIFIED {
        line(&mut head, "content-length", &answer.body.length().to_string());
    }
    CORS.iter().for_each(|(name, value)| line(&mut head, name, value));
    if is_last {
        line(&mut head, "connection", "close");
    }
    put_date(&mut head);
    head.extend_from_slice(b"\r\n");
    head
}

/// Whether a value has only characters that cannot end the line.
fn is_visible(value: &str) -> bool {
    value.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t')
}

fn line(head: &mut Vec<u8>, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        head.extend_from_slice(part.as_bytes());
    }
}

/// Writes the date header, which is formatted once a second.
fn put_date(head: &mut Vec<u8>) {
    thread_local! {
        static DATE: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) };
    }
    let now = SystemTime::now();
    let now_s = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    DATE.with_borrow_mut(|(written_s, text)| {
        if *written_s != now_s || text.is_empty() {
            (*written_s, *text) = (now_s, httpdate::fmt_http_date(now));
        }
        line(head, "date", text);
    });
}

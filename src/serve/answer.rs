//! A response before it is sent: status, headers, body; and the error bodies of the service.

use std::io;

use hyper::body::Bytes;
use serde_json::json;

use super::payload::Payload;
use crate::threads::panics::Panic;

pub const JSON: &str = "application/json; charset=UTF-8";

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Payload,
}

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let headers = vec![("content-type", content_type.to_owned())];
        Answer { status, headers, body: Payload::bytes(body.into()) }
    }

    pub fn json(body: String) -> Answer {
        Answer::new(200, JSON, body)
    }

    pub fn text(status: u16, body: &'static str) -> Answer {
        Answer::new(status, "text/plain", body)
    }

    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((header, value.into()));
        self
    }
}

/// A response that is an error of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: i32,
    pub subcode: Option<i32>,
    pub transient: bool,
    pub message: String,
    /// Title and text shown to the user after a failed login.
    pub for_user: Option<(&'static str, &'static str)>,
}

/// Transient, because a failing disk may recover.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        let message = format!("Service temporarily unavailable: the index cannot be read: {error}");
        Refusal::new(500, 2, message).transient()
    }
}

/// The service reports no more about its own bugs.
impl From<Panic> for Refusal {
    fn from(_: Panic) -> Refusal {
        Refusal::new(500, 1, "An unknown error occurred")
    }
}

impl Refusal {
    pub fn new(status: u16, code: i32, message: impl Into<String>) -> Refusal {
        let message = message.into();
        Refusal { status, code, subcode: None, transient: false, message, for_user: None }
    }

    /// An invalid parameter of the request.
    pub fn parameter(message: impl Into<String>) -> Refusal {
        Refusal::new(400, 100, message)
    }

    /// A box with more in it than the service will list.
    pub fn too_much() -> Refusal {
        let message = "Please reduce the amount of data you're asking for, then retry your request";
        Refusal::new(500, 1, message)
    }

    /// An id that is unknown, deleted, private or malformed: the service does not distinguish them.
    pub fn no_such_object(id: &str) -> Refusal {
        let message = format!(
            "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due \
             to missing permissions, or does not support this operation"
        );
        Refusal { subcode: Some(33), ..Refusal::parameter(message) }
    }

    /// A failed login; clients prompt again when they see this subcode.
    pub fn credentials(why: &'static str) -> Refusal {
        let refusal = Refusal::parameter("Invalid username or password");
        Refusal { subcode: Some(1_348_131), for_user: Some(("Login failed", why)), ..refusal }
    }

    /// The work was interrupted; the same request may succeed.
    pub fn interrupted() -> Refusal {
        Refusal::new(500, 2, "Service temporarily unavailable").transient()
    }

    pub fn transient(self) -> Refusal {
        Refusal { transient: true, ..self }
    }

    /// `trace` is the service's id of the request. The keys are in the service's order.
    pub fn answer(self, trace: &str) -> Answer {
        let mut keys = vec![
            format!("\"message\":{}", json!(self.message)),
            "\"type\":\"MLYApiException\"".to_owned(),
        ];
        if self.transient {
            keys.push("\"is_transient\":true".to_owned());
        }
        keys.push(format!("\"code\":{}", self.code));
        keys.extend(self.subcode.map(|subcode| format!("\"error_subcode\":{subcode}")));
        if let Some((title, text)) = self.for_user {
            keys.push(format!("\"error_user_title\":{}", json!(title)));
            keys.push(format!("\"error_user_msg\":{}", json!(text)));
        }
        if self.code == 190 {
            keys.push("\"error_data\":{}".to_owned());
        }
        keys.push(format!("\"fbtrace_id\":{}", json!(trace)));
        Answer::new(self.status, JSON, format!("{{\"error\":{{{}}}}}", keys.join(",")))
    }
}

#[cfg(test)]
mod tests;

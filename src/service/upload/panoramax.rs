//! Uploads to Panoramax, the open service, in upload sets: modelled on its server (geovisio 2.15) and its official
//! client (panoramax_cli 1.4), not tested against an instance.

mod form;

use std::sync::Arc;

use reqwest::Url;
use serde_json::{Value, json};

use super::account::{User, text};
use super::content::{Content, Memory, body};
use super::send::no_answer;
use crate::service::classify::{Head, ResponseClass, RetryPolicy, shown};
use crate::service::client::Client;
use crate::service::error::{Error, ErrorKind};
use crate::service::http::{Meta, Post};
use crate::service::request::{Ask, Request};
use crate::service::tiles::join;

use form::Form;

/// Answers are one short object; the answer for a set has one for each of its sequences.
const MOST_ANSWER_BYTES: u64 = 16 << 20;
/// Units to wait after throttling without a time to wait.
const UNITS_RATE: u32 = 10;

/// The remedy if an instance does not answer.
const ADDRESS: &str = "check the address of --instance, or run the same command again later";

/// The result of sending a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    New(String),
    /// The set has it already: an earlier answer was lost.
    Here(String),
    /// The instance has it from an earlier upload, and accepts no picture twice.
    Elsewhere(String),
}

impl Client {
    /// The user of the token.
    pub fn panoramax_user(&self) -> Result<User, Error> {
        let ask = self.panoramax_ask("/api/users/me");
        let user = |_: u16, answer: &Value| {
            Some(User { id: text(&answer["id"])?, username: text(&answer["name"])? })
        };
        self.panoramax(&ask, None, "the user of the token", user)
            .map_err(|error| Error::new(ErrorKind::Run, error.message))
    }

    /// Creates a set for n pictures, which stay together in one sequence; returns its id. A set that is never filled is
    /// never shown.
    pub fn begin_upload_set(&self, title: &str, pictures: usize) -> Result<String, Error> {
        let set = json!({
            "title": title,
            "estimated_nb_files": pictures,
            "sort_method": "time-asc",
            "no_split": true,
            "no_deduplication": true,
        });
        let content: Arc<dyn Content> = Arc::new(Memory(set.to_string().into()));
        let sent = (&content, "application/json".to_owned());
        let id = |_: u16, answer: &Value| text(&answer["id"]);
        self.panoramax(&self.panoramax_ask("/api/upload_sets"), Some(sent), "the upload set", id)
    }

    /// Adds a picture to a set.
    pub fn add_to_upload_set(
        &self,
        set: &str,
        name: &str,
        picture: &Arc<dyn Content>,
        fields: &[(&str, String)],
    ) -> Result<Added, Error> {
        let form = Form::new(name, picture, fields);
        let kind = format!("multipart/form-data; boundary={}", form.boundary);
        let content: Arc<dyn Content> = Arc::new(form);
        let ask = self.panoramax_ask(&format!("/api/upload_sets/{set}/files"));
        self.panoramax(&ask, Some((&content, kind)), &format!("'{name}'"), |status, answer| {
            let before = || text(&answer["existing_item"]["id"]).map(Added::Here);
            let elsewhere = || {
                let other = answer["upload_sets"].as_array()?.first()?;
                text(&other["existing_item_id"]).map(Added::Elsewhere)
            };
            match status {
                409 => before().or_else(elsewhere),
                _ => text(&answer["picture_id"]).map(Added::New),
            }
        })
    }

    /// Completes the set: it becomes a sequence. Repeating the request changes nothing.
    pub fn complete_upload_set(&self, set: &str) -> Result<(), Error> {
        let ask = self.panoramax_ask(&format!("/api/upload_sets/{set}/complete"));
        let nothing: Arc<dyn Content> = Arc::new(Memory(Default::default()));
        let sent = (&nothing, "application/json".to_owned());
        self.panoramax(&ask, Some(sent), "the end of the upload", |_, answer| {
            answer.is_object().then_some(())
        })
    }

    fn panoramax_ask(&self, path: &str) -> Ask {
        let url: Url = join(&self.graph, path);
        Ask::new(Request::Upload, url, MOST_ANSWER_BYTES)
    }

    /// Sends a request, with retries; returns what `read` finds in the answer of a good status, or of 409.
    fn panoramax<T>(
        &self,
        ask: &Ask,
        sent: Option<(&Arc<dyn Content>, String)>,
        what: &str,
        read: impl Fn(u16, &Value) -> Option<T>,
    ) -> Result<T, Error> {
        let mut found = None;
        let verdict = self.repeat(ask, |ticket| {
            let token = self.token_for(&ask.url)?;
            let heard = |bytes| ticket.heard(self.clock().now(), bytes);
            let answer = match &sent {
                None => self.http.get(ask.url.as_str(), token, ask.most_bytes, &heard),
                Some((content, kind)) => {
                    let post = Post {
                        headers: vec![("Content-Type", kind.clone())],
                        body: body(content, 0, self.throttle()),
                        timeout: self.time_for(content.len()),
                    };
                    self.http.post(ask.url.as_str(), token, post, ask.most_bytes, &heard)
                }
            };
            let (meta, body) = match answer {
                Ok(answer) => answer,
                Err(reason) => {
                    let again = ResponseClass::Again(RetryPolicy::Many, reason.to_string());
                    return Ok((Meta::default(), again));
                }
            };
            let parsed = serde_json::from_slice(&body).unwrap_or(Value::Null);
            let mut class = classify(&meta.head, &parsed, &body);
            if meta.head.status == 409 || class == ResponseClass::Ok {
                found = read(meta.head.status, &parsed);
                class = match (&found, class) {
                    (Some(_), _) => ResponseClass::Ok,
                    (None, ResponseClass::Ok) => ResponseClass::Again(
                        RetryPolicy::Many,
                        format!("the answer lacks what was asked for: '{}'", shown(&body)),
                    ),
                    (None, class) => class,
                };
            }
            Ok((meta, class))
        })?;
        found.ok_or_else(|| {
            if !verdict.is_outage() {
                return self.upload_error(ask, what, &verdict);
            }
            let text = no_answer(&ask.url, what, verdict.reason(), ADDRESS);
            Error::new(ErrorKind::Row, self.clean(&text))
        })
    }
}

/// The errors are `{"message", "details": {"error"}}`.
fn classify(head: &Head, answer: &Value, body: &[u8]) -> ResponseClass {
    let words = [&answer["message"], &answer["details"]["error"]].map(|word| word.as_str());
    let words = match words.into_iter().flatten().collect::<Vec<_>>().join(": ") {
        words if words.is_empty() => shown(body),
        words => shown(words.as_bytes()),
    };
    let text = format!("HTTP {}: {words}", head.status);
    match head.status {
        200..=299 => ResponseClass::Ok,
        401 | 403 => ResponseClass::BadToken(text),
        429 => ResponseClass::Throttled(UNITS_RATE, text),
        300..=399 if head.redirect.as_ref().is_some_and(|redirect| redirect.wants_https) => {
            ResponseClass::NeedsHttps(text)
        }
        408 | 500..=599 => ResponseClass::Again(RetryPolicy::Many, text),
        _ => ResponseClass::BadRequest(text),
    }
}

#[cfg(test)]
mod tests;

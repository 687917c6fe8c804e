//! Uploads one file: asks how much is stored, sends the rest, and returns its handle.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use crate::service::classify::{ResponseClass, RetryPolicy};
use crate::service::client::Client;
use crate::service::error::{Error, ErrorKind};
use crate::service::http::{Meta, Post};
use crate::service::request::{Ask, Request};
use crate::service::slow_response::Ticket;
use crate::service::tiles::join;

use super::account::text;
use super::classify::{Answer, classify};
use super::content::{Content, Throttle, body};

/// Answers are one short object.
pub(super) const MOST_ANSWER_BYTES: u64 = 1 << 20;
/// How often a new offset from the service is tried at once, before waiting.
const PLACES: u32 = 3;
/// The slowest connection that is supported: as in mapillary_tools, the timeout of a request is computed from it.
const SLOWEST_BYTES_PER_S: f64 = 50.0 * 1024.0;

/// The result of sending a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub handle: String,
    /// Bytes that were sent by this call.
    pub bytes: u64,
}

impl Client {
    /// Sends a file under the key of its session, from the offset that the service has. It is retried as long as bytes
    /// arrive: if a round of tries makes no progress, it is given up.
    pub fn send(&self, key: &str, content: &Arc<dyn Content>) -> Result<Sent, Error> {
        let mut ask = Ask::new(Request::Upload, self.session(key), MOST_ANSWER_BYTES);
        ask.counts = false;
        let mut progress = Progress::default();
        loop {
            let before = progress.held;
            let mut handle = None;
            let verdict = self.repeat(&ask, |ticket| {
                let (meta, class, found) =
                    self.attempt(&ask, key, content, &mut progress, ticket)?;
                handle = found;
                Ok((meta, class))
            })?;
            match (handle, verdict) {
                (Some(handle), ResponseClass::Ok) => {
                    return Ok(Sent { handle, bytes: progress.sent });
                }
                (_, verdict) if verdict.is_outage() && progress.held > before => {}
                (_, verdict) => {
                    let down = verdict.is_outage().then(|| self.given_up(&ask, &verdict)).flatten();
                    return Err(down.unwrap_or_else(|| self.upload_error(&ask, key, &verdict)));
                }
            }
        }
    }

    /// Asks how much is stored, and sends the rest.
    fn attempt(
        &self,
        ask: &Ask,
        key: &str,
        content: &Arc<dyn Content>,
        progress: &mut Progress,
        ticket: &Ticket<'_>,
    ) -> Result<(Meta, ResponseClass, Option<String>), Error> {
        let mut why = String::new();
        for _ in 0..PLACES {
            let (meta, class, held) =
                self.exchange(ask, None, ticket, |answer| answer["offset"].as_u64())?;
            let Some(held) = held else { return Ok((meta, class, None)) };
            progress.held = progress.held.max(held);
            if held > content.len() {
                let len = content.len();
                why = format!("{held} bytes are held of a file that has {len}");
                continue;
            }
            let post = Post {
                headers: vec![("Offset", held.to_string()), ("X-Entity-Name", key.to_owned())],
                body: body(content, held, self.throttle()),
                timeout: self.time_for(content.len() - held),
            };
            let handle = |answer: &Value| text(&answer["h"]);
            let (meta, class, handle) = self.exchange(ask, Some(post), ticket, handle)?;
            match (class, handle) {
                // The service wants another offset: ask for it, and try at once.
                (ResponseClass::Broken(reason), None) => why = reason,
                (class, handle) => {
                    progress.sent += if handle.is_some() { content.len() - held } else { 0 };
                    return Ok((meta, class, handle));
                }
            }
        }
        Ok((Meta::default(), ResponseClass::Again(RetryPolicy::Many, why), None))
    }

    /// One request of a session, and what `read` finds in its answer. A wrong offset is `Broken`.
    pub(super) fn exchange<T>(
        &self,
        ask: &Ask,
        post: Option<Post>,
        ticket: &Ticket<'_>,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<(Meta, ResponseClass, Option<T>), Error> {
        let token = self.token_for(&ask.url)?;
        let heard = |bytes| ticket.heard(self.clock().now(), bytes);
        let answer = match post {
            None => self.http.get(ask.url.as_str(), token, ask.most_bytes, &heard),
            Some(post) => self.http.post(ask.url.as_str(), token, post, ask.most_bytes, &heard),
        };
        let (mut meta, body) = match answer {
            Ok(answer) => answer,
            Err(reason) => {
                let again = ResponseClass::Again(RetryPolicy::Many, reason.to_string());
                return Ok((Meta::default(), again, None));
            }
        };
        let (judged, wait) = classify(&meta.head, &body);
        meta.retry_after = wait.or(meta.retry_after);
        match judged {
            Answer::WrongOffset(reason) => Ok((meta, ResponseClass::Broken(reason), None)),
            Answer::Judged(ResponseClass::Ok) => {
                let found = serde_json::from_slice(&body).ok().and_then(|answer| read(&answer));
                let class = match found {
                    Some(_) => ResponseClass::Ok,
                    None => ResponseClass::Again(
                        RetryPolicy::Many,
                        "the answer lacks what was asked for".into(),
                    ),
                };
                Ok((meta, class, found))
            }
            Answer::Judged(class) => Ok((meta, class, None)),
        }
    }

    fn session(&self, key: &str) -> Url {
        join(&self.upload, &format!("/{key}"))
    }

    pub(super) fn throttle(&self) -> Throttle {
        Throttle {
            pace: Arc::clone(&self.bytes_pace),
            clock: Arc::clone(&self.settings.clock),
            stop: self.stop.clone(),
        }
    }

    pub(super) fn time_for(&self, bytes: u64) -> Duration {
        let per_s = self
            .bytes_pace
            .per_s()
            .map_or(SLOWEST_BYTES_PER_S, |most| most.min(SLOWEST_BYTES_PER_S) / 2.0);
        let slow = Duration::try_from_secs_f64(bytes as f64 / per_s).unwrap_or(Duration::MAX);
        slow.max(self.settings.timeout)
    }

    pub(super) fn upload_error(&self, ask: &Ask, what: &str, verdict: &ResponseClass) -> Error {
        if let ResponseClass::BadToken(reason) = verdict {
            return self.refused(Request::Upload, reason);
        }
        let message = if verdict.is_outage() {
            no_answer(&ask.url, what, verdict.reason(), AGAIN)
        } else {
            format!("the service does not take {what}: {}", verdict.reason())
        };
        let kind = match verdict {
            ResponseClass::BadRequest(_) | ResponseClass::Gone(_) => ErrorKind::Refused,
            _ => ErrorKind::Row,
        };
        Error::new(kind, self.clean(&message))
    }
}

const AGAIN: &str = "run the same command again later";

/// The message that a host has no valid answer: it may be down, or not be the host that was meant.
pub(super) fn no_answer(url: &Url, what: &str, reason: &str, way_out: &str) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("'{host}' gives no answer about {what}: {reason}; {way_out}")
}

/// The progress of a file.
#[derive(Debug, Default)]
struct Progress {
    held: u64,
    sent: u64,
}

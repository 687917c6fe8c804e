//! Applies each fault to the correct response, or replaces it.

mod pages;

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::answer::{Answer, JSON, Refusal};
use super::fault_injection::{AssignedFaults, InjectedFault};
use super::payload::Payload;
use super::route::Query;
use super::search;
use super::slow_body::SlowBody;
use pages::{next, nulls, rewrite, set_next, shorten};

/// A stalled or dripped response takes this many times the delay of a slow one.
const STALL_TIMES: u32 = 20;
/// A dripped response sends this many bytes in that delay: two a second at the default of five seconds.
const DRIP_PARTS: u32 = 10;

/// The parts of a request that affect how its response is spoilt.
pub struct Asked<'a> {
    /// Base URL and path, as in links.
    pub place: String,
    pub query: &'a Query,
    pub slow: Duration,
    pub now: SystemTime,
    /// The service's trace id of the request.
    pub trace: &'a str,
}

impl InjectedFault {
    /// The response that replaces the correct one, unless the fault is in how the correct one is sent.
    pub fn answer(self, chance: f64, asked: &Asked<'_>) -> Option<Answer> {
        let page = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>\n";
        let trace = asked.trace;
        Some(match self {
            InjectedFault::AppLimit => {
                Refusal::new(429, 4, "Application request limit reached").transient().answer(trace)
            }
            InjectedFault::Xml => Answer::new(
                429,
                "application/xml",
                "<?xml version=\"1.0\"?>\n<Error><Code>TooManyRequests</Code></Error>\n",
            ),
            InjectedFault::RetryAfter => {
                let wait = Duration::from_secs(asked.slow.as_secs());
                let after = if chance < 0.5 {
                    wait.as_secs().to_string()
                } else {
                    httpdate::fmt_http_date(asked.now + wait)
                };
                Answer::text(429, "Too Many Requests").with("retry-after", after)
            }
            InjectedFault::Login => Answer::new(302, "text/html", "")
                .with("location", "https://www.mapillary.com/login"),
            InjectedFault::Transient => {
                Refusal::new(500, 2, "Service temporarily unavailable").transient().answer(trace)
            }
            InjectedFault::Timeout => Refusal::new(400, -2, "Request timed out").answer(trace),
            InjectedFault::Server => Answer::new(502, "text/html", page),
            InjectedFault::Expired => Answer::text(403, "URL signature expired"),
            InjectedFault::Html => Answer::new(200, "text/html; charset=utf-8", page),
            InjectedFault::FalseGone | InjectedFault::PageGone => {
                Refusal::no_such_object("0").answer(trace)
            }
            InjectedFault::Offset => {
                let why = "The offset does not match what is held";
                upload_fault(412, true, "OffsetInvalidError", why, None)
            }
            InjectedFault::Backoff => {
                let status = if chance < 0.5 { 400 } else { 429 };
                let wait = Some(asked.slow.as_millis() as u64);
                let why = "Request has been rate limited";
                upload_fault(status, false, "RequestRateLimitedError", why, wait)
            }
            InjectedFault::FinishFailed if chance < 0.5 => {
                Refusal::new(500, 2, "An unexpected error has occurred").transient().answer(trace)
            }
            InjectedFault::FinishFailed => {
                Refusal::parameter("The upload could not be finished").answer(trace)
            }
            InjectedFault::Error200 if chance < 0.3 => {
                Answer::json(r#"{"error":"temporarily unavailable"}"#.to_owned())
            }
            InjectedFault::Error200 if chance < 0.6 => {
                Answer::json(r#"{"status":"maintenance"}"#.to_owned())
            }
            _ => return None,
        })
    }
}

/// An error in the format of the upload host; the time to wait is in milliseconds.
fn upload_fault(
    status: u16,
    retriable: bool,
    kind: &str,
    message: &str,
    backoff_ms: Option<u64>,
) -> Answer {
    let info = json!({"retriable": retriable, "type": kind, "message": message});
    let mut body = json!({"debug_info": info});
    if let Some(backoff_ms) = backoff_ms {
        body["backoff"] = json!(backoff_ms);
    }
    Answer::new(status, JSON, body.to_string())
}

/// Applies the faults in how the correct response is sent.
pub fn spoil(answer: &mut Answer, dealt: AssignedFaults, asked: &Asked<'_>) {
    let length = answer.body.length();
    let some = (length as f64 * dealt.chance) as u64;
    match dealt.fault {
        InjectedFault::Cut => answer.body.cut(some),
        // Half of them end properly with fewer bytes than the picture has; the others announce more than is ever sent.
        InjectedFault::Length if dealt.chance < 0.5 => answer.body.shorten(some),
        InjectedFault::Length => answer.body.overstate(1 + some),
        InjectedFault::Malformed => {
            let garbage: &[u8] = if dealt.chance < 0.5 {
                b"{\"data\":[{\"id\":"
            } else {
                b"\x1a\xff\xff\xff\xff\x0f{]"
            };
            answer.body = Payload::bytes(garbage.into());
            answer.status = 200;
        }
        InjectedFault::Stall => answer.body.brake(some, SlowBody::stall(asked.slow * STALL_TIMES)),
        InjectedFault::Drip => {
            let brake = SlowBody::drip(asked.slow / DRIP_PARTS, asked.slow * STALL_TIMES);
            answer.body.brake(0, brake);
        }
        InjectedFault::AppUsage => {
            let usage = json!({"call_count": 95, "total_time": 40, "total_cputime": 12});
            answer.headers.push(("x-app-usage", usage.to_string()));
        }
        InjectedFault::Error200 => rewrite(answer, nulls),
        InjectedFault::ShortPage => rewrite(answer, |page| shorten(page, asked)),
        InjectedFault::BadNext => rewrite(answer, |page| {
            set_next(page, |next| {
                let relative = next.as_deref().and_then(|next| Some(next.split_once("/images")?.1));
                let relative = format!("/images{}", relative.unwrap_or("?after="));
                if dealt.chance < 0.5 { relative } else { "next".to_owned() }
            });
        }),
        InjectedFault::Loop => rewrite(answer, |page| {
            let here = asked
                .query
                .get("after")
                .map_or(search::cursor_behind(asked.query, 0), str::to_owned);
            set_next(page, |_| next(asked, &here));
        }),
        _ => {}
    }
}

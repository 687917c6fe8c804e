//! The client of the process that limits the rate of many (`mly pace`). If it cannot be reached, each process continues
//! alone at a slow rate.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::blocking::Body;
use serde_json::Value;

use crate::value::human_format::span;

use super::clock::Clock;
use super::error::{Error, ErrorKind};
use super::http::{Http, Post};
use super::no_answer::NoAnswer;
use super::proxy::Proxies;
use super::retry::Stop;
use super::settings::Log;
use super::token::redact;

/// The timeout for an answer: the pacer keeps a request waiting for at most two seconds.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often a lost pacer is tried again.
pub const LOOK_AGAIN: Duration = Duration::from_secs(5);
const MOST_BYTES: u64 = 10_000;

/// A hold of this length or more is reported, once.
const LONG_HOLD: Duration = Duration::from_secs(5);

/// The pacer, shared by all kinds of requests of a client.
pub struct Pacer {
    base: Url,
    http: Http,
    say: Option<Log>,
    /// Once it is lost, it is not asked before this time.
    lost_until: Mutex<Option<Instant>>,
}

/// The rate limiter of one kind, kept by the pacer.
#[derive(Debug)]
pub struct SharedPace {
    pacer: Arc<Pacer>,
    kind: &'static str,
    /// Good answers that were not yet reported to the pacer, and the usage that came with the last.
    good: AtomicU32,
    usage_percent: Mutex<Option<f64>>,
    /// The rate of all processes in requests per second, as the pacer has said last, with a permit or without.
    of_all_per_s: Mutex<Option<f64>>,
    /// Whether the current hold was reported.
    is_hold_said: AtomicBool,
}

/// The result of asking for a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    Given,
    Stopped,
    /// The pacer does not answer.
    Lost,
}

impl std::fmt::Debug for Pacer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacer").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Pacer {
    /// # Errors
    ///
    /// An error of the run, if the address is not valid.
    pub fn new(address: &str, say: Option<Log>) -> Result<Arc<Pacer>, Error> {
        let wrong = |why: String| {
            Error::new(ErrorKind::Run, format!("bad --pace '{}': {why}", redact(address)))
        };
        let base = Url::parse(address).map_err(|error| wrong(error.to_string()))?;
        if base.scheme() != "http" || !base.has_host() {
            return Err(wrong("it must be an http URL, as 'mly pace' prints it".into()));
        }
        // The pacer is in the same network: no proxy is used.
        let http = Http::new(TIMEOUT, &Proxies::default(), true);
        let http = http.map_err(|reason| wrong(reason.to_string()))?;
        Ok(Arc::new(Pacer { base, http, say, lost_until: Mutex::default() }))
    }

    fn post(&self, path: &str, query: &[(&str, String)]) -> Result<Value, NoAnswer> {
        let mut url = self.base.clone();
        url.set_path(path);
        url.query_pairs_mut().extend_pairs(query);
        let post = Post { headers: Vec::new(), body: Body::from(""), timeout: TIMEOUT };
        let (meta, body) = self.http.post(url.as_str(), None, post, MOST_BYTES, &|_| ())?;
        let text = || String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
        match serde_json::from_slice(&body) {
            Ok(value) if meta.head.status == 200 => Ok(value),
            _ => Err(NoAnswer::NotJson(text())),
        }
    }

    /// Marks the pacer as lost, and reports that once.
    fn lose(&self, reason: &NoAnswer, now: Instant) -> Permit {
        let before = self.lost_until().replace(now + LOOK_AGAIN);
        if let (None, Some(say)) = (before, &self.say) {
            let base = &self.base;
            say(&format!(
                "the pacer at '{base}' does not answer ({reason}): continuing slowly without it"
            ));
        }
        Permit::Lost
    }

    fn find(&self) {
        if let (Some(_), Some(say)) = (self.lost_until().take(), &self.say) {
            say(&format!("the pacer at '{}' answers again", self.base));
        }
    }

    fn lost_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.lost_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SharedPace {
    pub fn new(pacer: &Arc<Pacer>, kind: &'static str) -> SharedPace {
        SharedPace {
            pacer: Arc::clone(pacer),
            kind,
            good: AtomicU32::new(0),
            usage_percent: Mutex::default(),
            of_all_per_s: Mutex::default(),
            is_hold_said: AtomicBool::new(false),
        }
    }

    /// Waits for a permit.
    pub fn take(&self, clock: &dyn Clock, stop: &Stop) -> Permit {
        while !stop.is_set() {
            if self.pacer.lost_until().is_some_and(|until| clock.now() < until) {
                return Permit::Lost;
            }
            let answer = match self.ask() {
                Ok(answer) => answer,
                Err(reason) => return self.pacer.lose(&reason, clock.now()),
            };
            self.pacer.find();
            if let Some(per_s) = answer["per_s"].as_f64() {
                *self.of_all_per_s.lock().unwrap_or_else(PoisonError::into_inner) = Some(per_s);
            }
            match answer["again_ms"].as_u64() {
                None => {
                    self.is_hold_said.store(false, Ordering::Relaxed);
                    return Permit::Given;
                }
                // Random, so that the processes do not all ask at the same moment.
                Some(ms) => {
                    self.report_hold(answer["held_ms"].as_u64().unwrap_or(0));
                    let wait =
                        Duration::from_millis(ms).min(TIMEOUT).mul_f64(0.5 + fastrand::f64() / 2.0);
                    if !clock.sleep(wait, stop) {
                        break;
                    }
                }
            }
        }
        Permit::Stopped
    }

    /// The rate of all processes in requests per second, if the pacer has said it.
    pub fn of_all_per_s(&self) -> Option<f64> {
        *self.of_all_per_s.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report_hold(&self, ms: u64) {
        let is_long = Duration::from_millis(ms) >= LONG_HOLD;
        if let (true, Some(say)) = (is_long, &self.pacer.say)
            && !self.is_hold_said.swap(true, Ordering::Relaxed)
        {
            say(&format!(
                "waiting {}: the pacer at '{}' holds all requests, because the service throttles one of its processes",
                span(ms),
                self.pacer.base
            ));
        }
    }

    /// Whether the pacer does not answer at present.
    pub fn is_lost(&self) -> bool {
        self.pacer.lost_until().is_some()
    }

    fn ask(&self) -> Result<Value, NoAnswer> {
        let mut query = vec![("good", self.good.swap(0, Ordering::Relaxed).to_string())];
        let usage = self.usage_percent.lock().unwrap_or_else(PoisonError::into_inner).take();
        query.extend(usage.map(|usage| ("usage", usage.to_string())));
        let answer = self.pacer.post(&format!("/permits/{}", self.kind), &query)?;
        match (answer["permit"].as_bool(), answer["again_ms"].as_u64()) {
            (Some(true), None) | (Some(false), Some(_)) => Ok(answer),
            _ => Err(NoAnswer::OtherShape(answer.to_string())),
        }
    }

    /// Reports to the pacer, and so to all processes, that the service throttles.
    pub fn slow_down(&self, asked_ago: Duration, hold: Duration) {
        let query = [
            ("asked_ago_ms", asked_ago.as_millis().to_string()),
            ("hold_ms", hold.as_millis().to_string()),
        ];
        if let Err(reason) = self.pacer.post(&format!("/throttles/{}", self.kind), &query) {
            self.pacer.lose(&reason, Instant::now());
        }
    }

    /// Counts a good answer, which is reported to the pacer with the next request for a permit.
    pub fn answered(&self, usage_percent: Option<f64>) {
        self.good.fetch_add(1, Ordering::Relaxed);
        if usage_percent.is_some() {
            *self.usage_percent.lock().unwrap_or_else(PoisonError::into_inner) = usage_percent;
        }
    }
}

#[cfg(test)]
mod tests;

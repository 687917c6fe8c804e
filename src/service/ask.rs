//! The request loop: pacing, retries, messages while waiting, and giving up.

mod waits;

use super::classify::{Endpoint, ResponseClass, RetryPolicy, classify};
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::http::Meta;
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::retry::{Policy, Stats};
use super::slow_response::Ticket;
use super::token::Token;

impl Client {
    /// Sends a request until there is a valid response that `read` can parse; a body that it cannot parse counts as no
    /// answer. Errors concern the whole run (the token, a service that is down) or mean that the run was stopped.
    pub(super) fn ask<T>(
        &self,
        ask: &Ask,
        read: impl Fn(Vec<u8>) -> Result<T, NoAnswer>,
    ) -> Result<Result<T, ResponseClass>, Error> {
        let endpoint = ask.kind.endpoint();
        let token = match endpoint {
            Endpoint::InternetArchive => None,
            _ => self.token_for(&ask.url)?,
        };
        let mut answer = None;
        let verdict = self.repeat(ask, |ticket| {
            let (meta, body) = match self.get(ask, endpoint, token, ticket) {
                Ok(answer) => answer,
                Err(reason) => {
                    return Ok((
                        Meta::default(),
                        ResponseClass::Again(RetryPolicy::Many, reason.to_string()),
                    ));
                }
            };
            self.counts.received(body.len() as u64);
            let verdict = match classify(endpoint, &meta.head, &body) {
                ResponseClass::Ok => match read(body) {
                    Ok(value) => {
                        answer = Some(value);
                        ResponseClass::Ok
                    }
                    Err(reason) => ResponseClass::Again(RetryPolicy::Many, reason.to_string()),
                },
                verdict => verdict,
            };
            Ok((meta, verdict))
        })?;
        Ok(answer.ok_or(verdict))
    }

    fn get(
        &self,
        ask: &Ask,
        endpoint: Endpoint,
        token: Option<&Token>,
        ticket: &Ticket<'_>,
    ) -> Result<(Meta, Vec<u8>), NoAnswer> {
        let (mut url, mut header) = (ask.url.clone(), token);
        if let (Endpoint::Tile, Some(token)) = (endpoint, token) {
            // Only the tile host wants the token in the query, where its '|' must be encoded.
            url.set_query(Some(&format!("access_token={}", token.encoded())));
            header = None;
        }
        let heard = |bytes| ticket.heard(self.clock().now(), bytes);
        self.http.get(url.as_str(), header, ask.most_bytes, &heard)
    }

    /// Calls `once` at the rate of its kind, as often as the verdicts and the settings allow.
    pub(super) fn repeat(
        &self,
        ask: &Ask,
        mut once: impl FnMut(&Ticket<'_>) -> Result<(Meta, ResponseClass), Error>,
    ) -> Result<ResponseClass, Error> {
        let clock = self.clock();
        let retries = ask.retries.map_or(self.settings.retries, |n| n.min(self.settings.retries));
        let policy = Policy { retries, unit: self.settings.retry_wait, confirms: ask.confirms };
        let (pace, host) = (self.pace(ask.kind), ask.url.host_str().unwrap_or_default());
        let mut tally = Stats::default();
        loop {
            self.take(pace, ask.kind, 1.0, host)?;
            self.counts.asked(ask.kind);
            let sent = clock.now();
            let ticket = self.watch.begin(host, sent);
            let (meta, verdict) = once(&ticket)?;
            drop(ticket);
            self.counts.told(meta.clock_offset_s);
            let now = clock.now();
            self.log(ask, &meta, &verdict, now.saturating_duration_since(sent));
            let wait = tally.next_wait(&verdict, meta.retry_after, &policy);
            match &verdict {
                ResponseClass::BadToken(reason) => return Err(self.refused(ask.kind, reason)),
                ResponseClass::NeedsHttps(reason) => return Err(self.needs_https(ask, reason)),
                _ if verdict.is_outage() => {}
                _ => {
                    self.breaker.answered(ask.kind.endpoint());
                    pace.answered(now, meta.usage_percent);
                }
            }
            // A request that is throttled, or given a time to wait, holds all others of its kind, and waits with them.
            let is_held = matches!(verdict, ResponseClass::Throttled(..))
                || (verdict.is_outage() && meta.retry_after.is_some());
            if is_held {
                pace.slow_down(sent, now, wait.unwrap_or_default());
            }
            let Some(wait) = wait else {
                return if verdict.is_outage() && ask.counts {
                    self.given_up(ask, &verdict).map_or(Ok(verdict), Err)
                } else {
                    Ok(verdict)
                };
            };
            self.counts.repeated();
            self.say_wait(ask, wait, &verdict, (tally.repeats() + 1, policy.retries + 1));
            if !is_held && !self.waiting(|| clock.sleep(wait, &self.stop)) {
                return Err(Error::stopped());
            }
        }
    }

    /// Counts a request that got no answer in all its tries. Returns the error if that ends the run.
    pub(super) fn given_up(&self, ask: &Ask, verdict: &ResponseClass) -> Option<Error> {
        let failures = self.breaker.failed(ask.kind.endpoint())?;
        let host = ask.url.host_str().unwrap_or_default();
        let requests =
            if failures == 1 { "a request" } else { &format!("{failures} requests in a row") };
        let message = format!(
            "'{host}' is down: {requests} failed with all tries, at last with {}; rows without an answer are left for \
             the next run: run the same command again later, or go on in spite of it with --max-failures 0",
            verdict.reason()
        );
        Some(Error::new(ErrorKind::Run, self.clean(&message)))
    }
}

#[cfg(test)]
mod tests;

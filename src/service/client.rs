//! The client: the loop that each request goes through, and what it counts.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Url;

use super::classify::{Endpoint, Tries, Verdict, classify};
use super::error::{Error, Kind};
use super::http::{Http, Meta};
use super::pace::Pace;
use super::retry::{Policy, Stop, Tally};
use super::settings::Settings;
use super::tiles::whole_tile;
use super::token::{Token, redact};

/// The kind of a request, as it is paced and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    Entity,
    Search,
    Tile,
    Picture,
    InternetArchive,
}

/// What was asked so far: requests of each kind, those that were repeats, and bytes of bodies.
#[derive(Debug, Default)]
pub struct Counts {
    requests: [AtomicU64; 5],
    pub repeats: AtomicU64,
    pub bytes: AtomicU64,
}

impl Counts {
    pub fn requests(&self, kind: Request) -> u64 {
        self.requests[kind as usize].load(Ordering::Relaxed)
    }
}

/// The service's client, shared by all threads of a run.
#[derive(Debug)]
pub struct Client {
    pub(super) http: Http,
    pub(super) graph: Url,
    pub(super) tiles: Url,
    pub(super) internet_archive: Url,
    settings: Settings,
    pub(super) stop: Stop,
    /// By kind of request; pictures come from other hosts, which set no pace.
    paces: [Pace; 5],
    pub(super) bytes_pace: Pace,
    pub(super) counts: Counts,
}

/// An answer with its verdict, after all tries.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub body: Vec<u8>,
}

/// A request of the service's own hosts.
pub(super) struct Ask {
    pub kind: Request,
    pub url: Url,
    pub most_bytes: u64,
}

impl Client {
    /// A client that gives up its waits when `stop` is set. An error (of the run) if an endpoint is no http URL.
    pub fn new(settings: Settings, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let direct = is_loopback(&base(&settings.graph)?);
        Self::with(settings, stop, direct)
    }

    /// A client for the Internet Archive: it has no token, so that none can go there.
    pub fn of_internet_archive(settings: Settings, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let direct = is_loopback(&base(&settings.internet_archive)?);
        Self::with(Settings { token: None, ..settings }, stop, direct)
    }

    fn with(settings: Settings, stop: Arc<AtomicBool>, direct: bool) -> Result<Self, Error> {
        let (graph, tiles) = (base(&settings.graph)?, base(&settings.tiles)?);
        let internet_archive = base(&settings.internet_archive)?;
        let http = Http::new(settings.timeout, direct).map_err(|reason| {
            Error::new(Kind::Run, format!("cannot set up the network: {reason}"))
        })?;
        let pace = |host: &Url, per_s| Pace::new(Some(per_s).filter(|_| !is_loopback(host)));
        let rates = settings.rates;
        let paces = [
            pace(&graph, rates.entity),
            pace(&graph, rates.search),
            pace(&tiles, rates.tile),
            Pace::new(None),
            pace(&internet_archive, rates.internet_archive),
        ];
        let bytes_pace = Pace::new(settings.max_bytes_per_s);
        Ok(Self {
            http,
            graph,
            tiles,
            internet_archive,
            paces,
            bytes_pace,
            counts: Counts::default(),
            stop: Stop(stop),
            settings,
        })
    }

    /// What was asked so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Requests a second of this kind at present; `None` where no pace is kept.
    pub fn per_s(&self, kind: Request) -> Option<f64> {
        self.pace(kind).per_s()
    }

    /// Asks until there is an answer that stands. Errors are of the run (the token) or mean that it ended.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Judged, Error> {
        let endpoint = match ask.kind {
            Request::Tile => Endpoint::Tile,
            Request::InternetArchive => Endpoint::InternetArchive,
            Request::Entity | Request::Search | Request::Picture => Endpoint::Graph,
        };
        let token = match endpoint {
            Endpoint::InternetArchive => None,
            _ => self.token_for(&ask.url)?,
        };
        self.repeat(ask.kind, &ask.url, || {
            let answer = match (endpoint, token) {
                (Endpoint::Tile, Some(token)) => {
                    // The tile host alone wants the token in the query, where its '|' must be encoded.
                    let query = format!("access_token={}", token.encoded());
                    let mut url = ask.url.clone();
                    url.set_query(Some(&query));
                    self.http.get(url.as_str(), None, ask.most_bytes)
                }
                _ => self.http.get(ask.url.as_str(), token, ask.most_bytes),
            };
            match answer {
                Ok((meta, body)) => {
                    self.counts.bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
                    let verdict = classify(endpoint, &meta.head, &body);
                    let (verdict, body) = match (endpoint, verdict) {
                        (Endpoint::Tile, Verdict::Ok) => whole_tile(body),
                        (_, verdict) => (verdict, body),
                    };
                    Ok((meta, Judged { verdict, body }))
                }
                Err(reason) => {
                    let verdict = Verdict::Again(Tries::Many, reason);
                    Ok((Meta::default(), Judged { verdict, body: Vec::new() }))
                }
            }
        })
    }

    /// Tries `once` in the pace of its kind, as often as its verdicts and the settings allow.
    pub(super) fn repeat(
        &self,
        kind: Request,
        url: &Url,
        mut once: impl FnMut() -> Result<(Meta, Judged), Error>,
    ) -> Result<Judged, Error> {
        let policy = Policy { retries: self.settings.retries, unit: self.settings.retry_wait };
        let mut tally = Tally::default();
        loop {
            if !self.pace(kind).take(1.0, &self.stop) {
                return Err(Error::stopped());
            }
            self.counts.requests[kind as usize].fetch_add(1, Ordering::Relaxed);
            let start = Instant::now();
            let (meta, judged) = once()?;
            self.say(kind, url, &meta, &judged.verdict, start.elapsed());
            let wait = tally.next_wait(&judged.verdict, meta.retry_after, &policy);
            match &judged.verdict {
                Verdict::BadToken(reason) => return Err(self.refused(reason)),
                Verdict::Throttled(..) => self.pace(kind).slow_down(wait.unwrap_or_default()),
                _ => self.pace(kind).answered(meta.usage_percent),
            }
            let Some(wait) = wait else { return Ok(judged) };
            self.counts.repeats.fetch_add(1, Ordering::Relaxed);
            if !self.stop.sleep(wait) {
                return Err(Error::stopped());
            }
        }
    }

    /// The error of a verdict that is no answer; `what` names the thing that was asked for.
    pub(super) fn error(&self, what: &str, verdict: &Verdict) -> Error {
        let (kind, reason) = match verdict {
            Verdict::TooMuch(reason) => (Kind::TooMuch, reason.clone()),
            Verdict::Expired(reason) => {
                (Kind::Expired, format!("the picture's URL is refused: {reason}"))
            }
            Verdict::WrongType(reason) => {
                (Kind::Row, format!("this id is not of that type: {reason}"))
            }
            Verdict::Throttled(_, reason) => {
                (Kind::Row, format!("asked too fast, a lower --rate helps: {reason}"))
            }
            Verdict::Gone(reason) | Verdict::BadRequest(reason) | Verdict::Again(_, reason) => {
                (Kind::Row, reason.clone())
            }
            Verdict::BadToken(reason) => return self.refused(reason),
            Verdict::Ok | Verdict::MaybeEmpty => (Kind::Row, "no answer".to_owned()),
        };
        Error::new(kind, self.clean(&format!("cannot get {what}: {reason}")))
    }

    /// The text without the token and without signatures.
    pub fn clean(&self, text: &str) -> String {
        let text = redact(text);
        self.settings.token.as_ref().map_or(text.clone(), |token| token.mask(&text))
    }

    fn pace(&self, kind: Request) -> &Pace {
        &self.paces[kind as usize]
    }

    fn token_for(&self, url: &Url) -> Result<Option<&Token>, Error> {
        match &self.settings.token {
            // A server of one's own may do without.
            None if !is_loopback(url) => {
                Err(Error::new(Kind::Run, format!("no token: {TOKEN_ADVICE}")))
            }
            token => Ok(token.as_ref()),
        }
    }

    fn refused(&self, reason: &str) -> Error {
        let message = format!("the service refuses the token ({reason}): {TOKEN_ADVICE}");
        Error::new(Kind::Run, self.clean(&message))
    }

    fn say(&self, kind: Request, url: &Url, meta: &Meta, verdict: &Verdict, took: Duration) {
        let Some(log) = &self.settings.log else { return };
        // Of a picture's URL the query is a signature.
        let query = url
            .query()
            .filter(|_| kind != Request::Picture)
            .map_or(String::new(), |q| format!("?{q}"));
        let host = url.host_str().unwrap_or_default();
        let line =
            format!("GET {host}{}{query} {} {} ms", url.path(), meta.head.status, took.as_millis());
        match verdict {
            Verdict::Ok => log(&self.clean(&line)),
            other => log(&self.clean(&format!("{line} {other:?}"))),
        }
    }
}

const TOKEN_ADVICE: &str =
    "set MAPILLARY_TOKEN to a client token from mapillary.com/dashboard/developers";

/// True for hosts on this machine, towards which no pace is kept.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
}

fn base(text: &str) -> Result<Url, Error> {
    let refuse =
        |why: &str| Error::new(Kind::Run, format!("bad endpoint '{}': {why}", redact(text)));
    let url = Url::parse(text.trim_end_matches('/')).map_err(|e| refuse(&e.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() && url.query().is_none() => Ok(url),
        _ => Err(refuse("it must be an http or https URL without a query")),
    }
}

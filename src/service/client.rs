//! The client: state shared by all threads of a run, counters and error messages. `ask` sends the requests.

mod address;
mod errors;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Duration;

use reqwest::Url;

use super::circuit_breaker::CircuitBreaker;
use super::classify::ResponseClass;
use super::clock::Clock;
use super::counts::Counts;
use super::error::{Error, ErrorKind};
use super::gone_doubt::GoneDoubt;
use super::http::{Http, Meta};
use super::pace_client::{Pacer, SharedPace};
use super::rate_limiter::Pace;
use super::request::{Ask, ReportedWaits, Request};
use super::retry::Stop;
use super::settings::ClientSettings;
use super::shared_quota;
use super::slow_response::SlowRequests;
use super::token::{Token, redact};
use address::base;
pub use address::{check_endpoint, is_local, is_loopback};

use errors::TOKEN_ADVICE;

/// The advice for a system without certificates.
const BARE: &str = "; install ca-certificates, or name a file of certificates in SSL_CERT_FILE";

/// The client of the service, shared by all threads of a run.
#[derive(Debug)]
pub struct Client {
    pub(super) http: Http,
    pub(super) graph: Url,
    pub(super) tiles: Url,
    pub(super) internet_archive: Url,
    pub(super) settings: ClientSettings,
    pub(super) stop: Stop,
    /// Indexed by the kind of request.
    paces: [Pace; 6],
    pub(super) bytes_pace: Arc<Pace>,
    pub(super) upload: Url,
    pub(super) breaker: CircuitBreaker,
    pub(super) gone_doubt: GoneDoubt,
    pub(super) watch: Arc<SlowRequests>,
    pub(super) said: ReportedWaits,
    pub(super) counts: Counts,
    /// The largest page, in rows, that the service was found to return.
    pub(super) page_rows: AtomicU32,
}

impl Client {
    /// A client whose waits end when `stop` is set. Returns an error (of the run) if an endpoint is not an http URL.
    pub fn new(settings: ClientSettings, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let direct = is_loopback(&base(&settings.graph)?);
        Self::with(settings, stop, direct)
    }

    /// A client for the Internet Archive: it has no token, so that none can be sent there.
    pub fn of_internet_archive(
        settings: ClientSettings,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, Error> {
        let direct = is_loopback(&base(&settings.internet_archive)?);
        Self::with(ClientSettings { token: None, ..settings }, stop, direct)
    }

    fn with(settings: ClientSettings, stop: Arc<AtomicBool>, direct: bool) -> Result<Self, Error> {
        let (graph, tiles) = (base(&settings.graph)?, base(&settings.tiles)?);
        let internet_archive = base(&settings.internet_archive)?;
        let http = Http::new(settings.timeout, &settings.proxies, direct).map_err(|reason| {
            let reason = reason.to_string();
            let is_bare = reason.contains("CA certificates");
            let way = if is_bare { BARE } else { "" };
            Error::new(ErrorKind::Run, format!("cannot set up the network: {reason}{way}"))
        })?;
        let watch = Arc::new(SlowRequests::default());
        if let Some(say) = &settings.say {
            watch.start(Arc::clone(&settings.clock), settings.timeout, Arc::clone(say));
        }
        Ok(Self {
            http,
            paces: paces(&settings, &graph, &tiles, &internet_archive)?,
            graph,
            tiles,
            internet_archive,
            bytes_pace: Arc::new(Pace::new(settings.max_bytes_per_s)),
            upload: base(&settings.upload)?,
            breaker: CircuitBreaker::new(settings.max_failures),
            gone_doubt: GoneDoubt::new(settings.believes_gone),
            watch,
            said: ReportedWaits::default(),
            counts: Counts::default(),
            page_rows: AtomicU32::new(u32::MAX),
            stop: Stop(stop),
            settings,
        })
    }

    /// The counters so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Waits. Returns false if the run was stopped first.
    pub fn pause(&self, time: Duration) -> bool {
        self.clock().sleep(time, &self.stop)
    }

    /// The current rate in requests per second for this kind; `None` if there is no limit.
    pub fn per_s(&self, kind: Request) -> Option<f64> {
        self.pace(kind).per_s()
    }

    /// The text without the token and without signatures.
    pub fn clean(&self, text: &str) -> String {
        let text = redact(text);
        self.settings.token.as_ref().map_or(text.clone(), |token| token.mask(&text))
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.settings.clock
    }

    pub(super) fn pace(&self, kind: Request) -> &Pace {
        &self.paces[kind as usize]
    }

    pub(super) fn token_for(&self, url: &Url) -> Result<Option<&Token>, Error> {
        match &self.settings.token {
            // A local server may work without a token.
            None if !is_loopback(url) => {
                Err(Error::new(ErrorKind::Run, format!("no token: {TOKEN_ADVICE}")))
            }
            token => Ok(token.as_ref()),
        }
    }

    pub(super) fn log(&self, ask: &Ask, meta: &Meta, verdict: &ResponseClass, took: Duration) {
        let Some(log) = &self.settings.log else { return };
        let url = &ask.url;
        // The query of a picture's URL is a signature.
        let query = url
            .query()
            .filter(|_| ask.kind != Request::Picture)
            .map_or(String::new(), |q| format!("?{q}"));
        let host = url.host_str().unwrap_or_default();
        let method = if ask.kind == Request::Upload { "POST" } else { "GET" };
        let line = format!(
            "{method} {host}{}{query} {} {} ms",
            url.path(),
            meta.head.status,
            took.as_millis()
        );
        match verdict {
            ResponseClass::Ok => log(&self.clean(&line)),
            other => log(&self.clean(&format!("{line}: {}", other.reason()))),
        }
    }
}

/// A rate limiter for each kind of request. Pictures come from other hosts, which set no limit, and neither does a
/// server on this machine. A configured rate applies everywhere.
fn paces(
    settings: &ClientSettings,
    graph: &Url,
    tiles: &Url,
    internet_archive: &Url,
) -> Result<[Pace; 6], Error> {
    let rates = settings.rates;
    if let Some(address) = &settings.pace {
        let pacer = Pacer::new(address, settings.say.clone())?;
        let own = [rates.entity, rates.search, rates.tile, rates.internet_archive];
        let [entity, search, tile, internet_archive] = std::array::from_fn(|at| {
            let per_s = settings.rate.unwrap_or(own[at]);
            Pace::shared(per_s, SharedPace::new(&pacer, shared_quota::KINDS[at].0))
        });
        let [pictures, upload] = [(); 2].map(|()| Pace::new(settings.rate));
        return Ok([entity, search, tile, pictures, internet_archive, upload]);
    }
    let pace =
        |host: &Url, per_s| Pace::new(settings.rate.or(Some(per_s).filter(|_| !is_loopback(host))));
    Ok([
        pace(graph, rates.entity),
        pace(graph, rates.search),
        pace(tiles, rates.tile),
        Pace::new(settings.rate),
        pace(internet_archive, rates.internet_archive),
        Pace::new(settings.rate),
    ])
}

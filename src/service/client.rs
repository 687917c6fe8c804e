//! The client: what all threads of a run share, what it counts, and the words of its errors. `ask` asks.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Duration;

use reqwest::Url;

use super::circuit_breaker::Breaker;
use super::classify::{Endpoint, ResponseClass};
use super::clock::Clock;
use super::counts::Counts;
use super::error::{Error, ErrorKind};
use super::http::{Http, Meta};
use super::pacer::{Pacer, SharedPace};
use super::permits;
use super::rate_limiter::Pace;
use super::request::{Ask, Request, Said};
use super::retry::Stop;
use super::settings::ClientSettings;
use super::slow_response::Watch;
use super::token::{Scheme, Token, redact};

/// What a system without certificates needs.
const BARE: &str = "; install ca-certificates, or name a file of certificates in SSL_CERT_FILE";

/// The service's client, shared by all threads of a run.
#[derive(Debug)]
pub struct Client {
    pub(super) http: Http,
    pub(super) graph: Url,
    pub(super) tiles: Url,
    pub(super) internet_archive: Url,
    pub(super) settings: ClientSettings,
    pub(super) stop: Stop,
    /// By kind of request.
    paces: [Pace; 6],
    pub(super) bytes_pace: Arc<Pace>,
    pub(super) upload: Url,
    pub(super) breaker: Breaker,
    pub(super) watch: Arc<Watch>,
    pub(super) said: Said,
    pub(super) counts: Counts,
    /// The most rows that the service was found to give in one page.
    pub(super) page_rows: AtomicU32,
}

impl Client {
    /// A client that gives up its waits when `stop` is set. An error (of the run) if an endpoint is no http URL.
    pub fn new(settings: ClientSettings, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let direct = is_loopback(&base(&settings.graph)?);
        Self::with(settings, stop, direct)
    }

    /// A client for the Internet Archive: it has no token, so that none can go there.
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
        let watch = Arc::new(Watch::default());
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
            breaker: Breaker::new(settings.max_failures),
            watch,
            said: Said::default(),
            counts: Counts::default(),
            page_rows: AtomicU32::new(u32::MAX),
            stop: Stop(stop),
            settings,
        })
    }

    /// What was asked so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Waits; false when the run ended before the time was over.
    pub fn pause(&self, time: Duration) -> bool {
        self.clock().sleep(time, &self.stop)
    }

    /// Requests a second of this kind at present; `None` where no pace is kept.
    pub fn per_s(&self, kind: Request) -> Option<f64> {
        self.pace(kind).per_s()
    }

    /// The error of a verdict that is no answer; `what` names the thing that was asked for.
    pub(super) fn error(&self, what: &str, verdict: &ResponseClass) -> Error {
        let reason = verdict.reason();
        let (kind, reason) = match verdict {
            ResponseClass::BadToken(reason) => return self.refused(Request::Entity, reason),
            ResponseClass::TooMuch(_) => (ErrorKind::TooMuch, reason.to_owned()),
            ResponseClass::Expired(_) => {
                (ErrorKind::Expired, format!("the picture's URL is refused: {reason}"))
            }
            ResponseClass::WrongType(_) => {
                (ErrorKind::WrongType, format!("this id is not of that type: {reason}"))
            }
            ResponseClass::Throttled(..) => {
                (ErrorKind::Row, format!("asked too fast, a lower --rate helps: {reason}"))
            }
            _ => (ErrorKind::Row, reason.to_owned()),
        };
        Error::new(kind, self.clean(&format!("cannot get {what}: {reason}")))
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
            // A server of one's own may do without.
            None if !is_loopback(url) => {
                Err(Error::new(ErrorKind::Run, format!("no token: {TOKEN_ADVICE}")))
            }
            token => Ok(token.as_ref()),
        }
    }

    pub(super) fn refused(&self, of: Request, reason: &str) -> Error {
        let is_panoramax =
            self.settings.token.as_ref().is_some_and(|token| token.scheme() == Scheme::Bearer);
        let advice = match of {
            _ if is_panoramax => PANORAMAX_ADVICE,
            Request::Upload => LOGIN_ADVICE,
            _ => TOKEN_ADVICE,
        };
        let what = match &self.settings.token {
            Some(_) => "refuses the token",
            None => "wants a token, and there is none",
        };
        let message = format!("the service {what} ({reason}): {advice}");
        Error::new(ErrorKind::Run, self.clean(&message))
    }

    /// The token would go on travelling in the clear, so this is not followed.
    pub(super) fn needs_https(&self, ask: &Ask, reason: &str) -> Error {
        let (base, variable) = match ask.kind.endpoint() {
            Endpoint::Tile => (&self.tiles, "MAPILLARY_TILES_ENDPOINT"),
            Endpoint::InternetArchive => (&self.internet_archive, "INTERNET_ARCHIVE_ENDPOINT"),
            Endpoint::Upload => (&self.upload, "MAPILLARY_UPLOAD_ENDPOINT"),
            Endpoint::Graph | Endpoint::Picture => (&self.graph, "MAPILLARY_GRAPH_API_ENDPOINT"),
        };
        let message = format!(
            "'{base}' answers only at https ({reason}): write {variable} with https instead of http"
        );
        Error::new(ErrorKind::Run, self.clean(&message))
    }

    pub(super) fn log(&self, ask: &Ask, meta: &Meta, verdict: &ResponseClass, took: Duration) {
        let Some(log) = &self.settings.log else { return };
        let url = &ask.url;
        // Of a picture's URL the query is a signature.
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
            other => log(&self.clean(&format!("{line} {other:?}"))),
        }
    }
}

const TOKEN_ADVICE: &str = "set MAPILLARY_TOKEN to a client token from mapillary.com/dashboard/developers, or keep it by 'mly config set access_token'";

const PANORAMAX_ADVICE: &str =
    "PANORAMAX_TOKEN has one of 'My settings' at the instance, or 'panoramax_cli login' gets one";
const LOGIN_ADVICE: &str = "uploads need the token of a user, which 'mly login' gets";

/// A pace for each kind of request. Pictures come from other hosts, which set none; nor does this machine. A rate that
/// was asked for is kept everywhere.
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
            Pace::shared(per_s, SharedPace::new(&pacer, permits::KINDS[at].0))
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

/// Whether the service is on this machine, where no token is needed.
pub fn is_local(settings: &ClientSettings) -> bool {
    settings.graph.parse().is_ok_and(|url| is_loopback(&url))
}

/// True for hosts on this machine, towards which no pace is kept.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
}

/// # Errors
/// An address that no client can ask.
pub fn check_endpoint(text: &str) -> Result<(), Error> {
    base(text).map(drop)
}

fn base(text: &str) -> Result<Url, Error> {
    let refuse =
        |why: &str| Error::new(ErrorKind::Run, format!("bad endpoint '{}': {why}", redact(text)));
    const WANTED: &str =
        "it must be an http or https URL without a query, such as http://127.0.0.1:8080";
    if !text.contains("://") {
        return Err(refuse(WANTED));
    }
    let url = Url::parse(text.trim_end_matches('/')).map_err(|e| refuse(&e.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() && url.query().is_none() => Ok(url),
        _ => Err(refuse(WANTED)),
    }
}

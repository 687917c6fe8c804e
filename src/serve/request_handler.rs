//! One HTTP request to one answer: methods, tokens, CORS, faults, the log.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use super::Site;
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::fault_injection::{Dealt, InjectedFault};
use super::graph::{self, Ask};
use super::index::Index;
use super::origin::origin;
use super::payload::Payload;
use super::route::{Endpoint, Query, Surface};
use super::spoil::{self, spoil};
use super::{conditional, map_features, picture, search, tiles, upload, web};
use crate::disk::waiting;

/// The connection is closed instead of an answer.
#[derive(Debug)]
pub struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection dropped on order")
    }
}

impl Error for Dropped {}

/// Answers a request, or closes its connection.
pub async fn serve(
    site: Arc<Site>,
    peer: Option<SocketAddr>,
    request: Request<Incoming>,
) -> Result<Response<Payload>, Dropped> {
    let busy = site.busy.clone();
    let (head, body) = request.into_parts();
    let call = Arc::new(Call::new(head, peer));
    let mut response = answer(&site, &call, body).await?;
    response.body_mut().hold(busy);
    Ok(response)
}

async fn answer(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
) -> Result<Response<Payload>, Dropped> {
    let dealt = match call.method {
        Method::OPTIONS => None,
        _ => site.dealer.deal(call.target(), || call.asked()),
    };
    if dealt.is_some_and(|dealt| dealt.fault == InjectedFault::Slow) {
        tokio::time::sleep(site.slow).await;
    }
    let origin = origin(&call.headers, &site.host);
    let answer = match dealt {
        None => {
            let modified = site.archive.get().modified;
            let mut answer = right(site, call, body, &origin, None).await;
            call.negotiate(modified, &mut answer);
            answer
        }
        Some(dealt) => spoilt(site, call, body, &origin, dealt).await,
    };
    call.log(site, &answer, dealt);
    let is_dropped =
        |dealt: Dealt| matches!(dealt.fault, InjectedFault::Drop | InjectedFault::UploadCut);
    if dealt.is_some_and(is_dropped) {
        return Err(Dropped);
    }
    Ok(respond(answer, &call.method))
}

/// Whether a request can be answered by [`plain`].
pub fn is_plain(site: &Site, call: &Call) -> bool {
    site.dealer.is_idle() && !upload::is_upload(call)
}

/// The answer to a request that brings no bytes, where no fault is ordered.
pub async fn plain(site: &Arc<Site>, call: &Arc<Call>) -> Answer {
    let origin = origin(&call.headers, &site.host);
    let modified = site.archive.get().modified;
    let mut answer = looked_up(site, call, &origin).await;
    call.negotiate(modified, &mut answer);
    call.log(site, &answer, None);
    answer
}

/// The answer with a fault in it, or instead of it.
async fn spoilt(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
    origin: &str,
    dealt: Dealt,
) -> Answer {
    let question = spoil::Asked {
        place: format!("{origin}{}", call.path),
        query: &call.query,
        slow: site.slow,
        now: SystemTime::now(),
        trace: &call.trace(),
    };
    if let Some(instead) = dealt.fault.answer(dealt.chance, &question) {
        upload::drain(body).await;
        return instead;
    }
    let mut answer = right(site, call, body, origin, Some(dealt)).await;
    spoil(&mut answer, dealt, &question);
    answer
}

/// How long a disk may take; then the client is told, and the thread that waits is left alone with it.
const DISK_TIMEOUT: Duration = Duration::from_secs(30);

/// The right answer.
async fn right(
    site: &Arc<Site>,
    call: &Arc<Call>,
    body: Incoming,
    origin: &str,
    dealt: Option<Dealt>,
) -> Answer {
    if upload::is_upload(call) && call.method != Method::OPTIONS {
        let cut = dealt.filter(|dealt| dealt.fault == InjectedFault::UploadCut);
        return upload::answer(site, call, body, cut.map(|dealt| dealt.chance)).await;
    }
    looked_up(site, call, origin).await
}

/// What the archive answers. What reads the disk, or computes for long, does so off the threads that serve everybody.
async fn looked_up(site: &Arc<Site>, call: &Arc<Call>, origin: &str) -> Answer {
    let refused = |refusal: Refusal| refusal.answer(&call.trace());
    if !call.is_work(site) {
        return call.answer(site, origin).unwrap_or_else(refused);
    }
    // To wake another thread costs more than such an answer.
    if call.is_short()
        && let Some(answer) = waiting::refused(|| call.answer(site, origin))
    {
        return answer.unwrap_or_else(refused);
    }
    let gate = match call.surface {
        Surface::Pictures => &site.reading,
        _ => &site.computing,
    };
    let (site, call, origin) = (Arc::clone(site), Arc::clone(call), origin.to_owned());
    let work = async {
        let place = Arc::clone(gate).acquire_owned().await;
        let threads = site.blocking.clone();
        let work = threads.spawn_blocking(move || {
            let answer = call.answer(&site, &origin);
            drop(place);
            answer
        });
        work.await
    };
    match tokio::time::timeout(DISK_TIMEOUT, work).await {
        Ok(Ok(answer)) => answer.unwrap_or_else(refused),
        Ok(Err(_)) => refused(Refusal::new(500, 1, "An unknown error occurred")),
        Err(_) => Answer::text(503, "the disk does not answer"),
    }
}

impl Call {
    /// Tags, dates and gzip, of JSON and tiles.
    fn negotiate(&self, modified: SystemTime, answer: &mut Answer) {
        let is_negotiated = !matches!(self.surface, Surface::Pictures | Surface::Uploads);
        if is_negotiated && self.method != Method::POST {
            // Links expire, so an answer that may have some is only known by its bytes.
            let has_links = self.query.get("fields").is_some_and(|fields| fields.contains("thumb"));
            let modified = Some(modified).filter(|_| !has_links);
            conditional::negotiate(answer, &self.headers, modified);
        }
    }

    fn log(&self, site: &Site, answer: &Answer, dealt: Option<Dealt>) {
        site.log(|| self.line(answer, dealt));
        if let Some(log) = &site.access_log {
            log(&self.access_line(answer));
        }
    }

    fn answer(&self, site: &Site, origin: &str) -> Result<Answer, Refusal> {
        if self.method == Method::OPTIONS {
            return Ok(Answer::text(200, ""));
        }
        if self.method != Method::GET && self.method != Method::HEAD {
            return Ok(Answer::text(405, "only GET, HEAD and OPTIONS are answered")
                .with("allow", "GET, HEAD, OPTIONS"));
        }
        let now = SystemTime::now();
        let archive = site.archive.get();
        if let Endpoint::Picture(opaque) = &self.endpoint {
            return self.picture(site, &archive.index, opaque, now);
        }
        if let (Endpoint::Web(name), Some(web)) = (&self.endpoint, &site.web) {
            return web::answer(site, web, &archive, self, name);
        }
        if site.web.is_some() && self.path == "/" && self.query == Query::default() {
            return Ok(Answer::text(302, "").with("location", "web/"));
        }
        self.check_token(site)?;
        self.check_poison(site)?;
        let token = self.token();
        let ask = Ask { query: &self.query, index: &archive.index, origin, now, token };
        match &self.endpoint {
            Endpoint::Entity(id) => graph::entity(site, &ask, id, &archive.entities),
            Endpoint::Entities => graph::entities(site, &ask),
            Endpoint::Me => graph::me(site, &ask),
            Endpoint::Detections(id) => graph::detections(&ask, id),
            Endpoint::ImageTiles(id) => graph::image_tiles(&ask, id),
            Endpoint::Search => search::search(site, &ask),
            Endpoint::MapFeatures => map_features::search(site, ask.index, ask.query),
            Endpoint::ImageIds => search::image_ids(&ask),
            &Endpoint::Tile { ref set, z, x, y } => {
                let takes_gzip = conditional::takes_gzip(&self.headers);
                tiles::answer(&archive, set, (z, x, y), takes_gzip)
            }
            _ => self.not_served(),
        }
    }

    fn not_served(&self) -> Result<Answer, Refusal> {
        match self.surface {
            Surface::Graph => Err(Refusal::new(
                400,
                2500,
                format!("Unknown path components: {} (not served by this archive)", self.path),
            )),
            _ => Ok(Answer::text(404, "Not Found: not served by this archive\n")),
        }
    }

    fn picture(
        &self,
        site: &Site,
        index: &Index,
        opaque: &str,
        now: SystemTime,
    ) -> Result<Answer, Refusal> {
        match site.signer.check(opaque, &self.query, now) {
            Ok((id, quality)) => picture::answer(site, index, (&id, quality), &self.headers),
            Err(why) => Ok(Answer::text(403, why)),
        }
    }
}

/// Any page may ask. Browsers send the token in a header, which a star does not allow.
pub const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
    (
        "access-control-allow-headers",
        "authorization, content-type, if-modified-since, if-none-match, range",
    ),
    ("access-control-expose-headers", "content-length, content-range, etag, last-modified"),
];

fn respond(answer: Answer, method: &Method) -> Response<Payload> {
    let length = answer.body.length();
    let mut response = Response::new(answer.body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert("content-length", length.into());
    for (name, value) in CORS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if method == Method::OPTIONS {
        // Browsers ask before each request otherwise; Chromium holds it for two hours at most.
        headers.insert("access-control-max-age", HeaderValue::from_static("7200"));
    }
    response
}

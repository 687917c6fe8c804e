//! One HTTP request to one answer: methods, tokens, CORS, faults, the log.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use sha2::{Digest, Sha256};

use super::Site;
use super::answer::{Answer, Payload, Refusal};
use super::fault_injection::{Dealt, InjectedFault, Target};
use super::graph::{self, Ask};
use super::picture::{self, Wanted};
use super::route::{Endpoint, Query, Surface};
use super::spoil::{self, spoil};
use super::{search, tiles};

/// The connection is closed instead of an answer.
#[derive(Debug)]
pub struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection dropped on order")
    }
}

impl Error for Dropped {}

/// A request, taken apart.
struct Call {
    method: Method,
    path: String,
    query: Query,
    headers: HeaderMap,
    surface: Surface,
}

/// Answers a request, or closes its connection.
pub async fn serve<B>(site: Arc<Site>, request: Request<B>) -> Result<Response<Payload>, Dropped> {
    let busy = site.busy.clone();
    let mut response = answer(&site, &Call::of(&request)).await?;
    response.body_mut().hold(busy);
    Ok(response)
}

async fn answer(site: &Site, call: &Call) -> Result<Response<Payload>, Dropped> {
    let asked = call.asked();
    let dealt = match call.method {
        Method::OPTIONS => None,
        _ => site.dealer.deal(call.target(), &asked),
    };
    if dealt.is_some_and(|dealt| dealt.fault == InjectedFault::Slow) {
        tokio::time::sleep(site.slow).await;
    }
    let trace = trace(&asked);
    let right = || call.answer(site).unwrap_or_else(|refusal| refusal.answer(&trace));
    let question = spoil::Asked {
        place: format!("{}{}", call.header("host").unwrap_or(&site.host), call.path),
        query: &call.query,
        slow: site.slow,
        now: SystemTime::now(),
        trace: &trace,
    };
    let instead = dealt.and_then(|dealt| dealt.fault.answer(dealt.chance, &question));
    let is_right = instead.is_none();
    let mut answer = instead.unwrap_or_else(right);
    if let Some(dealt) = dealt.filter(|_| is_right) {
        spoil(&mut answer, dealt, &question);
    }
    site.log(&call.line(&answer, dealt));
    if dealt.is_some_and(|dealt| dealt.fault == InjectedFault::Drop) {
        return Err(Dropped);
    }
    Ok(respond(answer))
}

impl Call {
    fn of<B>(request: &Request<B>) -> Call {
        let path = request.uri().path().to_owned();
        Call {
            method: request.method().clone(),
            surface: Surface::of(&path),
            path,
            query: Query::parse(request.uri().query().unwrap_or_default()),
            headers: request.headers().clone(),
        }
    }

    /// What it asks for, as far as faults go.
    fn target(&self) -> Target {
        let endpoint = Endpoint::of(&self.path);
        let is_list = ["creator_username", "organization_id"]
            .iter()
            .any(|selector| self.query.get(selector).is_some());
        let has_cursors =
            endpoint == Endpoint::Search && is_list && self.query.get("bbox").is_none();
        let is_page = has_cursors || endpoint == Endpoint::ImageIds;
        let page = is_page.then(|| self.query.get("after").is_some());
        Target { surface: self.surface, page, has_cursors }
    }

    fn answer(&self, site: &Site) -> Result<Answer, Refusal> {
        if self.method == Method::OPTIONS {
            return Ok(Answer::text(200, ""));
        }
        if self.method != Method::GET && self.method != Method::HEAD {
            return Ok(Answer::text(405, "only GET, HEAD and OPTIONS are answered")
                .with("allow", "GET, HEAD, OPTIONS"));
        }
        let now = SystemTime::now();
        if let Endpoint::Picture(opaque) = Endpoint::of(&self.path) {
            return Ok(self.picture(site, &opaque, now).unwrap_or_else(|refused| refused));
        }
        self.check_token(site)?;
        self.check_poison(site)?;
        let host = self.header("host").unwrap_or(&site.host);
        let ask = Ask { query: &self.query, host, now };
        match Endpoint::of(&self.path) {
            Endpoint::Entity(id) => graph::entity(site, &ask, &id),
            Endpoint::Entities => graph::entities(site, &ask),
            Endpoint::Me => graph::me(site, &ask),
            Endpoint::Detections(id) => graph::detections(site, &id),
            Endpoint::Search => search::search(site, &ask),
            Endpoint::ImageIds => search::image_ids(site, &self.query),
            Endpoint::Tile { set, z, x, y } => Ok(tiles::answer(site, &set, z, x, y)),
            Endpoint::Picture(_) | Endpoint::Unknown if self.surface != Surface::Graph => {
                Ok(Answer::text(404, "Not Found"))
            }
            Endpoint::Picture(_) | Endpoint::Unknown => {
                Err(Refusal::new(400, 2500, format!("Unknown path components: {}", self.path)))
            }
        }
    }

    fn picture(&self, site: &Site, opaque: &str, now: SystemTime) -> Result<Answer, Answer> {
        let (id, quality) = site.signer.check(opaque, &self.query, now)?;
        let wanted = Wanted {
            range: self.header("range"),
            if_none_match: self.header("if-none-match"),
            if_range: self.header("if-range"),
        };
        Ok(picture::answer(&site.pictures, &id, quality, &wanted))
    }

    /// Any token will do unless one is set, but no request goes without.
    fn check_token(&self, site: &Site) -> Result<(), Refusal> {
        let header = self.header("authorization").and_then(|value| value.split_once(' '));
        let header =
            header.filter(|(kind, _)| ["oauth", "bearer"].contains(&&*kind.to_ascii_lowercase()));
        let token = header.map(|(_, token)| token.trim());
        let given = token.or_else(|| self.query.get("access_token"));
        let given =
            given.ok_or_else(|| Refusal::new(500, 190, "Invalid OAuth 2.0 Access Token"))?;
        if site.token.as_deref().is_none_or(|right| right == given) {
            return Ok(());
        }
        let status = if token.is_some() { 401 } else { 400 };
        Err(Refusal::new(
            status,
            190,
            "Error validating application. Cannot get application info due to a system error.",
        ))
    }

    /// One of these ids spoils whatever names it.
    fn check_poison(&self, site: &Site) -> Result<(), Refusal> {
        let named = self.query.list("ids").unwrap_or_default();
        let is_poison = |id: &str| site.poison.contains(id);
        let own = self.path.split('/').find(|part| !part.is_empty());
        match named.into_iter().chain(own).any(is_poison) {
            true => Err(Refusal::new(500, 1, "An unknown error occurred")),
            false => Ok(()),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What is asked, without what changes from run to run: no token, and for
    /// a picture its name in place of its link.
    fn asked(&self) -> String {
        let Endpoint::Picture(opaque) = Endpoint::of(&self.path) else {
            return format!("{}?{}", self.path, self.query.written_without("access_token"));
        };
        picture::named(&opaque)
            .map_or(self.path.clone(), |(id, quality)| format!("picture {id} {quality}"))
    }

    fn line(&self, answer: &Answer, dealt: Option<Dealt>) -> String {
        let query = self.query.written_without("access_token");
        let query = if query.is_empty() || self.surface == Surface::Pictures {
            String::new()
        } else {
            format!("?{query}")
        };
        let picture = if self.surface == Surface::Pictures {
            format!(" {}", self.asked())
        } else {
            String::new()
        };
        let fault = dealt.map(|dealt| format!(" fault={}", dealt.fault)).unwrap_or_default();
        format!(
            "{} {}{query} {} {}{picture}{fault}",
            self.method,
            self.path,
            answer.status,
            answer.body.length()
        )
    }
}

/// The mark that the service puts on an error: here the same for the same request.
fn trace(asked: &str) -> String {
    format!("A{}", URL_SAFE_NO_PAD.encode(&Sha256::digest(asked)[..16]))
}

fn respond(answer: Answer) -> Response<Payload> {
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
    // Browsers send the token in a header, which a star does not allow.
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
        ("access-control-allow-headers", "authorization, content-type, range"),
        ("access-control-expose-headers", "content-length, content-range, etag, last-modified"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

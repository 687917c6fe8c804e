//! A parsed request: what it requests, who sends it, and how it is logged.

use std::net::SocketAddr;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Version};
use sha2::{Digest, Sha256};

use super::answer::{Answer, Refusal};
use super::fault_injection::{AssignedFaults, RequestTarget, UploadStep};
use super::route::{Endpoint, Query, ServiceHost};
use super::{Site, access_log, conditional, constant_time, link};

/// A parsed request.
pub struct Call {
    pub peer: Option<SocketAddr>,
    pub method: Method,
    pub version: Version,
    pub path: String,
    pub query: Query,
    pub headers: HeaderMap,
    pub surface: ServiceHost,
    pub endpoint: Endpoint,
}

impl Call {
    pub fn new(request: Parts, peer: Option<SocketAddr>) -> Call {
        let path = request.uri.path().to_owned();
        Call {
            peer,
            method: request.method,
            version: request.version,
            surface: ServiceHost::from_path(&path),
            endpoint: Endpoint::from_path(&path),
            path,
            query: Query::parse(request.uri.query().unwrap_or_default()),
            headers: request.headers,
        }
    }

    /// The target of the request, as faults see it.
    pub fn target(&self) -> RequestTarget {
        let endpoint = &self.endpoint;
        let is_list = ["creator_username", "organization_id"]
            .iter()
            .any(|selector| self.query.get(selector).is_some());
        let has_cursors =
            *endpoint == Endpoint::Search && is_list && self.query.get("bbox").is_none();
        let is_page = has_cursors || *endpoint == Endpoint::ImageIds;
        let page = is_page.then(|| self.query.get("after").is_some());
        let step = upload_step(endpoint, &self.method);
        RequestTarget { surface: self.surface, page, has_cursors, step }
    }

    /// Whether it is answered by a few short reads of the index or of a picture, which are mostly in memory, or by a
    /// tile that may be cached.
    pub fn is_short(&self) -> bool {
        matches!(self.surface, ServiceHost::Pictures | ServiceHost::Tiles)
            || self.surface == ServiceHost::Graph
                && matches!(
                    self.endpoint,
                    Endpoint::Entity(_)
                        | Endpoint::Me
                        | Endpoint::ImageIds
                        | Endpoint::ImageTiles(_)
                )
    }

    /// Whether it needs more than lookups in memory.
    pub fn is_work(&self, site: &Site) -> bool {
        if !site.archive.get().index.is_in_memory() {
            return true;
        }
        match self.surface {
            ServiceHost::Pictures | ServiceHost::Tiles | ServiceHost::Uploads => true,
            ServiceHost::Graph => {
                matches!(
                    self.endpoint,
                    Endpoint::Search
                        | Endpoint::MapFeatures
                        | Endpoint::Entities
                        | Endpoint::Web(_)
                )
            }
        }
    }

    fn header_token(&self) -> Option<&str> {
        let (kind, token) = self.header("authorization")?.split_once(' ')?;
        let is_token = ["oauth", "bearer"].contains(&&*kind.to_ascii_lowercase());
        is_token.then(|| token.trim())
    }

    /// The access token of the request.
    pub fn token(&self) -> Option<&str> {
        self.header_token().or_else(|| self.query.get("access_token"))
    }

    /// Checks the token: any token will do unless one is set, but every request needs one.
    pub fn check_token(&self, site: &Site) -> Result<(), Refusal> {
        let given = self.token();
        let given =
            given.ok_or_else(|| Refusal::new(500, 190, "Invalid OAuth 2.0 Access Token"))?;
        let is_right = |right: &str| constant_time::is_same(right, given);
        if site.token.as_deref().is_none_or(is_right) || site.accounts.username(given).is_some() {
            return Ok(());
        }
        let status = if self.header_token().is_some() { 401 } else { 400 };
        Err(Refusal::new(
            status,
            190,
            "Error validating application. Cannot get application info due to a system error.",
        ))
    }

    /// Fails a request that names one of the poison ids.
    pub fn check_poison(&self, site: &Site) -> Result<(), Refusal> {
        let named = self.query.list("ids").unwrap_or_default();
        let is_poison = |id: &str| site.poison.contains(id);
        let own = self.path.split('/').find(|part| !part.is_empty());
        if named.into_iter().chain(own).any(is_poison) {
            Err(Refusal::new(500, 1, "An unknown error occurred"))
        } else {
            Ok(())
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        conditional::header(&self.headers, name)
    }

    /// The request without the parts that change from run to run: no token, and for a picture its name instead of its
    /// link.
    pub fn asked(&self) -> String {
        let Endpoint::Picture(opaque) = &self.endpoint else {
            let asked = format!("{}?{}", self.path, self.query.written_without("access_token"));
            // POST requests are counted separately.
            return if self.method == Method::POST { format!("POST {asked}") } else { asked };
        };
        link::named(opaque)
            .map_or(self.path.clone(), |(id, quality)| format!("picture {id} {quality}"))
    }

    /// The service's trace id of an error; here it is the same for the same request.
    pub fn trace(&self) -> String {
        format!("A{}", URL_SAFE_NO_PAD.encode(&Sha256::digest(self.asked())[..16]))
    }

    /// Method and path, without the token and the signature of a link.
    pub fn request(&self) -> String {
        let query = self.query.written_without("access_token");
        if query.is_empty() || self.surface == ServiceHost::Pictures {
            format!("{} {}", self.method, self.path)
        } else {
            format!("{} {}?{query}", self.method, self.path)
        }
    }

    pub fn line(&self, answer: &Answer, dealt: Option<AssignedFaults>) -> String {
        let picture = match self.surface {
            ServiceHost::Pictures => format!(" {}", self.asked()),
            _ => String::new(),
        };
        let fault = dealt.map(|dealt| format!(" fault={}", dealt.fault)).unwrap_or_default();
        let (request, status, bytes) = (self.request(), answer.status, answer.body.length());
        format!("{request} {status} {bytes}{picture}{fault}")
    }

    pub fn access_line(&self, answer: &Answer) -> String {
        let request = format!("{} {:?}", self.request(), self.version);
        let bytes = if self.method == Method::HEAD { 0 } else { answer.body.length() };
        access_log::line(self.peer, SystemTime::now(), &request, answer.status, bytes)
    }
}

/// The step of an upload that a request is, if any.
fn upload_step(endpoint: &Endpoint, method: &Method) -> Option<UploadStep> {
    match endpoint {
        Endpoint::Upload(_) if method == Method::POST => Some(UploadStep::Bytes),
        Endpoint::Upload(_) => Some(UploadStep::Offset),
        Endpoint::FinishUpload => Some(UploadStep::Finish),
        Endpoint::Login | Endpoint::Token | Endpoint::Connect | Endpoint::Logging => {
            Some(UploadStep::Account)
        }
        _ => None,
    }
}

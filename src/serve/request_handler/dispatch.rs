//! Dispatches a request to the handler of its endpoint.

use std::time::SystemTime;

use hyper::Method;

use super::super::answer::{Answer, Refusal};
use super::super::call::Call;
use super::super::fault_injection::AssignedFaults;
use super::super::graph::{self, Ask};
use super::super::index::Index;
use super::super::route::{Endpoint, Query, ServiceHost};
use super::super::{Site, conditional, map_features, picture, search, tiles, web};

impl Call {
    /// Applies tags, dates and gzip to JSON and tile responses.
    pub(super) fn negotiate(&self, modified: SystemTime, answer: &mut Answer) {
        let is_negotiated = !matches!(self.surface, ServiceHost::Pictures | ServiceHost::Uploads);
        if is_negotiated && self.method != Method::POST {
            // Links expire, so a response that may have some is identified only by its bytes.
            let has_links = self.query.get("fields").is_some_and(|fields| fields.contains("thumb"));
            let modified = Some(modified).filter(|_| !has_links);
            conditional::negotiate(answer, &self.headers, modified);
        }
    }

    pub(super) fn log(&self, site: &Site, answer: &Answer, dealt: Option<AssignedFaults>) {
        site.log(|| self.line(answer, dealt));
        if let Some(log) = &site.access_log {
            log(&self.access_line(answer));
        }
    }

    pub(super) fn answer(&self, site: &Site, origin: &str) -> Result<Answer, Refusal> {
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
            ServiceHost::Graph => Err(Refusal::new(
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

//! The web viewer of an archive: a map of its sequences, and a walk through them. It loads everything from this server,
//! and a content security policy forbids requests to others, unless the user's map style needs them.

pub mod assets;
pub mod base_map;
pub mod summary;

use hyper::HeaderMap;
use hyper::body::Bytes;
use serde_json::json;

use super::answer::{Answer, JSON, Refusal};
use super::call::Call;
use super::snapshot::Snapshot;
use super::{Site, conditional, picture};
use crate::disk::open;
use assets::Asset;
use base_map::BaseMap;

/// Settings of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebSettings {
    pub base: Option<BaseMap>,
}

/// The licence of Mapillary's content.
pub const LICENCE: [&str; 2] =
    ["CC BY-SA 4.0", concat!("https", "://creativecommons.org/licenses/by-sa/4.0/")];

/// The policy of the page: it may request its own server and its own data, which the libraries pass on as blobs.
/// MapillaryJS compiles its filters (`new Function`), which counts as eval.
const OWN_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' blob: data:; connect-src 'self' blob: data:; worker-src blob:; font-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The policy with a style of the user's: the page may contact the hosts that the style names.
const OUTSIDE_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' blob: data: https: http:; connect-src 'self' blob: data: https: http:; worker-src blob:; \
     font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// A file of the page, or data for it.
pub fn answer(
    site: &Site,
    web: &WebSettings,
    archive: &Snapshot,
    call: &Call,
    name: &str,
) -> Result<Answer, Refusal> {
    let answer = match (name, &web.base) {
        // The links in the page are relative to a folder.
        ("", _) if !call.path.ends_with('/') => {
            return Ok(Answer::text(302, "").with("location", "web/"));
        }
        ("config.json", _) => Answer::new(200, JSON, config(site, web)),
        ("summary.json", _) => {
            call.check_token(site)?;
            Answer::new(200, JSON, archive.summary()?)
        }
        (base_map::FILE, Some(BaseMap::Tiles(path))) => {
            picture::file(path, "application/vnd.pmtiles", &call.headers)?
        }
        (base_map::STYLE, Some(BaseMap::Style(path))) => Answer::json(open::text(path)?),
        _ => match Asset::named(name) {
            Some(asset) => file(&asset, &call.headers),
            None => Answer::text(404, "Not Found: no file of the page\n"),
        },
    };
    let is_outside = web.base.as_ref().is_some_and(BaseMap::is_outside);
    Ok(answer
        .with("content-security-policy", if is_outside { OUTSIDE_POLICY } else { OWN_POLICY })
        .with("x-content-type-options", "nosniff")
        .with("cache-control", "no-cache"))
}

fn config(site: &Site, web: &WebSettings) -> String {
    let [text, url] = LICENCE;
    let mut config = json!({
        "kind": "server",
        "needs_token": site.token.is_some(),
        "licence": {"text": text, "url": url},
    });
    if let (Some(base), Some(config)) = (&web.base, config.as_object_mut()) {
        config.extend(base.describe().as_object().cloned().unwrap_or_default());
    }
    config.to_string()
}

/// The file as stored, if the client accepts that encoding.
fn file(asset: &Asset, headers: &HeaderMap) -> Answer {
    if !asset.is_gzip {
        return Answer::new(200, asset.content_type(), Bytes::from_static(asset.bytes));
    }
    if conditional::takes_gzip(headers) {
        return Answer::new(200, asset.content_type(), Bytes::from_static(asset.bytes))
            .with("content-encoding", "gzip");
    }
    match asset.unpacked() {
        Ok(bytes) => Answer::new(200, asset.content_type(), bytes),
        Err(_) => Answer::text(500, "the file of the page is damaged\n"),
    }
}

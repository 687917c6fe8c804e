//! One request through reqwest: returns status, headers and a bounded body, or the reason why there is none.
//!
//! It neither classifies nor retries. One blocking client serves all threads: measured on 2 cores, 16 threads that read
//! 64 KB at a time are faster here than with one client per thread, or with an async client that threads wait for.

mod body;
mod meta;

use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::{Body, Client, ClientBuilder, RequestBuilder, Response};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::{Attempt, Policy};

use super::no_answer::NoAnswer;
use super::proxy::Proxies;
use super::resume::Resume;
use super::token::{Scheme, Token};
pub use meta::Meta;

/// Redirects allowed for a picture: one to a nearer host is usual, a longer chain is an error.
const MOST_REDIRECTS: usize = 5;
/// The timeout for connecting; the timeout for a response is the caller's.
const CONNECT: Duration = Duration::from_secs(30);
/// Bytes read at once. Each read costs a switch between threads, so smaller ones are slower.
pub const PIECE_BYTES: usize = 64 * 1024;

/// A request body with its headers.
pub struct Post {
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    /// The timeout, including the response.
    pub timeout: Duration,
}

/// The HTTP clients: one for the service's own hosts, one for the hosts of pictures.
#[derive(Debug)]
pub struct Http {
    api: Client,
    pictures: Client,
    timeout: Duration,
    has_proxy: bool,
}

impl Http {
    /// `direct`: ignore the system's proxies where none is given, because the service is on this machine.
    pub fn new(timeout: Duration, proxies: &Proxies, direct: bool) -> Result<Self, NoAnswer> {
        // Fails only if a provider is already installed, which works as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = || {
            let agent = concat!("mapillary-pipes/", env!("CARGO_PKG_VERSION"));
            let base = Client::builder()
                .user_agent(agent)
                .connect_timeout(CONNECT.min(timeout))
                .timeout(timeout);
            if direct { base.no_proxy() } else { base }
        };
        let build = |set: &dyn Fn(ClientBuilder) -> ClientBuilder| {
            let built = proxies.apply(set(base()))?.build();
            let built = match built {
                // A service on this machine needs no certificates, and a minimal system has none.
                Err(_) if direct => proxies.apply(set(base()).tls_certs_only([]))?.build(),
                built => built,
            };
            built.map_err(|e| NoAnswer::of_network(&e))
        };
        Ok(Self {
            // The service throttles by a redirect: following it gives a login page with status 200.
            api: build(&|base| base.redirect(Policy::none()))?,
            // Without gzip, the promised length is that of the picture.
            pictures: build(&|base| {
                base.no_gzip().referer(false).redirect(Policy::custom(picture_redirect))
            })?,
            timeout,
            has_proxy: !proxies.is_empty(),
        })
    }

    /// Sends a GET to the service and reads the whole body; an error if it is longer than `limit` bytes.
    pub fn get(
        &self,
        url: &str,
        token: Option<&Token>,
        limit: u64,
        heard: &dyn Fn(usize),
    ) -> Result<(Meta, Vec<u8>), NoAnswer> {
        self.whole(self.api.get(url), token, limit, heard)
    }

    /// Sends a POST to the service and reads the whole response.
    pub fn post(
        &self,
        url: &str,
        token: Option<&Token>,
        post: Post,
        limit: u64,
        heard: &dyn Fn(usize),
    ) -> Result<(Meta, Vec<u8>), NoAnswer> {
        let request = self.api.post(url).body(post.body).timeout(post.timeout);
        let with =
            |request: RequestBuilder, (name, value): (&str, String)| request.header(name, value);
        self.whole(post.headers.into_iter().fold(request, with), token, limit, heard)
    }

    fn whole(
        &self,
        mut request: RequestBuilder,
        token: Option<&Token>,
        limit: u64,
        heard: &dyn Fn(usize),
    ) -> Result<(Meta, Vec<u8>), NoAnswer> {
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, authorization(token)?);
        }
        let (meta, mut response) = self.send(request)?;
        let body = self.read_whole(&mut response, meta.length, limit, heard)?;
        Ok((meta, body))
    }

    /// Requests a picture, or the rest of one, without a token; the caller reads the body.
    pub fn open(&self, url: &str, rest: Option<&Resume>) -> Result<(Meta, Response), NoAnswer> {
        let request = self.pictures.get(url);
        self.send(match rest {
            Some(rest) => request.headers(rest.headers()?),
            None => request,
        })
    }

    fn send(&self, request: RequestBuilder) -> Result<(Meta, Response), NoAnswer> {
        let response = request.send().map_err(|error| {
            // A proxy that is down would look like a service that is down.
            let is_proxy = self.has_proxy && error.is_connect();
            let place = error.url().and_then(place).unwrap_or_default();
            let reason = NoAnswer::of_network(&error.without_url()).at(&place);
            if is_proxy { reason.by_proxy() } else { reason }
        })?;
        Ok((Meta::new(&response), response))
    }
}

/// The address of the request, for messages: a wrong port looks like a service that is down.
fn place(url: &Url) -> Option<String> {
    Some(format!(" at '{}:{}'", url.host_str()?, url.port_or_known_default()?))
}

fn authorization(token: &Token) -> Result<HeaderValue, NoAnswer> {
    let scheme = match token.scheme() {
        Scheme::OAuth => "OAuth",
        Scheme::Bearer => "Bearer",
    };
    let text = format!("{scheme} {}", token.reveal());
    let mut value = HeaderValue::from_str(&text).map_err(|_| NoAnswer::TokenNoHeader)?;
    value.set_sensitive(true);
    Ok(value)
}

fn picture_redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let was_safe = attempt.previous().iter().any(|url| url.scheme() == "https");
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("too many redirects")
    } else if was_safe && attempt.url().scheme() != "https" {
        attempt.error("a redirect from https to http")
    } else {
        attempt.follow()
    }
}

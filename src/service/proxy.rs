//! Proxies from the usual environment variables. An invalid one is an error, and not ignored.

use reqwest::blocking::ClientBuilder;
use reqwest::{NoProxy, Proxy, Url};

use super::client::is_loopback;
use super::error::{Error, ErrorKind};
use super::no_answer::NoAnswer;
use super::token::redact;

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
/// Hosts that a proxy on another machine cannot reach.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// The proxies for http and for https.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    /// Hosts that are reached directly, separated by commas.
    none_for: String,
}

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case.
    pub fn from_variables(value: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let set = |name: &'static str| {
            let names = [name.to_owned(), name.to_ascii_lowercase()];
            names.into_iter().find_map(|name| {
                let text = value(&name).filter(|text| !text.trim().is_empty())?;
                Some((name, text.trim().to_owned()))
            })
        };
        let proxy = |name| set(name).map(|(name, text)| read(&name, &text)).transpose();
        let all = proxy("ALL_PROXY")?;
        let list = set("NO_PROXY").map(|(_, list)| list).unwrap_or_default();
        let hosts = list.split(|c: char| c == ',' || c.is_whitespace());
        // Many write '*.example.org', for which the syntax is '.example.org'.
        let hosts: Vec<&str> = hosts.map(|host| host.strip_prefix("*.").unwrap_or(host)).collect();
        Ok(Self {
            http: proxy("HTTP_PROXY")?.or_else(|| all.clone()),
            https: proxy("HTTPS_PROXY")?.or(all),
            none_for: hosts.join(","),
        })
    }

    pub fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    pub(super) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder, NoAnswer> {
        let mut builder = builder;
        for (url, is_https) in [(&self.http, false), (&self.https, true)] {
            let Some(url) = url else { continue };
            let proxy = if is_https { Proxy::https(url.clone()) } else { Proxy::http(url.clone()) };
            let proxy = proxy.map_err(|error| NoAnswer::Network(redact(&error.to_string())))?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&self.direct(url))));
        }
        Ok(builder)
    }

    /// The hosts that are reached directly instead of through this proxy.
    fn direct(&self, proxy: &Url) -> String {
        if is_loopback(proxy) {
            self.none_for.clone()
        } else {
            format!("{},{THIS_MACHINE}", self.none_for)
        }
    }
}

fn read(name: &str, text: &str) -> Result<Url, Error> {
    let wrong = |why: &str| {
        let message = format!(
            "bad proxy in {name}, '{}': {why}; write it like 'socks5h://localhost:1080', or unset {name}",
            without_login(text)
        );
        Error::new(ErrorKind::Run, message)
    };
    let full = match text.split_once("://") {
        // Desktops write it so, and mean version 5.
        Some(("socks", rest)) => format!("socks5://{rest}"),
        Some(_) => text.to_owned(),
        None => format!("http://{text}"),
    };
    let url = Url::parse(&full).map_err(|error| wrong(&error.to_string()))?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(wrong(&format!("the scheme must be one of {}", SCHEMES.join(", "))));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it names no host"));
    }
    // The HTTP library parses it again, by stricter rules, and would drop it silently.
    match url.as_str().parse::<hyper::Uri>() {
        Ok(uri) if uri.authority().is_some() => Ok(url),
        _ => Err(wrong("it is no URL of a proxy")),
    }
}

/// The text without a user name and password.
fn without_login(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

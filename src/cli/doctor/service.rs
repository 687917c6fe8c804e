//! Checks of the service: the token, the connection, the responses and the clock.

use std::time::Duration;

use crate::run::Stop;
use crate::service::proxy::Proxies;
use crate::service::{Client, ClientSettings, Error, Token};

use super::super::config::{GRAPH, TILES, TOKEN};
use super::super::config_file::ConfigFile;
use super::check::{Check, good, wrong};

/// The tolerated clock offset: a clock that is further off dates requests and links wrongly.
const MOST_CLOCK_OFFSET_S: i64 = 120;

const PATIENCE: Duration = Duration::from_secs(15);

const HOW_TO_TOKEN: &str = "get a client token at https://www.mapillary.com/dashboard/developers, then: mly config set access_token";

pub(super) fn token(file: &ConfigFile) -> (Option<Token>, Check) {
    let name = "token";
    let Some((text, origin)) = TOKEN.value(file) else {
        return (None, wrong(name, "there is none", HOW_TO_TOKEN));
    };
    match Token::new(&text) {
        Err(error) => (None, wrong(name, error.message, HOW_TO_TOKEN)),
        Ok(token) => {
            let kind = if text.trim().starts_with("MLY|") { "a client token" } else { "a token" };
            (
                Some(token),
                good(name, format!("{kind}, from {}", super::config_command::words(&origin))),
            )
        }
    }
}

pub(super) fn proxies() -> Option<Check> {
    let fault = Proxies::from_variables(|name| std::env::var(name).ok()).err()?;
    Some(wrong("proxy", fault.to_string(), "mend the variable, or unset it"))
}

/// Checks the responses of the service, and with them the network and the clock.
pub(super) fn service(file: &ConfigFile, token: Option<Token>) -> Vec<Check> {
    let mut settings =
        ClientSettings { token, retries: 0, timeout: PATIENCE, ..ClientSettings::default() };
    let graph = GRAPH.value(file).map(|(text, _)| text);
    let tiles = TILES.value(file).map(|(text, _)| text);
    settings.graph = graph.unwrap_or(settings.graph);
    settings.tiles = tiles.unwrap_or(settings.tiles);
    settings.proxies = Proxies::from_variables(|name| std::env::var(name).ok()).unwrap_or_default();
    let (graph, tiles) = (settings.graph.clone(), settings.tiles.clone());
    let client = match Client::new(settings, Stop::default().0) {
        Ok(client) => client,
        Err(error) => {
            return vec![wrong("network", error.message, "mend the address in the config")];
        }
    };
    let network = "see that this machine reaches the address, and whether a proxy is wanted";
    let asked = |name, address: &str, answer: Result<(), Error>| match answer {
        Ok(()) => good(name, format!("'{address}' answers")),
        Err(error) if error.message.contains("token") => wrong(name, error.message, HOW_TO_TOKEN),
        Err(error) => wrong(name, error.message, network),
    };
    // The images of an unknown sequence are an empty list.
    let ids = client.image_ids("doctor").map(|_| ());
    let mut checks = vec![asked("service", &graph, ids)];
    let tile = client.tile("mly1_public", 14, 0, 0).map(|_| ());
    checks.push(asked("tiles", &tiles, tile));
    checks.extend(client.counts().clock_offset_s().map(clock));
    checks
}

fn clock(offset_s: i64) -> Check {
    if offset_s.abs() <= MOST_CLOCK_OFFSET_S {
        return good("clock", "agrees with that of the service");
    }
    let side = if offset_s > 0 { "ahead of" } else { "behind" };
    let text = format!("{} s {side} that of the service", offset_s.abs());
    wrong(
        "clock",
        text,
        "set it, by timedatectl set-ntp true or by hand: links seem expired, or good for ever",
    )
}

#[cfg(test)]
mod tests;

//! A Panoramax instance and its token, from the environment or from the file of panoramax_cli.

use std::env;
use std::io;

use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::service::{ClientSettings, Token};
use crate::shape::FatalError;

use super::{Api, config_file};

/// The client settings for an instance. With `is_dry` no token is needed.
pub fn settings(
    settings: ClientSettings,
    api: &Api,
    instance: &str,
    is_dry: bool,
) -> Result<ClientSettings, FatalError> {
    let base = instance.trim_end_matches('/').trim_end_matches("/api").to_owned();
    // A token of Mapillary is sent to nobody else.
    let given = settings.token.filter(|_| api.token_file.is_some());
    let token = match given {
        Some(token) => Some(token),
        None if is_dry => None,
        None => Some(token_for(&base)?),
    };
    let token = token.map(Token::as_bearer);
    Ok(ClientSettings { graph: base.clone(), upload: base, token, ..settings })
}

fn token_for(instance: &str) -> Result<Token, FatalError> {
    let said = env::var("PANORAMAX_TOKEN").ok().filter(|token| !token.trim().is_empty());
    let text = match said {
        Some(token) => token,
        None => kept(instance)?.ok_or_else(|| {
            FatalError(format!(
                "no token for '{instance}': set PANORAMAX_TOKEN to one of 'My settings' there, or use 'panoramax_cli login'"
            ))
        })?,
    };
    Token::new(&text).map_err(FatalError::new)
}

/// The stored token, in the file of panoramax_cli 1.4: `$XDG_CONFIG_HOME/geovisio/config.toml`.
fn kept(instance: &str) -> Result<Option<String>, FatalError> {
    let Some(folder) = config_file::base_folder("XDG_CONFIG_HOME", ".config") else {
        return Ok(None);
    };
    let path = folder.join("geovisio/config.toml");
    let text = match open::text(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.at_path(Action::Read, &path)?,
    };
    Ok(token_in(&text, instance))
}

/// Reads a table for each instance, with plain strings, which is all that panoramax_cli writes.
fn token_in(text: &str, instance: &str) -> Option<String> {
    text.split("[[instances]]").skip(1).find_map(|table| {
        let value = |name: &str| {
            let line = table.lines().find_map(|line| line.trim().strip_prefix(name))?;
            Some(line.trim().strip_prefix('=')?.trim().trim_matches('"').to_owned())
        };
        let is_it = value("url")?.trim_end_matches('/') == instance;
        is_it.then(|| value("jwt_token"))?
    })
}

#[cfg(test)]
mod tests;

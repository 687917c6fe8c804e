//! What the environment and the config file say of the service, of archive.org, and of where things are kept.

use std::env;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::disk::open;
use crate::service::proxy::Proxies;
use crate::service::{ClientSettings, Token};
use crate::shape::FatalError;

use super::api::{Api, Patience};

/// The settings of the client: flags first, then the environment, then the
/// config file, then what is built in.
pub fn service(api: &Api) -> Result<ClientSettings, FatalError> {
    let file = config_file();
    let mut settings = ClientSettings { token: token(api, &file)?, ..ClientSettings::default() };
    if let Some(graph) = setting("MAPILLARY_GRAPH_API_ENDPOINT", "graph_api_endpoint", &file) {
        settings.graph = graph;
    }
    if let Some(tiles) = setting("MAPILLARY_TILES_ENDPOINT", "tiles_endpoint", &file) {
        settings.tiles = tiles;
    }
    let upload = setting("MAPILLARY_UPLOAD_ENDPOINT", "upload_endpoint", &file);
    let is_service = settings.graph == ClientSettings::default().graph;
    settings.upload = match upload {
        Some(upload) => upload,
        None if is_service => settings.upload,
        // Whoever asks a server of their own does not mean to send photos to the service.
        None => format!("{}/mapillary_public_uploads", settings.graph.trim_end_matches('/')),
    };
    patient(settings, api)
}

/// The settings of a client of archive.org, which has no token.
pub fn internet_archive(patience: &Patience) -> Result<ClientSettings, FatalError> {
    let mut settings = ClientSettings::default();
    let endpoint =
        setting("INTERNET_ARCHIVE_ENDPOINT", "internet_archive_endpoint", &config_file());
    if let Some(endpoint) = endpoint {
        settings.internet_archive = endpoint;
    }
    patient(settings, patience)
}

/// Where answers are kept that can be asked for again: `$XDG_CACHE_HOME/mapillary-pipes`.
pub fn cache_folder() -> Result<PathBuf, FatalError> {
    let folder = base_folder("XDG_CACHE_HOME", ".cache").map(|base| base.join("mapillary-pipes"));
    folder.ok_or_else(|| FatalError("no place for the cache: set XDG_CACHE_HOME or HOME".into()))
}

fn patient(
    mut settings: ClientSettings,
    patience: &Patience,
) -> Result<ClientSettings, FatalError> {
    settings.retries = patience.retries;
    settings.retry_wait = Duration::from_secs_f64(patience.retry_wait);
    settings.timeout = Duration::from_secs_f64(patience.timeout);
    settings.rate = patience.rate;
    settings.max_failures = patience.max_failures;
    settings.proxies =
        Proxies::from_variables(|name| env::var(name).ok()).map_err(FatalError::new)?;
    Ok(settings)
}

fn token(api: &Api, file: &str) -> Result<Option<Token>, FatalError> {
    let text = match &api.token_file {
        Some(path) => {
            Some(open::named(path).and_then(io::read_to_string).map_err(|error| {
                FatalError(format!("cannot read '{}': {error}", path.display()))
            })?)
        }
        None => setting("MAPILLARY_TOKEN", "access_token", file),
    };
    text.map(|text| Token::new(&text).map_err(FatalError::new)).transpose()
}

fn setting(variable: &str, key: &str, file: &str) -> Option<String> {
    let set = env::var(variable).ok().filter(|text| !text.trim().is_empty());
    set.or_else(|| value(file, "mapillary", key))
}

/// `$XDG_CONFIG_HOME/mapillary-pipes/config.ini`, empty when it is not there.
fn config_file() -> String {
    let folder = base_folder("XDG_CONFIG_HOME", ".config");
    let path = folder.map(|folder| folder.join("mapillary-pipes/config.ini"));
    path.and_then(|path| open::text(path).ok()).unwrap_or_default()
}

/// A folder of the user's, as the XDG Base Directory Specification names it.
pub(super) fn base_folder(variable: &str, within_home: &str) -> Option<PathBuf> {
    let set = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(within_home)))
}

/// The value of a key in a section of an INI text.
fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            inside = name.trim() == section;
        }
        match line.split_once('=') {
            Some((name, value)) if inside && name.trim() == key => {
                return Some(value.trim().to_string());
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_in_its_own_section_only() {
        let text = "[other]\naccess_token = no\n\n[mapillary]\n# access_token = old\naccess_token = MLY|1|a=b\n";
        assert_eq!(value(text, "mapillary", "access_token"), Some("MLY|1|a=b".into()));
        assert_eq!(value(text, "mapillary", "tiles_endpoint"), None);
    }
}

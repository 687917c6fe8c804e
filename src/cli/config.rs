//! Settings of the service, of archive.org and of the cache folder, from the environment and the config file.

use std::env;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::service::proxy::Proxies;
use crate::service::{ClientSettings, Token, client};
use crate::shape::FatalError;

use super::config_file::{ConfigFile, base_folder};
use super::request_flags::{Api, RequestFlags};

/// A setting of the service: its key in `[mapillary]`, and the environment variable that takes precedence.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub variable: &'static str,
}

pub const TOKEN: Key = Key { name: "access_token", variable: "MAPILLARY_TOKEN" };
pub const GRAPH: Key = Key { name: "graph_api_endpoint", variable: "MAPILLARY_GRAPH_API_ENDPOINT" };
pub const TILES: Key = Key { name: "tiles_endpoint", variable: "MAPILLARY_TILES_ENDPOINT" };
pub const INTERNET_ARCHIVE: Key =
    Key { name: "internet_archive_endpoint", variable: "INTERNET_ARCHIVE_ENDPOINT" };
pub const UPLOAD: Key = Key { name: "upload_endpoint", variable: "MAPILLARY_UPLOAD_ENDPOINT" };
pub const KEYS: [Key; 5] = [TOKEN, GRAPH, TILES, UPLOAD, INTERNET_ARCHIVE];
pub const SECTION: &str = "mapillary";

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Environment(&'static str),
    /// The section of the config file.
    File(String),
}

impl Key {
    /// The value from the environment, otherwise from the file.
    pub fn value(self, file: &ConfigFile) -> Option<(String, Origin)> {
        let set = env::var(self.variable).ok().filter(|text| !text.trim().is_empty());
        set.map(|text| (text, Origin::Environment(self.variable))).or_else(|| {
            let (value, section) = file.value(SECTION, self.name)?;
            Some((value, Origin::File(section)))
        })
    }

    /// # Errors
    /// A value that no client could use.
    pub fn check(self, value: &str) -> Result<(), FatalError> {
        let checked = match self.name {
            name if name == TOKEN.name => Token::new(value).map(drop),
            _ => client::check_endpoint(value),
        };
        checked.map_err(|error| FatalError(format!("{}: {}", self.name, error.message)))
    }

    fn text(self, file: &ConfigFile) -> Option<String> {
        self.value(file).map(|(text, _)| text)
    }
}

/// The client settings, in order of precedence: flags, environment, config file, built-in defaults.
pub fn service(api: &Api) -> Result<ClientSettings, FatalError> {
    let file = config_file()?;
    let (token, believes_gone) = (token(api, &file)?, api.recheck);
    patient(ClientSettings { token, believes_gone, ..addresses(&file) }, api)
}

/// The endpoints from the environment and the file, otherwise those of the service.
pub fn addresses(file: &ConfigFile) -> ClientSettings {
    let mut settings = ClientSettings::default();
    let service = settings.graph.clone();
    for (key, address) in [
        (GRAPH, &mut settings.graph),
        (TILES, &mut settings.tiles),
        (INTERNET_ARCHIVE, &mut settings.internet_archive),
    ] {
        if let Some(set) = key.text(file) {
            *address = set;
        }
    }
    settings.upload = match UPLOAD.text(file) {
        Some(upload) => upload,
        None if settings.graph == service => settings.upload,
        // A user with a server of their own does not mean to send photos to the service.
        None => format!("{}/mapillary_public_uploads", settings.graph.trim_end_matches('/')),
    };
    settings
}

/// The endpoints of metadata and tiles, if they are not those of the service itself. An error in the file is reported by
/// [`service`].
pub fn other_service() -> Option<(String, String)> {
    let own = ClientSettings::default();
    let set = addresses(&config_file().ok()?);
    (set.graph != own.graph || set.tiles != own.tiles).then_some((set.graph, set.tiles))
}

/// The client settings for archive.org, which needs no token.
pub fn internet_archive(patience: &RequestFlags) -> Result<ClientSettings, FatalError> {
    patient(addresses(&config_file()?), patience)
}

/// The folder for cached responses: `$XDG_CACHE_HOME/mapillary-pipes`.
pub fn cache_folder() -> Result<PathBuf, FatalError> {
    let folder = base_folder("XDG_CACHE_HOME", ".cache").map(|base| base.join("mapillary-pipes"));
    folder.ok_or_else(|| FatalError("no place for the cache: set XDG_CACHE_HOME or HOME".into()))
}

fn patient(
    mut settings: ClientSettings,
    patience: &RequestFlags,
) -> Result<ClientSettings, FatalError> {
    settings.retries = patience.retries;
    settings.retry_wait = Duration::from_secs_f64(patience.retry_wait);
    settings.timeout = Duration::from_secs_f64(patience.timeout);
    settings.rate = patience.rate;
    settings.pace = patience.pace.clone();
    settings.max_failures = patience.max_failures;
    settings.proxies =
        Proxies::from_variables(|name| env::var(name).ok()).map_err(FatalError::new)?;
    Ok(settings)
}

fn token(api: &Api, file: &ConfigFile) -> Result<Option<Token>, FatalError> {
    let text = match &api.token_file {
        Some(path) => {
            let text = open::named(path).and_then(io::read_to_string);
            Some(text.at_path(Action::Read, path)?)
        }
        None => TOKEN.text(file),
    };
    text.map(|text| Token::new(&text).map_err(FatalError::new)).transpose()
}

/// The config file, which must be readable if it exists.
fn config_file() -> Result<ConfigFile, FatalError> {
    let file = ConfigFile::read();
    file.fault.clone().map_or(Ok(()), Err)?;
    Ok(file)
}

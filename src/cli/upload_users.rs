//! The users who may upload, in the file of mapillary_tools, so that one login works for both.

use std::env;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{Action, AtPath, PathError, atomic_file, open};
use crate::service::Token;
use crate::shape::FatalError;
use crate::value::shown::quoted;

use super::{Api, config_file};

/// The application of mapillary_tools 0.14, which is part of the name of its file (config.py, api_v4.py).
const FILE: &str = "MLY_5675152195860640_6b02c72e6e3c801e5603ab0495623282";

const TOKEN: &str = "user_upload_token";
const USER_ID: &str = "MAPSettingsUserKey";
const USERNAME: &str = "MAPSettingsUsername";
const ORGANIZATION: &str = "MAPOrganizationKey";

/// A user.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub token: String,
    pub user_id: String,
    pub username: String,
    /// The id of the organization that mapillary_tools uploads for by default.
    pub organization: String,
}

/// The path of the file: `MAPILLARY_CONFIG_PATH`, otherwise that of mapillary_tools.
pub fn path() -> Result<PathBuf, FatalError> {
    if let Some(path) = env::var_os("MAPILLARY_CONFIG_PATH").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let file = env::var("MAPILLARY_CLIENT_TOKEN").ok().filter(|token| !token.is_empty());
    let file = file.map_or(FILE.to_owned(), |token| token.replace('|', "_"));
    // Not XDG_CONFIG_HOME: mapillary_tools does not look there.
    let home = env::home_dir().filter(|home| home.is_absolute());
    let home = home.ok_or_else(|| FatalError("no place for profiles: set HOME".into()))?;
    Ok(home.join(".config/mapillary/configs").join(file))
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All users in the file; empty if there is no file.
pub fn read(path: &Path) -> Result<Vec<Profile>, FatalError> {
    match open::text(path) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(PathError::new(Action::Read, path, error).into()),
    }
}

/// The token of a user that was given instead of a profile. One from the environment or the config file is passed over
/// when a profile is named, or if it is an application's, which may read and not upload.
///
/// # Errors
/// A token from `--token-file` beside a profile, or one of an application: neither is passed over without a word.
pub fn given_token(
    api: &Api,
    given: Option<&Token>,
    profile: Option<&str>,
) -> Result<Option<Token>, FatalError> {
    let is_from_file = api.token_file.is_some();
    let is_of_application = given.is_some_and(Token::is_of_application);
    match profile {
        Some(_) if is_from_file => Err(FatalError(
            "--token-file cannot be used with --profile: each says which user it is".into(),
        )),
        None if is_from_file && is_of_application => Err(FatalError(
            "--token-file: 'MLY|...' is the token of an application, which may read and not upload: 'mly login' gets that of a user".into(),
        )),
        None if !is_of_application => Ok(given.cloned()),
        _ => Ok(None),
    }
}

/// The named user, or the only one.
pub fn choose(name: Option<&str>) -> Result<Profile, FatalError> {
    let path = path()?;
    let mut profiles = read(&path)?;
    profiles.retain(|profile| !profile.token.is_empty());
    let names =
        || profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ");
    let what = match (name, profiles.len()) {
        (Some(name), _) => match profiles.iter().find(|profile| profile.name == name) {
            Some(profile) => return Ok(profile.clone()),
            None if profiles.is_empty() => {
                format!("no profile '{name}': 'login --profile {name}' makes it")
            }
            None => format!("no profile '{name}': there are {}", names()),
        },
        (None, 0) => "no user is logged in: 'mly login' gets a token that may upload".to_owned(),
        (None, 1) => return Ok(profiles.remove(0)),
        (None, _) => {
            format!("several users are logged in ({}): --profile says which one uploads", names())
        }
    };
    Err(FatalError(what))
}

/// Adds or updates a user; the rest of the file stays, with what another login has added by now. Only the owner may read
/// it.
///
/// # Errors
/// A value with a control character: a line break would begin another key or section.
pub fn save(path: &Path, profile: &Profile) -> Result<(), FatalError> {
    let values = [&profile.name, &profile.token, &profile.user_id, &profile.username];
    if let Some(wrong) = values.into_iter().find(|value| value.contains(char::is_control)) {
        let what = quoted(wrong);
        return Err(FatalError(format!("the service's answer has control characters in {what}")));
    }
    let saved = atomic_file::update_secret(path, |old| {
        let old = String::from_utf8(old.unwrap_or_default()).map_err(io::Error::other)?;
        io::Result::Ok(Some(with(&old, profile).into_bytes()))
    });
    Ok(saved.at_path(Action::Write, path)?)
}

fn section(line: &str) -> Option<&str> {
    line.trim().strip_prefix('[')?.strip_suffix(']')
}

/// Python's configparser doubles percent signs.
fn parse(text: &str) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        if let Some(name) = section(line) {
            profiles.push(Profile { name: name.to_owned(), ..Profile::default() });
        } else if let (Some(profile), Some((key, value))) =
            (profiles.last_mut(), line.split_once(['=', ':']))
        {
            let value = value.trim().replace("%%", "%");
            match key.trim() {
                TOKEN => profile.token = value,
                USER_ID => profile.user_id = value,
                USERNAME => profile.username = value,
                ORGANIZATION => profile.organization = value,
                _ => {}
            }
        }
    }
    profiles
}

/// The text with the profile added or updated: its other keys and the other profiles stay.
fn with(old: &str, profile: &Profile) -> String {
    let set = [(TOKEN, &profile.token), (USER_ID, &profile.user_id), (USERNAME, &profile.username)];
    let lines: String = set
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key} = {}\n", value.replace('%', "%%")))
        .collect();
    let (mut text, mut inside, mut is_there) = (String::new(), false, false);
    for line in old.lines() {
        if let Some(name) = section(line) {
            inside = name == profile.name;
            text.push_str(&format!("{line}\n"));
            if inside && !std::mem::replace(&mut is_there, true) {
                text.push_str(&lines);
            }
            continue;
        }
        let key = line.split_once(['=', ':']).map_or("", |(key, _)| key.trim());
        if !(inside && set.iter().any(|(known, _)| *known == key)) {
            text.push_str(&format!("{line}\n"));
        }
    }
    if !is_there {
        text.push_str(&format!("[{}]\n{lines}\n", profile.name));
    }
    text
}

/// The folder of upload journals: `$XDG_STATE_HOME/mapillary-pipes/uploads`.
pub fn journals() -> Result<PathBuf, FatalError> {
    let folder = config_file::base_folder("XDG_STATE_HOME", ".local/state");
    let folder = folder.map(|base| base.join("mapillary-pipes/uploads"));
    folder.ok_or_else(|| FatalError("no place for the journal: set XDG_STATE_HOME or HOME".into()))
}

/// The folder where mapillary_tools records its uploads.
pub fn history() -> Result<PathBuf, FatalError> {
    if let Some(path) = named_history() {
        return Ok(path);
    }
    let folder = config_file::base_folder("XDG_DATA_HOME", ".local/share");
    let folder = folder.map(|base| base.join("mapillary_tools/upload_history"));
    folder.ok_or_else(|| FatalError("no place for the history: set XDG_DATA_HOME or HOME".into()))
}

/// The value of `MAPILLARY_UPLOAD_HISTORY_PATH`.
pub fn named_history() -> Option<PathBuf> {
    env::var_os("MAPILLARY_UPLOAD_HISTORY_PATH").filter(|path| !path.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests;

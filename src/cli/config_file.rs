//! The config file: `$XDG_CONFIG_HOME/mapillary-pipes/config.ini`.
//!
//! `[mapillary]` holds settings of the service, `[download]` flags of `download`, and `[tools]` flags of every tool
//! that has them. A profile has sections of its own, which take precedence: `[profile work]`,
//! `[profile work download]`.

mod profile;

use std::env;
use std::io;
use std::path::PathBuf;

use crate::disk::{Action, AtPath, PathError, atomic_file, open};
use crate::format::ini;
use crate::shape::FatalError;
use crate::value::shell;
use crate::value::shown::short;

use super::config_sections;
pub use profile::{PROFILE, profile, section_of};

/// The config file as read.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// `None` where there is no folder for it.
    pub path: Option<PathBuf>,
    text: String,
    /// Why it cannot be read, if it exists.
    pub fault: Option<FatalError>,
}

impl ConfigFile {
    pub fn read() -> ConfigFile {
        let folder = base_folder("XDG_CONFIG_HOME", ".config");
        let Some(path) = folder.map(|folder| folder.join("mapillary-pipes/config.ini")) else {
            return ConfigFile::default();
        };
        let (text, fault) = match open::text(&path) {
            Ok(text) => (text, None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (String::new(), None),
            Err(error) => (String::new(), Some(PathError::new(Action::Read, &path, error).into())),
        };
        ConfigFile { path: Some(path), text, fault }
    }

    /// The value of a key, preferring that of the profile, and its section.
    pub fn value(&self, section: &str, key: &str) -> Option<(String, String)> {
        self.sections(section).into_iter().rev().find_map(|section| {
            let value = ini::value(&self.text, &section, key).filter(|value| !value.is_empty())?;
            Some((value, section))
        })
    }

    /// The sections that apply to a name, the strongest last.
    pub fn sections(&self, section: &str) -> Vec<String> {
        let own = profile().map(|profile| section_of(Some(&profile), section));
        [section.to_string()].into_iter().chain(own).collect()
    }

    /// Its path for messages.
    pub fn shown(&self) -> String {
        self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
    }

    /// # Errors
    /// A line that is neither a section nor a setting: it would otherwise be ignored silently.
    pub fn check_lines(&self) -> Result<(), FatalError> {
        let Some((number, line)) = ini::senseless(&self.text).into_iter().next() else {
            return Ok(());
        };
        let (path, line) = (self.shown(), short(&line));
        Err(FatalError(format!(
            "'{path}': line {number}: '{line}' is neither a [section] nor a key = value in one"
        )))
    }

    /// # Errors
    /// A section that no tool reads, or an unknown key in `[mapillary]`.
    pub fn check_sections(&self) -> Result<(), FatalError> {
        for (section, key, _) in self.entries() {
            let checked = config_sections::check_blanks(&section)
                .and_then(|()| config_sections::check(config_sections::base(&section), &key));
            let place = |what: FatalError| format!("'{}': [{section}]: {}", self.shown(), what.0);
            checked.map_err(|what| FatalError(place(what)))?;
        }
        Ok(())
    }

    /// All its entries: section, key, value.
    pub fn entries(&self) -> Vec<(String, String, String)> {
        ini::read(&self.text)
    }

    /// The profiles in it.
    pub fn profiles(&self) -> Vec<String> {
        let of = |section: &str| {
            let section = section.to_ascii_lowercase();
            Some(section.strip_prefix("profile ")?.split_whitespace().next()?.to_string())
        };
        let mut all: Vec<String> = ini::sections(&self.text).filter_map(of).collect();
        all.sort();
        all.dedup();
        all
    }

    /// # Errors
    /// The selected profile does not exist.
    pub fn check_profile(&self) -> Result<(), FatalError> {
        let (Some(profile), Some(path)) = (profile(), &self.path) else { return Ok(()) };
        let profiles = self.profiles();
        if profiles.contains(&profile) {
            return Ok(());
        }
        let there = if profiles.is_empty() { "no profile".into() } else { profiles.join(", ") };
        let path = path.display();
        Err(FatalError(format!("no profile '{profile}': '{path}' has {there}")))
    }

    /// Sets a value, and writes the file readable by its owner only: it may hold a token.
    ///
    /// # Errors
    /// A value that would be read back differently, or a file that cannot be written.
    pub fn set(&mut self, section: &str, key: &str, value: &str) -> Result<PathBuf, FatalError> {
        let text = ini::with(&self.text, section, key, value);
        if ini::value(&text, section, key).as_deref() != Some(value) {
            let what = "a file of this form cannot hold it: a blank and ';' begin a comment, and a section ends at ']'";
            return Err(FatalError(format!("[{section}] {key} = {value}: {what}")));
        }
        self.change(|text| ini::with(text, section, key, value))
    }

    /// Removes a value. `None` if it was not set.
    pub fn unset(&mut self, section: &str, key: &str) -> Result<Option<PathBuf>, FatalError> {
        let (_, was_there) = ini::without(&self.text, section, key);
        // A file that cannot be read may still have the key.
        if was_there || self.fault.is_some() {
            self.change(|text| ini::without(text, section, key).0).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Changes the file as it is by now: since it was read, another process may have set something else.
    fn change(&mut self, change: impl FnOnce(&str) -> String) -> Result<PathBuf, FatalError> {
        self.fault.clone().map_or(Ok(()), Err)?;
        let Some(path) = self.path.clone() else {
            return Err(FatalError("no place for the file: set XDG_CONFIG_HOME or HOME".into()));
        };
        let changed = atomic_file::update_secret(&path, |old| {
            let old = String::from_utf8(old.unwrap_or_default()).map_err(io::Error::other)?;
            self.text = change(&old);
            io::Result::Ok(Some(self.text.clone().into_bytes()))
        });
        changed.at_path(Action::Write, &path)?;
        Ok(path)
    }
}

/// A path from the file with `~/` expanded, since no shell does it there.
pub fn with_home(value: &str) -> String {
    let home = env::var("HOME").ok().filter(|home| !home.is_empty());
    shell::with_home(value, home.as_deref()).into_owned()
}

/// A base folder of the user, as in the XDG Base Directory Specification.
pub fn base_folder(variable: &str, within_home: &str) -> Option<PathBuf> {
    let set = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(within_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_process_has_set_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.ini");
        let read = || ConfigFile { path: Some(path.clone()), ..ConfigFile::default() };
        let (mut one, mut other) = (read(), read());
        one.set("tools", "rate", "2").unwrap();
        other.set("download", "jobs", "4").unwrap();
        one.set("tools", "quiet", "yes").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let all = [("tools", "rate", "2"), ("download", "jobs", "4"), ("tools", "quiet", "yes")];
        for (section, key, value) in all {
            assert_eq!(ini::value(&text, section, key).as_deref(), Some(value), "{text}");
        }
        assert_eq!(other.unset("tools", "rate").unwrap(), Some(path.clone()));
        assert!(!std::fs::read_to_string(&path).unwrap().contains("rate"));
    }
}

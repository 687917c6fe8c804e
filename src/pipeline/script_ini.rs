//! The INI file of the single-purpose download scripts, which works here unchanged: `[mapillary]` with a token and one
//! of image_key, sequence_key and bbox.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cli::config_file;
use crate::cli::forwarded_flags::flag;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::format::ini;
use crate::service::Token;
use crate::shape::FatalError;
use crate::value::bbox::BBox;
use crate::value::shown::short;
use crate::value::{picture_id, sequence_id};

/// The files tried when no flag selects what to fetch.
const NAMES: [&str; 2] = ["fetch_mpy_images.ini", "config.ini"];
const SECTION: &str = "mapillary";
/// The section whose keys apply to every section, as in the scripts' parser (Python's configparser).
const FOR_ALL: &str = "default";
const QUERIES: [&str; 3] = ["image_key", "sequence_key", "bbox"];
const OTHERS: [&str; 3] = ["access_token", "limit", "output_root"];

/// What such a file requests.
#[derive(Debug, PartialEq)]
pub struct ScriptIni {
    pub token: Option<String>,
    /// Flags of get-images.
    pub selection: Vec<OsString>,
    pub into: PathBuf,
    /// Messages about keys that have no meaning here.
    pub notes: Vec<String>,
}

/// The file of the current folder, if there is one.
pub fn found() -> Option<PathBuf> {
    let is_one = |path: &PathBuf| ini::has_section(&open::text(path).unwrap_or_default(), SECTION);
    NAMES.map(PathBuf::from).into_iter().find(is_one)
}

impl ScriptIni {
    pub fn open(path: &Path) -> Result<ScriptIni, FatalError> {
        let text = open::text(path).at_path(Action::Open, path)?;
        let named = |what: String| format!("'{}': {what}", path.display());
        let mut read = ScriptIni::read(&text).map_err(|what| FatalError(named(what.0)))?;
        read.notes = std::mem::take(&mut read.notes).into_iter().map(named).collect();
        Ok(read)
    }

    fn read(text: &str) -> Result<ScriptIni, FatalError> {
        if !ini::has_section(text, SECTION) {
            return Err(FatalError(without_section(text)));
        }
        let values = Values::of(text)?;
        let (key, query) = values.query().map_err(|fault| FatalError(fault.0 + &unread(text)))?;
        let wrong = |what: String| FatalError(format!("{key}: {what}"));
        let (selection, folder) = match key {
            "image_key" => {
                let id = picture_id::read(query).map_err(|error| wrong(error.to_string()))?;
                (flag("image", id.into()), format!("image_{id}"))
            }
            "sequence_key" => {
                let id = sequence_id::read(query).map_err(|error| wrong(error.to_string()))?;
                (flag("sequence", id.into()), format!("sequence_{id}"))
            }
            _ => {
                query.parse::<BBox>().map_err(|error| wrong(error.to_string()))?;
                let is_between = |sign: char| !sign.is_ascii_digit() && !"+-.eE".contains(sign);
                let numbers = query.split(is_between).filter(|number| !number.is_empty());
                let bbox = numbers.collect::<Vec<_>>().join(",");
                let folder = format!("bbox_{}", bbox.replace(',', "_"));
                (
                    [flag("bbox", bbox.into()), flag("limit", values.limit()?.into())].concat(),
                    folder,
                )
            }
        };
        let token = values.get("access_token");
        if let Some(token) = token {
            Token::new(token)
                .map_err(|error| FatalError(format!("access_token: {}", error.message)))?;
        }
        let root = config_file::with_home(values.get("output_root").unwrap_or("downloads"));
        let (token, into) = (token.map(String::from), PathBuf::from(root).join(folder));
        Ok(ScriptIni { token, selection, into, notes: values.notes(key) })
    }
}

/// The values of the section, each key once.
struct Values(Vec<(String, String)>);

impl Values {
    fn of(text: &str) -> Result<Values, FatalError> {
        let of = |section: &str| {
            let all = ini::read(text).into_iter().filter(move |(of, ..)| of == section);
            all.map(|(_, key, value)| (key, value)).collect::<Vec<_>>()
        };
        let mut values = of(SECTION);
        if let Some((key, _)) = values.iter().enumerate().find_map(|(at, (key, value))| {
            values[..at].iter().any(|(before, _)| before == key).then_some((key, value))
        }) {
            return Err(FatalError(format!("{key} is there twice")));
        }
        let general = of(FOR_ALL);
        let is_new = |(key, _): &(String, String)| !values.iter().any(|(own, _)| own == key);
        values.extend(general.into_iter().filter(is_new).collect::<Vec<_>>());
        values.retain(|(_, value)| !value.is_empty());
        Ok(Values(values))
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| &**value)
    }

    /// The key that selects what to fetch.
    fn query(&self) -> Result<(&'static str, &str), FatalError> {
        let there: Vec<_> =
            QUERIES.into_iter().filter_map(|key| Some((key, self.get(key)?))).collect();
        if let [query] = there[..] {
            return Ok(query);
        }
        let names: Vec<&str> = there.iter().map(|(key, _)| *key).collect();
        let what = if names.is_empty() { "no query".into() } else { names.join(" and ") };
        let others: Vec<&str> = self.unknown().collect();
        let others = if names.is_empty() && !others.is_empty() {
            format!("; it has {}", others.join(", "))
        } else {
            String::new()
        };
        let all = QUERIES.join(", ");
        Err(FatalError(format!("{what}: one of {all} says what to fetch{others}")))
    }

    fn limit(&self) -> Result<&str, FatalError> {
        let limit = self.get("limit").unwrap_or("1");
        match limit.parse::<u64>() {
            Ok(1..) => Ok(limit),
            _ => Err(FatalError(format!("limit: '{limit}' is not a whole number from 1 up"))),
        }
    }

    /// The keys that are not used.
    fn unknown(&self) -> impl Iterator<Item = &str> {
        let is_known = |key: &&str| QUERIES.contains(key) || OTHERS.contains(key);
        self.0.iter().map(|(key, _)| &**key).filter(move |key| !is_known(key))
    }

    fn notes(&self, query: &str) -> Vec<String> {
        let unread = |key| format!("'{key}' is not read here: 'fetch --help' lists what there is");
        let mut notes: Vec<String> = self.unknown().map(unread).collect();
        if query != "bbox" && self.get("limit").is_some() {
            notes.push("limit counts for bbox alone: --limit counts for each query".into());
        }
        notes
    }
}

/// The message about a file without such a section: a misspelt one, none at all, or not an INI file.
fn without_section(text: &str) -> String {
    let sections: Vec<String> = ini::sections(text).map(|name| format!("[{name}]")).collect();
    let has_key = text.lines().any(|line| QUERIES.iter().any(|key| line.trim().starts_with(key)));
    match () {
        () if !sections.is_empty() => {
            format!("it has no section [{SECTION}], but {}", sections.join(", "))
        }
        () if has_key => format!("it has no section [{SECTION}]: write that line above the others"),
        () => format!(
            "it has no section [{SECTION}], as the INI file of a download script has; a list of ids or rows goes to \
             download"
        ),
    }
}

/// The first line that is not `key = value`, to append to an error.
fn unread(text: &str) -> String {
    let line = ini::senseless(text).into_iter().next();
    line.map(|(number, line)| format!("; line {number} has no '=': '{}'", short(&line)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;

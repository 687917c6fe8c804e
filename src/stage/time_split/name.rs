//! Names of sequences: by their first capture, or by a template.

use std::{collections::HashSet, fmt, str::FromStr};

use crate::value::instant::LocalTime;

/// A name with {time} and {n} to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// A text that names no sequences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a name template; there are {{time}} and {{n}} to fill in")]
pub struct NoTemplate(String);

impl Default for Template {
    fn default() -> Self {
        Template("{time}".to_string())
    }
}

impl FromStr for Template {
    type Err = NoTemplate;

    /// # Errors
    /// A brace around anything but time and n; a template that gives one name to all is fine.
    fn from_str(text: &str) -> Result<Self, NoTemplate> {
        let rest = text.replace("{time}", "").replace("{n}", "");
        if text.is_empty() || rest.contains(['{', '}']) {
            return Err(NoTemplate(text.to_string()));
        }
        Ok(Template(text.to_string()))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names that have been given: no two sequences get the same.
pub struct Names(HashSet<String>);

impl Names {
    pub fn new<'a>(given: impl Iterator<Item = &'a str>) -> Self {
        Names(given.map(str::to_string).collect())
    }

    /// The name of the n-th sequence, counted from 0; the second of one name gets `_2`.
    pub fn next(
        &mut self,
        template: &Template,
        n: usize,
        start: Option<LocalTime>,
        is_utc: bool,
    ) -> String {
        let time = start.map_or_else(String::new, |start| {
            let zone = if is_utc { "Z" } else { "" };
            format!("{}{zone}", start.naive().format("%Y%m%dT%H%M%S"))
        });
        let name = template.0.replace("{time}", &time).replace("{n}", &n.to_string());
        let again = (2..).map(|times| format!("{name}_{times}"));
        let mut names = std::iter::once(name.clone()).chain(again);
        let free = names.find(|name| !self.0.contains(name)).unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

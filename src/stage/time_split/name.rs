//! Names of sequences: from their first capture time, or from a template.

use std::{collections::HashSet, fmt, str::FromStr};

use crate::value::instant::LocalTime;

/// A name with the placeholders {time} and {n}.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// A text that is not a name template.
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
    /// If there are braces around anything but time and n. A template that gives all sequences the same name is
    /// valid.
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

/// The names in use: no two sequences get the same.
pub struct Names(HashSet<String>);

impl Names {
    pub fn new<'a>(given: impl Iterator<Item = &'a str>) -> Self {
        Names(given.map(str::to_string).collect())
    }

    /// The name of the n-th sequence, counted from 0; the second sequence of the same name gets `_2`.
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

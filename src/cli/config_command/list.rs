//! Lists the settings in force, and the source of each.

use serde_json::{Value, json};

use crate::value::human_format::grouped;
use crate::value::shown::message;

use super::super::config::{self, GRAPH, INTERNET_ARCHIVE, Key, Origin, TILES, TOKEN, UPLOAD};
use super::super::config_file::{ConfigFile, profile};

/// A setting in force.
struct Row {
    pub(super) key: String,
    pub(super) value: String,
    origin: String,
}

pub(super) fn list(is_json: bool) -> String {
    let file = ConfigFile::read();
    let rows = rows(&file);
    if is_json {
        let object = |row: &Row| json!({"key": row.key, "value": row.value, "origin": row.origin});
        return format!("{:#}\n", rows.iter().map(object).collect::<Value>());
    }
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).len()).max().unwrap_or(0);
    let (keys, values) = (width(|row| &row.key), width(|row| &row.value).min(60));
    let line = |row: &Row| format!("{:keys$}  {:values$}  {}\n", row.key, row.value, row.origin);
    rows.iter().map(line).collect()
}

fn rows(file: &ConfigFile) -> Vec<Row> {
    let row = |key: &str, value: String, origin: String| Row { key: key.into(), value, origin };
    let path = file.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let state = match &file.fault {
        Some(fault) => message(&fault.0).into_owned(),
        None if file.entries().is_empty() => "is not there, or empty".into(),
        None => "file".into(),
    };
    let mut rows = vec![row("file", path, state)];
    if let Some(profile) = profile() {
        let is_there = file.profiles().contains(&profile);
        let origin = if is_there { "flag or environment" } else { "not in the file" };
        rows.push(row("profile", profile, origin.into()));
    }
    rows.extend(config::KEYS.iter().map(|key| {
        let (value, origin) = match key.value(file) {
            Some((value, origin)) => (shown_value(*key, &value), words(&origin)),
            None => (without_password(&built_in(*key, file)), "default".to_string()),
        };
        row(key.name, value, origin)
    }));
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        let set = [name.to_string(), name.to_ascii_lowercase()];
        let value = set.iter().find_map(|name| std::env::var(name).ok());
        rows.extend(value.map(|value| row(name, without_password(&value), "environment".into())));
    }
    let of_tools = file.entries().into_iter().filter_map(|(section, key, value)| {
        let tool = section_tool(&section)?;
        Some(row(&format!("{tool}.{key}"), value, format!("file, [{section}]")))
    });
    rows.extend(of_tools);
    rows
}

/// The tool whose flags a section holds.
fn section_tool(section: &str) -> Option<&str> {
    let rest = section.strip_prefix("profile ");
    let tool = rest.map_or(Some(section), |rest| rest.split_once(' ').map(|(_, tool)| tool))?;
    (tool != config::SECTION).then_some(tool)
}

pub fn words(origin: &Origin) -> String {
    match origin {
        Origin::Environment(variable) => format!("environment, {variable}"),
        Origin::File(section) => format!("file, [{section}]"),
    }
}

fn shown_value(key: Key, value: &str) -> String {
    if key.name == TOKEN.name {
        format!("(hidden, {} characters)", grouped(value.trim().len() as u64))
    } else {
        without_password(value)
    }
}

fn built_in(key: Key, file: &ConfigFile) -> String {
    let settings = config::addresses(file);
    match key.name {
        name if name == GRAPH.name => settings.graph,
        name if name == TILES.name => settings.tiles,
        name if name == UPLOAD.name => settings.upload,
        name if name == INTERNET_ARCHIVE.name => settings.internet_archive,
        _ => "(none)".into(),
    }
}

/// A URL with the credentials before its host hidden.
fn without_password(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + "://".len());
    let host = text[start..].split('/').next().unwrap_or_default();
    match host.rfind('@') {
        Some(end) => format!("{}(hidden){}", &text[..start], &text[start + end..]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests;

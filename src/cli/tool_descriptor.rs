//! A tool as the front command knows it.

use std::process::ExitCode;

use clap::Command;

use super::NAME;

/// The names of all tools, also for a program that is one of them: the config file is for all.
pub const NAMES: [&str; 30] = [
    "describe",
    "download",
    "fetch",
    "geotag-gpx",
    "get-detections",
    "get-features",
    "get-images",
    "get-meta",
    "get-sequences",
    "ia-check",
    "ia-meta",
    "ia-stats",
    "interpolate-dir",
    "login",
    "pack-tar",
    "preview-map",
    "read-exif",
    "rows",
    "serve-archive",
    "set-dates",
    "tag-exif",
    "time-split",
    "to-geojson",
    "to-gpx",
    "to-site",
    "to-stac",
    "to-webp",
    "unpack-tar",
    "upload",
    "verify-archive",
];

/// What only the front command has, and the config file may have flags for.
pub const OF_FRONT: [&str; 2] = ["demo", "pace"];

/// A tool as the front command knows it.
pub struct ToolEntry {
    /// What it is for: the heading under which it is listed.
    pub job: &'static str,
    pub name: &'static str,
    pub command: fn() -> Command,
    pub main: fn() -> ExitCode,
}

impl ToolEntry {
    /// Whether it may be called by its name alone where all programs are: the system has its own `login`.
    pub fn has_own_name(&self) -> bool {
        self.name != "login"
    }

    /// The name of its page.
    pub fn page(&self) -> String {
        if self.has_own_name() { self.name.into() } else { format!("{NAME}-{}", self.name) }
    }
}

pub fn tool<'a>(tools: &'a [ToolEntry], name: &str) -> Option<&'a ToolEntry> {
    tools.iter().find(|tool| tool.name == name)
}

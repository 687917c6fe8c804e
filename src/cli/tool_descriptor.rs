//! The description of a tool that the `mly` command registers.

use std::process::ExitCode;

use clap::Command;

use super::NAME;

/// The names of all tools. A program with a single tool needs them too, because the config file is for all.
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

/// Commands that only `mly` has, and that the config file may have flags for.
pub const OF_FRONT: [&str; 2] = ["demo", "pace"];

/// A tool as the `mly` command knows it.
pub struct ToolEntry {
    /// Its purpose: the heading under which it is listed.
    pub job: &'static str,
    pub name: &'static str,
    pub command: fn() -> Command,
    pub main: fn() -> ExitCode,
}

impl ToolEntry {
    /// Whether it may be installed under its own name with all other programs: the system has its own `login`.
    pub fn has_own_name(&self) -> bool {
        self.name != "login"
    }

    /// The name of its man page.
    pub fn page(&self) -> String {
        if self.has_own_name() { self.name.into() } else { format!("{NAME}-{}", self.name) }
    }
}

pub fn tool<'a>(tools: &'a [ToolEntry], name: &str) -> Option<&'a ToolEntry> {
    tools.iter().find(|tool| tool.name == name)
}

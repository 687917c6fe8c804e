//! A tool as the front command knows it.

use std::process::ExitCode;

use clap::Command;

/// A tool as the front command knows it.
pub struct ToolEntry {
    /// What it is for: the heading under which it is listed.
    pub job: &'static str,
    pub name: &'static str,
    pub command: fn() -> Command,
    pub main: fn() -> ExitCode,
}

pub fn tool<'a>(tools: &'a [ToolEntry], name: &str) -> Option<&'a ToolEntry> {
    tools.iter().find(|tool| tool.name == name)
}

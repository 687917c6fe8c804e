//! A tool as the front command knows it.

use std::process::ExitCode;

use clap::Command;

use super::NAME;

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

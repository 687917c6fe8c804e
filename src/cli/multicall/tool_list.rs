//! The list of all tools by job, as `mly` prints it.

use clap::Command;

use super::super::tool_descriptor::ToolEntry;
use super::super::{NAME, terminal};
use super::OWN;

pub(super) fn list(tools: &[ToolEntry]) -> String {
    // A program that reads the list gets one line for each tool.
    let width = terminal::width_of_stdout().map_or(usize::MAX, |width| width.min(MOST_WIDTH));
    let mut text = format!(
        "Tools for street-level pictures that pass rows from one to the next.\n\n\
         Usage: {NAME} TOOL [FLAGS]\n       \
         {NAME} help TOOL\n       \
         {NAME} completions SHELL [FOLDER]\n       \
         {NAME} man FOLDER\n       \
         {NAME} flags\n\n"
    );
    let about = |command: Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut job = "";
    for tool in tools {
        if tool.job != job {
            text += &format!("{}{}:\n", if job.is_empty() { "" } else { "\n" }, tool.job);
            job = tool.job;
        }
        text += &entry(tool.name, &about((tool.command)()), width);
    }
    text += "\nThis program:\n";
    for entry in &OWN {
        text += &self::entry(entry.name, &about((entry.command)()), width);
    }
    text
}

/// The maximum width of a help text, as on a page.
const MOST_WIDTH: usize = 100;

/// The column at which the second column begins.
const COLUMN: usize = 19;

/// A name and its description, wrapped within the second column.
pub(super) fn entry(name: &str, about: &str, width: usize) -> String {
    let mut text = format!("  {name:16}");
    let mut at = COLUMN - 1;
    for word in about.split(' ') {
        let length = word.chars().count() + 1;
        if at + length > width && at >= COLUMN {
            text += &format!("\n{:1$}", "", COLUMN - 1);
            at = COLUMN - 1;
        }
        text += &format!(" {word}");
        at += length;
    }
    text + "\n"
}

#[cfg(test)]
mod tests;

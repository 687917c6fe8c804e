//! The flags of all tools on one Markdown page, generated from their definitions.

use clap::{Arg, Command};

use super::man::{takes_value, values};
use super::tool_descriptor::ToolEntry;

/// The text above the tools.
const START: &str = "\
# Flags

Made from the definitions by `mly flags`; `UPDATE=1 cargo test --test it front` writes it anew. What flags of one name have in
common is in [contract.md](contract.md#flags); `TOOL --help` says the rest of each tool.
";

/// Generates the page.
pub fn page(tools: &[ToolEntry]) -> String {
    let mut text = START.to_string();
    for tool in tools {
        let mut command = (tool.command)();
        command.build();
        text += &format!("\n## {}\n\n", tool.name);
        text += &format!("{}.\n", command.get_about().map(ToString::to_string).unwrap_or_default());
        text += "\n| flag | values | default | |\n|---|---|---|---|\n";
        flags(&command).for_each(|flag| text += &line(flag));
    }
    text
}

fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str()))
}

fn line(arg: &Arg) -> String {
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("`-{short}`, `--{long}`"),
        (None, Some(long)) => format!("`--{long}`"),
        (Some(short), None) => format!("`-{short}`"),
        (None, None) => format!("`{}`", values(arg)),
    };
    let kind = if takes_value(arg) {
        format!("`{}`", values(arg).replace('|', "` `"))
    } else {
        String::new()
    };
    let default: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let default = if takes_value(arg) && !default.is_empty() {
        format!("`{}`", default.join(","))
    } else {
        String::new()
    };
    let about = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    format!("| {name} | {kind} | {default} | {about} |\n")
}

//! Man pages, generated from the flag definitions: the output of clap_mangen plus the sections it lacks.

use std::fs;
use std::io;
use std::path::Path;

use clap::{Arg, ArgAction, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::NAME;
use super::flags::STATUS;
use super::tool_descriptor::ToolEntry;
use crate::disk::atomic_file;

/// Longer lists of values would hide the other flags.
const MOST_VALUES: usize = 8;

/// The meaning of each exit status, as in docs/contract.md.
const STATUSES: [(&str, &str); 4] = [
    ("0", "every row has its answer"),
    ("1", "some rows failed, each was named, and running again may help"),
    ("2", "it could not run, or could not go on"),
    ("130", "after Ctrl-C; what was finished is kept"),
];

/// Files that every tool uses.
const FILES: [(&str, &str); 3] = [
    ("FILE.part", "the file of -o until it is complete"),
    (".FILE.answers", "answers of the service, for the next run of the same command"),
    ("$XDG_CONFIG_HOME/mapillary-pipes/config.ini", "token and addresses, section [mapillary]"),
];

/// Writes a page for each tool, and one for the `mly` command.
pub fn write(tools: &[ToolEntry], front: Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for tool in tools {
        let page = page((tool.command)(), tool.name)?;
        atomic_file::write(&folder.join(format!("{}.1", tool.page())), &page)?;
    }
    atomic_file::write(&folder.join(format!("{NAME}.1")), &front_page(front, tools)?)
}

fn page(command: Command, name: &str) -> io::Result<Vec<u8>> {
    let (own, example) = (own_words(&command), plain(command.get_after_help()));
    let mut built = command.clone();
    built.build();
    let man = Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    synopsis(&built, name).to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    paragraphs(&own).to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    table("EXIT STATUS", &STATUSES).to_writer(&mut page)?;
    table("FILES", &FILES).to_writer(&mut page)?;
    examples(&example).to_writer(&mut page)?;
    see_also(&[NAME]).to_writer(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

fn front_page(front: Command, tools: &[ToolEntry]) -> io::Result<Vec<u8>> {
    let man = Man::new(front.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let mut synopsis = Roff::new();
    synopsis.control("SH", ["SYNOPSIS"]);
    for words in
        [" TOOL [FLAGS]", " help TOOL", " completions SHELL [FOLDER]", " man FOLDER", " flags"]
    {
        synopsis.text([bold(NAME), roman(words)]).control("br", []);
    }
    synopsis.to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    let about: Vec<(&str, String)> =
        tools.iter().map(|tool| (tool.name, plain((tool.command)().get_about()))).collect();
    let about: Vec<(&str, &str)> =
        about.iter().map(|(name, about)| (*name, about.as_str())).collect();
    table("TOOLS", &about).to_writer(&mut page)?;
    table("EXIT STATUS", &STATUSES).to_writer(&mut page)?;
    table("FILES", &FILES).to_writer(&mut page)?;
    let names: Vec<&str> = tools.iter().map(|tool| tool.name).collect();
    see_also(&names).to_writer(&mut page)?;
    Ok(page)
}

fn plain(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// The end of a tool's long help, without the parts that have sections of their own here.
fn own_words(command: &Command) -> String {
    let (whole, example) = (plain(command.get_after_long_help()), plain(command.get_after_help()));
    whole.replace(STATUS, "").replace(&example, "").trim().to_string()
}

/// Lists every flag with its values.
fn synopsis(command: &Command, name: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    let mut line = vec![bold(name)];
    let shown = |arg: &&Arg| !arg.is_hide_set();
    let (flags, others): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(shown).partition(|arg| !arg.is_positional());
    for arg in flags.into_iter().chain(others) {
        let (open, close) = if arg.is_required_set() { (" ", "") } else { (" [", "]") };
        line.push(roman(open));
        if let Some(flag) = arg.get_long() {
            line.push(bold(format!("--{flag}")));
        }
        if takes_value(arg) {
            line.push(roman(if arg.is_positional() { "" } else { " " }));
            line.push(italic(values(arg)));
        }
        line.push(roman(close));
    }
    roff.text(line);
    roff
}

pub fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

/// The values of a flag if they are few; otherwise its placeholder.
pub fn values(arg: &Arg) -> String {
    let few: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_string())
        .collect();
    let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let name = name.unwrap_or_else(|| arg.get_id().to_string());
    let is_few = (1..=MOST_VALUES).contains(&few.len()) && !arg.is_hide_possible_values_set();
    if is_few { few.join("|") } else { name }
}

fn table(title: &str, rows: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (name, about) in rows {
        roff.control("TP", []).text([bold(*name)]).text([roman(*about)]);
    }
    roff
}

fn paragraphs(text: &str) -> Roff {
    let mut roff = Roff::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        roff.control("PP", []).text([roman(paragraph)]);
    }
    roff
}

/// Shows each example as it would be typed.
fn examples(text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for line in text.trim_start_matches("Example: ").lines() {
        roff.control("PP", []).text([bold(line.trim())]);
    }
    roff
}

fn see_also(names: &[&str]) -> Roff {
    let mut roff = Roff::new();
    let pages: Vec<String> = names.iter().map(|name| format!("{name}(1)")).collect();
    roff.control("SH", ["SEE ALSO"]).text([roman(pages.join(", "))]);
    roff
}

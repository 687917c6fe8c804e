//! Flags that control the messages on stderr.

use clap::{Args, ValueEnum};

use super::written_file::WrittenFile;

/// When to draw the progress bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// When stderr is a terminal and this tool is the last of the pipe.
    #[default]
    Auto,
    Always,
    Never,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    /// One object a line.
    Json,
}

/// What is said on stderr.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Messages")]
pub struct MessageFlags {
    /// Print errors only.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print each request and each decision, too.
    #[arg(short, long)]
    pub verbose: bool,
    /// When to draw the progress bar.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub progress: When,
    /// How messages are written, on stderr and in the file of --log-file: text, or one JSON object a line.
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub log_format: LogFormat,
    /// Name of the task of an engine: replaces {task} in file names, and is part of JSON messages; if several
    /// processes have the same task and -o, one of them writes it [default: MAPILLARY_PIPES_TASK].
    #[arg(long, value_name = "ID")]
    pub task: Option<String>,
    /// Append all messages and requests to FILE, with timestamps.
    #[arg(long, value_name = "FILE")]
    pub log_file: Option<WrittenFile>,
    /// Write a summary of the run to FILE, as JSON: status, counts, bytes, duration, requests.
    #[arg(long, value_name = "FILE")]
    pub summary: Option<WrittenFile>,
}

//! Flags with the same meaning in every tool, in groups with one help text each.

mod byte_size;
mod pictures;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::disk::{Action, AtPath, open};
use crate::row::row_format::{self, RowFormat};
use crate::run::Input;
use crate::shape::FatalError;
use crate::threads::Work;

use super::share_flags::ShareFlags;
use super::terminal::{self, Terminal};
use super::written_file::WrittenFile;
pub use byte_size::{NoSize, Size};

pub use pictures::Pictures;

/// Text at the end of every tool's `--help`, before the tool's own examples.
pub const STATUS: &str = "\
Exit status: 0 every row has its answer; 1 some rows failed, why was said, and \
running again may help; 2 could not run or could not go on; 130 after Ctrl-C.";

/// The written forms, as flags name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormName {
    Csv,
    Jsonl,
    Parquet,
    Geoparquet,
}

/// What the input does not say of itself.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rows")]
pub struct InputColumns {
    /// Read CSV without a header, with the column names of the header of FILE.
    #[arg(long, value_name = "FILE")]
    columns_from: Option<PathBuf>,
    #[command(flatten)]
    pub share: ShareFlags,
}

impl InputColumns {
    /// The flag of these that is set, if any.
    pub(super) fn given(&self) -> Option<&'static str> {
        let of_columns = self.columns_from.is_some().then_some("--columns-from");
        of_columns.or(self.share.is_set().then_some("--shard"))
    }

    /// The input, with the column names of `--columns-from` if given.
    fn of(&self, input: Input) -> Result<Input, FatalError> {
        let Some(path) = &self.columns_from else { return Ok(input) };
        let header =
            open::stream(path)
                .and_then(row_format::header)
                .at_path(Action::Read, path)?
                .ok_or_else(|| FatalError(format!("'{}' has no header of CSV", path.display())))?;
        Ok(match input {
            Input::Stdin => Input::Headless(None, header),
            Input::File(path) => Input::Headless(Some(path), header),
            other => other,
        })
    }
}

/// Where rows come from and where they go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rows")]
pub struct Rows {
    /// Input rows: CSV or JSON lines, plain or gzip, or Parquet [default: standard input].
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub columns: InputColumns,
    #[command(flatten)]
    pub out: Out,
}

/// Where rows go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rows")]
pub struct Out {
    /// Output format [default: that of the input].
    #[arg(short, long, value_enum, value_name = "FORM")]
    pub format: Option<FormName>,
    /// Write rows to FILE, atomically: it gets its name when it is complete.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<WrittenFile>,
    /// Complete the -o file even if rows failed, also in earlier tools of the pipe.
    #[arg(long)]
    pub accept_failed: bool,
    /// Complete the -o file even if a pipe ends before its first byte and no tool has confirmed the end.
    #[arg(long)]
    pub accept_empty: bool,
    /// Write failed rows to FILE with a column 'error', as the input of a retry.
    #[arg(long, value_name = "FILE")]
    pub failed: Option<WrittenFile>,
    /// Exit with status 1 also for rows that are gone, empty or incomplete.
    #[arg(long)]
    pub strict: bool,
    /// Write failed rows among the others, with a column 'error', and exit with status 0: for engines that repeat
    /// failed tasks.
    #[arg(long, conflicts_with_all = ["strict", "failed"])]
    pub ok_failed: bool,
    /// Write CSV without a header, as one of many parts.
    #[arg(long)]
    pub no_header: bool,
}

/// How many threads.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Work")]
pub struct Jobs {
    /// Number of parallel jobs [default: the tool's choice].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// Whether to do again what is done.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Work")]
pub struct RedoFlags {
    /// Redo completed work.
    #[arg(long)]
    pub force: bool,
    /// Print what would be done, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// When to stop writing.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Work")]
pub struct Room {
    /// Minimum free disk space; stop before there is less.
    #[arg(long, value_name = "SIZE", default_value = "1G")]
    pub min_free: Size,
}

impl Rows {
    /// The input of the rows, not yet opened.
    pub(super) fn input(&self, terminal: &Terminal) -> Result<Input, FatalError> {
        self.columns.of(match &self.file {
            Some(file) if file.as_os_str() != "-" => Input::File(file.clone()),
            _ => {
                if terminal::is_terminal_in() {
                    terminal.hint("waiting for rows on standard input");
                }
                Input::Stdin
            }
        })
    }

    pub fn form(&self) -> Option<RowFormat> {
        self.out.format.map(|form| match form {
            FormName::Csv => RowFormat::Csv,
            FormName::Jsonl => RowFormat::Jsonl,
            FormName::Parquet => RowFormat::Parquet,
            FormName::Geoparquet => RowFormat::Geoparquet,
        })
    }
}

impl std::ops::Deref for Rows {
    type Target = Out;

    fn deref(&self) -> &Out {
        &self.out
    }
}

impl From<Out> for Rows {
    /// For tools that start from flags rather than from rows.
    fn from(out: Out) -> Rows {
        Rows { file: None, columns: InputColumns::default(), out }
    }
}

impl Jobs {
    /// The given number, or the tool's default.
    pub fn or(&self, own: usize) -> usize {
        self.jobs.map_or(own, usize::from)
    }

    /// The given number, or one per processor.
    pub fn or_processors(&self) -> usize {
        self.or(Work::on_all_processors().jobs)
    }
}

#[cfg(test)]
mod tests;

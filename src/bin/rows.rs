//! rows: in either form, with the columns asked for.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, Rows, Talk};
use mapillary_pipes::stage::rows;

/// Convert rows between CSV and JSON lines, and choose columns.
///
/// Reads rows, CSV or JSON lines, and writes them again. Numbers keep their
/// text, ids stay strings, and columns that no tool knows pass through.
#[derive(Parser)]
#[command(
    name = "rows",
    after_help = "Example: rows -f jsonl --columns img_id,lon,lat images.csv > places.jsonl",
    after_long_help = "Streams; holds one row (and, for CSV from JSON lines in a pipe, the first 1,000)."
)]
pub struct Flags {
    /// Columns to write, in this order, by any of their names.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    columns: Vec<String>,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        session.rows(&flags.rows)?.scan(rows::Rows::new(&flags.columns)?)
    })
}

//! rows: in either form, with the columns asked for.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, Rows, Talk};
use mapillary_pipes::stage::rows;

/// Convert rows between CSV, JSON lines and Parquet, and choose columns.
///
/// Reads rows, CSV, JSON lines or a file of Parquet, and writes them again.
/// Numbers keep their text, ids stay strings, and columns that no tool knows
/// pass through. Parquet has types: ids are strings, instants are timestamps;
/// GeoParquet (1.1) adds a point for each row.
#[derive(Parser)]
#[command(
    name = "rows",
    after_help = "Example: rows -f jsonl --columns img_id,lon,lat images.csv > places.jsonl\n         \
                  rows -f geoparquet town.csv -o town.parquet",
    after_long_help = "Streams; holds one row (for CSV or Parquet from JSON lines in a pipe, the first 1,000), \
                       and of Parquet a row group of 100,000 rows, compressed."
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

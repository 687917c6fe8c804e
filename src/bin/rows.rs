//! rows: converts rows between formats, and selects columns.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Rows};
use mapillary_pipes::photo::group_key::RowKey;
use mapillary_pipes::stage::rows;
use mapillary_pipes::stage::rows::schema::{Reader, Schema};

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
                  rows --split 8 --by folder,camera photos.jsonl -o 'part-{task}.jsonl'\n         \
                  rows -f geoparquet town.csv -o town.parquet\n         \
                  rows --schema pandas town.csv > types.json",
    after_long_help = "Streams; holds one row (for CSV or Parquet from JSON lines in a pipe, the first 1,000), \
                       and of Parquet a row group of 100,000 rows, compressed."
)]
pub struct Flags {
    /// Columns to write, in this order, by any of their names.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    columns: Vec<String>,
    /// Print the types of the columns instead of rows, in the form that the program needs to read CSV with ids as text.
    #[arg(long, value_name = "PROGRAM", value_parser = cli::possible_values::one_of::<Reader>(), conflicts_with = "format")]
    schema: Option<Reader>,
    /// Write N files, and each row to the file of its key: -o has {task} in its name, which becomes 1 to N.
    #[arg(long, value_name = "N", requires = "by", value_parser = clap::value_parser!(u32).range(1..=512))]
    split: Option<u32>,
    /// Key that --split keeps together: columns, or creator, folder, camera, ride (the sequence, else folder and
    /// camera), row.
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        requires = "split",
        conflicts_with = "schema"
    )]
    by: Vec<String>,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        if let Some(reader) = flags.schema {
            return session.document_of_rows(&flags.rows, Schema::new(reader, &flags.columns));
        }
        let (job, stage) = (
            session.rows(&flags.rows)?,
            rows::Rows::new(&flags.columns, flags.rows.out.ok_failed)?,
        );
        match flags.split {
            Some(files) => job.split(stage, RowKey::named(&flags.by), files),
            None => job.scan(stage),
        }
    })
}

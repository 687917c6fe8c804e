//! ia-check: lists the collections that the Internet Archive does not have.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, RequestFlags, Rows, flags::Out};
use mapillary_pipes::stage::ia_check::{self, IaCheck};
use mapillary_pipes::value::quality::Quality;

/// Find the collections that the Internet Archive does not have yet.
///
/// Takes names of collections (mapillary-USER-QUALITY, with -webp behind it
/// when they are WebP), folders of such names, or rows: with 'collection', or
/// with 'creator_username' and 'quality', which are held as JPEG or as WebP.
/// What is held is named and left out. When archive.org does not answer, that
/// is a failed row and never an absence.
#[derive(Parser)]
#[command(
    name = "ia-check",
    after_help = "Example: ia-check mapillary-ada-original mapillary-grace-2048-webp > missing.csv",
    after_long_help = "Asks once for each collection, and anew in each run. Sets why, where archive.org cannot hold \
it: a withdrawn item, or a name that no item can have (letters, digits, '.', '_', '-', at most 100).\n\n\
INTERNET_ARCHIVE_ENDPOINT names another server than https://archive.org. No token is sent. \
Streams; holds about 100 bytes for each collection."
)]
pub struct Flags {
    /// Collections, folders of collections, or one file of rows [default: rows on standard input].
    #[arg(value_name = "NAME")]
    names: Vec<PathBuf>,
    /// Picture size, if the row does not have it [default: original].
    #[arg(long, value_name = "QUALITY", value_parser = cli::possible_values::one_of::<Quality>())]
    quality: Option<Quality>,
    #[command(flatten)]
    pub out: Out,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    patience: RequestFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, out);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let stage = IaCheck::new(session.internet_archive(&flags.patience)?, flags.quality);
        let file = flags.names.first().cloned();
        let rows = Rows { file, ..flags.out.into() };
        let own = if flags.names.is_empty() { None } else { ia_check::rows_of(&flags.names)? };
        let job = session.rows(&rows)?.own_rows(own);
        job.jobs(flags.jobs.or(4)).batch(vec![Arc::new(stage)])
    })
}

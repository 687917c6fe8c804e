//! to-site: exports an archive as a static site for any web host.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, site::MakeSite};

/// Make a static website of an archive, for any web host.
///
/// The page of 'serve-archive --web', without a server: a map of all sequences
/// (one PMTiles file), the rows in packed blocks, and the pictures where they
/// lie, in their tars, of which a browser reads the parts that it shows. Some
/// twenty files, however many pictures there are. The host must answer byte
/// ranges, as archive.org and most do; pages opened from disk (file:) cannot.
/// When a tar was written anew ('pack-tar --repack', '--repair'), run it again:
/// the page has the old places until then.
#[derive(Parser)]
#[command(
    name = "to-site",
    after_help = "Example: to-site town --rows town.csv",
    after_long_help = "Columns read: all that the Graph API has; 'path' where a file's name does not tell its \
                       picture.\nMemory: about 1 kB an image; from 20,000 images on a few MB, with an index in \
                       '.mapillary-pipes/serve-index', and 20 bytes an image."
)]
pub struct Flags {
    /// The folder of pictures; rows (CSV or JSON lines) lie at its top, or are named by --rows.
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    site: MakeSite,
    #[command(flatten)]
    talk: MessageFlags,
}

cli::tool!(Flags, no rows);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| session.site(flags.dir.as_deref(), &flags.site))
}

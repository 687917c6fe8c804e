//! ia-stats: lists what the Internet Archive has, and counts what is left.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{
    self, MessageFlags, RequestFlags, flags::Out, internet_archive::MaxAgeFlag,
};
use mapillary_pipes::stage::ia_stats::{By, IaStats, ON_MAPILLARY};

/// List the Mapillary collections that the Internet Archive has, whatever tool made them.
///
/// Asks archive.org for all items of this series, and says at the end how many
/// pictures are there and how many are left. The answer is kept for a day.
#[derive(Parser)]
#[command(
    name = "ia-stats",
    after_help = "Example: ia-stats --by quality",
    after_long_help = "Sets collection, creator_username, quality, image_count (as the description of the item tells), \
bytes, published; with --by quality: quality, collections, image_count, bytes.\n\n\
The list lies in $XDG_CACHE_HOME/mapillary-pipes/ia-stats.csv. INTERNET_ARCHIVE_ENDPOINT names another server \
than https://archive.org. No token is sent. Holds the list while it is asked for, about 500 bytes for each item."
)]
pub struct Flags {
    /// What each row stands for.
    #[arg(long, value_name = "WHAT", default_value = "collection", value_parser = cli::possible_values::one_of::<By>())]
    by: By,
    /// Number of pictures on Mapillary, for the estimate of what is left.
    #[arg(long, value_name = "N", default_value_t = ON_MAPILLARY)]
    total: u64,
    #[command(flatten)]
    pub out: Out,
    #[command(flatten)]
    patience: RequestFlags,
    #[command(flatten)]
    age: MaxAgeFlag,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, out);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let stage = IaStats::new(flags.by, flags.total);
        session.ia_stats(flags.out, &flags.age, &flags.patience, stage)
    })
}

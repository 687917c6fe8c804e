//! get-sequences: lists the sequences of an area, a user, an organization.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::flags::{Out, RedoFlags};
use mapillary_pipes::cli::search_flags::{OwnerFlags, Search, query};
use mapillary_pipes::cli::{self, CachedApiFlags, Jobs, MessageFlags, SelectionFlags};
use mapillary_pipes::stage::get_sequences::{GetSequences, Merge};

/// List the sequences of an area, a user or an organization.
///
/// Asks the coverage tiles of an area, or page by page what a user or an
/// organization has. Selectors of one kind add up, those of different kinds
/// narrow each other. Sequences are whole: pictures of them may lie outside
/// the area, and get-meta takes the same --bbox and --area to leave those out.
#[derive(Parser, Debug)]
#[command(
    name = "get-sequences",
    after_help = "Example: get-sequences --bbox 9.94,54.31,9.97,54.33 -o seqs.csv",
    after_long_help = "Columns set: org_id, seq_id, creator_id, is_pano, first_captured_at, image_count (pictures seen \
                       in the area), sample_img_id.\nMemory: holds its sequences, about 200 bytes each, and of a user 32 bytes a picture."
)]
pub struct Flags {
    #[command(flatten)]
    choice: SelectionFlags,
    #[command(flatten)]
    whose: OwnerFlags,
    #[command(flatten)]
    search: Search,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    api: CachedApiFlags,
    #[command(flatten)]
    talk: MessageFlags,
}

cli::tool!(Flags, out);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let query = query(&flags.choice, &flags.whose, &flags.search)?;
        let keep = session.keep(flags.again.force, &flags.api, None, &query);
        let stage = GetSequences::new(session.client(&flags.api)?, query)?;
        if flags.again.dry_run {
            return session.told(&stage.plan());
        }
        let job = session.places(flags.out).jobs(flags.jobs.or(8)).keep(keep);
        job.walk(Arc::new(stage), Some(&mut Merge::default()), None)
    })
}

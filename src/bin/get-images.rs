//! get-images: the pictures of sequences, users, areas.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Api, Choice, Jobs, Known, Rows, Talk};
use mapillary_pipes::row::Field;
use mapillary_pipes::stage::get_images::OfSequences;

/// Rows of pictures: of sequences, in capture order.
///
/// Reads rows with seq_id. Facts of the sequence (is_pano, first_captured_at,
/// image_count, sample_img_id) end here; all other columns are passed on.
#[derive(Parser)]
#[command(
    name = "get-images",
    before_help = "Example: get-sequences --bbox 13.3,52.5,13.4,52.6 | get-images > images.csv",
    after_long_help = "Reads seq_id; sets img_id. Streams; holds the rows that wait for answers."
)]
pub struct Flags {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    known: Known,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    jobs: Jobs,
    /// Ask again for what was answered before.
    #[arg(long, help_heading = "Work")]
    force: bool,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let stage = OfSequences {
            client: session.client(&flags.api)?,
            known: flags.known.read()?,
            pano: flags.choice.pano(),
        };
        let identity = (&flags.choice, &flags.known);
        let keep = cli::keep(flags.force, &flags.api, Some(Field::SeqId), &identity);
        session.batch(&flags.rows, flags.jobs.or(8), vec![Arc::new(stage)], Some(keep), false)
    })
}

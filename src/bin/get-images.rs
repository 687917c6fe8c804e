//! get-images: the pictures of sequences, areas, users, organizations.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::flags::Again;
use mapillary_pipes::cli::seek::{Named, Search, Whose, quest};
use mapillary_pipes::cli::{self, Api, Choice, Jobs, Known, Rows, Talk};
use mapillary_pipes::row::Field;
use mapillary_pipes::stage::get_images::OfSequences;
use mapillary_pipes::stage::get_images::walk::{Estimate, ImageSource};

/// Rows of pictures: of sequences, in capture order, or of an area, a user, an organization.
///
/// Without a selector of its own (--sequence, --image, --user, --org, --bbox,
/// --area) it reads rows with seq_id. Facts of the sequence (is_pano,
/// first_captured_at, image_count, sample_img_id) end here; all other columns
/// are passed on. An area is read from the coverage tiles: positions there are
/// rounded to half a metre, so none is set.
#[derive(Parser)]
#[command(
    name = "get-images",
    before_help = "Example: get-sequences --bbox 9.94,54.31,9.97,54.33 | get-images > images.csv",
    after_long_help = "Reads seq_id; sets img_id, and from a selector what tiles and pages tell: org_id, seq_id, \
                       creator_id, captured_at, compass_angle, is_pano.\nStreams; holds the rows that wait for \
                       answers, and for --user about 60 bytes a picture."
)]
pub struct Flags {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    search: Search,
    #[command(flatten)]
    known: Known,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    again: Again,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let client = session.client(&flags.api)?;
        let (known, jobs) = (flags.known.read()?, flags.jobs.or(8));
        let identity = (&flags.named, &flags.whose, &flags.choice, &flags.search, &flags.known);
        let keep = |key| cli::keep(flags.again.force, &flags.api, key, &identity);
        if !flags.named.is_source(&flags.whose, &flags.choice) {
            let stage = OfSequences { client, known, pano: flags.choice.pano() };
            return session.batch(
                &flags.rows,
                jobs,
                vec![Arc::new(stage)],
                Some(keep(Some(Field::SeqId))),
                false,
            );
        }
        let quest = quest(&flags.choice, &flags.whose, &flags.search)?;
        let mut estimate = Estimate::new(Arc::clone(&client), &quest);
        let merge = flags.named.estimate.then_some(&mut estimate as _);
        let (sequences, images) = (flags.named.sequence.clone(), flags.named.image.clone());
        let stage = ImageSource::new(client, quest, sequences, images, known)?;
        if flags.again.dry_run {
            return session.told(&stage.plan());
        }
        session.walk(
            &flags.rows,
            jobs,
            Arc::new(stage.brief(flags.named.estimate)),
            merge,
            flags.named.limit,
            Some(keep(None)),
        )
    })
}

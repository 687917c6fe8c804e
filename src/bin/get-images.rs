//! get-images: lists the pictures of sequences, users, areas.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::flags::RedoFlags;
use mapillary_pipes::cli::search_flags::{Named, OwnerFlags, Search, ViaFlags, query};
use mapillary_pipes::cli::{
    self, CachedApiFlags, Jobs, KnownFlags, MessageFlags, Rows, SelectionFlags,
};
use mapillary_pipes::row::Field;
use mapillary_pipes::stage::get_images::OfSequences;
use mapillary_pipes::stage::get_images::image_source::ImageSource;
use mapillary_pipes::stage::get_images::via_search::{MergedPictures, ViaSearch};

/// List the pictures of sequences, an area, a user or an organization.
///
/// Reads rows with seq_id, or, with --bbox, --area, --user, --org, --sequence
/// or --image, none. A row of a picture stands for its sequence, and each
/// sequence is asked for once. Columns that hold for all of its pictures are
/// passed on: org_id, seq_id, creator_id, creator_username, and of rows without
/// img_id quality, collection and columns of your own.
/// Selectors of one kind add up, those of different kinds narrow each other:
/// --sequence with --bbox gives the pictures of the sequence that lie in the box.
/// --via search looks for the pictures of an area in searches, too, and says in found_by
/// which way has each; --check says of each box searched whether both agree.
#[derive(Parser)]
#[command(
    name = "get-images",
    after_help = "Example: get-sequences --bbox 9.94,54.31,9.97,54.33 | get-images > images.csv",
    after_long_help = "Reads seq_id; sets img_id, and as a source org_id, seq_id, creator_id, captured_at, \
compass_angle, is_pano where they are told. No place is set from tiles, which round it: get-meta does. \
With --via search found_by, too; with --check only cell, tiles, search, missed_by_search, missed_by_tiles, gone, status, why. \
Streams; holds the rows that wait for answers, and 16 bytes for each sequence or picture listed, 32 of those of a user."
)]
pub struct Flags {
    #[command(flatten)]
    choice: SelectionFlags,
    #[command(flatten)]
    whose: OwnerFlags,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    search: Search,
    #[command(flatten)]
    via: ViaFlags,
    #[command(flatten)]
    known: KnownFlags,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    api: CachedApiFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let (client, known) = (session.client(&flags.api)?, flags.known.read(session)?);
        let query = query(&flags.choice, &flags.whose, &flags.search)?;
        let (force, digest) = (flags.again.force, known.digest());
        if flags.via.is_search() {
            flags.named.check_for_no_rows(&flags.rows)?;
            let (check, jobs) = (flags.via.check, flags.jobs.or(8));
            let identity = (&query, &flags.via, digest);
            let keep = session.keep(force, &flags.api, None, &identity);
            let stage = ViaSearch::new(client, query, known, check)?;
            if flags.again.dry_run {
                return session.told(&stage.plan());
            }
            let job = session.places(flags.rows.out).jobs(jobs).keep(keep);
            return job.walk(
                Arc::new(stage),
                Some(&mut MergedPictures::new(check)),
                flags.named.limit,
            );
        }
        if !flags.named.is_source(&flags.whose, &flags.choice) {
            flags.named.check_for_rows(&flags.choice)?;
            let stage = OfSequences::new(client, known, query.select.pano);
            let identity = (&query, digest);
            let keep = session.keep(force, &flags.api, Some(Field::SeqId), &identity);
            return if flags.again.dry_run {
                session.told("would send one request for each sequence")
            } else {
                let job = session.rows(&flags.rows)?.jobs(flags.jobs.or(8)).keep(keep);
                job.batch(vec![Arc::new(stage)])
            };
        }
        let keep = session.keep(force, &flags.api, None, &(&query, &flags.named, digest));
        let (sequences, images) = (flags.named.sequence.clone(), flags.named.image.clone());
        flags.named.check_for_no_rows(&flags.rows)?;
        let stage = ImageSource::new(client, query, sequences, images, known)?;
        match (flags.again.dry_run, flags.named.estimate) {
            (true, _) => session.told(&stage.plan()),
            (_, true) => {
                let mut estimate = stage.estimate();
                let job = session.places(cli::flags::Out::default()).jobs(flags.jobs.or(8));
                job.count(Arc::new(stage.brief(true)), &mut estimate)
            }
            _ => {
                let job = session.places(flags.rows.out).jobs(flags.jobs.or(8)).keep(keep);
                job.walk(Arc::new(stage), None, flags.named.limit)
            }
        }
    })
}

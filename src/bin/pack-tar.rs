//! pack-tar: packs pictures into tars.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{
    self, Jobs, MessageFlags, Pictures, RedoFlags, Room, TmpDir, flags::Size,
};
use mapillary_pipes::stage::pack_tar::{By, PackOptions, PackTar};

/// Pack pictures into tars and print where each lies.
///
/// Reads rows with 'path', or pictures and folders of them, and packs the
/// pictures into one tar for each day (UTC). The same rows give the same bytes, whatever their order, the number
/// of threads, zone, locale and umask; GNU tar up to 1.34 makes them too:
///
///   LC_ALL=C sort NAMES | tar -c --format=ustar --owner=0 --group=0 \
///     --numeric-owner --mode=0644 --no-recursion --verbatim-files-from -T -
///
/// Members are DAY/SEQUENCE/FILE, with the time of capture. Beside A.tar are
/// A.tar.jsonl, with a row for each member, its place and its digest, and
/// A.tar.sha256 for 'sha256sum -c' where A.tar was unpacked. Pictures that
/// come later for a day go into an addendum, DAY.1.tar. What is packed already
/// is kept. A row whose 'bytes' or 'sha256' are not those of its file fails.
/// Sets 'archive', 'member', 'bytes', 'sha256', drops 'path', and adds to 'why'
/// that a picture is incomplete or empty: it is packed as it is.
#[derive(Parser)]
#[command(
    name = "pack-tar",
    after_help = "Example: download --into pics images.csv | tag-exif | pack-tar --into pics --delete",
    after_long_help = "Holds 11 bytes a row until the input ends (with --index 27), and 16 for each picture in the tars of DIR; with \
--webdataset also the rows of one shard, with --repack and --repair the index of one tar. Rows and names wait in --tmp-dir, the \
pictures themselves go through in parts of 64 KB a thread."
)]
pub struct Flags {
    /// Folder of the tars.
    #[arg(long, value_name = "DIR", default_value = "tars")]
    into: PathBuf,
    /// How pictures are grouped into tars [default: date; none for --webdataset].
    #[arg(long, value_name = "WHAT", value_parser = cli::possible_values::one_of::<By>())]
    by: Option<By>,
    /// Maximum size of a tar, such as 500MB or 10GB [default: none; 1GB for --webdataset].
    #[arg(long, value_name = "SIZE")]
    max_size: Option<Size>,
    /// Write WebDataset shards: numbered, with the row of each picture as .json beside it.
    #[arg(long)]
    webdataset: bool,
    /// Delete each original after verifying every digest of its tar.
    #[arg(long)]
    delete: bool,
    /// Merge the addenda of each group into its first tar.
    #[arg(long)]
    repack: bool,
    /// Replace damaged members by the same pictures, downloaded again; with --force also by others, and remove those that are lost.
    #[arg(long)]
    repair: bool,
    /// Create the index of tars that have none, from rows with img_id.
    #[arg(long)]
    index: bool,
    #[command(flatten)]
    room: Room,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let into = flags.into.clone();
        let deletes = flags.delete && !flags.again.dry_run;
        let deleted = flags.pictures.deleted(&into)?;
        let settings = PackOptions {
            into: flags.into,
            by: flags.by.unwrap_or(if flags.webdataset { By::None } else { By::Date }),
            max_bytes: flags
                .max_size
                .map(|size| size.0)
                .or(flags.webdataset.then_some(1_000_000_000)),
            webdataset: flags.webdataset,
            delete: flags.delete,
            deleted: deleted.clone().filter(|_| deletes),
            force: flags.again.force,
            dry_run: flags.again.dry_run,
            repack: flags.repack,
            repair: flags.repair,
            index: flags.index,
            min_free_bytes: flags.room.min_free.0,
            work: session.work(&flags.jobs),
            tmp_dir: flags.tmp_dir.folder(),
        };
        let job = session.pictures_and_deleted(&flags.pictures, deleted.as_ref())?;
        let summary = job.makes_files_in(&into).scan(PackTar::new(settings))?;
        summary.forget_deleted(deleted.filter(|_| deletes))
    })
}

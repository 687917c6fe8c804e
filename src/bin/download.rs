//! download: downloads pictures to disk.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{
    self, Api, Jobs, KnownFlags, MessageFlags, RedoFlags, Room, Rows, Size,
};
use mapillary_pipes::stage::download::layout::Layout;
use mapillary_pipes::stage::download::{DownloadOptions, parts};
use mapillary_pipes::value::quality::Quality;

/// Download pictures and print where each lies.
///
/// Reads rows with img_id, with a link to the picture or without: links are
/// asked for when they are missing or expired. What is there already is kept:
/// a picture counts as there when its id and quality lie anywhere under the
/// folder, as JPEG or WebP; where the name does not tell the quality, the pixels
/// and the note of the folder do. Only a whole picture becomes a file; its name ends
/// as its format does, .jpg or .webp.
#[derive(Parser)]
#[command(
    name = "download",
    after_help = "Example: get-images seqs.csv | get-meta | download --into town > pictures.csv",
    after_long_help = "Layouts: flat is '{id}_{quality}.{ext}', sequence is '{sequence}/{id}.{ext}', \
date is '{date}/{sequence}/{id}.{ext}'; dates are UTC.\n\n\
Reads img_id, quality, thumb_*_url, and what the layout names (seq_id, captured_at); sets path, \
quality, bytes, sha256, status. Values that it requests for itself are not passed on: get-meta adds them. Streams; \
holds about 24 bytes for each picture in the folder, and 16 for each in its tars, whose names wait in \
TMPDIR. \
DIR/.mapillary-pipes remembers pictures that are gone, and the folder's quality where its layout \
does not name it."
)]
pub struct Flags {
    /// Folder of the pictures.
    #[arg(long, value_name = "DIR", default_value = "mapillary")]
    into: PathBuf,
    /// Picture size, if the row does not have it [default: original].
    #[arg(long, value_name = "QUALITY", value_parser = cli::possible_values::one_of::<Quality>())]
    quality: Option<Quality>,
    /// Fall back to the next smaller size if a picture lacks this one.
    #[arg(long)]
    fallback: bool,
    /// Layout of the folder: flat, sequence, date, or a template such as '{date}/{id}.{ext}'.
    #[arg(long, value_name = "LAYOUT", default_value = "flat")]
    layout: Layout,
    /// Write the service's metadata beside each picture, as '{id}.json'.
    #[arg(long)]
    sidecar: bool,
    /// Add the SHA-256 of each file to its row.
    #[arg(long)]
    sha256: bool,
    /// Maximum download rate in bytes per second, such as 2M.
    #[arg(long, value_name = "SIZE")]
    max_rate: Option<Size>,
    #[command(flatten)]
    room: Room,
    /// Sync each picture to disk before it counts as done.
    #[arg(long)]
    sync: bool,
    #[command(flatten)]
    known: KnownFlags,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    api: Api,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let rate = flags.max_rate.map(|size| size.0 as f64);
        let into = flags.into.clone();
        let settings = DownloadOptions {
            client: session.client_with(&flags.api, rate)?,
            into: flags.into,
            quality: flags.quality,
            fallback: flags.fallback,
            layout: flags.layout,
            sidecar: flags.sidecar,
            sync: flags.sync,
            sha256: flags.sha256,
            min_free_bytes: flags.room.min_free.0,
            retries: flags.api.retries,
            known: flags.known.read(session)?,
            recheck: flags.api.recheck,
            force: flags.again.force,
            dry_run: flags.again.dry_run,
            tmp_dir: cli::TmpDir::default().folder(),
        };
        let job = session.rows(&flags.rows)?.jobs(flags.jobs.or(16)).makes_files_in(&into);
        job.batch(parts(settings)?)
    })
}

//! to-webp: converts JPEG pictures to WebP.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, RedoFlags, Room, Rows, TmpDir};
use mapillary_pipes::format::transcode::How;
use mapillary_pipes::stage::to_webp::{ToWebp, WebpOptions};

/// Convert JPEG pictures to WebP and print where each lies.
///
/// Reads rows with 'path' and makes of each JPEG a WebP of the same pixels,
/// EXIF, XMP, colour profile, owner, permissions and file time. A JPEG stays where the WebP is not
/// smaller ('kept'), and where a WebP cannot hold all of it ('held'): a video or
/// more pictures behind it, IPTC, extended XMP, segments of camera makers, comments
/// (but for the name of an encoder), 12 bits, colours for print; 'why' says which. Sets 'path', 'bytes', 'why', 'status'; 'sha256' ends where the
/// file is new.
#[derive(Parser)]
#[command(
    name = "to-webp",
    after_help = "Example: download --into pics images.csv | to-webp --delete > webp.csv",
    after_long_help = "Streams; holds one picture and its pixels for each thread. Where WebP files are there already, it also\nholds what the notes of their folders say, some 200 bytes for each WebP."
)]
pub struct Flags {
    /// Write the files under DIR, in the same subfolders [default: beside the JPEG].
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// WebP quality, from 0 to 100.
    #[arg(long, value_name = "N", default_value_t = 80, value_parser = clap::value_parser!(u8).range(..=100))]
    webp_quality: u8,
    /// Encode losslessly: exactly the pixels that the JPEG decodes to.
    #[arg(long)]
    lossless: bool,
    /// Compression effort, from 0 (fast) to 6 (small).
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(..=6))]
    method: u8,
    /// Delete each JPEG after verifying its WebP. An existing WebP must be proven to be made from this JPEG: by the
    /// notes of its folder, or by converting again.
    #[arg(long)]
    delete: bool,
    /// Keep the WebP even if it is not smaller.
    #[arg(long)]
    keep_larger: bool,
    /// Convert even if data would be lost; 'why' then says what was left out.
    #[arg(long)]
    drop_extras: bool,
    /// Add the SHA-256 of each file to its row.
    #[arg(long)]
    sha256: bool,
    #[command(flatten)]
    room: Room,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let quality = f32::from(flags.webp_quality);
        let settings = WebpOptions {
            into: flags.into,
            how: How { quality, method: flags.method, lossless: flags.lossless },
            delete: flags.delete,
            keep_larger: flags.keep_larger,
            drop_extras: flags.drop_extras,
            sha256: flags.sha256,
            min_free_bytes: flags.room.min_free.0,
            force: flags.again.force,
            dry_run: flags.again.dry_run,
        };
        let stage = ToWebp::new(settings, &TmpDir::default().folder());
        let job = session.rows(&flags.rows)?.jobs(flags.jobs.or_processors());
        job.makes_files().batch(vec![Arc::new(stage)])
    })
}

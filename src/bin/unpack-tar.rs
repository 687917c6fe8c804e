//! unpack-tar: unpacks the files of tars, and prints their rows.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, RedoFlags, Room, Rows, TmpDir};
use mapillary_pipes::stage::unpack_tar::{UnpackOptions, UnpackTar};

/// Unpack the pictures of tars and print their rows.
///
/// Takes a tar of any maker, also in gzip or from standard input, a folder of
/// tars with its subfolders, or rows with 'archive' and 'member', and gives back the files with
/// their times, and the rows of the pictures among them; how many other files
/// there are is counted. A hard link becomes a file of its own; symbolic links
/// and devices are left out, and named. What has another digest than the index,
/// or is not all there, gets no file; a picture that was incomplete when it was
/// packed is unpacked as it was. Sets 'path', drops 'archive' and 'member'.
#[derive(Parser)]
#[command(
    name = "unpack-tar",
    after_help = "Example: unpack-tar tars --into pics > images.csv",
    after_long_help = "Streams; holds 16 bytes for each picture in the tars that it looks into, whose names wait in TMPDIR, and up to 40 \
for each name in a folder of several tars. \
Of members of one name in a folder, that in the last tar is unpacked, and different pictures of one name fail; name a tar to \
unpack what it has. \
Absolute names are taken without their '/'; names with '..' are refused. What is compressed otherwise comes in by a \
pipe: zstd -dc pics.tar.zst | unpack-tar -"
)]
pub struct Flags {
    /// Folder of the files.
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    room: Room,
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
        let (force, dry_run) = (flags.again.force, flags.again.dry_run);
        let into = flags.into.clone();
        let min_free_bytes = flags.room.min_free.0;
        let full = Arc::default();
        let settings = UnpackOptions { into: flags.into, force, dry_run, min_free_bytes, full };
        let stage = Arc::new(UnpackTar::new(settings.clone(), &TmpDir::default().folder()));
        let job = session.rows(&flags.rows)?.jobs(flags.jobs.or_processors()).makes_files_in(&into);
        job.tars(settings)?.batch(vec![stage])
    })
}

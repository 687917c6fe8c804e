//! unpack-tar: the files of tars, and their rows.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Again, Jobs, Rows, Talk};
use mapillary_pipes::stage::unpack_tar::{self, Settings, UnpackTar};

/// The rows of packed pictures, each with the path of the file it became.
///
/// Reads rows with 'archive' and 'member', or takes a tar or a folder of tars,
/// and gives back the files and their rows; those of pack-tar with their times.
/// A picture whose digest is not that of the index gets no file. Sets 'path',
/// drops 'archive' and 'member'.
#[derive(Parser)]
#[command(
    name = "unpack-tar",
    before_help = "Example: unpack-tar tars --into pics > images.csv",
    after_long_help = "Streams; holds the index of each folder of tars, about 250 bytes a picture. \
Of members of one name in a folder, that in the last tar is unpacked; name a tar to unpack what it has."
)]
pub struct Flags {
    /// The folder of the files.
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
    #[command(flatten)]
    again: Again,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let (force, dry_run) = (flags.again.force, flags.again.dry_run);
        let stage = UnpackTar::new(Settings { into: flags.into, force, dry_run });
        let jobs = flags.jobs.or_processors();
        let rows = |path: &Path| unpack_tar::rows_of(path, |text| session.say(text));
        session.batch_of(&flags.rows, jobs, vec![Arc::new(stage)], true, rows)
    })
}

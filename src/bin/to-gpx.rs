//! to-gpx: converts rows and tracks to GPX.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, Sorted, TmpDir, TrackFiles};
use mapillary_pipes::photo::tracks;
use mapillary_pipes::stage::to_gpx::{GpxOptions, ToGpx};

/// Convert rows, or tracks of other formats, to GPX.
///
/// Reads rows with lon and lat, or pictures and folders of them, and writes one track for each sequence.
/// Points are sorted by time and named after their photos. Rows without a position are left out and
/// counted. Tracks of --track come first, with all their fixes unchanged; without other input, no rows
/// are read.
#[derive(Parser)]
#[command(
    name = "to-gpx",
    after_help = "Example: to-gpx -o ride.gpx placed.csv\n         to-gpx --track ride.fit -o ride.gpx",
    after_long_help = "Columns read: lon, lat, altitude, captured_at, taken_at, seq_id, path, img_id. Holds 37 bytes a row, 100 a\nsequence, and the tracks of --track; what else the points have waits in --tmp-dir. With --sorted the points of one sequence, and 40 bytes of each sequence."
)]
pub struct Flags {
    #[command(flatten)]
    tracks: TrackFiles,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    sorted: Sorted,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let TrackFiles { gpx: tracks, track_zone } = flags.tracks;
        tracks::check(&tracks)?;
        let (heights, sorted) = (flags.pictures.height_range, flags.sorted.sorted);
        session.document(
            &flags.pictures,
            &flags.tmp_dir,
            ToGpx::new(GpxOptions { tracks, track_zone, heights, sorted }, &flags.tmp_dir.folder()),
        )
    })
}

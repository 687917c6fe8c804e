//! to-gpx: rows as a file of that form.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, Pictures, Talk};
use mapillary_pipes::stage::to_gpx::ToGpx;

/// Convert rows to GPX, with a track for each sequence.
///
/// Reads rows with lon and lat, or pictures and folders of them.
/// Points are in the order of time; their names are those of the photos. Rows
/// without a place are left out and counted.
#[derive(Parser)]
#[command(
    name = "to-gpx",
    after_help = "Example: to-gpx -o ride.gpx placed.csv",
    after_long_help = "Columns read: lon, lat, altitude, captured_at, taken_at, seq_id, path, img_id. Holds all rows and their points, about 1.1 KB each."
)]
pub struct Flags {
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        session.document(&flags.pictures, ToGpx::new(flags.pictures.height_range))
    })
}

//! to-geojson: rows as a file of that form.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, Pictures, Talk};
use mapillary_pipes::stage::to_geojson::ToGeojson;

/// Convert rows to GeoJSON, with a point for each photo.
///
/// Reads rows with lon and lat, or pictures and folders of them.
/// The cells of a row are the properties of its point; a row without a place
/// has no geometry.
#[derive(Parser)]
#[command(
    name = "to-geojson",
    after_help = "Example: to-geojson -o ride.geojson placed.csv",
    after_long_help = "Holds the file, about 500 bytes a row."
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
        session.document(&flags.pictures, ToGeojson::new(flags.pictures.height_range))
    })
}

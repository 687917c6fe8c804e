//! to-geojson: converts rows to GeoJSON.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use mapillary_pipes::cli::{self, MessageFlags, Pictures, TmpDir};
use mapillary_pipes::row::row_format::RowFormat;
use mapillary_pipes::stage::to_geojson::{Features, GeojsonSequence, ToGeojson};

/// Convert rows to GeoJSON, one point for each photo.
///
/// Reads rows with lon and lat, or pictures and folders of them.
/// The cells of a row are the properties of its point; a row without a place
/// has no geometry. With --seq each row is a feature of its own, written as it
/// comes, for ogr2ogr, tippecanoe and jq.
#[derive(Parser)]
#[command(
    name = "to-geojson",
    after_help = "Example: to-geojson -o ride.geojson placed.csv\n         \
                  to-geojson --seq --2d town.csv | tippecanoe -o town.pmtiles",
    after_long_help = "Streams, and holds one row. Without -o or --seq the collection waits in --tmp-dir until it is whole."
)]
pub struct Flags {
    /// Write one feature per line, without a collection; 'rs' adds a record separator before each (RFC 8142).
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "lines")]
    seq: Option<Seq>,
    /// Write coordinates without heights: with them, GeoPandas assumes EPSG:4979.
    #[arg(long = "2d")]
    flat: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

#[derive(Clone, Copy, ValueEnum)]
enum Seq {
    Lines,
    Rs,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let features = Features { heights: flags.pictures.height_range, is_flat: flags.flat };
        let form = match flags.seq {
            None => {
                return session.document(&flags.pictures, &flags.tmp_dir, ToGeojson::new(features));
            }
            Some(Seq::Lines) => RowFormat::Lines,
            Some(Seq::Rs) => RowFormat::TextSequence,
        };
        session.pictures(&flags.pictures)?.lines(form).scan(GeojsonSequence::new(features))
    })
}

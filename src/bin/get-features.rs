//! get-features: lists map features, the objects that the service found in many pictures.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::flags::Out;
use mapillary_pipes::cli::{self, CachedApiFlags, Jobs, MessageFlags, RedoFlags};
use mapillary_pipes::stage::get_features::{GetFeatures, UniqueFeatures};
use mapillary_pipes::value::bbox::BBox;

/// List the map features of an area: signs, poles, benches, each with its position.
///
/// A map feature is a thing that the service has found in several pictures. Each has a row with
/// feature_id, value, object_type, lon, lat, aligned_direction (degrees), first_seen_at, last_seen_at
/// and the image_ids of the pictures that show it. to-geojson makes a map of them.
#[derive(Parser)]
#[command(
    name = "get-features",
    after_help = "Example: get-features --bbox 13.37,52.50,13.40,52.52 --values object--bench -o benches.csv",
    after_long_help = "Reads no rows; sets feature_id, value, object_type, lon, lat, aligned_direction, \
first_seen_at, last_seen_at, image_ids, and why where there is no place. Streams; holds about 80 bytes for each feature."
)]
pub struct Flags {
    /// Search this box, in degrees; may be repeated.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    bbox: Vec<BBox>,
    /// Only features of these kinds; '*' is any text.
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    values: Vec<String>,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    again: RedoFlags,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    api: CachedApiFlags,
    #[command(flatten)]
    talk: MessageFlags,
}

cli::tool!(Flags, out);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let keep = session.keep(flags.again.force, &flags.api, None, &(&flags.bbox, &flags.values));
        let stage = GetFeatures::new(session.client(&flags.api)?, flags.bbox, flags.values)?;
        if flags.again.dry_run {
            return session.told(&stage.plan());
        }
        let job = session.places(flags.out).jobs(flags.jobs.or(8)).keep(keep);
        job.walk(Arc::new(stage), Some(&mut UniqueFeatures::default()), None)
    })
}

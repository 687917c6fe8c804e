//! get-meta: fetches the metadata of each picture from the service.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{
    self, CachedApiFlags, Jobs, KnownFlags, MessageFlags, Rows, SelectionFlags,
};
use mapillary_pipes::query::select::Select;
use mapillary_pipes::row::Field;
use mapillary_pipes::shape::FatalError;
use mapillary_pipes::stage::get_meta::{GetMeta, GetMetaOptions, RequestFields};
use mapillary_pipes::value::quality::Quality;

/// Fetch the metadata of pictures: time, place, camera, links.
///
/// Reads rows with img_id and sets the fields that are asked for; where the
/// service leaves one out, the row keeps what it had, links excepted. Heights and directions that the service is
/// known to get wrong are put right; --raw-json keeps the answer as it came.
#[derive(Parser)]
#[command(
    name = "get-meta",
    after_help = "Example: get-images seqs.csv | get-meta --bbox 13.3,52.5,13.4,52.6 -o meta.csv",
    after_long_help = "Standard fields: sequence, captured_at, geometry, computed_geometry, altitude, \
computed_altitude, compass_angle, computed_compass_angle, camera_type, is_pano, make, model, \
exif_orientation, width, height, creator, organization, and the link to the picture.\n\n\
Reads img_id; sets the fields, quality, raw_json. Streams; holds the rows that wait for answers."
)]
pub struct Flags {
    /// Fields of the Graph API, by any of their names, or 'standard', or 'all'.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "standard")]
    fields: Vec<String>,
    /// Picture size to request a link for [default: original].
    #[arg(long, value_name = "QUALITY", value_parser = cli::possible_values::one_of::<Quality>())]
    quality: Option<Quality>,
    /// Fall back to the next smaller size if a picture lacks this one.
    #[arg(long)]
    fallback: bool,
    /// Add the service's whole answer as a column 'raw_json'.
    #[arg(long)]
    raw_json: bool,
    /// Only pictures of these camera types; 360 degrees is 'spherical,equirectangular'.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    camera_type: Vec<String>,
    #[command(flatten)]
    choice: SelectionFlags,
    #[command(flatten)]
    known: KnownFlags,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    jobs: Jobs,
    /// Repeat requests that have an answer.
    #[arg(long, help_heading = "Work")]
    force: bool,
    #[command(flatten)]
    api: CachedApiFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let settings = GetMetaOptions {
            client: session.client(&flags.api)?,
            fields: RequestFields::read(&flags.fields).map_err(FatalError::new)?,
            quality: flags.quality,
            fallback: flags.fallback,
            raw_json: flags.raw_json,
            select: Select { cameras: flags.camera_type.clone(), ..flags.choice.select()? },
            known: flags.known.read(session)?,
        };
        let identity = (
            (&flags.fields, flags.quality, flags.fallback, flags.raw_json),
            (&settings.select, settings.known.digest()),
        );
        let keep = session.keep(flags.force, &flags.api, Some(Field::ImgId), &identity);
        let stage = Arc::new(GetMeta::new(settings));
        session.rows(&flags.rows)?.jobs(flags.jobs.or(8)).keep(keep).batch(vec![stage])
    })
}

//! tag-exif: writes the values of rows into their pictures.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, Pictures, RedoFlags, TmpDir};
use mapillary_pipes::photo::tag::{Options, SidecarName, TagGroup, ValueSource, ZoneFor};
use mapillary_pipes::stage::tag_exif::TagExif;

/// Write the values of rows into the EXIF and XMP of their pictures.
///
/// Reads rows with a path. EXIF and XMP of JPEG and WebP are written without
/// loss; other photo files get an XMP sidecar. Values that the file has from
/// its camera stay ('held'); those that a tool worked out are refined.
#[derive(Parser)]
#[command(
    name = "tag-exif",
    after_help = "Example: download images.csv | tag-exif --zone position > tagged.csv",
    after_long_help = "\
Groups, each all or none: position (place, height, GPS date and time, speed, track, DOP), direction, time (only into files \
without a date; status held if theirs is another), camera (make, model), id (ImageUniqueID, description, link), rights (creator, CC BY-SA 4.0), pano (GPano). \
Id and rights go only into pictures of the service: the row has its id, and creator_username, creator_id, a link, quality or \
raw_json; --only id,rights writes them for any row with an id.\n\n\
Columns read: path, lon, lat, altitude, compass_angle and their computed_ forms, captured_at, taken_at, zone, speed_kmh, \
track_deg, hdop, position_by, direction_by, gap_s, gap_m, make, model, img_id, seq_id, creator_username, creator_id, quality, \
raw_json, the links, camera_type, is_pano. Columns set: status (done, kept, held), bytes; path with --into or of a picture that is WebP now; archive and \
member of one that is packed now, which is kept.\n\n\
Streams; holds at most 10,000 rows, 16 bytes a picture with --into or a sidecar, and 16 bytes for each picture in the tars that it \
looks into; their names wait in TMPDIR."
)]
pub struct Flags {
    /// Write only these groups of tags.
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', value_parser = cli::possible_values::one_of::<TagGroup>())]
    only: Vec<TagGroup>,
    /// Skip these groups of tags.
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', value_parser = cli::possible_values::one_of::<TagGroup>())]
    except: Vec<TagGroup>,
    /// Which position to write: as recorded, as computed by the service, or the best available [default: raw].
    #[arg(long, value_name = "WHICH", value_parser = cli::possible_values::one_of::<ValueSource>())]
    position: Option<ValueSource>,
    /// Which altitude to write, as for --position.
    #[arg(long, value_name = "WHICH", value_parser = cli::possible_values::one_of::<ValueSource>())]
    altitude: Option<ValueSource>,
    /// Which direction to write, as for --position.
    #[arg(long, value_name = "WHICH", value_parser = cli::possible_values::one_of::<ValueSource>())]
    direction: Option<ValueSource>,
    /// Time zone of the local time that is written: a name, an offset, or 'position' [default: UTC].
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    zone: Option<ZoneFor>,
    /// Overwrite values of the camera: a position and the tags that describe it; a date only with --only time.
    #[arg(long)]
    overwrite: bool,
    /// Keep the old file under its name with SUFFIX added.
    #[arg(long, value_name = "SUFFIX", conflicts_with = "into")]
    backup: Option<String>,
    /// Write the tagged pictures to DIR, and do not change the originals.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Write XMP sidecars only, also for JPEG and WebP files.
    #[arg(long)]
    sidecar: bool,
    /// How sidecars are named: stem (a.xmp) or full (a.dng.xmp) [default: stem].
    #[arg(long, value_name = "NAME", value_parser = cli::possible_values::one_of::<SidecarName>())]
    sidecar_name: Option<SidecarName>,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub jobs: Jobs,
    #[command(flatten)]
    pub again: RedoFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let defaults = Options::default();
        let options = Options {
            only: flags.only,
            except: flags.except,
            position: flags.position.unwrap_or_default(),
            altitude: flags.altitude.unwrap_or_default(),
            direction: flags.direction.unwrap_or_default(),
            zone: flags.zone.unwrap_or(defaults.zone),
            overwrite: flags.overwrite,
            backup: flags.backup,
            into: flags.into,
            sidecar: flags.sidecar,
            sidecar_name: flags.sidecar_name.unwrap_or_default(),
            heights: flags.pictures.height_range,
            force: flags.again.force,
            dry_run: flags.again.dry_run,
        };
        let job = session.pictures(&flags.pictures)?.jobs(flags.jobs.or_processors());
        job.makes_files().batch(vec![Arc::new(TagExif::new(options, &TmpDir::default().folder()))])
    })
}

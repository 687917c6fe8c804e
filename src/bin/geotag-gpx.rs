//! geotag-gpx: rows of photos with the place where a track was.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use mapillary_pipes::cli::{self, Again, Pictures, Talk};
use mapillary_pipes::stage::geotag_gpx::{self, Choice, Clock, Direction, GeotagGpx};
use mapillary_pipes::stage::tag::{Group, Options, Tagger, Written};
use mapillary_pipes::value::clock::{GpsTime, Shown, parse_sync};
use mapillary_pipes::value::whereabouts::Limits;
use mapillary_pipes::value::zone::{Zone, ZoneChoice};

/// Rows of photos with the place where a track was when they were taken.
///
/// Reads pictures and folders of them, or rows with captured_at, or taken_at and perhaps zone. Sets lon, lat,
/// altitude, compass_angle, captured_at, zone, speed_kmh, track_deg, hdop, and
/// how they were found: position_by (exact, interpolated, held, none),
/// direction_by, zone_by, gap_s, gap_m, why. A photo off the track passes, and
/// why names the flag that would accept it. Files are changed only with --write.
#[derive(Parser)]
#[command(
    name = "geotag-gpx",
    before_help = "Example: geotag-gpx --gpx ride.gpx photos.csv > placed.csv",
    after_long_help = "Holds the tracks, 40 bytes a fix, and while it reads a track its file. Photos with fractions of a \
second stream; from the first one without on, photos are held until the input ends, about 700 bytes each."
)]
pub struct Flags {
    /// Track in GPX or NMEA, or rows with captured_at (or time), lon and lat; repeat for several.
    #[arg(long, value_name = "FILE")]
    gpx: Vec<PathBuf>,
    /// Zone of the camera's clock: a name, an offset, or auto: the photo's, else that of the track's place.
    #[arg(long, value_name = "ZONE", default_value = "auto", allow_hyphen_values = true)]
    zone: ZoneChoice,
    /// Zone of a track that was written in local time, though it claims UTC: a name or an offset.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    track_zone: Option<Zone>,
    /// GPSTIME=CAMERATIME at one moment, or GPSTIME=PHOTO of a GPS clock; two tell the drift.
    #[arg(long, value_name = "PAIR", value_parser = parse_sync)]
    sync: Vec<(GpsTime, Shown)>,
    /// The first photo was taken at the first fix.
    #[arg(long, conflicts_with_all = ["sync", "camera_ahead"])]
    align_start: bool,
    /// Seconds that the camera's clock is ahead; negative when behind.
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0.0,
        allow_hyphen_values = true,
        conflicts_with = "sync"
    )]
    camera_ahead: f64,
    /// Fixes at most so far apart in time have a position between them.
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    max_gap: f64,
    /// So have fixes at most so far apart in space, within ten minutes.
    #[arg(long, value_name = "M", default_value_t = 50.0)]
    max_gap_m: f64,
    /// Hold the end of a track for so long.
    #[arg(long, value_name = "S", default_value_t = 2.0)]
    extrapolate: f64,
    /// Interpolate from segment to segment, too.
    #[arg(long)]
    join_segments: bool,
    /// keep a compass and else take the track's, always track, or none.
    #[arg(long, value_name = "WHICH", default_value_t, value_parser = cli::words::one_of::<Direction>())]
    direction: Direction,
    /// Degrees clockwise from the direction of travel: 90 looks right, -90 left.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_hyphen_values = true)]
    offset: f64,
    /// Replace positions that were read, too.
    #[arg(long)]
    overwrite: bool,
    /// Write position and direction into the pictures, as tag-exif would.
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub again: Again,
    #[command(flatten)]
    pub talk: Talk,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let choice = Choice {
            files: flags.gpx.clone(),
            limits: Limits {
                max_gap_s: flags.max_gap,
                max_gap_m: flags.max_gap_m,
                extrapolate_s: flags.extrapolate,
                join_segments: flags.join_segments,
            },
            clock: Clock {
                zone: flags.zone.0,
                sync: geotag_gpx::pairs(&flags.sync)?,
                ahead_s: flags.camera_ahead,
            },
            direction: flags.direction,
            offset_deg: flags.offset,
            overwrite: flags.overwrite,
            track_zone: flags.track_zone,
            heights: flags.pictures.height_range,
            align_start: flags.align_start,
        };
        let only = vec![Group::Position, Group::Direction];
        let Again { force, dry_run } = flags.again;
        let overwrite = flags.overwrite;
        let heights = flags.pictures.height_range;
        let options = Options { only, overwrite, heights, force, dry_run, ..Options::default() };
        let tagger = flags.write.then(|| Tagger::new(options));
        let stage = Written::new(GeotagGpx::new(choice), tagger, session.interrupted());
        session.scan_photos(&flags.pictures, stage, flags.write)
    })
}

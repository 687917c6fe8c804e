//! geotag-gpx: adds to the row of each photo its position on a track.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, RedoFlags, TmpDir, Tracks};
use mapillary_pipes::photo::tag::{Options, TagGroup, Tagger, Written};
use mapillary_pipes::photo::tracks;
use mapillary_pipes::stage::geotag_gpx::{self, Clock, Direction, GeotagGpx, GeotagOptions};
use mapillary_pipes::value::camera_ahead::{CameraAhead, GpsTime, Shown, parse_sync};
use mapillary_pipes::value::zone::ZoneChoice;

/// Geotag photos from a track by their capture time.
///
/// Reads pictures and folders of them, or rows with captured_at, or taken_at and perhaps zone. Sets lon, lat,
/// altitude, compass_angle, captured_at, zone, speed_kmh, track_deg, hdop, and
/// how they were found: position_by (exact, interpolated, held, none),
/// direction_by, zone_by, gap_s, gap_m, why. A photo outside the track keeps its row, and
/// why names the flag that would accept it. Files are changed only with --write.
#[derive(Parser)]
#[command(
    name = "geotag-gpx",
    after_help = "Example: geotag-gpx --gpx ride.gpx photos.csv > placed.csv",
    after_long_help = "Holds the tracks, 40 bytes a fix, and while it reads a track its file. Photos with fractions of a \
second stream. From the first one without on, rows wait in --tmp-dir until the input ends, and 3 bytes a row are held; where \
the photos of a camera come in another order than that of their names, their names as well. --camera-ahead auto holds \
the times of the first million photos, 16 bytes each, and some 300 bytes for each second of the track, of a week at most; \
with --accept-offset all rows wait."
)]
pub struct Flags {
    /// Time zone of the camera's clock: a name, an offset, or auto (the photo's own, else that of the track's place).
    #[arg(long, value_name = "ZONE", default_value = "auto", allow_hyphen_values = true)]
    zone: ZoneChoice,
    /// Synchronize the camera's clock: GPSTIME=CAMERATIME at one moment, or GPSTIME=PHOTO that shows a GPS clock; give
    /// it twice to correct drift.
    #[arg(long, value_name = "PAIR", value_parser = parse_sync)]
    sync: Vec<(GpsTime, Shown)>,
    /// Assume that the first photo was taken at the first fix.
    #[arg(long, conflicts_with_all = ["sync", "camera_ahead"])]
    align_start: bool,
    /// Seconds that the camera's clock is ahead (negative when behind), or auto to estimate it from stops and turns.
    #[arg(
        long,
        value_name = "S",
        default_value = "0",
        allow_hyphen_values = true,
        conflicts_with = "sync"
    )]
    camera_ahead: CameraAhead,
    /// Apply the offset that --camera-ahead auto finds; without this it is only reported.
    #[arg(long, requires = "camera_ahead")]
    accept_offset: bool,
    /// Source of the direction: keep (a compass, else the track), track, or none.
    #[arg(long, value_name = "WHICH", default_value_t, value_parser = cli::possible_values::one_of::<Direction>())]
    direction: Direction,
    /// Camera's angle to the direction of travel, in degrees clockwise: 90 looks right, -90 left.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_hyphen_values = true)]
    offset: f64,
    /// Overwrite positions that the photos already have.
    #[arg(long)]
    overwrite: bool,
    /// Write position and direction into the pictures, as tag-exif does.
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    tracks: Tracks,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub again: RedoFlags,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        tracks::check(&flags.tracks.files.gpx)?;
        let choice = GeotagOptions {
            limits: flags.tracks.limits(),
            track_zone: flags.tracks.files.track_zone,
            max_mps: flags.tracks.max_speed,
            files: flags.tracks.files.gpx,
            clock: Clock {
                zone: flags.zone.0,
                sync: geotag_gpx::pairs(&flags.sync)?,
                ahead_s: flags.camera_ahead.known_s(),
            },
            direction: flags.direction,
            offset_deg: flags.offset,
            overwrite: flags.overwrite,
            heights: flags.pictures.height_range,
            align_start: flags.align_start,
            finds_offset: flags.camera_ahead == CameraAhead::Auto,
            accepts_offset: flags.accept_offset,
            tmp_dir: flags.tmp_dir.folder(),
        };
        let only = vec![TagGroup::Position, TagGroup::Direction];
        let RedoFlags { force, dry_run } = flags.again;
        let overwrite = flags.overwrite;
        let heights = flags.pictures.height_range;
        let options = Options { only, overwrite, heights, force, dry_run, ..Options::default() };
        let tmp_dir = flags.tmp_dir.folder();
        let tagger = flags.write.then(|| Tagger::new(options, &tmp_dir));
        let stage = Written::new(GeotagGpx::new(choice), tagger, session.interrupted());
        session.pictures(&flags.pictures)?.makes_files_if(flags.write).scan_photos(stage, &tmp_dir)
    })
}

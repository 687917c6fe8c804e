//! read-exif: reads the metadata of pictures into rows.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, Jobs, MessageFlags, Pictures, TmpDir};
use mapillary_pipes::stage::read_exif::ReadExif;

/// Read the EXIF and XMP of pictures into rows.
///
/// Reads pictures and folders of them, in natural order, or rows with a path.
/// Only the head of a file is read. JPEG, WebP, PNG, HEIC, TIFF and the RAW
/// files that are built like it are understood.
#[derive(Parser)]
#[command(
    name = "read-exif",
    after_help = "Example: read-exif -r DCIM > card.csv",
    after_long_help = "Columns read: path. Columns set: taken_at (the camera's clock), time_by (original, digitized, xmp, sidecar, \
modified), captured_at (the instant, where the zone is known), zone, zone_by (offset, place or gps), lon, lat, altitude, compass_angle, speed_kmh, \
track_deg, hdop, make, model, exif_orientation, width, height, camera_type; what our own tools wrote: position_by, \
direction_by, gap_s, gap_m, img_id, seq_id, creator_username; why: what could not be read. Of rows: path of a picture that \
is WebP now, archive and member of one that is packed. \
Streams; holds at most 10,000 rows, and 16 bytes for each picture in the tars that it looks into; their names wait in TMPDIR."
)]
pub struct Flags {
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    pub jobs: Jobs,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let job = session.paths(&flags.pictures)?.jobs(flags.jobs.or_processors());
        let stage = ReadExif::new(flags.pictures.height_range, &TmpDir::default().folder());
        job.batch(vec![Arc::new(stage)])
    })
}

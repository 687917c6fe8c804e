//! interpolate-dir: adds to the row of each photo the direction in which it looks.

use std::process::ExitCode;

use clap::Parser;
use mapillary_pipes::cli::{self, MessageFlags, Pictures, RedoFlags, Sorted, TmpDir};
use mapillary_pipes::photo::tag::{Options, TagGroup, Tagger, Written};
use mapillary_pipes::stage::interpolate_dir::{InterpolateDir, InterpolateOptions};
use mapillary_pipes::value::travel_bearing::Method;

/// Set the direction of each photo from the positions of its neighbours.
///
/// Reads pictures and folders of them, or rows with lon, lat and captured_at or taken_at. Sets compass_angle
/// and direction_by (next, previous, mean, chord, last, first, held, none),
/// and why when there is none; with --anchors also lon, lat, position_by,
/// gap_s, gap_m. Photos are taken by sequence, or by folder and camera where
/// there is none, in the order of time. Rows without a place or a time pass.
/// Files are changed only with --write.
#[derive(Parser)]
#[command(
    name = "interpolate-dir",
    after_help = "Example: interpolate-dir --offset 90 photos.csv > directed.csv",
    after_long_help = "Holds 42 bytes a row until the input ends, 46 where photos have both times, and the \
places of one sequence; rows wait in --tmp-dir. With --sorted the rows of one sequence, and 40 bytes of each sequence."
)]
pub struct Flags {
    /// Neighbours that determine the direction.
    #[arg(long, value_name = "METHOD", default_value_t, value_parser = cli::possible_values::one_of::<Method>())]
    method: Method,
    /// Degrees clockwise from the direction of travel: 90 looks right, -90 left.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_hyphen_values = true)]
    offset: f64,
    /// Column with the offset of each row, in degrees.
    #[arg(long, value_name = "NAME")]
    offset_column: Option<String>,
    /// Photos closer than this use the movement around them.
    #[arg(long, value_name = "M", default_value_t = 1.0)]
    min_distance: f64,
    /// Maximum time between neighbours, in seconds.
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    gap: f64,
    /// Overwrite compass angles of the camera, too.
    #[arg(long)]
    overwrite: bool,
    /// Interpolate positions of photos that have none, evenly in time.
    #[arg(long)]
    anchors: bool,
    /// Write the directions into the pictures, as tag-exif does.
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    pub pictures: Pictures,
    #[command(flatten)]
    sorted: Sorted,
    #[command(flatten)]
    tmp_dir: TmpDir,
    #[command(flatten)]
    pub again: RedoFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags, pictures);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        let choice = InterpolateOptions {
            method: flags.method,
            offset_deg: flags.offset,
            offset_column: flags.offset_column.clone(),
            min_distance_m: flags.min_distance,
            gap_s: flags.gap,
            overwrite: flags.overwrite,
            anchors: flags.anchors,
            sorted: flags.sorted.sorted,
        };
        let mut only = vec![TagGroup::Direction];
        only.extend(flags.anchors.then_some(TagGroup::Position));
        let RedoFlags { force, dry_run } = flags.again;
        let overwrite = flags.overwrite;
        let options = Options { only, overwrite, force, dry_run, ..Options::default() };
        let tmp_dir = flags.tmp_dir.folder();
        let tagger = flags.write.then(|| Tagger::new(options, &tmp_dir));
        let stage =
            Written::new(InterpolateDir::new(choice, &tmp_dir), tagger, session.interrupted());
        session.pictures(&flags.pictures)?.makes_files_if(flags.write).scan_photos(stage, &tmp_dir)
    })
}

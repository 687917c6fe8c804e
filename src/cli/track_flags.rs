//! Flags that select tracks and set the limits of interpolation.

use std::path::PathBuf;

use clap::Args;

use crate::value::track::FASTEST_MPS;
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

/// The tracks to read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Track")]
pub struct TrackFiles {
    /// Track, or folder of tracks, in GPX, KML, TCX, FIT, IGC, NMEA, GeoJSON with times, Google Timeline,
    /// or rows with captured_at (or time), lon and lat; plain, gzip, ZIP or KMZ. The format is detected by
    /// content; of a folder, only files that overlap the photos in time are read. May be repeated.
    #[arg(long, visible_alias = "track", value_name = "PATH")]
    pub gpx: Vec<PathBuf>,
    /// Time zone of a track that was written in local time although it claims UTC: a name or an offset.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub track_zone: Option<Zone>,
}

/// Tracks, and the limits of interpolation between their fixes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Track")]
pub struct Tracks {
    #[command(flatten)]
    pub files: TrackFiles,
    /// Maximum time between two fixes to interpolate across, in seconds.
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    max_gap: f64,
    /// Interpolate across longer gaps, up to ten minutes, if their ends are at most this far apart, in metres.
    #[arg(long, value_name = "M", default_value_t = 50.0)]
    max_gap_m: f64,
    /// Maximum plausible speed, in metres per second; faster fixes are ignored (use 300 for a plane).
    #[arg(long, value_name = "M/S", default_value_t = FASTEST_MPS)]
    pub max_speed: f64,
    /// Use the end of a track for photos up to this long after it, or before its start, in seconds.
    #[arg(long, value_name = "S", default_value_t = 2.0)]
    extrapolate: f64,
    /// Interpolate between segments, too.
    #[arg(long)]
    join_segments: bool,
}

impl Tracks {
    pub fn limits(&self) -> Limits {
        Limits {
            max_gap_s: self.max_gap,
            max_gap_m: self.max_gap_m,
            extrapolate_s: self.extrapolate,
            join_segments: self.join_segments,
        }
    }
}

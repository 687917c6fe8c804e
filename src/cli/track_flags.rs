//! Flags of what tracks are read, and how far they are believed.

use std::path::PathBuf;

use clap::Args;

use crate::value::track::FASTEST_MPS;
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

/// Which tracks are read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Track")]
pub struct TrackFiles {
    /// Track, or folder of tracks, known by its content: GPX, KML, TCX, FIT, IGC, NMEA, GeoJSON with
    /// times, a Google Timeline, or rows with captured_at (or time), lon and lat; plain, gzip, ZIP or
    /// KMZ. Of a folder, the files near the photos are read. May be repeated.
    #[arg(long, visible_alias = "track", value_name = "PATH")]
    pub gpx: Vec<PathBuf>,
    /// Zone of a track that was written in local time, though it claims UTC: a name or an offset.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub track_zone: Option<Zone>,
}

/// Tracks, and how far they are believed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Track")]
pub struct Tracks {
    #[command(flatten)]
    pub files: TrackFiles,
    /// Fixes at most so far apart in time have a position between them.
    #[arg(long, value_name = "S", default_value_t = 60.0)]
    max_gap: f64,
    /// So have fixes at most so far apart in space, within ten minutes.
    #[arg(long, value_name = "M", default_value_t = 50.0)]
    max_gap_m: f64,
    /// Fixes that only a faster vehicle could reach are left out, m/s: 300 for a plane.
    #[arg(long, value_name = "M/S", default_value_t = FASTEST_MPS)]
    pub max_speed: f64,
    /// Hold the end of a track for so long.
    #[arg(long, value_name = "S", default_value_t = 2.0)]
    extrapolate: f64,
    /// Interpolate from segment to segment, too.
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

//! The options of geotag-gpx.

use std::path::PathBuf;

use crate::value::height_validity::Heights;
use crate::value::string_enum::words;
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

use super::Clock;

/// The direction that a row gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// A compass value is kept; without one, the track's direction is used.
    #[default]
    Keep,
    Track,
    None,
}

words!(Direction: Keep = "keep", Track = "track", None = "none");

/// The options of geotag-gpx.
#[derive(Debug, Clone, Default)]
pub struct GeotagOptions {
    pub files: Vec<PathBuf>,
    pub limits: Limits,
    pub clock: Clock,
    pub direction: Direction,
    pub offset_deg: f64,
    pub overwrite: bool,
    /// The zone of tracks that were written in local time.
    pub track_zone: Option<Zone>,
    /// The plausible altitudes of the tracks.
    pub heights: Heights,
    /// Fixes that only a faster vehicle could reach are left out.
    pub max_mps: f64,
    /// The first photo was taken at the start of the track.
    pub align_start: bool,
    /// Estimate how far each camera is ahead, from its photos and the track.
    pub finds_offset: bool,
    /// Place the photos of each camera with that estimate.
    pub accepts_offset: bool,
    /// The folder of the temporary file of stored rows.
    pub tmp_dir: PathBuf,
}

//! What the user chose.

use std::path::PathBuf;

use crate::value::height_validity::Heights;
use crate::value::string_enum::words;
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

use super::Clock;

/// Which direction a row gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// A compass stays; where there is none, the track's is taken.
    #[default]
    Keep,
    Track,
    None,
}

words!(Direction: Keep = "keep", Track = "track", None = "none");

/// What the user chose.
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
    /// Heights of the tracks that are believed.
    pub heights: Heights,
    /// Fixes that only a faster vehicle could reach are not believed.
    pub max_mps: f64,
    /// The first photo was taken where the track begins.
    pub align_start: bool,
    /// How far each camera is ahead is found from its photos and the track,
    pub finds_offset: bool,
    /// and its photos are placed by that.
    pub accepts_offset: bool,
    /// The folder of the temporary file of rows that wait.
    pub tmp_dir: PathBuf,
}

//! The options for reading tracks.

use crate::value::height_validity::Heights;
use crate::value::track::FASTEST_MPS;
use crate::value::zone::Zone;

/// The options for reading tracks.
#[derive(Debug, Clone, Copy)]
pub struct TrackOptions {
    /// An instant of the photos, used to correct dates that are off by a week number rollover.
    pub near_ms: Option<i64>,
    /// The zone of tracks that were written in local time, though they claim UTC.
    pub zone: Option<Zone>,
    /// The plausible altitudes.
    pub heights: Heights,
    /// The maximum plausible speed.
    pub max_mps: f64,
}

impl Default for TrackOptions {
    fn default() -> Self {
        TrackOptions {
            near_ms: None,
            zone: None,
            heights: Heights::default(),
            max_mps: FASTEST_MPS,
        }
    }
}

//! What is known of tracks before they are read.

use crate::value::height_validity::Heights;
use crate::value::track::FASTEST_MPS;
use crate::value::zone::Zone;

/// What is known of tracks before they are read.
#[derive(Debug, Clone, Copy)]
pub struct TrackOptions {
    /// An instant of the photos, by which dates of rolled-over weeks are brought back.
    pub near_ms: Option<i64>,
    /// The zone of tracks that were written in local time, though they claim UTC.
    pub zone: Option<Zone>,
    /// Heights that are believed.
    pub heights: Heights,
    /// Nothing goes faster.
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

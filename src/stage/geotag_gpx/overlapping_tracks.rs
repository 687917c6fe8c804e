//! Overlapping tracks: which receiver is preferred, and why.

use super::GeotagGpx;
use crate::photo::tracks::Tracks;
use crate::shape::Diagnostics;
use crate::value::track::Track;
use crate::value::track_position::TrackPosition;

impl GeotagGpx {
    /// Reports which of two receivers is preferred, and why.
    pub(super) fn compare(
        &self,
        found: &TrackPosition,
        time_ms: i64,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        let names = |tracks: &Tracks, number| tracks.name(track.source(number)).to_string();
        let name = |number| self.tracks.as_ref().map_or_else(String::new, |it| names(it, number));
        let Some(chosen) = found.segment else { return };
        for other in track.covering(time_ms).filter(|&other| other != chosen) {
            let why = track.preferred(chosen, other, time_ms);
            let (chosen, other) = (name(chosen), name(other));
            notes.once(&if chosen == other {
                format!("where parts of '{chosen}' overlap, one is believed, since {why}")
            } else {
                format!(
                    "where '{chosen}' and '{other}' overlap, '{chosen}' is believed, since {why}"
                )
            });
            notes.count("where tracks overlap", 1);
        }
    }
}

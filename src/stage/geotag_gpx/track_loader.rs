//! Loads the tracks at the first photo with a time, and further files of folders when photos need them.

use std::sync::Arc;

use crate::photo::capture_facts::PhotoFacts;
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::row::Row;
use crate::shape::{Diagnostics, FatalError};
use crate::value::camera_ahead::{GpsTime, SyncPair};
use crate::value::track::Track;

use super::{GeotagGpx, GeotagOptions};

impl GeotagGpx {
    fn open(
        &mut self,
        row: &Row,
        facts: &PhotoFacts,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let near_ms = self.choice.clock.near_ms(row, facts);
        let GeotagOptions { track_zone: zone, max_mps, heights, .. } = self.choice;
        let how = TrackOptions { near_ms, zone, max_mps, heights };
        let mut tracks = Tracks::open(&self.choice.files, how)?;
        if self.choice.align_start {
            tracks.cover(None)?;
            let (Some(camera), Some(fix)) = (facts.taken, tracks.track().fixes().first()) else {
                let what = "--align-start needs a track and a first photo with the camera's time";
                return Err(FatalError(what.into()));
            };
            let gps = GpsTime::Instant(fix.time_ms);
            self.choice.clock.sync = vec![SyncPair { gps, camera }];
        }
        tracks.words().iter().for_each(|words| notes.once(words));
        self.tracks = Some(tracks);
        Ok(())
    }

    /// Reads the files that the photo may need, if folders of tracks were given.
    pub(super) fn cover(
        &mut self,
        row: &Row,
        facts: &PhotoFacts,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        match (&mut self.tracks, self.choice.clock.near_ms(row, facts)) {
            (Some(tracks), Some(near_ms)) => {
                tracks.cover(Some(near_ms))?;
                tracks.words().iter().for_each(|words| notes.once(words));
                Ok(())
            }
            (None, Some(_)) => self.open(row, facts, notes),
            (_, None) => Ok(()),
        }
    }

    pub(super) fn track(&self) -> Arc<Track> {
        self.tracks.as_ref().map(|tracks| Arc::clone(tracks.track())).unwrap_or_default()
    }
}

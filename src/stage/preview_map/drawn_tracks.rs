//! Draws tracks as lines on the page; photos are drawn elsewhere.

use std::path::PathBuf;

use serde_json::Value;

use super::place;
use crate::photo::photo_index::PhotoIndex;
use crate::photo::tracks::{TrackOptions, Tracks};
use crate::shape::{Diagnostics, FatalError};
use crate::value::track_position::Limits;
use crate::value::zone::Zone;

/// The tracks of files, opened with the first photo that has a time.
pub struct DrawnTracks {
    files: Vec<PathBuf>,
    /// The zone of tracks that were written in local time.
    zone: Option<Zone>,
    tracks: Option<Tracks>,
}

impl DrawnTracks {
    pub fn new(files: Vec<PathBuf>, zone: Option<Zone>) -> DrawnTracks {
        DrawnTracks { files, zone, tracks: None }
    }

    /// Opens the tracks, dated by a photo if there is one.
    fn open(&self, near_ms: Option<i64>) -> Result<Tracks, FatalError> {
        let how = TrackOptions { near_ms, zone: self.zone, ..TrackOptions::default() };
        Tracks::open(&self.files, how)
    }

    /// Reads the tracks that these photos need.
    ///
    /// # Errors
    /// If a track cannot be read.
    pub fn cover(&mut self, photos: &PhotoIndex) -> Result<(), FatalError> {
        for ms in (0..photos.len()).filter_map(|at| photos.captured_ms(at)) {
            let tracks = match self.tracks.take() {
                Some(tracks) => tracks,
                None => self.open(Some(ms))?,
            };
            self.tracks.insert(tracks).cover(Some(ms))?;
        }
        Ok(())
    }

    /// The segments, cut at gaps, and the gaps.
    ///
    /// # Errors
    /// If a track cannot be read.
    pub fn lines(
        &mut self,
        notes: &dyn Diagnostics,
    ) -> Result<(Vec<Value>, Vec<Value>), FatalError> {
        let mut tracks = match self.tracks.take() {
            Some(tracks) => tracks,
            None => self.open(None)?,
        };
        tracks.words().iter().chain(&tracks.last_words()).for_each(|words| notes.once(words));
        let limits = Limits::default();
        let (mut lines, mut holes): (Vec<Vec<Value>>, Vec<Value>) = Default::default();
        for segment in tracks.track().segments() {
            lines.push(Vec::new());
            for (at, fix) in segment.iter().enumerate() {
                let before = at.checked_sub(1).map(|before| &segment[before]);
                let is_hole = before.is_some_and(|before| {
                    let gap_s = (fix.time_ms - before.time_ms) as f64 / 1000.0;
                    !limits.bridge(gap_s, before.position.distance_m(fix.position))
                });
                if let (true, Some(before)) = (is_hole, before) {
                    holes.push(serde_json::json!([place(before.position), place(fix.position)]));
                    lines.push(Vec::new());
                }
                lines.last_mut().into_iter().for_each(|line| line.push(place(fix.position)));
            }
        }
        Ok((lines.into_iter().map(Value::from).collect(), holes))
    }
}

//! `--camera-ahead auto`: how far each camera is ahead of the track, estimated from all of its photos before the
//! first is placed.

use std::collections::BTreeMap;

use crate::photo::camera_key::camera_key;
use crate::photo::capture_facts::{PhotoFacts, has_compass};
use crate::photo::why::explain;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError};
use crate::value::clock_offset::{Finding, Shot, find};
use crate::value::provenance::NOT_FOUND;
use crate::value::track::Track;

use super::GeotagGpx;
use super::instant::Moment;
use super::offset_report::{Camera, words};

/// The maximum number of photos used, 16 bytes each.
const MOST_SHOTS: usize = 1_000_000;

const NOT_ACCEPTED: &str =
    "the camera's offset is only looked for: --accept-offset places by what is found";
const NONE_FOUND: &str =
    "no offset between camera and track can be told; --sync or --camera-ahead SECONDS sets it";

/// The samples of each camera, until the input ends.
#[derive(Debug, Default)]
pub struct CameraSamples {
    cameras: BTreeMap<String, (Camera, Vec<Shot>)>,
    count: usize,
}

impl CameraSamples {
    fn add(&mut self, row: &Row, moment: &Moment) {
        self.count += 1;
        if self.count > MOST_SHOTS {
            return;
        }
        let compass = has_compass(row).then(|| row.number(Field::CompassAngle).ok().flatten());
        let compass_deg = compass.flatten().map(|deg| deg as f32);
        let (_, shots) = self
            .cameras
            .entry(camera_key(row))
            .or_insert_with(|| (Camera::new(row, moment), Vec::new()));
        shots.push(Shot { time_ms: moment.captured_ms, compass_deg });
    }
}

impl GeotagGpx {
    /// Takes a row as a sample of its camera, and leaves its position as it is: the offset is only reported.
    pub(super) fn report_offset(
        &mut self,
        row: &mut Row,
        facts: &PhotoFacts,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        let moment = self.choice.clock.moment(row, facts, track);
        if let Ok(moment) = &moment {
            self.samples.add(row, moment);
        }
        let why = moment.err().map(|why| why.to_string());
        leave(row, why.as_deref().unwrap_or(NOT_ACCEPTED), notes);
    }

    /// Estimates the offset of each camera from all rows.
    pub(super) fn find_offsets(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let track = self.track();
        let (held, clock, samples) = (&self.held, &self.choice.clock, &mut self.samples);
        held.each(|_, row, facts| {
            if let Ok(moment) = clock.moment(row, facts, &track) {
                samples.add(row, &moment);
            }
        })?;
        self.tell_offsets(notes);
        Ok(())
    }

    /// Reports the result for each camera.
    pub(super) fn tell_offsets(&mut self, notes: &dyn Diagnostics) {
        let track = self.track();
        if self.samples.count > MOST_SHOTS {
            notes.once(&format!("the offset is looked for by the first {MOST_SHOTS} photos"));
        }
        let cameras = std::mem::take(&mut self.samples.cameras);
        let (several, accepts) = (cameras.len() > 1, self.choice.accepts_offset);
        for (key, (camera, shots)) in cameras {
            let finding = find(&shots, &track, &self.choice.limits);
            notes.once(&words(&camera, shots.len(), &finding, several, accepts));
            if let Finding::Found(evidence) = finding {
                self.offsets_s.extend(evidence.first().map(|best| (key, best.ahead_s)));
            }
        }
    }

    /// Places a photo with the offset of its camera.
    pub(super) fn tag_by_offset(
        &mut self,
        row: &mut Row,
        facts: &PhotoFacts,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        match self.offsets_s.get(&camera_key(row)) {
            Some(&ahead_s) => {
                self.choice.clock.ahead_s = ahead_s;
                self.tag(row, facts, track, notes);
            }
            None => {
                let why = self.choice.clock.moment(row, facts, track).err();
                let why = why.map(|why| why.to_string());
                leave(row, why.as_deref().unwrap_or(NONE_FOUND), notes);
            }
        }
    }

    /// Ends the run if offsets were accepted and none was found.
    pub(super) fn refuse_unknown_offset(&self) -> Result<(), FatalError> {
        let is_in_vain =
            self.choice.accepts_offset && self.offsets_s.is_empty() && self.samples.count > 0;
        if is_in_vain { Err(FatalError(NONE_FOUND.into())) } else { Ok(()) }
    }
}

/// A row without an offset keeps its position.
fn leave(row: &mut Row, why: &str, notes: &dyn Diagnostics) {
    if row.get(Field::Lon).is_some() && row.get(Field::Lat).is_some() {
        return notes.count("positions kept", 1);
    }
    row.set(Field::PositionBy, NOT_FOUND);
    explain(row, why);
    notes.count("without a place", 1);
}

//! `--camera-ahead auto`: how far each camera is ahead of the track, found from all of its photos before the first is placed.

use std::collections::BTreeMap;

use crate::photo::camera_key::camera_key;
use crate::photo::order::{PhotoFacts, has_compass};
use crate::photo::why::explain;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, Outcome};
use crate::value::clock_offset::{Finding, Shot, find};
use crate::value::provenance::NOT_FOUND;
use crate::value::track::Track;

use super::GeotagGpx;
use super::finding::{Camera, words};
use super::instant::Moment;

/// Photos that are looked at, 16 bytes each.
const MOST_SHOTS: usize = 1_000_000;

const NOT_ACCEPTED: &str =
    "the camera's offset is only looked for: --accept-offset places by what is found";
const NONE_FOUND: &str =
    "no offset between camera and track can be told; --sync or --camera-ahead SECONDS sets it";

/// What is gathered of each camera until the input ends.
#[derive(Debug, Default)]
pub struct CameraSamples {
    cameras: BTreeMap<String, (Camera, Vec<Shot>)>,
    count: usize,
    /// With `--accept-offset` all rows wait here.
    rows: Vec<(Row, PhotoFacts)>,
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
    /// Takes the row for what it tells of its camera. It is passed on as it came, or waits for the offset.
    pub(super) fn gather(
        &mut self,
        mut row: Row,
        facts: PhotoFacts,
        track: &Track,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) {
        let moment = self.choice.clock.moment(&row, &facts, track);
        let gathered = self.gathered.get_or_insert_default();
        if let Ok(moment) = &moment {
            gathered.add(&row, moment);
        }
        if self.choice.accepts_offset {
            return gathered.rows.push((row, facts));
        }
        let why = moment.err().map(|why| why.to_string());
        leave(&mut row, why.as_deref().unwrap_or(NOT_ACCEPTED), notes);
        out.push(Outcome::Rows(vec![row]));
    }

    /// Says what was found, and places by it what may be.
    pub(super) fn settle_offsets(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let CameraSamples { cameras, count, rows } = self.gathered.take().unwrap_or_default();
        let track = self.track();
        if count > MOST_SHOTS {
            notes.once(&format!("the offset is looked for by the first {MOST_SHOTS} photos"));
        }
        let (several, accepts) = (cameras.len() > 1, self.choice.accepts_offset);
        let mut offsets_s = BTreeMap::new();
        for (key, (camera, shots)) in cameras {
            let finding = find(&shots, &track, &self.choice.limits);
            notes.once(&words(&camera, shots.len(), &finding, several, accepts));
            if let Finding::Found(evidence) = finding {
                offsets_s.extend(evidence.first().map(|best| (key, best.ahead_s)));
            }
        }
        let is_in_vain = accepts && offsets_s.is_empty() && count > 0;
        for (mut row, facts) in rows {
            match offsets_s.get(&camera_key(&row)) {
                Some(&ahead_s) => {
                    self.choice.clock.ahead_s = ahead_s;
                    self.tag(&mut row, &facts, &track, notes);
                }
                None => {
                    let why = self.choice.clock.moment(&row, &facts, &track).err();
                    let why = why.map(|why| why.to_string());
                    leave(&mut row, why.as_deref().unwrap_or(NONE_FOUND), notes);
                }
            }
            out.push(Outcome::Rows(vec![row]));
        }
        if is_in_vain { Err(FatalError(NONE_FOUND.into())) } else { Ok(()) }
    }
}

/// A row without an offset keeps the place that it has.
fn leave(row: &mut Row, why: &str, notes: &dyn Diagnostics) {
    if row.get(Field::Lon).is_some() && row.get(Field::Lat).is_some() {
        return notes.count("positions kept", 1);
    }
    row.set(Field::PositionBy, NOT_FOUND);
    explain(row, why);
    notes.count("without a place", 1);
}

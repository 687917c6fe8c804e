//! When a photo was taken: from what its camera's clock showed.

use crate::row::{Field, Row};
use crate::stage::order::Facts;
use crate::value::clock::{ClockError, SyncPair};
use crate::value::time::LocalTime;
use crate::value::track::Track;
use crate::value::zone::{Instants, Zone, zone_at};

/// What is known of the camera's clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// None is found out, photo by photo.
    pub zone: Option<Zone>,
    pub sync: Vec<SyncPair>,
    /// Seconds that the camera is ahead, when there are no pairs.
    pub ahead_s: f64,
}

/// An instant, and the zone it was found by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    pub captured_ms: i64,
    /// The other instant of an hour that comes twice.
    pub or_ms: Option<i64>,
    /// None when the instant was known.
    pub zone: Option<(Zone, &'static str)>,
}

impl Clock {
    /// # Errors
    /// Why there is no instant.
    pub fn moment(&self, row: &Row, facts: &Facts, track: &Track) -> Result<Moment, String> {
        let worked_out = row.get(Field::ZoneBy).is_some();
        if let (Some(captured_ms), false) = (facts.captured_ms, worked_out && facts.taken.is_some())
        {
            return Ok(Moment { captured_ms, or_ms: None, zone: None });
        }
        let taken = facts.taken.ok_or("the photo has no time")?;
        let (zone, by) = self.zone(row, taken, track, worked_out)?;
        let local = self.error(zone)?.corrected(taken).ok_or("its time is beyond the calendar")?;
        let (captured_ms, or_ms) = match zone.instants_ms(local) {
            Instants::One(ms) => (ms, None),
            Instants::Two(earlier, later) => (earlier, Some(later)),
            Instants::Never => return Err(format!("no clock of {zone} ever shows {local}")),
        };
        Ok(Moment { captured_ms, or_ms, zone: Some((zone, by)) })
    }

    fn error(&self, zone: Zone) -> Result<ClockError, String> {
        match self.sync.as_slice() {
            [] => Ok(ClockError::constant(self.ahead_s)),
            pairs => ClockError::from_pairs(pairs, zone),
        }
    }

    fn zone(
        &self,
        row: &Row,
        taken: LocalTime,
        track: &Track,
        worked_out: bool,
    ) -> Result<(Zone, &'static str), String> {
        if let Some(zone) = self.zone {
            return Ok((zone, "flag"));
        }
        if let Some(text) = row.get(Field::Zone).filter(|_| !worked_out) {
            return Ok((text.parse()?, "photo"));
        }
        // The track's place at the time of the photo, to within a day: zones are large.
        let near_ms = taken.clock_ms();
        let fix = track.fixes().iter().min_by_key(|fix| fix.time_ms.abs_diff(near_ms));
        let zone = fix.and_then(|fix| zone_at(fix.position));
        zone.map(|zone| (zone, "track")).ok_or_else(|| "no zone is known; give --zone".to_string())
    }
}

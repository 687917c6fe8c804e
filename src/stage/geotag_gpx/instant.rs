//! When a photo was taken, from the time of its camera's clock.

use chrono::FixedOffset;

use crate::photo::camera::is_worked_out;
use crate::photo::capture_facts::PhotoFacts;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::camera_ahead::{ClockError, SyncPair};
use crate::value::instant::LocalTime;
use crate::value::provenance::{NOT_FOUND, ZoneBy};
use crate::value::track::Track;
use crate::value::zone::{Instants, Zone, zone_at};

/// Zone offsets are multiples of a quarter of an hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// What is known of the camera's clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// `None` to determine it for each photo.
    pub zone: Option<Zone>,
    pub sync: Vec<SyncPair>,
    /// Seconds that the camera is ahead, if there are no pairs.
    pub ahead_s: f64,
}

/// An instant, and the zone that it was found with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    pub captured_ms: i64,
    /// The other instant of an hour that occurs twice.
    pub or_ms: Option<i64>,
    /// `None` if the instant was known.
    pub zone: Option<(Zone, ZoneBy)>,
    /// Whether a known instant was corrected by the clock's error.
    pub is_moved: bool,
}

/// Whether the row has an instant that was not computed from its local time with a zone.
pub fn is_known(row: &Row, facts: &PhotoFacts) -> bool {
    facts.captured_ms.is_some() && (facts.taken.is_none() || row.get(Field::ZoneBy).is_none())
}

impl Clock {
    /// An instant of the ride, as close as can be told before the track is known.
    pub fn near_ms(&self, row: &Row, facts: &PhotoFacts) -> Option<i64> {
        let Some(taken) = facts.taken.filter(|_| !is_known(row, facts)) else {
            return facts.captured_ms;
        };
        let zone = self.zone.unwrap_or(Zone::UTC);
        // A clock may be wrong by years.
        let error = self.error(zone).ok();
        let local = error.and_then(|error| error.corrected(taken)).unwrap_or(taken);
        match zone.instants_ms(local) {
            Instants::One(ms) | Instants::Two(ms, _) => Some(ms),
            Instants::Never => Some(local.clock_ms()),
        }
    }

    /// # Errors
    /// Says why there is no instant.
    pub fn moment(&self, row: &Row, facts: &PhotoFacts, track: &Track) -> Result<Moment, RowError> {
        if let (Some(captured_ms), true) = (facts.captured_ms, is_known(row, facts)) {
            let ahead_ms = self.known_ahead_ms(row);
            let captured_ms = captured_ms - ahead_ms;
            return Ok(Moment { captured_ms, or_ms: None, zone: None, is_moved: ahead_ms != 0 });
        }
        let taken = facts.taken.ok_or("the photo has no time")?;
        let (zone, by) = self.zone(row, taken, track)?;
        let local = self.error(zone)?.corrected(taken).ok_or("its time is beyond the calendar")?;
        let (captured_ms, or_ms) = match zone.instants_ms(local) {
            Instants::One(ms) => (ms, None),
            Instants::Two(earlier, later) => (earlier, Some(later)),
            Instants::Never => return Err(format!("no clock of {zone} ever shows {local}").into()),
        };
        Ok(Moment { captured_ms, or_ms, zone: Some((zone, by)), is_moved: false })
    }

    /// The error of the clock in an instant that came without a zone. An earlier run that placed the photo has
    /// already removed it.
    fn known_ahead_ms(&self, row: &Row) -> i64 {
        let is_placed = |by: &&str| is_worked_out(Some(by)) && *by != NOT_FOUND;
        match row.get(Field::PositionBy).filter(is_placed) {
            Some(_) => 0,
            None => ClockError::constant(self.ahead_s).ahead_ms(0),
        }
    }

    fn error(&self, zone: Zone) -> Result<ClockError, RowError> {
        match self.sync.as_slice() {
            [] => Ok(ClockError::constant(self.ahead_s)),
            pairs => Ok(ClockError::from_pairs(pairs, zone)?),
        }
    }

    /// The zone of the photo itself. A zone that an earlier run assumed is determined again, and the clock's error is
    /// removed from an offset that was found with a GPS time written by an earlier run.
    fn read_zone(&self, row: &Row, taken: LocalTime) -> Result<Option<(Zone, ZoneBy)>, RowError> {
        let by = match row.get(Field::ZoneBy) {
            None => ZoneBy::Photo,
            Some(by) => match by.parse() {
                Ok(by) if !ZoneBy::is_assumed(by) => by,
                _ => return Ok(None),
            },
        };
        let Some(zone) = row.get(Field::Zone) else { return Ok(None) };
        let zone: Zone = zone.parse()?;
        let worked_out = is_worked_out(row.get(Field::PositionBy));
        let (Zone::Fixed(offset), ZoneBy::Gps, true) = (zone, by, worked_out) else {
            return Ok(Some((zone, by)));
        };
        let seen_ms = i64::from(offset.local_minus_utc()) * 1000;
        let ahead_ms = self.error(zone)?.ahead_ms(taken.clock_ms());
        let quarters = (seen_ms - ahead_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS);
        let offset = i32::try_from(quarters * QUARTER_MS / 1000).ok();
        let zone = offset.and_then(FixedOffset::east_opt).map(Zone::Fixed);
        Ok(zone.map(|zone| (zone, by)))
    }

    fn zone(&self, row: &Row, taken: LocalTime, track: &Track) -> Result<(Zone, ZoneBy), RowError> {
        if let Some(zone) = self.zone {
            return Ok((zone, ZoneBy::Flag));
        }
        if let Some(zone) = self.read_zone(row, taken)? {
            return Ok(zone);
        }
        // The track's position at the time of the photo, to within a day: zones are large.
        let near_ms = taken.clock_ms();
        let fix = track.fixes().iter().min_by_key(|fix| fix.time_ms.abs_diff(near_ms));
        let zone = fix.and_then(|fix| zone_at(fix.position));
        zone.map(|zone| (zone, ZoneBy::Track)).ok_or_else(|| "no zone is known; give --zone".into())
    }
}

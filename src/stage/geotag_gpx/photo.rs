//! What a track says of one photo: its place, its time and zone, and the direction of travel.

use crate::photo::camera::stamp_disagrees;
use crate::photo::camera_key::camera_key;
use crate::photo::order::{PhotoFacts, decimal, has_compass};
use crate::photo::tracks::Tracks;
use crate::photo::why::explain;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;
use crate::value::geo::{normal_deg, turn_deg};
use crate::value::provenance::ZoneBy;
use crate::value::track::Track;
use crate::value::track_position::TrackPosition;
use crate::value::travel::travel_deg;
use crate::value::zone::offset_text;

use super::{Direction, GeotagGpx, Moment};

/// A compass that differs by more from the direction of travel is counted.
const DISAGREEMENT_DEG: f64 = 45.0;

impl GeotagGpx {
    pub(super) fn tag(
        &mut self,
        row: &mut Row,
        facts: &PhotoFacts,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        if stamp_disagrees(row) {
            notes.count("GPS times that disagree with the clock", 1);
        }
        let mut moment = match self.choice.clock.moment(row, facts, track) {
            Ok(moment) => moment,
            Err(why) => return self.place(row, Err(why), notes),
        };
        if moment.zone.is_none() && !moment.is_moved && self.choice.clock.ahead_s != 0.0 {
            notes.count("instants of an earlier run, not moved", 1);
        }
        let last_ms = self.last_ms.entry(camera_key(row)).or_insert(i64::MIN);
        // In the hour that comes twice, times rise from photo to photo.
        if let Some(or_ms) = moment.or_ms.filter(|_| *last_ms > moment.captured_ms) {
            (moment.captured_ms, moment.or_ms) = (or_ms, None);
        }
        let mut verdict = track.where_at(moment.captured_ms, &self.choice.limits);
        if let (Err(_), Some(or_ms)) = (&verdict, moment.or_ms) {
            let later = track.where_at(or_ms, &self.choice.limits);
            if later.is_ok() {
                (verdict, moment.captured_ms) = (later, or_ms);
            }
        }
        if let (Some(or_ms), Some((zone, _))) = (moment.or_ms, moment.zone)
            && moment.captured_ms != or_ms
            && track.where_at(or_ms, &self.choice.limits).is_ok() == verdict.is_ok()
        {
            notes.count("in an hour that comes twice, taken as the earlier one", 1);
            let later = zone.offset_s(or_ms).map(offset_text).unwrap_or_default();
            explain(
                row,
                &format!("its time comes twice in {zone}; --zone {later} takes the later one"),
            );
        }
        *last_ms = moment.captured_ms;
        self.tried.add(&moment, verdict.is_ok());
        if let Ok(found) = &verdict {
            self.compare(found, moment.captured_ms, track, notes);
        }
        // A photo that keeps its place keeps the instant that came with it.
        if !self.keeps(row) {
            self.time(row, &moment, verdict.is_ok());
        }
        if let Ok(found) = &verdict {
            self.direct(row, found, &moment, track, notes);
        }
        self.place(row, verdict, notes);
    }

    /// Says which of two receivers is believed, and why.
    fn compare(&self, found: &TrackPosition, time_ms: i64, track: &Track, notes: &dyn Diagnostics) {
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

    fn time(&mut self, row: &mut Row, moment: &Moment, is_inside: bool) {
        let Some((zone, by)) = moment.zone else {
            // Else an unplaced one would move once more with each run.
            if moment.is_moved && is_inside {
                row.set_display(Field::CapturedAt, moment.captured_ms);
            }
            return;
        };
        row.set_display(Field::CapturedAt, moment.captured_ms);
        row.set_display(Field::Zone, zone);
        row.set(Field::ZoneBy, by.word());
        if by == ZoneBy::Track {
            self.assumed.add(zone, is_inside);
        }
    }

    fn direct(
        &self,
        row: &mut Row,
        found: &TrackPosition,
        moment: &Moment,
        track: &Track,
        notes: &dyn Diagnostics,
    ) {
        let travel = travel_deg(track, found, moment.captured_ms, &self.choice.limits);
        row.clear(Field::TrackDeg);
        let Some((deg, by)) = travel else { return };
        let round = |deg: f64| normal_deg(decimal(normal_deg(deg), 2));
        row.set_display(Field::TrackDeg, round(deg));
        let looks_deg = round(deg + self.choice.offset_deg);
        let compass = has_compass(row).then(|| row.number(Field::CompassAngle));
        let compass = compass.and_then(|compass| compass.ok().flatten());
        if compass.is_some_and(|deg| turn_deg(deg, looks_deg).abs() > DISAGREEMENT_DEG) {
            notes.count("compasses more than 45 degrees off the track", 1);
        }
        match self.choice.direction {
            Direction::None => return,
            Direction::Keep if compass.is_some() => return,
            Direction::Keep | Direction::Track => {}
        }
        row.set_display(Field::CompassAngle, looks_deg);
        row.set(Field::DirectionBy, by.word());
    }
}

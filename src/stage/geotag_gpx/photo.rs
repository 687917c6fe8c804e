//! Applies a track to one photo: its instant and zone, and from these its position and direction.

use crate::photo::camera::stamp_disagrees;
use crate::photo::camera_key::camera_key;
use crate::photo::capture_facts::PhotoFacts;
use crate::photo::why::{clear_remarks, explain, remark};
use crate::row::{Field, Row};
use crate::shape::Diagnostics;
use crate::value::provenance::ZoneBy;
use crate::value::track::Track;
use crate::value::zone::{Instants, offset_text};

use super::{GeotagGpx, Moment};

/// The beginning of a remark.
const OTHER_INSTANT: &str = "captured_at is kept, and is not the instant of taken_at in ";

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
        // In the hour that occurs twice, times are ascending from photo to photo.
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
        // A photo that keeps its position keeps the instant that came with it, if there is one.
        if !self.keeps(row) || facts.captured_ms.is_none() {
            self.time(row, &moment, verdict.is_ok());
        }
        if let Ok(found) = &verdict {
            self.direct(row, found, &moment, track, notes);
        }
        self.place(row, verdict, notes);
        self.say_other_zone(row, facts, &moment);
    }

    /// An instant that came without a zone is kept: where it is not that of the photo's clock in `--zone`, that is said.
    fn say_other_zone(&self, row: &mut Row, facts: &PhotoFacts, moment: &Moment) {
        clear_remarks(row, &[OTHER_INSTANT]);
        let known = facts.captured_ms.filter(|_| moment.zone.is_none());
        let (Some(captured_ms), Some(taken), Some(zone)) =
            (known, facts.taken, self.choice.clock.zone)
        else {
            return;
        };
        // Both may have lost a fraction of a second.
        let is_near = |ms: i64| ms.abs_diff(captured_ms) < 1000;
        let is_same = match zone.instants_ms(taken) {
            Instants::One(ms) => is_near(ms),
            Instants::Two(earlier, later) => is_near(earlier) || is_near(later),
            Instants::Never => false,
        };
        if !is_same {
            remark(row, &format!("{OTHER_INSTANT}{zone}"));
        }
    }

    fn time(&mut self, row: &mut Row, moment: &Moment, is_inside: bool) {
        let Some((zone, by)) = moment.zone else {
            // Otherwise an unplaced photo would be moved again in each run.
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
}

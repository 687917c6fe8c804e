//! The clock of a photo and its instant, from the first source that has them.

use super::from_xmp::Words;
use super::instant::Evidence;
use super::{Camera, is_worked_out, local_time};
use crate::format::exif::tags::{self, Tag};
use crate::format::exif::times::CameraTime;
use crate::format::picture::PictureFacts;
use crate::format::xmp::Packet;
use crate::value::height_validity::Heights;
use crate::value::provenance::TimeBy;

/// Dates of the picture itself. `ModifyDate` is not one of them, as it may be the date of an edit.
const DATES: [Tag; 3] = [ORIGINALS[0], ORIGINALS[1], tags::DATE_TIME_DIGITIZED];
const ORIGINALS: [Tag; 2] = [tags::DATE_TIME_ORIGINAL, tags::MAIN_DATE_TIME_ORIGINAL];

impl Camera {
    /// The clock, from the first source that has it. An unreadable date is not replaced by that of a lower-ranking
    /// field.
    pub(super) fn read_clock(
        &mut self,
        facts: &PictureFacts,
        sidecar: Option<&Packet>,
        unread: &mut Vec<String>,
    ) -> Option<CameraTime> {
        let exif = &facts.exif;
        let is_unread = |tag| exif.unread.contains(tag);
        let beside =
            sidecar.and_then(|sidecar| Words::new(sidecar, Heights::default(), unread).time());
        let mut found = beside.map(|time| (TimeBy::Sidecar, time));
        found = found.or(exif.original.map(|time| (TimeBy::Original, time)));
        if !ORIGINALS.iter().any(is_unread) {
            found = found.or(exif.digitized.map(|time| (TimeBy::Digitized, time)));
            found = found.or_else(|| {
                Some((TimeBy::Xmp, Words::new(&facts.xmp, Heights::default(), unread).time()?))
            });
        }
        if !DATES.iter().any(is_unread) {
            found = found.or(exif.modified.map(|time| (TimeBy::Modified, time)));
        }
        self.time_by = found.map(|(by, _)| by);
        found.map(|(_, time)| time)
    }

    /// Sets the instant, if it can be known, and returns what contradicts it. A computed position is no evidence of
    /// the zone that it was computed with.
    pub(super) fn settle(&mut self) -> Option<String> {
        self.taken_at = self.clock.map(|time| local_time(time.local));
        let is_stamp_exact = is_worked_out(self.position_by.as_deref());
        let place = self.position.filter(|_| !is_stamp_exact);
        let evidence = Evidence { clock: self.clock, gps_ms: self.gps_ms, place, is_stamp_exact };
        let instant = evidence.settle();
        self.captured_ms = instant.captured_ms;
        self.zone = instant.zone;
        self.zone_by = instant.zone_by;
        (!instant.why.is_empty()).then(|| instant.why.join("; "))
    }
}

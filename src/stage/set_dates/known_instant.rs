//! What a row knows of its time before it has a date: its instant (`captured_at`), or the zone of its clock.

use super::{DateSource, Dated, SetDates, in_zone, instant_ms};
use crate::photo::why::remark;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, RowError};
use crate::value::human_format;
use crate::value::instant::LocalTime;
use crate::value::provenance::{Status, TimeBy, ZoneBy};
use crate::value::zone::Zone;

/// Why a row has no date.
const KEPT: &str =
    "captured_at is known and kept: --zone adds the date of the clock, --overwrite replaces it";
const STEP_DATE: &str = "the date of --start and --step is ";
const NAME_DATE: &str = "the date in the name is ";
const ROW_ZONE: &str = "the zone of the row is ";

/// The beginnings of all remarks of this tool.
pub const REMARKS: [&str; 4] = [KEPT, STEP_DATE, NAME_DATE, ROW_ZONE];

/// Reported once per run.
const SOME_KEPT: &str = "some pictures have no date but an instant (captured_at), which is kept: --zone adds the date \
    of the camera's clock, --overwrite replaces it";

/// Reported once per run.
const SOME_FOLLOW: &str = "some pictures have an instant (captured_at), which is kept: their date is that of --zone \
    then; --overwrite replaces it";

/// No zone is further from UTC.
const FARTHEST_ZONE_MS: u64 = 14 * 3_600_000;

impl SetDates {
    /// Keeps the instant of a row, and gives it the date of the zone's clock.
    pub(super) fn keep_instant(
        &self,
        row: &mut Row,
        captured_ms: i64,
        notes: &dyn Diagnostics,
    ) -> Result<Status, RowError> {
        let other = self.date(row).ok().and_then(|dated| self.contradiction(dated, captured_ms));
        let status = match self.zone {
            None => {
                notes.once(SOME_KEPT);
                remark(row, KEPT);
                Status::Held
            }
            Some(zone) => {
                let (local, _) = in_zone(captured_ms, zone)?;
                notes.once(SOME_FOLLOW);
                row.set_display(Field::TakenAt, local);
                row.set(Field::TimeBy, TimeBy::Given.word());
                row.set_display(Field::Zone, zone);
                row.set(Field::ZoneBy, ZoneBy::Given.word());
                Status::Done
            }
        };
        other.iter().for_each(|why| remark(row, why));
        Ok(status)
    }

    /// How far the date that the row would have got is from its instant. Names have whole seconds, and a date without
    /// a zone may be of any.
    fn contradiction(&self, (local, instant): Dated, captured_ms: i64) -> Option<String> {
        let (ms, least_ms) =
            instant.map_or((local.clock_ms(), FARTHEST_ZONE_MS + 1), |(ms, _)| (ms, 1000));
        let apart_ms = ms.abs_diff(captured_ms);
        let date = match self.source {
            DateSource::Steps(..) => STEP_DATE,
            DateSource::Names(_) => NAME_DATE,
        };
        let side = if ms < captured_ms { "before" } else { "after" };
        let apart = human_format::span(apart_ms);
        (apart_ms >= least_ms).then(|| format!("{date}{apart} {side} captured_at"))
    }

    /// The instant of a date by the zone of the row, if no other one is given. Where they differ, that is said.
    pub(super) fn with_own_zone(
        &self,
        row: &mut Row,
        local: LocalTime,
        instant: Option<(i64, Zone)>,
        own: Zone,
    ) -> Option<(i64, Zone)> {
        let Some((captured_ms, zone)) = instant else {
            let own_ms = instant_ms(local, own);
            return match own_ms {
                Ok(captured_ms) => Some((captured_ms, own)),
                Err(why) => {
                    remark(row, &format!("{ROW_ZONE}{own}, and {why}"));
                    None
                }
            };
        };
        if own.offset_s(captured_ms) != zone.offset_s(captured_ms) {
            remark(row, &format!("{ROW_ZONE}{own}, and {zone} is used"));
        }
        instant
    }
}

//! When a photo was taken, from up to four sources: the camera's clock, the offset tag, the GPS stamp, and the zone
//! at its position. The clock was running when the shutter opened, so the instant is the clock's; a stamp, which may
//! be old or frozen, only determines the clock's zone. Contradictions are reported.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex};

use chrono::{FixedOffset, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::format::exif::times::CameraTime;
use crate::value::geo::Position;
use crate::value::gps_week::{ROLL_OVER_MS, correction_ms};
use crate::value::human_format;
use crate::value::instant::{LocalTime, format_instant, utc};
use crate::value::provenance::ZoneBy;
use crate::value::zone::{Instants, Zone, zone_at};

use super::local_time;

/// A camera's clock may be off by this much and its zone can still be determined from the GPS time.
const CLOCK_ERROR_MS: i64 = 2 * 60 * 1000;
/// Zone offsets are multiples of a quarter of an hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;
/// The start of each remark on a stamp that disagrees with the clock.
pub const STAMP: &str = "the GPS time ";
/// The start of each remark on a stamp whose date is wrong in a known way.
pub const STAMP_DATE: &str = "the GPS date ";
const DAY_MS: i64 = 86_400_000;
/// 1995-01-01: earlier cameras have no GPS.
const FIRST_GPS_MS: i64 = 788_918_400_000;

/// The sources of the time of a photo.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence {
    pub clock: Option<CameraTime>,
    pub gps_ms: Option<i64>,
    /// Where the camera was, if that was read and not computed.
    pub place: Option<Position>,
    /// Whether the stamp was written together with a computed position: then it is exact, and its difference from the
    /// clock may be a correction of the clock.
    pub is_stamp_exact: bool,
}

/// The instant, its zone, and what contradicts it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Instant {
    pub captured_ms: Option<i64>,
    pub zone: Option<Zone>,
    /// `offset`, `gps` or `place`.
    pub zone_by: Option<ZoneBy>,
    pub why: Vec<String>,
}

impl Evidence {
    pub fn settle(&self) -> Instant {
        let mut instant = self.by_sources();
        instant.why.extend(self.small_correction(&instant));
        instant
    }

    /// The difference of an exact stamp that is too small to count as a disagreement otherwise. Photos of one second
    /// are spread over it, which is no correction.
    fn small_correction(&self, instant: &Instant) -> Option<String> {
        let (captured_ms, gps_ms) = (instant.captured_ms?, self.gps_ms?);
        let is_told = self.is_stamp_exact
            && is_near(captured_ms, gps_ms)
            && captured_ms.abs_diff(gps_ms) >= 1000;
        is_told.then(|| Disagreement::new(captured_ms, gps_ms).to_string())
    }

    fn by_sources(&self) -> Instant {
        let Some(clock) = self.clock else { return self.by_stamp_alone() };
        let local = local_time(clock.local);
        match (clock.offset, self.place.and_then(zone_at)) {
            (Some(offset), _) => self.in_zone(local, Zone::Fixed(offset), ZoneBy::Offset),
            (None, Some(zone)) => self.in_zone(local, zone, ZoneBy::Place),
            (None, None) => self.by_stamp(local),
        }
    }

    fn by_stamp_alone(&self) -> Instant {
        let Some(gps_ms) = self.gps_ms else { return Instant::default() };
        if gps_ms < FIRST_GPS_MS {
            let why = format!("{STAMP}{} is older than cameras with GPS", shown(gps_ms));
            return Instant { why: vec![why], ..Instant::default() };
        }
        Instant { captured_ms: Some(gps_ms), zone_by: Some(ZoneBy::Gps), ..Instant::default() }
    }

    /// The clock's instant in a known zone.
    fn in_zone(&self, local: LocalTime, zone: Zone, by: ZoneBy) -> Instant {
        let mut why = Vec::new();
        let captured_ms = match zone.instants_ms(local) {
            Instants::One(ms) => Some(ms),
            Instants::Two(earlier, later) => {
                let stamp_fits = |ms: i64| self.gps_ms.is_some_and(|gps| is_near(ms, gps));
                if !stamp_fits(earlier) && !stamp_fits(later) {
                    why.push(format!("{local} comes twice in {zone}: the earlier one is taken"));
                }
                Some(if stamp_fits(later) { later } else { earlier })
            }
            Instants::Never => {
                why.push(format!("no clock of {zone} ever shows {local}"));
                None
            }
        };
        let mut instant = Instant { captured_ms, zone: Some(zone), zone_by: Some(by), why };
        if let (Some(captured_ms), Some(gps_ms)) = (captured_ms, self.gps_ms) {
            match agreement(captured_ms, gps_ms, local) {
                // Two sources that agree are as good as a written offset.
                Ok(remark) if by == ZoneBy::Place => {
                    let offset = zone.offset_s(captured_ms).and_then(FixedOffset::east_opt);
                    instant.zone = offset.map(Zone::Fixed).or(instant.zone);
                    instant.zone_by = Some(ZoneBy::Gps);
                    instant.why.extend(remark);
                }
                Ok(remark) => instant.why.extend(remark),
                Err(what) => instant.why.push(what.to_string()),
            }
        }
        instant
    }

    /// Only the stamp can determine the zone, by an offset that some zone has on that day.
    fn by_stamp(&self, local: LocalTime) -> Instant {
        let Some(gps_ms) = self.gps_ms else { return Instant::default() };
        let clock_ms = local.clock_ms();
        let by_local_date = [gps_ms + DAY_MS, gps_ms - DAY_MS];
        let is_of_date = |_: &i64| has_date_of(gps_ms, local);
        let tries = [gps_ms, gps_ms + correction_ms(gps_ms, clock_ms)];
        for stamp_ms in tries.into_iter().chain(by_local_date.into_iter().filter(is_of_date)) {
            let offset_ms = nearest_quarter_ms(clock_ms - stamp_ms);
            let captured_ms = clock_ms - offset_ms;
            let offset = i32::try_from(offset_ms / 1000).ok().and_then(FixedOffset::east_opt);
            let Some(offset) = offset.filter(|_| is_near(captured_ms, stamp_ms)) else { continue };
            if is_in_use(offset, captured_ms) {
                let why = agreement(captured_ms, gps_ms, local).ok().flatten();
                return Instant {
                    captured_ms: Some(captured_ms),
                    zone: Some(Zone::Fixed(offset)),
                    zone_by: Some(ZoneBy::Gps),
                    why: why.into_iter().collect(),
                };
            }
        }
        let why = format!("{STAMP}{} fits the clock {local} in no zone", shown(gps_ms));
        Instant { why: vec![why], ..Instant::default() }
    }
}

/// The GPS time differs from that of the clock in its zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{STAMP}{gps} is {apart} {side} that of the clock")]
struct Disagreement {
    gps: String,
    apart: String,
    side: &'static str,
}

impl Disagreement {
    fn new(captured_ms: i64, gps_ms: i64) -> Disagreement {
        let side = if gps_ms < captured_ms { "before" } else { "after" };
        let apart = human_format::span(gps_ms.abs_diff(captured_ms));
        Disagreement { gps: shown(gps_ms), apart, side }
    }
}

/// Whether a stamp is of this instant, perhaps with a date that is wrong in one of the known ways, which is returned
/// as a remark.
fn agreement(
    captured_ms: i64,
    gps_ms: i64,
    local: LocalTime,
) -> Result<Option<String>, Disagreement> {
    if is_near(captured_ms, gps_ms) {
        return Ok(None);
    }
    let rolled_ms = correction_ms(gps_ms, captured_ms);
    if rolled_ms != 0 && is_near(captured_ms, gps_ms + rolled_ms) {
        let weeks = rolled_ms / ROLL_OVER_MS * 1024;
        return Ok(Some(format!(
            "{STAMP_DATE}{} is off by {weeks} weeks: the receiver's week number rolled over",
            shown(gps_ms)
        )));
    }
    let is_a_day_off = || [DAY_MS, -DAY_MS].iter().any(|day| is_near(captured_ms, gps_ms + day));
    if has_date_of(gps_ms, local) && is_a_day_off() {
        let gps = shown(gps_ms);
        return Ok(Some(format!(
            "{STAMP_DATE}of {gps} is a day off, as where a camera writes its local date"
        )));
    }
    Err(Disagreement::new(captured_ms, gps_ms))
}

/// Whether the date of a stamp is that of the clock, as where a camera writes its local date beside the time in UTC.
/// Where it is another one, the clock's date may as well be wrong.
fn has_date_of(gps_ms: i64, local: LocalTime) -> bool {
    utc(gps_ms).is_some_and(|stamp| stamp.date() == local.naive().date())
}

fn is_near(captured_ms: i64, gps_ms: i64) -> bool {
    captured_ms.abs_diff(gps_ms) <= CLOCK_ERROR_MS as u64
}

fn nearest_quarter_ms(ahead_ms: i64) -> i64 {
    (ahead_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS
}

fn shown(ms: i64) -> String {
    format_instant(ms).unwrap_or_else(|| ms.to_string())
}

/// Whether any zone of the world has this offset on the day of the instant. The offsets of a day are computed once.
fn is_in_use(offset: FixedOffset, at_ms: i64) -> bool {
    static DAYS: LazyLock<Mutex<(i64, HashSet<i32>)>> = LazyLock::new(Mutex::default);
    let day = at_ms.div_euclid(DAY_MS);
    let mut known = DAYS.lock().unwrap_or_else(|broken| broken.into_inner());
    if known.0 != day || known.1.is_empty() {
        *known = (day, offsets_of_day(day));
    }
    known.1.contains(&offset.local_minus_utc())
}

fn offsets_of_day(day: i64) -> HashSet<i32> {
    let noon = chrono::DateTime::from_timestamp(day * 86_400 + 43_200, 0).unwrap_or_default();
    let offset =
        |zone: &Tz| zone.offset_from_utc_datetime(&noon.naive_utc()).fix().local_minus_utc();
    TZ_VARIANTS.iter().filter(|zone| !zone.name().starts_with("Etc/")).map(offset).collect()
}

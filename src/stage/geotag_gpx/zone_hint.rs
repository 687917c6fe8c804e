//! Reports the assumed time zone, and whether another one would put far more photos on the track.

use std::collections::BTreeMap;

use crate::value::instant::format_instant;
use crate::value::track::Track;
use crate::value::track_position::Limits;
use crate::value::zone::{Zone, offset_text, zone_at};

use super::Moment;

/// The number of photos tested: a wrong zone is wrong for all of them.
const MOST: usize = 1_000;
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// Zones derived from the track's position: the number of photos for each, and how many of them fell inside the
/// track.
#[derive(Debug, Default)]
pub struct Assumed(BTreeMap<String, (u64, u64)>);

impl Assumed {
    pub fn add(&mut self, zone: Zone, is_inside: bool) {
        let (all, inside) = self.0.entry(zone.to_string()).or_default();
        *all += 1;
        *inside += u64::from(is_inside);
    }

    pub fn words(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(zone, (all, inside))| {
            format!(
                "zone {zone} taken from the track's place: {inside} of {all} photos fall inside the track; --zone sets another"
            )
        })
    }
}

/// Photos and whether they fell inside the track: 24 bytes each, only for the first ones.
#[derive(Debug, Default)]
pub struct PlacementStats {
    moments: Vec<At>,
    inside: usize,
}

#[derive(Debug, Clone, Copy)]
struct At {
    captured_ms: i64,
    /// The offset of the zone that the instant was computed with.
    offset_ms: i64,
    /// Whether the zone was assumed, so that another one may be correct.
    is_assumed: bool,
}

impl PlacementStats {
    pub fn add(&mut self, moment: &Moment, is_inside: bool) {
        if self.moments.len() < MOST {
            let captured_ms = moment.captured_ms;
            let offset_s = moment.zone.and_then(|(zone, _)| zone.offset_s(captured_ms));
            self.moments.push(At {
                captured_ms,
                offset_ms: i64::from(offset_s.unwrap_or(0)) * 1000,
                is_assumed: moment.zone.is_some_and(|(_, by)| by.is_assumed()),
            });
            self.inside += usize::from(is_inside);
        }
    }

    /// A suggestion if fewer than half of the photos fell inside the track and another offset, in quarters of an
    /// hour, would at least double them, or if no offset would help.
    pub fn hint(&self, track: &Track, limits: &Limits) -> Option<String> {
        let (count, inside) = (self.moments.len(), self.inside);
        if count == 0 || inside * 2 >= count || track.is_empty() {
            return None;
        }
        let (many, shift_ms) = self.best(track, limits);
        if many == 0 {
            return self.apart(track);
        }
        if many <= inside || many < 2 * inside && many < count {
            return None;
        }
        let what = self.flag(track, shift_ms);
        Some(format!(
            "{inside} of {count} photos fall inside the track; with {what} it would be {many}"
        ))
    }

    /// The flag for this shift. If the photos' own zone is certain, the track is in local time.
    fn flag(&self, track: &Track, shift_ms: i64) -> String {
        let first = self.moments[0];
        if !self.moments.iter().any(|at| at.is_assumed) {
            let place = track.fixes().first().map(|fix| fix.position);
            let zone = place.and_then(zone_at);
            let local = |zone: Zone| zone.offset_s(first.captured_ms).map(|s| i64::from(s) * 1000);
            return match zone.filter(|&zone| local(zone) == Some(shift_ms)) {
                Some(zone) => format!("--track-zone {zone}"),
                None => format!("--camera-ahead {}", -shift_ms / 1000),
            };
        }
        let offset_s = (first.offset_ms - shift_ms) / 1000;
        if (-12 * 3600..=14 * 3600).contains(&offset_s) {
            format!("--zone {}", offset_text(offset_s as i32))
        } else {
            format!("--camera-ahead {}", -shift_ms / 1000)
        }
    }

    /// The largest number of photos that a shift by quarters of an hour, from 12 hours west to 14 east of any zone,
    /// would put inside the track, and the shift. The smallest such shift wins.
    fn best(&self, track: &Track, limits: &Limits) -> (usize, i64) {
        let inside = |shift_ms: i64| {
            let there = |at: &&At| track.where_at(at.captured_ms + shift_ms, limits).is_ok();
            self.moments.iter().filter(there).count()
        };
        let mut shifts: Vec<i64> = (-104..=104).map(|quarters| quarters * QUARTER_MS).collect();
        shifts.sort_by_key(|shift| shift.abs());
        let tried = shifts.into_iter().map(|shift| (inside(shift), shift));
        tried.fold((0, 0), |best, next| if next.0 > best.0 { next } else { best })
    }

    /// Reports the times of the track and of the photos, because a camera may have lost its date.
    fn apart(&self, track: &Track) -> Option<String> {
        let fixes = track.fixes().iter().map(|fix| fix.time_ms);
        let (track_from, track_to) = (fixes.clone().min()?, fixes.max()?);
        let photos = self.moments.iter().map(|at| at.captured_ms);
        let (from, to) = (photos.clone().min()?, photos.max()?);
        let [track_from, track_to, from, to] = [track_from, track_to, from, to].map(format_instant);
        Some(format!(
            "no photo falls inside the track in any zone: the track is from {} to {}, the photos from {} to {}; --sync tells how wrong the clock is",
            track_from?, track_to?, from?, to?
        ))
    }
}

#[cfg(test)]
mod tests;

//! What was assumed of the zone, and whether another one would have put far more photos on the track.

use std::collections::BTreeMap;

use crate::value::time::format_instant;
use crate::value::track::Track;
use crate::value::whereabouts::Limits;
use crate::value::zone::{Zone, offset_text};

/// Photos that are tried: a wrong zone is wrong for all of them.
const MOST: usize = 1_000;
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// Zones taken from the track's place: how many photos by each, and how many of them fell inside the track.
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

/// Photos whose instant was worked out from a zone: 16 bytes each, of the first ones only.
#[derive(Debug, Default)]
pub struct Tried {
    /// The instant, and the offset of the zone in milliseconds.
    moments: Vec<(i64, i64)>,
    inside: usize,
}

impl Tried {
    pub fn add(&mut self, captured_ms: i64, offset_ms: i64, is_inside: bool) {
        if self.moments.len() < MOST {
            self.moments.push((captured_ms, offset_ms));
            self.inside += usize::from(is_inside);
        }
    }

    /// What to try, when fewer than half of the photos fell inside the track and some other whole
    /// quarter of an hour would at least double them, or when nothing of the kind would help.
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
        let offset_s = (self.moments[0].1 - shift_ms) / 1000;
        let what = match (-12 * 3600..=14 * 3600).contains(&offset_s) {
            true => format!("--zone {}", offset_text(offset_s as i32)),
            false => format!("--camera-ahead {}", -shift_ms / 1000),
        };
        Some(format!(
            "{inside} of {count} photos fall inside the track; with {what} it would be {many}"
        ))
    }

    /// How many photos would be inside with their instants moved by which whole quarters of an hour, from
    /// 12 hours west to 14 east of any zone. The smallest change wins.
    fn best(&self, track: &Track, limits: &Limits) -> (usize, i64) {
        let inside = |shift_ms: i64| {
            let there = |moment: &&(i64, i64)| track.where_at(moment.0 + shift_ms, limits).is_ok();
            self.moments.iter().filter(there).count()
        };
        let mut shifts: Vec<i64> = (-104..=104).map(|quarters| quarters * QUARTER_MS).collect();
        shifts.sort_by_key(|shift| shift.abs());
        let tried = shifts.into_iter().map(|shift| (inside(shift), shift));
        tried.fold((0, 0), |best, next| if next.0 > best.0 { next } else { best })
    }

    /// Says when the track was and when the photos: a camera may have lost its date.
    fn apart(&self, track: &Track) -> Option<String> {
        let fixes = track.fixes().iter().map(|fix| fix.time_ms);
        let (track_from, track_to) = (fixes.clone().min()?, fixes.max()?);
        let photos = self.moments.iter().map(|moment| moment.0);
        let (from, to) = (photos.clone().min()?, photos.max()?);
        let [track_from, track_to, from, to] = [track_from, track_to, from, to].map(format_instant);
        Some(format!(
            "no photo falls inside the track in any zone: the track is from {} to {}, the photos from {} to {}; --sync tells how wrong the clock is",
            track_from?, track_to?, from?, to?
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::geo::Position;
    use crate::value::track::Fix;

    fn ride() -> Track {
        let fix = |s: i64| Fix::new(s * 1000, Position::new(8.0 + s as f64 * 1e-5, 50.0).unwrap());
        Track::new([(0..600).map(fix).collect()]).0
    }

    #[test]
    fn a_zone_that_is_two_hours_off_is_found() {
        let mut tried = Tried::default();
        (0..10).for_each(|at| tried.add(at * 30_000 + 7_200_000, 0, false));
        let hint = tried.hint(&ride(), &Limits::default()).unwrap();
        assert!(hint.contains("0 of 10") && hint.contains("--zone +02:00"), "{hint}");
    }

    #[test]
    fn photos_that_fit_bring_no_hint() {
        let mut tried = Tried::default();
        (0..10).for_each(|at| tried.add(at * 30_000, 0, true));
        assert_eq!(tried.hint(&ride(), &Limits::default()), None);
    }

    #[test]
    fn photos_of_another_year_are_told_with_their_times() {
        let mut elsewhere = Tried::default();
        elsewhere.add(1 << 40, 0, false);
        let hint = elsewhere.hint(&ride(), &Limits::default()).unwrap();
        assert!(hint.contains("from 1970-01-01T00:00:00Z to 1970-01-01T00:09:59Z"), "{hint}");
        assert!(hint.contains("photos from 2004-11-03T19:53:47.776Z"), "{hint}");
    }
}

//! Where a track was at an instant: at a fix, between two, held at an end, or not known and why.

use std::fmt;

use super::geo::Position;
use super::string_enum::words;
use super::track::{Fix, Track};

/// Longest stop, in seconds, that is bridged because both ends of it lie close together.
pub const LONGEST_STOP_S: f64 = 600.0;

/// How far a fix is believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Between fixes at most so far apart in time a position is interpolated,
    pub max_gap_s: f64,
    /// or at most so far apart in space, within [`LONGEST_STOP_S`].
    pub max_gap_m: f64,
    /// Beyond an end, its position is held for so long.
    pub extrapolate_s: f64,
    /// Whether a position is interpolated from one segment to the next.
    pub join_segments: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false }
    }
}

impl Limits {
    /// Whether what happened between two fixes may be taken as straight and steady.
    pub fn bridge(&self, gap_s: f64, gap_m: f64) -> bool {
        gap_s <= self.max_gap_s || (gap_m <= self.max_gap_m && gap_s <= LONGEST_STOP_S)
    }
}

/// How a position was found: the words of the column `position_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Exact,
    Interpolated,
    Held,
}

words!(How: Exact = "exact", Interpolated = "interpolated", Held = "held");

/// A place on the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub how: How,
    pub position: Position,
    pub ele_m: Option<f64>,
    /// The worse of the fixes used.
    pub hdop: Option<f64>,
    pub speed_kmh: Option<f64>,
    /// Seconds between the fixes used; from the end, when held.
    pub gap_s: f64,
    /// Metres between the fixes used.
    pub gap_m: f64,
    /// The fixes around: one and the same unless interpolated.
    pub legs: (Fix, Fix),
    /// The segment that it lies in; none between joined segments.
    pub segment: Option<usize>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Empty,
    BeforeFirst,
    AfterLast,
    Hole,
    BetweenSegments,
}

/// No place, and how far the track is from having one.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    pub reason: Reason,
    /// Seconds since the fix before.
    pub before_s: Option<f64>,
    /// Seconds to the fix after.
    pub after_s: Option<f64>,
    /// Metres between them.
    pub gap_m: Option<f64>,
    /// The limits that would accept it, as flags.
    pub accept: Option<String>,
}

pub type Verdict = Result<Found, Missing>;

impl Track {
    /// Where the track was at this instant. Of segments that overlap, the one with denser fixes is
    /// believed, then the one with the better HDOP; two are never mixed in one leg.
    pub fn where_at(&self, time_ms: i64, limits: &Limits) -> Verdict {
        let verdicts = self.covering(time_ms).map(|number| self.inside(number, time_ms, limits));
        let best = verdicts.min_by(|a, b| {
            self.doubt(a, time_ms)
                .partial_cmp(&self.doubt(b, time_ms))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        best.unwrap_or_else(|| self.outside(time_ms, limits))
    }

    /// The less, the better: none at all, then fixes far apart, then bad fixes. Distances in time
    /// count by doublings, so that two receivers of one kind are not mixed photo by photo, and a
    /// gap that is long for its segment counts for itself.
    fn doubt(&self, verdict: &Verdict, time_ms: i64) -> (bool, bool, f64, f64) {
        let Ok(found) = verdict else { return (true, true, 0.0, 0.0) };
        let Some(number) = found.segment else { return (false, true, 0.0, 0.0) };
        let density = self.density(number, time_ms);
        let step_s = density.step_s.max(found.gap_s / 3.0);
        (false, found.how == How::Held, step_s.log2().round(), density.hdop)
    }

    fn inside(&self, number: usize, time_ms: i64, limits: &Limits) -> Verdict {
        let fixes = self.segment(number);
        let after = fixes.partition_point(|fix| fix.time_ms < time_ms);
        let next = &fixes[after];
        if next.time_ms == time_ms {
            return Ok(at_fix(next, How::Exact, 0.0, Some(number)));
        }
        let last = &fixes[after - 1];
        between(last, next, time_ms, limits, Some(number))
            .or_else(|missing| held(last, next, time_ms, limits, Some(number)).ok_or(missing))
    }

    fn outside(&self, time_ms: i64, limits: &Limits) -> Verdict {
        let (before, after) = self.around(time_ms);
        let last = before.and_then(|number| Some((self.segment(number).last()?, number)));
        let next = after.and_then(|number| Some((self.segment(number).first()?, number)));
        match (last, next) {
            (None, None) => Err(nowhere(Reason::Empty, None, None)),
            (Some(end), None) => at_end(end, time_ms, limits, Reason::AfterLast),
            (None, Some(end)) => at_end(end, time_ms, limits, Reason::BeforeFirst),
            (Some((last, before)), Some((next, after))) => {
                if limits.join_segments {
                    let joined = between(last, next, time_ms, limits, None);
                    return joined.or_else(|missing| {
                        held(last, next, time_ms, limits, Some(before)).ok_or(missing)
                    });
                }
                let nearer = if time_ms - last.time_ms <= next.time_ms - time_ms {
                    (last, before)
                } else {
                    (next, after)
                };
                at_end(nearer, time_ms, limits, Reason::BetweenSegments)
                    .map_err(|_| parted(last, next, time_ms, limits))
            }
        }
    }
}

/// The place between two fixes, when they are close enough.
fn between(
    last: &Fix,
    next: &Fix,
    time_ms: i64,
    limits: &Limits,
    segment: Option<usize>,
) -> Verdict {
    let gap_s = seconds(last.time_ms, next.time_ms);
    let gap_m = last.position.distance_m(next.position);
    if !limits.bridge(gap_s, gap_m) {
        let mut missing = nowhere(Reason::Hole, Some((last, time_ms)), Some((next, time_ms)));
        missing.gap_m = Some(gap_m);
        missing.accept = Some(wider(gap_s, gap_m));
        return Err(missing);
    }
    let fraction = seconds(last.time_ms, time_ms) / gap_s;
    let mix = |a: Option<f64>, b: Option<f64>| Some(a? + (b? - a?) * fraction);
    Ok(Found {
        how: How::Interpolated,
        position: last.position.along(next.position, fraction),
        ele_m: mix(last.ele_m.get(), next.ele_m.get()),
        hdop: last.hdop.get().zip(next.hdop.get()).map(|(a, b)| a.max(b)),
        speed_kmh: mix(last.speed_kmh.get(), next.speed_kmh.get()).or(Some(gap_m / gap_s * 3.6)),
        gap_s,
        gap_m,
        legs: (*last, *next),
        segment,
    })
}

/// The edge of a hole is an end like any other: its place is held for a moment.
fn held(
    last: &Fix,
    next: &Fix,
    time_ms: i64,
    limits: &Limits,
    segment: Option<usize>,
) -> Option<Found> {
    let (before_s, after_s) = (seconds(last.time_ms, time_ms), seconds(time_ms, next.time_ms));
    let (fix, away_s) = if before_s <= after_s { (last, before_s) } else { (next, after_s) };
    (away_s <= limits.extrapolate_s).then(|| at_fix(fix, How::Held, away_s, segment))
}

fn at_end(end: (&Fix, usize), time_ms: i64, limits: &Limits, reason: Reason) -> Verdict {
    let (fix, number) = end;
    let away_s = seconds(fix.time_ms, time_ms).abs();
    if away_s <= limits.extrapolate_s {
        return Ok(at_fix(fix, How::Held, away_s, Some(number)));
    }
    let side = Some((fix, time_ms));
    let mut missing = match reason {
        Reason::BeforeFirst => nowhere(reason, None, side),
        _ => nowhere(reason, side, None),
    };
    missing.accept = Some(format!("--extrapolate {}", away_s.ceil()));
    Err(missing)
}

/// No place between segments: what they would have to be joined with.
fn parted(last: &Fix, next: &Fix, time_ms: i64, limits: &Limits) -> Missing {
    let gap_s = seconds(last.time_ms, next.time_ms);
    let gap_m = last.position.distance_m(next.position);
    let mut accept = String::from("--join-segments");
    if !limits.bridge(gap_s, gap_m) {
        accept = format!("{accept} with {}", wider(gap_s, gap_m));
    }
    let around = |fix| Some((fix, time_ms));
    Missing {
        gap_m: Some(gap_m),
        accept: Some(accept),
        ..nowhere(Reason::BetweenSegments, around(last), around(next))
    }
}

/// The flags that would bridge two fixes.
fn wider(gap_s: f64, gap_m: f64) -> String {
    let by_time = format!("--max-gap {}", gap_s.ceil());
    if gap_s > LONGEST_STOP_S {
        return by_time;
    }
    format!("{by_time} or --max-gap-m {}", gap_m.ceil())
}

fn at_fix(fix: &Fix, how: How, gap_s: f64, segment: Option<usize>) -> Found {
    Found {
        how,
        position: fix.position,
        ele_m: fix.ele_m.get(),
        hdop: fix.hdop.get(),
        speed_kmh: fix.speed_kmh.get(),
        gap_s,
        gap_m: 0.0,
        legs: (*fix, *fix),
        segment,
    }
}

fn nowhere(reason: Reason, before: Option<(&Fix, i64)>, after: Option<(&Fix, i64)>) -> Missing {
    let away_s = |side: (&Fix, i64)| seconds(side.0.time_ms, side.1).abs();
    let (before_s, after_s) = (before.map(away_s), after.map(away_s));
    Missing { reason, before_s, after_s, gap_m: None, accept: None }
}

fn seconds(from_ms: i64, to_ms: i64) -> f64 {
    to_ms.saturating_sub(from_ms) as f64 / 1000.0
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reason {
            Reason::Empty => "the track has no fixes",
            Reason::BeforeFirst => "before the track",
            Reason::AfterLast => "after the track",
            Reason::Hole => "in a hole of the track",
            Reason::BetweenSegments => "between segments of the track",
        })?;
        let sides = [(self.before_s, "after the last fix"), (self.after_s, "before the next")];
        for (at, (away_s, side)) in
            sides.iter().filter_map(|(s, side)| Some(((*s)?, side))).enumerate()
        {
            write!(f, "{} {away_s} s {side}", if at == 0 { ":" } else { "," })?;
        }
        if let Some(gap_m) = self.gap_m {
            write!(f, ", {gap_m:.0} m apart")?;
        }
        match &self.accept {
            Some(flags) => write!(f, "; {flags} would accept it"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false };

    /// A fix some metres east of 8 E 47 N.
    fn fix(time_s: i64, east_m: f64) -> Fix {
        let start = Position::new(8.0, 47.0).unwrap();
        Fix::new(time_s * 1000, start.destination(90.0, east_m))
    }

    fn track(segments: &[&[(i64, f64)]]) -> Track {
        let fixes = |segment: &&[(i64, f64)]| segment.iter().map(|&(s, m)| fix(s, m)).collect();
        Track::new(segments.iter().map(fixes)).0
    }

    fn how(track: &Track, time_s: f64) -> Result<How, Reason> {
        let verdict = track.where_at((time_s * 1000.0) as i64, &LIMITS);
        verdict.map(|found| found.how).map_err(|missing| missing.reason)
    }

    /// Segment A with a fix each minute for ten minutes; B two hours later with a hole of 20
    /// minutes; C two hours later with a hole of 40 minutes.
    fn day() -> Track {
        let run = |from_s: i64, to_s: i64| {
            (from_s..=to_s).step_by(60).map(move |s| fix(s, s as f64 * 5.0)).collect::<Vec<_>>()
        };
        let b = [run(7_200, 7_500), run(8_700, 9_000)].concat();
        let c = [run(14_400, 14_700), run(17_100, 17_400)].concat();
        Track::new([run(0, 600), b, c]).0
    }

    #[test]
    fn a_long_hole_is_never_bridged_unasked() {
        let day = day();
        assert_eq!(how(&day, -2_400.0), Err(Reason::BeforeFirst));
        assert_eq!(how(&day, -600.0), Err(Reason::BeforeFirst));
        assert_eq!(how(&day, 120.0), Ok(How::Exact));
        assert_eq!(how(&day, 130.5), Ok(How::Interpolated));
        assert_eq!(how(&day, 1_200.0), Err(Reason::BetweenSegments));
        assert_eq!(how(&day, 3_900.0), Err(Reason::BetweenSegments));
        assert_eq!(how(&day, 6_600.0), Err(Reason::BetweenSegments));
        assert_eq!(how(&day, 8_100.0), Err(Reason::Hole));
        assert_eq!(how(&day, 15_900.0), Err(Reason::Hole));
        assert_eq!(how(&day, 18_600.0), Err(Reason::AfterLast));
        assert_eq!(how(&day, 17_402.0), Ok(How::Held));
        assert_eq!(how(&day, 17_402.001), Err(Reason::AfterLast));
        assert_eq!(how(&Track::default(), 0.0), Err(Reason::Empty));
    }

    #[test]
    fn the_reason_names_the_flags_that_help_and_they_do() {
        let day = day();
        let missing = day.where_at(8_100_000, &LIMITS).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "in a hole of the track: 600 s after the last fix, 600 s before the next, 6000 m \
             apart; --max-gap 1200 would accept it"
        );
        assert!(day.where_at(8_100_000, &Limits { max_gap_s: 1200.0, ..LIMITS }).is_ok());
        let missing = day.where_at(3_900_000, &LIMITS).unwrap_err();
        assert_eq!(missing.accept.as_deref(), Some("--join-segments with --max-gap 6600"));
        let joined = Limits { max_gap_s: 6600.0, join_segments: true, ..LIMITS };
        assert!(day.where_at(3_900_000, &joined).is_ok());
        let missing = day.where_at(18_600_500, &LIMITS).unwrap_err();
        assert_eq!(missing.accept.as_deref(), Some("--extrapolate 1201"));
        assert_eq!((missing.before_s, missing.after_s), (Some(1200.5), None));
    }

    #[test]
    fn a_stop_is_known_and_a_short_hole_too() {
        let stop = track(&[&[(0, 0.0), (500, 49.0), (559, 900.0), (800, 960.0)]]);
        assert_eq!(how(&stop, 250.0), Ok(How::Interpolated));
        assert_eq!(how(&stop, 530.0), Ok(How::Interpolated));
        let missing = stop.where_at(700_000, &LIMITS).unwrap_err();
        assert_eq!(missing.accept.as_deref(), Some("--max-gap 241 or --max-gap-m 60"));
        let long = track(&[&[(0, 0.0), (601, 1.0)]]);
        assert_eq!(how(&long, 300.0), Err(Reason::Hole));
    }

    #[test]
    fn a_place_between_fixes_lies_on_the_great_circle_with_its_height() {
        let mut fixes = vec![fix(0, 0.0), fix(10, 100.0)];
        fixes[0].ele_m = Some(100.0).into();
        fixes[1].ele_m = Some(110.0).into();
        let (track, _) = Track::new([fixes.clone()]);
        let found = track.where_at(2_500, &LIMITS).unwrap();
        assert!((found.position.distance_m(fixes[0].position) - 25.0).abs() < 1e-6);
        assert_eq!((found.ele_m, found.gap_s), (Some(102.5), 10.0));
        assert!((found.speed_kmh.unwrap() - 36.0).abs() < 1e-6);
        let date_line = [Position::new(179.999, 0.0), Position::new(-179.999, 0.0)];
        let fixes = date_line.map(|place| place.unwrap());
        let (track, _) = Track::new([vec![Fix::new(0, fixes[0]), Fix::new(10_000, fixes[1])]]);
        let found = track.where_at(5_000, &LIMITS).unwrap();
        assert!(found.position.lon_deg().abs() > 179.9999);
    }

    #[test]
    fn of_two_receivers_the_denser_is_believed_and_never_both() {
        let sparse: Vec<Fix> = (0..=4).map(|at| fix(at * 30, 1000.0)).collect();
        let dense: Vec<Fix> = (20..=80).map(|at| fix(at, 0.0)).collect();
        let (track, _) = Track::new([sparse, dense]);
        let place = |time_ms| track.where_at(time_ms, &LIMITS).unwrap().position;
        assert_eq!(place(60_000), fix(0, 0.0).position);
        assert_eq!(place(60_500), fix(0, 0.0).position);
        assert_eq!(place(90_500), fix(0, 1000.0).position);
    }

    #[test]
    fn of_two_equally_dense_receivers_the_better_hdop_is_believed() {
        let with = |east_m: f64, hdop: f64| -> Vec<Fix> {
            (0..9).map(|at| Fix { hdop: Some(hdop).into(), ..fix(at, east_m) }).collect()
        };
        let (track, _) = Track::new([with(10.0, 3.0), with(20.0, 1.0)]);
        assert_eq!(track.where_at(4_500, &LIMITS).unwrap().position, fix(0, 20.0).position);
    }

    #[test]
    fn where_one_receiver_has_a_hole_the_other_helps() {
        let holed = track(&[&[(0, 0.0), (1, 0.0), (200, 900.0)], &[(90, 5.0), (110, 5.0)]]);
        assert_eq!(holed.where_at(100_000, &LIMITS).unwrap().position, fix(0, 5.0).position);
    }
}

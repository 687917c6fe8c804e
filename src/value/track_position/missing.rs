//! A missing position on the track: the reason, and the options that would give one.

use std::fmt;

use super::{LONGEST_STOP_S, Limits, seconds};
use crate::value::track::Fix;

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Empty,
    BeforeFirst,
    AfterLast,
    Hole,
    BetweenSegments,
}

/// A missing position, and how close the track is to having one.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    pub reason: Reason,
    /// Seconds since the fix before.
    pub before_s: Option<f64>,
    /// Seconds to the fix after.
    pub after_s: Option<f64>,
    /// Metres between them.
    pub gap_m: Option<f64>,
    /// The flags with limits that would accept it.
    pub accept: Option<String>,
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

/// A missing position between segments, and the flags that would join these.
pub(super) fn parted(last: &Fix, next: &Fix, time_ms: i64, limits: &Limits) -> Missing {
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

/// A missing position between segments that no vehicle could have joined.
pub(super) fn too_fast(last: &Fix, next: &Fix, time_ms: i64, mps: f64) -> Missing {
    let around = |fix| Some((fix, time_ms));
    Missing {
        gap_m: Some(last.position.distance_m(next.position)),
        accept: Some(format!("--max-speed {}", mps.ceil())),
        ..nowhere(Reason::BetweenSegments, around(last), around(next))
    }
}

/// The flags that would bridge two fixes.
pub(super) fn wider(gap_s: f64, gap_m: f64) -> String {
    let by_time = format!("--max-gap {}", gap_s.ceil());
    if gap_s > LONGEST_STOP_S {
        return by_time;
    }
    format!("{by_time} or --max-gap-m {}", gap_m.ceil())
}

pub(super) fn nowhere(
    reason: Reason,
    before: Option<(&Fix, i64)>,
    after: Option<(&Fix, i64)>,
) -> Missing {
    let away_s = |side: (&Fix, i64)| seconds(side.0.time_ms, side.1).abs();
    let (before_s, after_s) = (before.map(away_s), after.map(away_s));
    Missing { reason, before_s, after_s, gap_m: None, accept: None }
}

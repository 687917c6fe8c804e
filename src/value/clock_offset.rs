//! Estimates how far a camera's clock is ahead of a track, from the photos and the track alone.
//!
//! There are two kinds of evidence: how often the camera shoots against the speed of the track
//! (`shooting_rate`), and its compass against the direction of the track (`heading_match`). Each gives a
//! score for every whole second of offset at which at least half of the photos fall inside the track; what
//! counts is whether the best of them stands out (`peak`). If neither does, there is no offset: a guess would
//! put photos at positions that look right.

mod correlation;
mod heading_match;
mod peak;
mod photo_series;
mod samples;
mod shooting_rate;
#[cfg(test)]
mod tests;

use super::track::Track;
use super::track_position::Limits;

use peak::{Peak, Shape};
use photo_series::Axis;
pub use photo_series::{OffsetAgreement, Shot};
use samples::{MOST_S, Samples};

/// With fewer photos there is no result.
pub const LEAST_SHOTS: usize = 20;
/// At least this many stops or turns must agree: one or two may do so by chance,
pub const LEAST_AGREE: usize = 3;
/// and at least this share of those that could.
const AGREEING_PART: f64 = 0.7;
/// The minimum share for bursts, which do not occur at every stop.
const BURSTING_PART: f64 = 0.2;
/// An offset less certain than this is not reported.
const WIDEST_S: f64 = 60.0;
/// Offsets found from stops and from turns may differ by this much beyond the tops of their peaks.
const SLACK_S: f64 = 5.0;

/// The evidence for an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The camera shoots less at stops: by distance, or paused.
    Pauses,
    /// The camera shoots more at stops.
    Bursts,
    /// The compass turns with the track.
    Turns,
}

/// The best offset by one kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    pub sign: Sign,
    pub agreement: OffsetAgreement,
    /// Seconds that the camera is ahead of the track, and the uncertainty.
    pub ahead_s: f64,
    pub within_s: f64,
    /// Log-likelihood above that of most offsets.
    pub score: f64,
    /// The probability that some wrong offset scores this high.
    pub chance: f64,
    /// The next best offset, and its score.
    pub runner_up: Option<(f64, f64)>,
}

/// The result.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// One offset stands out: the sharper evidence first.
    Found(Vec<Evidence>),
    /// Several are equally good.
    Ambiguous(Evidence),
    /// Stops indicate one offset, turns another.
    Contradiction(Evidence, Evidence),
    Nothing(Nothing),
}

/// Why there is no offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    FewPhotos,
    NoTrack,
    /// The track or the photos span more than this many days.
    TooLong(i64),
    /// No offset stands out among this many stops and turns of the track, and this many compass angles.
    NoSign {
        stops: usize,
        turns: usize,
        compasses: usize,
    },
}

/// The clock offset of the photos of one camera.
pub fn find(shots: &[Shot], track: &Track, limits: &Limits) -> Finding {
    if shots.len() < LEAST_SHOTS {
        return Finding::Nothing(Nothing::FewPhotos);
    }
    if track.is_empty() {
        return Finding::Nothing(Nothing::NoTrack);
    }
    let samples = Samples::new(track, limits);
    let axis = samples.as_ref().and_then(|samples| Axis::new(shots, samples.start_s, MOST_S));
    let (Some(samples), Some(axis)) = (samples, axis) else {
        return Finding::Nothing(Nothing::TooLong(MOST_S / 86_400));
    };
    let signs = [by_pace(&axis, &samples), by_turns(&axis, &samples)];
    judge(signs).unwrap_or_else(|| {
        let compasses = axis.compasses().count();
        let (stops, turns) = (samples.stops().len(), samples.turns().len());
        Finding::Nothing(Nothing::NoSign { stops, turns, compasses })
    })
}

/// The result of both kinds of evidence together.
fn judge(signs: [Option<Told>; 2]) -> Option<Finding> {
    let one =
        |told: &Option<Told>| told.as_ref().filter(|told| told.is_one).map(|told| told.evidence);
    match signs.each_ref().map(one) {
        [Some(pace), Some(turns)] => {
            let apart_s = (pace.ahead_s - turns.ahead_s).abs();
            let mut both = vec![pace, turns];
            both.sort_by(|a, b| a.within_s.total_cmp(&b.within_s));
            Some(if apart_s <= pace.within_s + turns.within_s + SLACK_S {
                Finding::Found(both)
            } else {
                Finding::Contradiction(pace, turns)
            })
        }
        [Some(one), None] | [None, Some(one)] => Some(Finding::Found(vec![one])),
        [None, None] => {
            signs.into_iter().flatten().next().map(|told| Finding::Ambiguous(told.evidence))
        }
    }
}

/// The result of one kind of evidence.
struct Told {
    evidence: Evidence,
    /// Whether it is the only good one.
    is_one: bool,
}

fn by_pace(axis: &Axis, samples: &Samples) -> Option<Told> {
    told(axis, peak::find(&shooting_rate::scores(axis, samples)), |evidence, place| {
        let found = shooting_rate::at_stops(axis, samples, place);
        evidence.agreement = found.agreement;
        if found.habit == shooting_rate::ShootingPattern::Bursts {
            evidence.sign = Sign::Bursts;
            evidence.within_s = evidence.within_s.max(found.slack_s);
        }
    })
}

fn by_turns(axis: &Axis, samples: &Samples) -> Option<Told> {
    if axis.compasses().count() < heading_match::LEAST {
        return None;
    }
    told(axis, peak::find(&heading_match::scores(axis, samples)), |evidence, place| {
        evidence.sign = Sign::Turns;
        evidence.agreement = heading_match::agreement(axis, samples, place);
    })
}

/// The evidence of a peak, once it is known what agrees with it.
fn told(axis: &Axis, shape: Shape, look: impl Fn(&mut Evidence, f64)) -> Option<Told> {
    let (peak, is_one): (Peak, bool) = match shape {
        Shape::Flat => return None,
        Shape::One(peak) => (peak, true),
        Shape::Several(peak) => (peak, false),
    };
    let mut evidence = Evidence {
        sign: Sign::Pauses,
        agreement: OffsetAgreement::default(),
        ahead_s: axis.ahead_s(peak.at_s).round() + 0.0,
        within_s: peak.within_s,
        score: peak.height,
        chance: peak.chance,
        runner_up: peak.runner_up.map(|(place, score)| (axis.ahead_s(place), score)),
    };
    look(&mut evidence, peak.at_s);
    let OffsetAgreement { agree, of } = evidence.agreement;
    let part = if evidence.sign == Sign::Bursts { BURSTING_PART } else { AGREEING_PART };
    let is_enough = agree >= LEAST_AGREE && agree as f64 >= part * of as f64;
    (is_enough && evidence.within_s <= WIDEST_S).then_some(Told { evidence, is_one })
}

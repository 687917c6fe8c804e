//! How far a camera's clock is ahead of a track, found from the photos and the track alone.
//!
//! Two things may tell: how often the camera shoots against how fast the track goes (`pace`), and its compass against
//! the direction of the track (`turns`). Each gives a score for every whole second of offset at which at least half of the
//! photos fall inside the track; what counts is whether the best of them stands out (`peak`). Where neither does there is
//! no number: a guess would put photos in places that look right.

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

/// Fewer photos tell nothing.
pub const LEAST_SHOTS: usize = 20;
/// So many stops or turns have to agree: one or two may by chance,
pub const LEAST_AGREE: usize = 3;
/// and so large a part of those that could.
const AGREEING_PART: f64 = 0.7;
/// Photos at stops are not at all of them.
const BURSTING_PART: f64 = 0.2;
/// What is not known to within this is no offset.
const WIDEST_S: f64 = 60.0;
/// What stops and turns tell may differ by so much beyond the tops of their peaks.
const SLACK_S: f64 = 5.0;

/// What tells an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The camera shoots less at stops: by distance, or held back.
    Pauses,
    /// The camera shoots more at stops.
    Bursts,
    /// The compass turns with the track.
    Turns,
}

/// The best offset by one sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    pub sign: Sign,
    pub agreement: OffsetAgreement,
    /// Whole seconds that the camera is ahead of the track, and within how many.
    pub ahead_s: f64,
    pub within_s: f64,
    /// Log-likelihood above that of most offsets.
    pub score: f64,
    /// The chance that some wrong offset scores so high.
    pub chance: f64,
    /// The next best offset, and its score.
    pub runner_up: Option<(f64, f64)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// One offset stands out: the sharper evidence first.
    Found(Vec<Evidence>),
    /// Several are equally good.
    Ambiguous(Evidence),
    /// Stops tell one offset, turns another.
    Contradiction(Evidence, Evidence),
    Nothing(Nothing),
}

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    FewPhotos,
    NoTrack,
    /// The track or the photos take longer than so many days.
    TooLong(i64),
    /// Nothing stands out among so many stops and turns of the track, and so many compass angles.
    NoSign {
        stops: usize,
        turns: usize,
        compasses: usize,
    },
}

/// The offset of photos of one camera.
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

/// What both signs tell together.
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

/// What one sign tells.
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

//! The report on a camera's clock: the offset, the confidence, the evidence, and how to accept it.

use crate::row::{Field, Row};
use crate::value::clock_offset::{Evidence, Finding, LEAST_SHOTS, Nothing, Sign};
use crate::value::human_format::{grouped, span};
use crate::value::provenance::ZoneBy;
use crate::value::zone::{Zone, offset_text};

use super::instant::Moment;

const HOUR_S: f64 = 3600.0;
const QUARTER_S: f64 = 900.0;
/// Tolerance for whole hours and quarters: a clock set to a wrong zone is rarely correct to the second.
const NEAR_HOUR_S: f64 = 5.0;

const OTHER_WAYS: &str = "--sync or --camera-ahead SECONDS sets it";

/// A camera, identified by its first photo.
#[derive(Debug)]
pub struct Camera {
    name: String,
    /// The zone used for its times, how it was found, and its offset then.
    zone: Option<(Zone, ZoneBy, i32)>,
}

impl Camera {
    pub fn new(row: &Row, moment: &Moment) -> Camera {
        let folder =
            row.get(Field::Path).and_then(|path| path.rsplit_once('/')).map(|parts| parts.0);
        let parts = [folder, row.get(Field::Make), row.get(Field::Model)];
        let name: Vec<&str> = parts.into_iter().flatten().collect();
        let zone =
            moment.zone.and_then(|(zone, by)| Some((zone, by, zone.offset_s(moment.captured_ms)?)));
        Camera { name: name.join(" "), zone }
    }
}

/// The result in one line, with the name of the camera if there are several.
pub fn words(
    camera: &Camera,
    photos: usize,
    finding: &Finding,
    several: bool,
    is_accepted: bool,
) -> String {
    let who = if several { format!("camera '{}'", camera.name) } else { "the camera".into() };
    let photos = grouped(photos as u64);
    match finding {
        Finding::Found(evidence) => found(&who, camera, evidence, is_accepted),
        Finding::Ambiguous(best) => format!(
            "{who}: no offset: several fit equally well, such as {} and {} ({}); {OTHER_WAYS}",
            seconds(best.ahead_s),
            best.runner_up.map_or("others".into(), |(ahead_s, _)| seconds(ahead_s)),
            by(best)
        ),
        Finding::Contradiction(stops, turns) => format!(
            "{who}: no offset: stops tell {} ({}), turns {} ({}); {OTHER_WAYS}",
            seconds(stops.ahead_s),
            by(stops),
            seconds(turns.ahead_s),
            by(turns)
        ),
        Finding::Nothing(nothing) => {
            format!("{who}: no offset: {}; {OTHER_WAYS}", why(*nothing, &photos))
        }
    }
}

fn found(who: &str, camera: &Camera, evidence: &[Evidence], is_accepted: bool) -> String {
    let Some(best) = evidence.first() else { return String::new() };
    let ahead_s = best.ahead_s.round();
    let what = match ahead_s {
        0.0 => format!("{who} and the track agree"),
        1.0.. => format!("{who} is {} ahead of the track", seconds(ahead_s)),
        _ => format!("{who} is {} behind the track", seconds(-ahead_s)),
    };
    let signs: Vec<String> = evidence.iter().map(by).collect();
    let zone = zone(camera, ahead_s).map(|words| format!("; {words}")).unwrap_or_default();
    let way = if is_accepted {
        String::from("accepted")
    } else {
        format!("nothing is placed: --accept-offset or --camera-ahead {} accepts it", best.ahead_s)
    };
    format!(
        "{what}, within {} s, confidence {}: {}{zone}; {way}",
        best.within_s.ceil(),
        confidence(best.chance),
        signs.join(", and ")
    )
}

/// How much of the evidence agrees, and the next best offset.
fn by(evidence: &Evidence) -> String {
    let (agree, of) = (evidence.agreement.agree, evidence.agreement.of);
    let what = match evidence.sign {
        Sign::Pauses => "stops have fewer photos",
        Sign::Bursts => "stops have more photos",
        Sign::Turns => "turns agree with the compass",
    };
    let next = match evidence.runner_up {
        Some((ahead_s, score)) => format!(", next best {} with {:.0}", seconds(ahead_s), score),
        None => String::new(),
    };
    format!("{agree} of {of} {what} (score {:.0}{next})", evidence.score)
}

/// Seconds, also in larger units if that helps.
fn seconds(ahead_s: f64) -> String {
    let text = format!("{} s", ahead_s.round());
    match ahead_s.abs() {
        60.0.. => format!(
            "{text} ({}{})",
            if ahead_s < 0.0 { "-" } else { "" },
            span(ahead_s.abs().round() as u64 * 1000)
        ),
        _ => text,
    }
}

fn confidence(chance: f64) -> &'static str {
    match chance {
        ..1e-6 => "over 99.9 %",
        ..1e-4 => "99.9 %",
        _ => "99 %",
    }
}

/// Whether the offset is that of a zone, and of which.
fn zone(camera: &Camera, ahead_s: f64) -> Option<String> {
    let near = |unit_s: f64| {
        let whole_s = (ahead_s / unit_s).round() * unit_s;
        (whole_s != 0.0 && (ahead_s - whole_s).abs() <= NEAR_HOUR_S).then_some(whole_s)
    };
    let (whole_s, what) = match (near(HOUR_S), near(QUARTER_S)) {
        (Some(whole_s), _) => (whole_s, "hours"),
        (None, Some(whole_s)) => (whole_s, "quarters of an hour"),
        (None, None) => return None,
    };
    let words = format!("that is a whole number of {what}");
    let Some((_, by, offset_s)) = camera.zone else { return Some(words) };
    let other_s = offset_s + whole_s as i32;
    let is_zone = (-12 * 3600..=14 * 3600).contains(&other_s);
    Some(match (is_zone, by) {
        (true, by) if by.is_assumed() => format!(
            "{words}, so its zone may be {} and not {}: --zone {}",
            offset_text(other_s),
            offset_text(offset_s),
            offset_text(other_s)
        ),
        (true, _) => format!("{words}, so its zone or summer time may be set wrong"),
        (false, _) => words,
    })
}

fn why(nothing: Nothing, photos: &str) -> String {
    match nothing {
        Nothing::FewPhotos => format!("{photos} photos are too few, it takes {LEAST_SHOTS}"),
        Nothing::NoTrack => "there is no track".into(),
        Nothing::TooLong(days) => {
            format!("the tracks or the photos take longer than {days} days, give those of one ride")
        }
        Nothing::NoSign { stops, turns, compasses } => format!(
            "no sign of it in {photos} photos, {compasses} of them with a compass, and a track with {stops} stops and {turns} turns"
        ),
    }
}

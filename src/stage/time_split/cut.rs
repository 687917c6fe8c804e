//! Where a sequence ends, and which photos are all but the same.

use crate::photo::capture_facts::Photo;
use crate::value::geo::turn_deg;
use crate::value::provenance::CutBy;

/// A bearing over less than this is noise and no turn.
const NOISE_M: f64 = 1.0;

/// What ends a sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Strictly more seconds than this; without it, an estimate.
    pub gap_s: Option<f64>,
    /// Strictly more metres.
    pub distance_m: Option<f64>,
    pub max_images: usize,
    /// Degrees between two legs.
    pub max_turn_deg: Option<f64>,
}

/// How near two photos are that show the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub distance_m: f64,
    /// Photos that look further apart than this are not the same. None: whatever they look at.
    pub angle_deg: Option<f64>,
}

/// For each photo, why a sequence begins with it, if one does after the first.
pub fn cuts(
    photos: impl Iterator<Item = Photo> + Clone,
    gap_s: f64,
    limits: &Limits,
) -> impl Iterator<Item = Option<CutBy>> {
    let (mut count, mut heading) = (1, None);
    let pairs = photos.clone().zip(photos.clone().skip(1));
    let first = photos.take(1).map(|_| None);
    first.chain(pairs.map(move |(last, photo)| {
        let leg = last.position.zip(photo.position);
        let distance_m = leg.map(|(from, to)| from.distance_m(to));
        let bearing = leg.and_then(|(from, to)| from.bearing_deg(to));
        let bearing = bearing.filter(|_| distance_m >= Some(NOISE_M));
        let over = |limit: Option<f64>, value: Option<f64>| {
            limit.zip(value).is_some_and(|(limit, value)| value > limit)
        };
        let turn = heading.zip(bearing).map(|(from, to): (f64, f64)| turn_deg(from, to).abs());
        let cut = if (photo.time_ms - last.time_ms) as f64 / 1000.0 > gap_s {
            Some(CutBy::Gap)
        } else if over(limits.distance_m, distance_m) {
            Some(CutBy::Distance)
        } else if over(limits.max_turn_deg, turn) {
            Some(CutBy::Turn)
        } else if count >= limits.max_images {
            Some(CutBy::MaxImages)
        } else {
            None
        };
        (count, heading) = match cut {
            // The new sequence begins with the photo, not with the way to it.
            Some(_) => (1, None),
            None => (count + 1, bearing.or(heading)),
        };
        cut
    }))
}

/// Rows of photos that show the same as the last photo that did not, with the row of that one.
pub fn duplicates(
    photos: impl Iterator<Item = Photo>,
    compass: impl Fn(&Photo) -> Option<f64>,
    near: Near,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut kept: Option<Photo> = None;
    for photo in photos.filter(|photo| photo.position.is_some()) {
        let same = kept.filter(|kept| {
            let distance_m = kept.position.zip(photo.position).map(|(a, b)| a.distance_m(b));
            let turn = compass(kept).zip(compass(&photo)).map(|(a, b)| turn_deg(a, b).abs());
            distance_m.is_some_and(|distance_m| distance_m <= near.distance_m)
                && near.angle_deg.is_none_or(|most| turn.is_none_or(|turn| turn <= most))
        });
        match same {
            Some(kept) => found.push((photo.row, kept.row)),
            None => kept = Some(photo),
        }
    }
    found
}

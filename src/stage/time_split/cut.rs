//! Where sequences are cut, and which photos are near-duplicates.

use crate::photo::capture_facts::Photo;
use crate::value::geo::turn_deg;
use crate::value::provenance::CutBy;

/// The bearing over a shorter distance is noise, not a turn.
const NOISE_M: f64 = 1.0;

/// The limits of a sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The maximum interval in seconds; `None` to estimate it.
    pub gap_s: Option<f64>,
    /// The maximum distance in metres.
    pub distance_m: Option<f64>,
    pub max_images: usize,
    /// The maximum angle between two legs, in degrees.
    pub max_turn_deg: Option<f64>,
}

/// How close two photos must be to be duplicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub distance_m: f64,
    /// The maximum angle between their directions; `None` to ignore directions.
    pub angle_deg: Option<f64>,
}

/// For each photo, why a sequence starts with it; `None` for the first photo and for those that continue a sequence.
pub fn cuts(
    photos: impl Iterator<Item = Photo> + Clone,
    gap_s: f64,
    limits: &Limits,
) -> impl Iterator<Item = Option<CutBy>> {
    let (mut count, mut heading, mut place) = (1, None, None);
    let pairs = photos.clone().zip(photos.clone().skip(1));
    let first = photos.take(1).map(|_| None);
    first.chain(pairs.map(move |(last, photo)| {
        // A photo without a position hides no jump: the last one with a position counts.
        place = last.position.or(place);
        let leg = place.zip(photo.position);
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
            // The new sequence starts with the photo, not with the leg before it.
            Some(_) => {
                place = None;
                (1, None)
            }
            None => (count + 1, bearing.or(heading)),
        };
        cut
    }))
}

/// The rows of photos that duplicate the last photo that was not a duplicate, each with the row of that photo.
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

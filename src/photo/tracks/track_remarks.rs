//! Messages about a track.

use crate::value::track::TrackCleaning;

/// What was corrected when fixes were turned into a track.
pub fn told(cleaning: &TrackCleaning, max_mps: f64) -> Vec<String> {
    counts(cleaning).chain(wild(cleaning, max_mps)).collect()
}

fn counts(cleaning: &TrackCleaning) -> impl Iterator<Item = String> {
    let counts = [
        (cleaning.sorted, "out of order were sorted"),
        (cleaning.doubled, "of an instant that had one already were left out"),
        (cleaning.strays, "of which the date or place contradicts those around were left out"),
        (cleaning.null_island, "at exactly 0, 0 were left out"),
    ];
    counts
        .into_iter()
        .filter(|count| count.0 > 0)
        .map(|(n, what)| format!("track: {n} fixes {what}"))
}

/// Fixes at impossible positions, and the flag that accepts them.
fn wild(cleaning: &TrackCleaning, max_mps: f64) -> Option<String> {
    let needed_mps = cleaning.wild_mps.ceil();
    (cleaning.wild > 0).then(|| {
        format!(
            "track: {} fixes that only more than {max_mps} m/s could reach were left out; --max-speed {needed_mps} believes them",
            cleaning.wild
        )
    })
}

//! Messages about a track.

use crate::value::human_format::grouped;
use crate::value::instant::format_instant;
use crate::value::track::TrackCleaning;

/// What was corrected when fixes were turned into a track. `names` are those of its sources.
pub fn told(cleaning: &TrackCleaning, names: &[String], max_mps: f64) -> Vec<String> {
    counts(cleaning).chain(apart(cleaning, names)).chain(wild(cleaning, max_mps)).collect()
}

/// Fixes that another one of the same instant contradicts.
fn apart(cleaning: &TrackCleaning, names: &[String]) -> Option<String> {
    let farthest = cleaning.farthest?;
    let name = names.get(farthest.source).map_or("", String::as_str);
    Some(format!(
        "track: {} fixes of an instant that had one already at another place were left out, the farthest {} m away at {} in '{name}'",
        grouped(cleaning.apart),
        grouped(farthest.distance_m.round() as u64),
        format_instant(farthest.time_ms).unwrap_or_default(),
    ))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::track::Farthest;

    #[test]
    fn the_farthest_of_two_places_of_one_instant_is_named_with_its_file() {
        let farthest = Farthest { distance_m: 1112.6, time_ms: 1_714_564_800_000, source: 1 };
        let cleaning = TrackCleaning {
            doubled: 3,
            apart: 20,
            farthest: Some(farthest),
            ..TrackCleaning::default()
        };
        let names = ["a.gpx", "b.gpx"].map(String::from);
        assert_eq!(
            told(&cleaning, &names, 100.0),
            [
                "track: 3 fixes of an instant that had one already were left out",
                "track: 20 fixes of an instant that had one already at another place were left out, the farthest 1,113 m away at 2024-05-01T12:00:00Z in 'b.gpx'"
            ]
        );
    }
}

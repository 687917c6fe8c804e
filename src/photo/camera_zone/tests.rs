use super::*;
use crate::photo::silent_reporter::Unheard;
use crate::value::instant::LocalTime;

/// A photo at this minute after 12:00 on 2024-05-01, by a clock that is this many hours ahead, if known.
fn photo(minute: i64, zone: Option<(&str, i64)>, lon: &str, why: &str) -> Row {
    let taken = format!("2024-05-01T{:02}:{:02}:00", 12 + minute / 60, minute % 60);
    let mut row =
        Row::from_cells(&[(Field::TakenAt, &taken), (Field::Lon, lon), (Field::Why, why)]);
    if let Some((zone, ahead_h)) = zone {
        let clock_ms = taken.parse::<LocalTime>().unwrap().clock_ms();
        row.set_display(Field::CapturedAt, clock_ms - ahead_h * 3_600_000);
        row.set(Field::Zone, zone);
        row.set(Field::ZoneBy, if lon.is_empty() { "gps" } else { "place" });
    }
    row
}

fn settled(mut rows: Vec<Row>) -> Vec<String> {
    settle(&mut rows.iter_mut().collect::<Vec<_>>(), &Unheard);
    let shown = |row: &Row| {
        let taken: LocalTime = row.get(Field::TakenAt).unwrap().parse().unwrap();
        let ahead = |ms| (taken.clock_ms() - ms) / 3_600_000;
        let ahead = row.integer(Field::CapturedAt).unwrap().map(ahead);
        format!(
            "{} {}",
            ahead.map_or("?".into(), |h: i64| h.to_string()),
            row.get(Field::ZoneBy).unwrap_or("-")
        )
    };
    rows.iter().map(shown).collect()
}

#[test]
fn a_border_that_is_crossed_does_not_move_the_clock() {
    let (west, east) = (Some(("Europe/Lisbon", 1)), Some(("Europe/Madrid", 2)));
    let rows = [(0, west), (5, west), (10, west), (15, east), (20, east)];
    let rows = rows.map(|(minute, zone)| photo(minute, zone, "-7", ""));
    assert_eq!(settled(rows.to_vec()), ["1 place", "1 place", "1 place", "1 camera", "1 camera"]);
}

#[test]
fn photos_that_tell_no_zone_take_that_of_the_others() {
    let rows = vec![photo(0, Some(("+02:00", 2)), "", ""), photo(5, None, "", "")];
    assert_eq!(settled(rows), ["2 gps", "2 camera"]);
}

#[test]
fn a_stamp_that_froze_hours_ago_is_no_evidence() {
    let against = "the GPS time 2024-05-01T10:00:00Z fits the clock in no zone";
    let frozen = |hour: i64| {
        let zone = format!("+{:02}:00", 2 + hour);
        [
            photo(hour * 60, Some((&zone, 2 + hour)), "", ""),
            photo(hour * 60 + 20, None, "", against),
        ]
    };
    let rows: Vec<Row> = (0..4).flat_map(frozen).collect();
    assert_eq!(settled(rows), ["? -"; 8]);
}

#[test]
fn what_was_written_or_given_stays() {
    let mut tagged = photo(0, Some(("+05:00", 5)), "7", "");
    tagged.set(Field::ZoneBy, "offset");
    let rows = vec![
        tagged,
        photo(1, Some(("+02:00", 2)), "7", ""),
        photo(2, Some(("+02:00", 2)), "7", ""),
    ];
    assert_eq!(settled(rows), ["5 offset", "2 place", "2 place"]);
}

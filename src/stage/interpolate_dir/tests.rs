use super::*;
use crate::photo::silent_reporter::Unheard;

const CHOICE: InterpolateOptions = InterpolateOptions {
    method: Method::Next,
    offset_deg: 0.0,
    offset_column: None,
    min_distance_m: 1.0,
    gap_s: 60.0,
    overwrite: false,
    anchors: false,
    sorted: false,
};

/// A photo of sequence s: second, and thousandths of a degree east.
fn photo(second: u32, east: &str) -> Row {
    Row::from_cells(&[
        (Field::SeqId, "s"),
        (Field::CapturedAt, &(second * 1000).to_string()),
        (Field::Lon, east),
        (Field::Lat, if east.is_empty() { "" } else { "0" }),
    ])
}

fn run(choice: InterpolateOptions, rows: Vec<Row>) -> Vec<Row> {
    let mut stage = InterpolateDir::new(choice, &std::env::temp_dir());
    let mut out = Vec::new();
    for row in rows {
        stage.push(row, &mut out, &Unheard).unwrap();
    }
    stage.end(&mut out, &Unheard).unwrap();
    let row = |outcome| match outcome {
        Outcome::Rows(rows) => rows,
        Outcome::Failed(mut row, error) => {
            row.set(Field::Error, &error);
            vec![row]
        }
        other => panic!("{other:?}"),
    };
    out.into_iter().flat_map(row).collect()
}

fn angles(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.get(Field::CompassAngle).unwrap_or_default()).collect()
}

#[test]
fn rows_come_out_in_their_order_with_directions_of_their_time() {
    let rows = run(
        InterpolateOptions { offset_deg: 90.0, ..CHOICE },
        vec![photo(2, "0.002"), photo(0, "0.000"), photo(1, "0.001")],
    );
    assert_eq!(angles(&rows), ["180", "180", "180"]);
    let by: Vec<_> = rows.iter().map(|row| row.get(Field::DirectionBy).unwrap()).collect();
    assert_eq!(by, ["last", "next", "next"]);
    assert_eq!(rows[0].get(Field::Lon), Some("0.002"));
}

#[test]
fn a_compass_gives_way_only_when_asked() {
    let mut compass = photo(0, "0.000");
    compass.set(Field::CompassAngle, "12.50");
    let rows = vec![compass, photo(1, "0.001")];
    assert_eq!(angles(&run(CHOICE, rows.clone())), ["12.50", "90"]);
    assert_eq!(angles(&run(InterpolateOptions { overwrite: true, ..CHOICE }, rows)), ["90", "90"]);
}

#[test]
fn what_was_worked_out_is_refined_and_twice_is_once() {
    let rows = run(CHOICE, vec![photo(0, "0.000"), photo(1, "0.001")]);
    assert_eq!(run(CHOICE, rows.clone()), rows);
    let turned = run(InterpolateOptions { offset_deg: -90.0, ..CHOICE }, rows);
    assert_eq!(angles(&turned), ["0", "0"]);
}

#[test]
fn rows_without_a_place_or_a_time_pass_and_a_single_one_has_none() {
    let timeless = Row::from_cells(&[(Field::SeqId, "s"), (Field::Lon, "1"), (Field::Lat, "1")]);
    let rows = run(CHOICE, vec![photo(0, "0.000"), photo(1, ""), timeless.clone()]);
    assert_eq!(angles(&rows), ["", "", ""]);
    assert_eq!(rows[0].get(Field::DirectionBy), Some("none"));
    assert!(rows[0].get(Field::Why).is_some());
    assert_eq!(rows[2], timeless);
}

#[test]
fn a_single_photo_looks_along_its_track_turned_by_the_offset() {
    let mut single = photo(0, "0");
    single.set(Field::TrackDeg, "350");
    single.set(Field::CompassAngle, "350");
    single.set(Field::DirectionBy, "track");
    let rows = run(InterpolateOptions { offset_deg: 90.0, ..CHOICE }, vec![single]);
    assert_eq!(angles(&rows), ["80"]);
    assert_eq!(run(InterpolateOptions { offset_deg: 90.0, ..CHOICE }, rows.clone()), rows);
}

#[test]
fn no_direction_looks_into_another_sequence() {
    let mut other = photo(1, "0.001");
    other.set(Field::SeqId, "t");
    assert_eq!(angles(&run(CHOICE, vec![photo(0, "0"), other])), ["", ""]);
}

#[test]
fn a_wrong_value_fails_its_row_and_no_other() {
    let rows = run(CHOICE, vec![photo(0, "0"), photo(1, "east"), photo(2, "0.001")]);
    assert_eq!(angles(&rows), ["90", "", "90"]);
    assert_eq!(rows[1].get(Field::Error), Some("'east' in column 'lon' is not a number"));
}

#[test]
fn an_offset_may_be_a_column() {
    let column = Column::named("mount");
    let mut left = photo(0, "0");
    left.set_column(&column, "-90", false);
    let choice = InterpolateOptions { offset_column: Some("mount".into()), ..CHOICE };
    assert_eq!(angles(&run(choice, vec![left, photo(1, "0.001")])), ["0", "90"]);
}

#[test]
fn photos_between_anchors_are_spread_evenly_in_time() {
    let choice = InterpolateOptions { anchors: true, gap_s: 1000.0, ..CHOICE };
    let rows =
        run(choice, vec![photo(0, "0"), photo(100, ""), photo(400, "0.004"), photo(500, "")]);
    assert_eq!(rows[1].get(Field::Lon), Some("0.001"));
    assert_eq!(rows[1].get(Field::PositionBy), Some("interpolated"));
    assert_eq!(rows[3].get(Field::Lon), None);
    assert_eq!(angles(&rows), ["90", "90", "90", ""]);
}

const SORTED: InterpolateOptions = InterpolateOptions { sorted: true, anchors: true, ..CHOICE };

/// Adjacent photos of sequences and of folders: some without a position, with an unreadable time, or in the wrong
/// order; the clock of a camera has one zone in all of its sequences.
fn sorted_rows() -> Vec<Row> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut rows = Vec::new();
    for group in 0..40 {
        for _ in 0..random.u8(1..9) {
            let mut row = photo(random.u32(0..90), &format!("0.{:03}", random.u8(..9)));
            match group % 4 {
                0 => row.set(Field::SeqId, &format!("s{group}")),
                _ => row.clear(Field::SeqId),
            }
            row.set(Field::Path, &format!("f{group}/{}.jpg", random.u8(..9)));
            if group % 3 == 0 {
                let second = random.u8(..60);
                row.set(Field::TakenAt, &format!("1970-01-01T02:00:{second:02}"));
                row.set_display(Field::CapturedAt, u64::from(second) * 1000);
                row.set(Field::Zone, "+02:00");
                row.set(Field::ZoneBy, "place");
            }
            match random.u8(..9) {
                0 => [Field::Lon, Field::Lat].into_iter().for_each(|field| row.clear(field)),
                1 => row.set(Field::Lon, "east"),
                2 => row.set(Field::CompassAngle, "12"),
                _ => {}
            }
            rows.push(row);
        }
    }
    rows
}

#[test]
fn sequences_that_stand_together_give_the_same_rows_one_by_one() {
    let whole = run(InterpolateOptions { anchors: true, ..CHOICE }, sorted_rows());
    assert!(whole.iter().any(|row| row.get(Field::DirectionBy) == Some("next")));
    assert!(whole.iter().any(|row| row.get(Field::Error).is_some()));
    assert!(run(SORTED, sorted_rows()) == whole);
}

#[test]
fn rows_of_a_sequence_go_out_when_the_next_one_begins() {
    let mut stage = InterpolateDir::new(SORTED, &std::env::temp_dir());
    let mut out = Vec::new();
    let rows = sorted_rows();
    let first = rows.iter().position(|row| row.get(Field::Path).unwrap().starts_with("f1/"));
    let (one, others) = rows.split_at(first.unwrap());
    one.iter().for_each(|row| stage.push(row.clone(), &mut out, &Unheard).unwrap());
    assert!(out.is_empty());
    stage.push(others[0].clone(), &mut out, &Unheard).unwrap();
    assert_eq!(out.len(), one.len());
}

#[test]
fn a_sequence_that_comes_back_fails_its_rows_and_no_others() {
    let of = |sequence: &str, second| {
        let mut row = photo(second, &format!("0.00{second}"));
        row.set(Field::SeqId, sequence);
        row
    };
    let rows = run(SORTED, vec![of("s", 0), of("s", 1), of("t", 0), of("s", 2), of("t", 1)]);
    let failed: Vec<_> = rows.iter().filter(|row| row.get(Field::Error).is_some()).collect();
    assert_eq!(failed, [&rows[2]]);
    let why = "the rows of sequence 's' do not stand together: others came in between; leave out --sorted";
    assert_eq!(failed[0].get(Field::Error), Some(why));
    assert_eq!(rows[3].get(Field::DirectionBy), Some("next"));
}

/// All photos are of one camera, which is two hours ahead by most of its photos.
#[test]
fn a_clock_that_goes_by_several_sequences_is_no_guess() {
    let of = |sequence: &str, minute: i64, ahead_h: i64| {
        let mut row = photo(0, &format!("0.00{minute}"));
        row.set(Field::SeqId, sequence);
        row.set(Field::TakenAt, &format!("2024-05-01T12:{minute:02}:00"));
        row.set_display(Field::CapturedAt, 1_714_564_800_000 + (minute - ahead_h * 60) * 60_000);
        row.set(Field::Zone, &format!("+0{ahead_h}:00"));
        row.set(Field::ZoneBy, "place");
        row
    };
    let rows = vec![of("s", 0, 2), of("s", 1, 2), of("t", 2, 3), of("t", 3, 3), of("t", 4, 3)];
    assert!(run(CHOICE, rows.clone()).iter().all(|row| row.get(Field::Zone) == Some("+03:00")));
    let failed = |rows| {
        let rows = run(SORTED, rows);
        let why = rows.iter().map(|row| row.get(Field::Error).unwrap_or_default().to_string());
        why.map(|why| why.contains("leave out --sorted")).collect::<Vec<_>>()
    };
    assert_eq!(failed(rows.clone()), [false, false, true, true, true]);
    // Rows output earlier were correct if the camera has only one zone.
    let same: Vec<Row> = rows.iter().take(2).cloned().chain([of("u", 5, 2)]).collect();
    assert_eq!(failed(same), [false; 3]);
}

#[test]
fn rows_none_of_which_has_a_place_are_passed_on_and_a_header_must_have_one() {
    let bare = Row::from_cells(&[(Field::SeqId, "s"), (Field::Path, "a.jpg")]);
    let rows = run(CHOICE, vec![bare.clone()]);
    assert_eq!(rows[0].get(Field::Path), Some("a.jpg"));
    assert_eq!(rows[0].get(Field::Error), None);
    let header = InputHeader { columns: bare.columns(), is_written: true, is_open: false };
    let shape = InterpolateDir::new(CHOICE, &std::env::temp_dir()).shape(&header);
    assert_eq!(shape.needs_in_header, NEEDS);
}

#[test]
fn a_row_with_another_clock_takes_no_direction_from_the_others_and_says_so() {
    let mut odd = photo(0, "0.009");
    odd.clear(Field::CapturedAt);
    odd.set(Field::TakenAt, "2024-05-01T12:00:00");
    let rows = vec![photo(0, "0"), photo(1, "0.001"), odd.clone(), photo(2, "0.002")];
    let found = run(CHOICE, rows);
    assert_eq!(angles(&found), ["90", "90", "", "90"]);
    let why = "no time on the clock that its camera's other photos have";
    assert_eq!(
        (found[2].get(Field::DirectionBy), found[2].get(Field::Why)),
        (Some("none"), Some(why))
    );
    // With its time, it is among them.
    let mut whole = found[2].clone();
    whole.set(Field::CapturedAt, "3000");
    let again = run(CHOICE, vec![found[0].clone(), found[1].clone(), whole]);
    assert_eq!((angles(&again)[2], again[2].get(Field::Why)), ("90", None));
    // A clock that more photos have is that of the group.
    let taken = |second: u8| {
        let mut row = photo(0, &format!("0.00{second}"));
        row.set(Field::TakenAt, &format!("2024-05-01T12:00:0{second}"));
        row
    };
    let mut clock_only = taken(3);
    clock_only.clear(Field::CapturedAt);
    assert_eq!(angles(&run(CHOICE, vec![taken(0), taken(1), clock_only])), ["90"; 3]);
}

#[test]
fn a_row_with_half_of_a_place_fails_alone() {
    let mut half = photo(1, "0.001");
    half.clear(Field::Lat);
    let rows = run(CHOICE, vec![photo(0, "0.000"), half, photo(2, "0.002")]);
    let errors: Vec<_> = rows.iter().map(|row| row.get(Field::Error)).collect();
    let said = "'0.001' in column 'lon' is not a place without lat";
    assert_eq!(errors, [None, Some(said), None]);
    assert_eq!(angles(&rows), ["90", "", "90"]);
}

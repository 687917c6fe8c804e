use super::*;
use crate::photo::silent_reporter::Unheard;

fn choice() -> SplitOptions {
    let limits =
        Limits { gap_s: Some(60.0), distance_m: None, max_images: 1000, max_turn_deg: None };
    SplitOptions {
        limits,
        name: Template::default(),
        overwrite: false,
        duplicates: None,
        into: None,
    }
}

fn photo(second: i64) -> Row {
    Row::from_cells(&[(Field::CapturedAt, &(second * 1000).to_string())])
}

fn placed(second: i64, lon: &str, lat: &str) -> Row {
    let mut row = photo(second);
    row.set(Field::Lon, lon);
    row.set(Field::Lat, lat);
    row
}

fn run(choice: SplitOptions, rows: Vec<Row>) -> Vec<Row> {
    let mut stage = TimeSplit::new(choice, &std::env::temp_dir());
    let mut out = Vec::new();
    for row in rows {
        stage.push(row, &mut out, &Unheard).unwrap();
    }
    stage.end(&mut out, &Unheard).unwrap();
    let row = |outcome| match outcome {
        Outcome::Rows(rows) => rows,
        other => panic!("{other:?}"),
    };
    out.into_iter().flat_map(row).collect()
}

fn cells(rows: &[Row], field: Field) -> Vec<&str> {
    rows.iter().map(|row| row.get(field).unwrap_or_default()).collect()
}

#[test]
fn a_long_rest_starts_a_new_part_and_the_limit_itself_does_not() {
    let rows = run(choice(), vec![photo(200), photo(0), photo(60), photo(121)]);
    let names = ["19700101T000201Z", "19700101T000000Z", "19700101T000000Z", "19700101T000201Z"];
    assert_eq!(cells(&rows, Field::SeqId)[1..3], names[1..3]);
    assert_eq!(cells(&rows, Field::CutBy), ["gap", "start", "start", "gap"]);
    assert_eq!(cells(&rows, Field::SeqId)[3], names[3]);
}

#[test]
fn the_numbers_of_the_old_script_begin_with_0() {
    let choice = SplitOptions { name: "{n}".parse().unwrap(), ..choice() };
    let rows = run(choice, vec![photo(0), photo(100), photo(200)]);
    assert_eq!(cells(&rows, Field::SeqId), ["0", "1", "2"]);
}

#[test]
fn a_sequence_has_no_more_images_than_it_may() {
    let limits = Limits { max_images: 2, ..choice().limits };
    let rows = run(SplitOptions { limits, ..choice() }, (0..5).map(photo).collect());
    let cut_by = cells(&rows, Field::CutBy);
    assert_eq!(cut_by, ["start", "start", "max-images", "max-images", "max-images"]);
}

#[test]
fn distance_and_turns_cut_when_asked() {
    let limits = Limits { distance_m: Some(50.0), max_turn_deg: Some(60.0), ..choice().limits };
    let rows = vec![
        placed(0, "0", "0"),
        placed(1, "0.0001", "0"),
        placed(2, "0.0002", "0"),
        placed(3, "0.0002", "0.0001"),
        placed(4, "0.01", "0.0001"),
    ];
    let rows = run(SplitOptions { limits, ..choice() }, rows);
    assert_eq!(cells(&rows, Field::CutBy), ["start", "start", "start", "turn", "distance"]);
}

#[test]
fn two_cameras_are_never_mixed_and_one_name_is_given_once() {
    let with = |second, model| {
        let mut row = photo(second);
        row.set(Field::Model, model);
        row
    };
    let rows = run(choice(), vec![with(0, "A"), with(0, "B"), with(1, "A"), with(1, "B")]);
    let [a, b] = ["19700101T000000Z", "19700101T000000Z_2"];
    assert_eq!(cells(&rows, Field::SeqId), [a, b, a, b]);
    assert_eq!(cells(&rows, Field::CutBy), ["start", "camera", "start", "camera"]);
}

#[test]
fn sequences_of_the_service_are_cut_only_when_asked_and_our_own_anew() {
    let mut theirs = photo(0);
    theirs.set(Field::SeqId, "theirs");
    let rows = run(choice(), vec![theirs.clone(), photo(5)]);
    assert_eq!(cells(&rows, Field::SeqId), ["theirs", "19700101T000005Z"]);
    assert_eq!(run(choice(), rows.clone()), rows);
    let rows = run(SplitOptions { overwrite: true, ..choice() }, vec![theirs, photo(5)]);
    assert_eq!(cells(&rows, Field::SeqId), ["19700101T000000Z"; 2]);
}

#[test]
fn taken_at_is_used_where_not_all_are_captured() {
    let taken = |text| Row::from_cells(&[(Field::TakenAt, text), (Field::CapturedAt, "")]);
    let mut both = taken("2024-05-01T12:00:01");
    both.set(Field::CapturedAt, "5");
    let rows = run(choice(), vec![taken("2024-05-01T12:00:00.5"), both]);
    assert_eq!(cells(&rows, Field::SeqId), ["20240501T120000"; 2]);
}

#[test]
fn a_photo_without_a_place_hides_no_jump() {
    let limits = Limits { distance_m: Some(100.0), ..choice().limits };
    let of = |rows| cells(&run(SplitOptions { limits, ..choice() }, rows), Field::CutBy).join(" ");
    let jump = vec![placed(0, "10", "50"), photo(1), photo(2), placed(3, "10", "51"), photo(4)];
    assert_eq!(of(jump), "start start start distance distance");
    let near = vec![placed(0, "10", "50"), photo(1), placed(2, "10", "50.0008")];
    assert_eq!(of(near), "start start start");
    // A new sequence does not look back at the one before.
    let gap = vec![placed(0, "10", "50"), photo(90), placed(91, "10", "51")];
    assert_eq!(of(gap), "start gap gap");
}

#[test]
fn the_clock_that_most_photos_have_decides() {
    let mut odd = photo(0);
    odd.clear(Field::CapturedAt);
    odd.set(Field::TakenAt, "2024-05-01T12:00:00");
    let rows = run(choice(), vec![photo(0), odd, photo(100)]);
    assert_eq!(cells(&rows, Field::CutBy), ["start", "", "gap"]);
    let why = "no time on the clock that its camera's other photos have";
    assert_eq!(cells(&rows, Field::Why), ["", why, ""]);
}

#[test]
fn clocks_of_two_zones_are_in_the_order_of_their_instants() {
    let taken = |text, zone| Row::from_cells(&[(Field::TakenAt, text), (Field::Zone, zone)]);
    let first = taken("2024-07-01T12:00:00", "+02:00");
    let rows = run(choice(), vec![first, taken("2024-07-01T11:00:01", "+01:00")]);
    assert_eq!(cells(&rows, Field::SeqId), ["20240701T100000Z"; 2]);
    assert_eq!(cells(&rows, Field::CutBy), ["start", "start"]);
}

#[test]
fn photos_that_are_all_but_the_same_are_marked() {
    let mut rows = vec![placed(0, "0", "0"), placed(1, "0.000001", "0"), placed(2, "0.001", "0")];
    rows.iter_mut().zip(["a", "b", "c"]).for_each(|(row, id)| row.set(Field::ImgId, id));
    let near = Near { distance_m: 0.5, angle_deg: None };
    let rows = run(SplitOptions { duplicates: Some(near), ..choice() }, rows);
    let column = Column::named(DUPLICATE_OF);
    let marks: Vec<_> = rows.iter().map(|row| row.get_column(&column)).collect();
    assert_eq!(marks, [None, Some("a"), None]);
}

#[test]
fn a_photo_without_a_time_passes_and_says_so() {
    let timeless = Row::from_cells(&[(Field::ImgId, "1"), (Field::CapturedAt, "")]);
    let rows = run(choice(), vec![timeless, photo(5)]);
    assert_eq!(cells(&rows, Field::SeqId), ["", "19700101T000005Z"]);
    assert!(rows[0].get(Field::Why).is_some());
}

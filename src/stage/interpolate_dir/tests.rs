use super::*;

struct Silent;

impl Diagnostics for Silent {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

const CHOICE: InterpolateOptions = InterpolateOptions {
    method: Method::Next,
    offset_deg: 0.0,
    offset_column: None,
    min_distance_m: 1.0,
    gap_s: 60.0,
    overwrite: false,
    anchors: false,
};

/// A photo of sequence s: second, thousandths of a degree east.
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
        stage.push(row, &mut out, &Silent).unwrap();
    }
    stage.end(&mut out, &Silent).unwrap();
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

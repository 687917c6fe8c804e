use super::*;
use crate::format;
use crate::photo::silent_reporter::Unheard;

fn gpx(sorted: bool, rows: &[Row]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let track = folder.path().join("track.gpx");
    let fix = "<trkpt lat='1' lon='2'><time>2024-05-01T10:00:00Z</time></trkpt>";
    std::fs::write(&track, format!("<gpx><trk><trkseg>{fix}</trkseg></trk></gpx>")).unwrap();
    let tracks = if rows.len() > 3 { vec![track] } else { Vec::new() };
    let options = GpxOptions { sorted, tracks, ..GpxOptions::default() };
    let (mut document, mut bytes) = (ToGpx::new(options, folder.path()), Vec::new());
    for row in rows {
        document.add(row, &mut bytes, &Unheard).unwrap();
    }
    document.finish(&mut bytes, &Unheard).unwrap();
    // The folder name is different in each run.
    String::from_utf8(bytes).unwrap().replace(&*folder.path().to_string_lossy(), "").into_bytes()
}

#[test]
fn what_is_written_is_read_again_as_the_same_track() {
    let row = |sequence: &str, ms: &str, lon: &str| {
        Row::from_cells(&[
            (Field::SeqId, sequence),
            (Field::CapturedAt, ms),
            (Field::Lon, lon),
            (Field::Lat, "52.12345678"),
            (Field::Altitude, "31.5"),
        ])
    };
    let bytes = gpx(
        false,
        &[
            row("a", "1714557602250", "13.1"),
            row("b", "1714557609000", "13.2"),
            row("a", "1714557601000", "13"),
        ],
    );
    let read = format::gpx::read(&bytes).unwrap();
    assert!(read.remarks.is_empty(), "{:?}", read.remarks);
    let times: Vec<Vec<i64>> =
        read.segments.iter().map(|s| s.iter().map(|fix| fix.time_ms).collect()).collect();
    assert_eq!(times, [vec![1_714_557_601_000, 1_714_557_602_250], vec![1_714_557_609_000]]);
    let fix = read.segments[0][1];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (13.1, 52.12345678));
    assert_eq!(fix.ele_m.get(), Some(31.5));
}

/// Photos of adjacent sequences, one of them without a position.
fn sorted_rows() -> Vec<Row> {
    let row = |at: i64| {
        let mut row = Row::from_cells(&[(Field::SeqId, ["a", "b", "c"][at as usize / 1500])]);
        row.set_display(Field::CapturedAt, 1_714_557_600_000 + (at ^ 5) * 1000);
        row.set_display(Field::Lon, 13.0 + at as f64 / 1e4);
        row.set(Field::Lat, "52");
        row
    };
    let mut rows: Vec<Row> = (0..4_500).map(row).collect();
    rows.insert(7, Row::from_cells(&[(Field::SeqId, "b")]));
    rows
}

#[test]
fn sequences_that_stand_together_give_the_same_bytes_one_by_one() {
    let rows = sorted_rows();
    assert!(gpx(true, &rows) == gpx(false, &rows));
    assert_eq!(gpx(true, &[]), gpx(false, &[]));
}

#[test]
fn a_track_is_written_when_the_next_sequence_begins_and_one_that_comes_back_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = GpxOptions { sorted: true, ..GpxOptions::default() };
    let (mut document, mut bytes) = (ToGpx::new(options, folder.path()), Vec::new());
    let rows = sorted_rows();
    rows[..2000].iter().for_each(|row| document.add(row, &mut bytes, &Unheard).unwrap());
    assert_eq!(bytes.windows(8).filter(|tag| tag == b"</trkpt>").count(), 1500);
    let refused = document.add(&rows[0], &mut bytes, &Unheard).unwrap_err().to_string();
    assert!(
        refused.contains("sequence 'a'") && refused.contains("leave out --sorted"),
        "{refused}"
    );
    document.add(&rows[2000], &mut bytes, &Unheard).unwrap();
}

#[test]
fn the_time_of_a_point_follows_from_the_clock_and_its_zone() {
    let row = |taken: &str, zone: &str| {
        Row::from_cells(&[
            (Field::TakenAt, taken),
            (Field::Zone, zone),
            (Field::Lon, "1"),
            (Field::Lat, "3"),
        ])
    };
    let rows = [row("2024-07-01T12:00:01", "+02:00"), row("2024-07-01T11:00:00", "Europe/London")];
    let read = format::gpx::read(&gpx(false, &rows)).unwrap();
    let times: Vec<i64> = read.segments[0].iter().map(|fix| fix.time_ms).collect();
    assert_eq!(times, [1_719_828_000_000, 1_719_828_001_000]);
}

#[test]
fn a_point_has_the_height_of_its_geometry_if_it_has_no_other() {
    let row = |altitude: &str, second: &str| {
        let mut row = Row::from_cells(&[
            (Field::CapturedAt, second),
            (Field::Lon, "1"),
            (Field::Lat, "3"),
            (Field::Altitude, altitude),
        ]);
        row.set_column(&crate::row::Column::named("geometry"), "POINT Z (1 3 55)", false);
        row
    };
    let rows = [row("", "1719828000000"), row("10", "1719828001000")];
    let read = format::gpx::read(&gpx(false, &rows)).unwrap();
    let heights: Vec<_> = read.segments[0].iter().map(|fix| fix.ele_m.get()).collect();
    assert_eq!(heights, [Some(55.0), Some(10.0)]);
}

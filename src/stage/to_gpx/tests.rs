use super::*;
use crate::format;

struct Silent;

impl Diagnostics for Silent {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
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
    let folder = tempfile::tempdir().unwrap();
    let mut document = ToGpx::new(GpxOptions::default(), folder.path());
    for row in [
        row("a", "1714557602250", "13.1"),
        row("b", "1714557609000", "13.2"),
        row("a", "1714557601000", "13"),
    ] {
        document.add(&row, &mut Vec::new(), &Silent).unwrap();
    }
    let mut bytes = Vec::new();
    document.finish(&mut bytes, &Silent).unwrap();
    let read = format::gpx::read(&bytes).unwrap();
    assert!(read.remarks.is_empty(), "{:?}", read.remarks);
    let times: Vec<Vec<i64>> =
        read.segments.iter().map(|s| s.iter().map(|fix| fix.time_ms).collect()).collect();
    assert_eq!(times, [vec![1_714_557_601_000, 1_714_557_602_250], vec![1_714_557_609_000]]);
    let fix = read.segments[0][1];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (13.1, 52.12345678));
    assert_eq!(fix.ele_m.get(), Some(31.5));
}

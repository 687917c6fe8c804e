use super::*;

fn shots(times_ms: &[i64]) -> Vec<Shot> {
    times_ms.iter().map(|&time_ms| Shot { time_ms, compass_deg: None }).collect()
}

#[test]
fn a_photo_less_the_offset_is_where_it_falls_on_the_track() {
    for fraction_ms in [-400, 0, 300] {
        let times_ms = [100_000, 103_000, 160_000].map(|ms| ms + fraction_ms);
        let axis = Axis::new(&shots(&times_ms), 40, 1000).unwrap();
        assert_eq!((axis.start_s, axis.len()), (100, 61));
        for place in [0.0, 17.5, 90.0] {
            for (&at, time_ms) in axis.at.iter().zip(times_ms) {
                let on_track_s = 40.0 + axis.on_track(at, place);
                let off = time_ms as f64 / 1000.0 - axis.ahead_s(place) - on_track_s;
                assert!(off.abs() < 1e-9, "{fraction_ms} {place}: {off}");
            }
        }
        assert_eq!(axis.on_track(60, 0.0), 0.0, "the last photo at the first second");
    }
}

#[test]
fn photos_are_put_into_order_and_rounded_to_seconds() {
    let axis = Axis::new(&shots(&[12_500, 10_499, 11_499]), 0, 3).unwrap();
    assert_eq!((axis.start_s, axis.at), (10, vec![0, 1, 3]));
    assert!(Axis::new(&shots(&[12_500, 10_499]), 0, 2).is_none(), "too long");
    assert!(Axis::new(&[], 0, 2).is_none());
}

#[test]
fn a_compass_stays_with_its_photo() {
    let with = |time_ms, compass_deg| Shot { time_ms, compass_deg };
    let all = [with(9_000, Some(90.0)), with(5_000, None), with(2_000, Some(180.0))];
    let axis = Axis::new(&all, 0, 100).unwrap();
    let compasses: Vec<_> = axis.compasses().map(|(at, rad)| (at, rad.to_degrees())).collect();
    assert_eq!(compasses, [(0, 180.0), (7, 90.0)]);
}

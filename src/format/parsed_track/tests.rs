use super::*;
use crate::value::geo::Position;
use crate::value::instant::{format_instant, parse_instant_ms};

fn recording(times: &[&str]) -> Recording {
    let place = Position::new(13.0, 52.0).unwrap();
    let fix = |time: &&str| Fix::new(parse_instant_ms(time).unwrap(), place);
    Recording { segments: vec![times.iter().map(fix).collect()], ..Recording::default() }
}

fn times(recording: &Recording) -> Vec<String> {
    let fixes = recording.segments.iter().flatten();
    fixes.map(|fix| format_instant(fix.time_ms).unwrap()).collect()
}

#[test]
fn weeks_that_rolled_over_come_back_to_the_photos_and_other_years_stay() {
    let near_ms = parse_instant_ms("2024-05-01T10:00:00Z").unwrap();
    let mut rolled = recording(&["2004-09-15T10:01:40Z", "2004-09-15T10:01:41Z"]);
    rolled.unroll(near_ms);
    assert_eq!(times(&rolled), ["2024-05-01T10:01:40Z", "2024-05-01T10:01:41Z"]);
    assert!(rolled.remarks[0].to_string().contains("moved by 1024 weeks"));
    let mut old = recording(&["2005-01-01T10:00:00Z"]);
    old.unroll(near_ms);
    assert_eq!((times(&old), old.remarks.len()), (vec!["2005-01-01T10:00:00Z".into()], 0));
}

#[test]
fn a_track_in_local_time_goes_on_through_the_hour_that_comes_twice() {
    let mut local = recording(&[
        "2024-05-01T12:00:00Z",
        "2024-10-27T02:59:59Z",
        "2024-10-27T02:00:01Z",
        "2024-03-31T02:30:00Z",
    ]);
    local.set_zone("Europe/Berlin".parse().unwrap());
    let expected = ["2024-05-01T10:00:00Z", "2024-10-27T00:59:59Z", "2024-10-27T01:00:01Z"];
    assert_eq!(times(&local), expected);
    assert!(local.remarks[0].to_string().starts_with("fixes left out"));
}

#[test]
fn heights_that_are_none_go_and_their_fixes_stay() {
    let mut recording = recording(&["2024-05-01T10:00:00Z"; 4]);
    for (fix, m) in recording.segments[0].iter_mut().zip([65_535.0, 40.0, 1e25, -32_768.0]) {
        fix.ele_m = Measure::from(Some(m));
    }
    let said = recording.check_heights(Heights::default());
    assert_eq!(
        said.as_deref(),
        Some("3 heights left out, because 65535 is a placeholder for an unknown height")
    );
    let heights: Vec<_> = recording.segments[0].iter().map(|fix| fix.ele_m.get()).collect();
    assert_eq!(heights, [None, Some(40.0), None, None]);
    assert_eq!(recording.check_heights(Heights::default()), None);
}

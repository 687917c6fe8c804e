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
    let said: Vec<String> = local.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            format!(
                "fixes of an hour that comes twice in Europe/Berlin, from 2024-10-27T02:59:59, {TWICE}: 2, first in line 1"
            ),
            format!("{NEVER} in line 1"),
        ]
    );
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

#[test]
fn a_zone_does_not_change_a_track_whose_times_have_offsets() {
    let text = |zone: &str| {
        let point = |s: u32| {
            let time = format!("<time>2024-05-01T12:00:{s:02}{zone}</time>");
            format!("<trkpt lat=\"1\" lon=\"2\"><ele>1</ele>{time}</trkpt>")
        };
        let points: String = (0..2).map(point).collect();
        format!("<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    };
    for (zone, first) in [
        ("Z", "2024-05-01T10:00:00Z"),
        ("+00:00", "2024-05-01T10:00:00Z"),
        ("", "2024-05-01T10:00:00Z"),
        ("+02:00", "2024-05-01T10:00:00Z"),
        ("-01:00", "2024-05-01T13:00:00Z"),
    ] {
        let mut recording = crate::format::gpx::read(text(zone).as_bytes()).unwrap();
        recording.set_zone("Europe/Berlin".parse().unwrap());
        assert_eq!(times(&recording)[0], first, "{zone}");
        let said = format!("{OFFSETS}: 2, first in line 1");
        let is_said = recording.remarks.iter().any(|remark| remark.to_string() == said);
        assert_eq!(is_said, zone.len() > 1 && zone != "+00:00", "{zone}");
    }
}

#[test]
fn the_hour_that_comes_twice_is_the_first_one_until_time_goes_back() {
    let zone = "Europe/Berlin".parse().unwrap();
    for (local, expected, count) in [
        // A track may begin in that hour, and stand still in it.
        (
            ["02:00:00", "02:00:00", "02:30:00", "02:29:59"],
            ["00:00:00Z", "00:00:00Z", "00:30:00Z", "01:29:59Z"],
            5,
        ),
        (
            ["02:59:59", "02:00:00", "02:59:59", "03:00:00"],
            ["00:59:59Z", "01:00:00Z", "01:59:59Z", "02:00:00Z"],
            4,
        ),
    ] {
        let local = local.map(|time| format!("2024-10-27T{time}Z"));
        let mut recording = recording(&local.each_ref().map(String::as_str));
        recording.waypoints = recording.segments[0][..1].to_vec();
        recording.set_zone(zone);
        assert_eq!(times(&recording), expected.map(|time| format!("2024-10-27T{time}")));
        // Waypoints are a segment of their own.
        assert_eq!(format_instant(recording.waypoints[0].time_ms).unwrap()[11..], *expected[0]);
        assert_eq!((recording.remarks.len(), recording.remarks[0].count), (1, count));
        assert!(recording.remarks[0].what.ends_with(TWICE));
    }
}

#[test]
fn a_track_of_another_month_stays_although_a_thousand_weeks_would_bring_it_near() {
    let near_ms = parse_instant_ms("2024-05-01T10:00:00Z").unwrap();
    for (by_days, is_moved) in [(0, true), (31, true), (32, false), (-31, true), (-32, false)] {
        let rolled_ms = near_ms - 1024 * 7 * 86_400_000 + by_days * 86_400_000;
        let time = format_instant(rolled_ms).unwrap();
        let mut rolled = recording(&[&time]);
        rolled.unroll(near_ms);
        let expected_ms = if is_moved { near_ms + by_days * 86_400_000 } else { rolled_ms };
        assert_eq!(rolled.segments[0][0].time_ms, expected_ms, "{by_days}");
        assert_eq!(rolled.remarks.len(), usize::from(is_moved), "{by_days}");
    }
    let mut waypoints = Recording {
        waypoints: recording(&["2004-09-15T10:01:40Z"]).segments.concat(),
        ..Recording::default()
    };
    waypoints.unroll(near_ms);
    assert_eq!(format_instant(waypoints.waypoints[0].time_ms).unwrap(), "2024-05-01T10:01:40Z");
    let mut empty = Recording::default();
    empty.unroll(near_ms);
    assert_eq!(empty, Recording::default());
}

#[test]
fn one_height_is_named_and_remarks_of_a_kind_are_counted_with_their_first_place() {
    let mut recording = recording(&["2024-05-01T10:00:00Z"]);
    recording.segments[0][0].ele_m = Measure::from(Some(65_535.0));
    let said = recording.check_heights(Heights::default());
    let expected = "a height left out, because 65535 is a placeholder for an unknown height";
    assert_eq!(said.as_deref(), Some(expected));
    recording.remark_file("whole");
    recording.remark("b", ErrorLocation::Byte(7));
    recording.remark("b", ErrorLocation::Byte(9));
    recording.remark_more("e", ErrorLocation::Entry(3), 0);
    recording.remark_more("e", ErrorLocation::Entry(4), 2);
    recording.remark_more("e", ErrorLocation::Entry(5), 0);
    let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["whole in line 1", "b: 2, first in byte 7", "e: 2, first in entry 4"]);
}

#[test]
fn waypoints_are_a_segment_only_where_no_segment_has_a_fix() {
    let [a, b] = ["2024-05-01T10:00:00Z", "2024-05-01T11:00:00Z"].map(|time| recording(&[time]));
    let (a, b) = (a.segments.concat(), b.segments.concat());
    let of = |segments: &[&Vec<Fix>], waypoints: &Vec<Fix>| {
        let segments = segments.iter().copied().cloned().collect();
        Recording { segments, waypoints: waypoints.clone(), ..Recording::default() }
    };
    let none = Vec::new();
    assert_eq!(of(&[&a, &b], &none).fixes(), 2);
    assert!(of(&[&none], &none).into_segments().is_empty());
    assert_eq!(of(&[&none], &b).into_segments().concat(), b);
    assert_eq!(of(&[&none, &a, &none], &b).into_segments(), [a]);
}

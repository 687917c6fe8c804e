use super::*;
use crate::value::instant::format_instant;

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

/// The time, longitude and latitude of all fixes, one per line, with segments separated.
fn told(recording: Recording) -> String {
    let told = |fix: &Fix| {
        let time = format_instant(fix.time_ms).unwrap();
        format!("{time} {} {}\n", fix.position.lon_deg(), fix.position.lat_deg())
    };
    let segments = recording.into_segments();
    segments
        .iter()
        .map(|fixes| fixes.iter().map(told).collect())
        .collect::<Vec<String>>()
        .join("--\n")
}

#[test]
fn records_are_one_segment_with_either_name_of_their_time() {
    let recording = read_text(
        r#"{"locations":[
        {"timestampMs":"1714564800250","latitudeE7":475000000,"longitudeE7":-82500000,"accuracy":12,
         "altitude":431,"velocity":10,"heading":90,"activity":[{"timestampMs":"0"}]},
        {"timestamp":"2024-05-01T12:00:01Z","latitudeE7":4294967295,"longitudeE7":4212467296,"accuracy":900},
        {"timestamp":"2024-05-01T12:00:01Z"},{"latitudeE7":1,"longitudeE7":1}]}"#,
    );
    let fix = recording.segments[0][0];
    assert_eq!((fix.ele_m.get(), fix.speed_kmh.get()), (Some(431.0), Some(36.0)));
    let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "positions that Google takes for accurate to more than 100 m in entry 2",
            "points left out, since their position cannot be read in entry 3",
            "points without a time left out in entry 4",
        ]
    );
    assert_eq!(
        told(recording),
        "2024-05-01T12:00:00.250Z -8.25 47.5\n2024-05-01T12:00:01Z -8.25 -0.0000001\n"
    );
}

#[test]
fn a_phone_has_paths_and_raw_signals() {
    let text = r#"{"semanticSegments":[
        {"startTime":"2024-05-01T12:00:00.000+02:00","endTime":"2024-05-01T14:00:00.000+02:00",
         "timelinePath":[{"point":"47.5°, 8.25°","time":"2024-05-01T12:01:00.000+02:00"},
                         {"point":"47.6°, -8.25°","time":"2024-05-01T12:02:00.000+02:00"}]},
        {"startTime":"2024-05-01T12:00:00Z","endTime":"2024-05-01T13:00:00Z",
         "visit":{"topCandidate":{"placeLocation":{"latLng":"1.0°, 2.0°"}}}}],
        "rawSignals":[{"wifiScan":{}},{"position":{"LatLng":"47.7°, 8.3°","accuracyMeters":5,
         "altitudeMeters":400.5,"timestamp":"2024-05-01T12:03:00.000+02:00","speedMetersPerSecond":1}}],
        "userLocationProfile":{}}"#;
    let recording = read_text(text);
    assert_eq!(recording.waypoints.len(), 2);
    assert_eq!(recording.segments[1][0].ele_m.get(), Some(400.5));
    assert_eq!(
        told(recording),
        "2024-05-01T10:01:00Z 8.25 47.5\n2024-05-01T10:02:00Z -8.25 47.6\n--\n2024-05-01T10:03:00Z 8.3 47.7\n"
    );
}

#[test]
fn an_iphone_counts_minutes_from_the_start() {
    let text = r#"[{"endTime":"2024-05-01T14:00:00.000+02:00","startTime":"2024-05-01T12:00:00.000+02:00",
        "timelinePath":[{"point":"geo:47.5,8.25","durationMinutesOffsetFromStartTime":"7"}]},
        {"startTime":"2024-05-01T10:00:00Z","endTime":"2024-05-01T10:05:00Z",
         "activity":{"start":"geo:1,2","end":"geo:3,4"}}]"#;
    assert!(is_list(text) && !is_list("[{\"a\":1}]") && !is_list("[1]"));
    let recording = read_text(text);
    assert_eq!(recording.waypoints.len(), 2);
    assert_eq!(told(recording), "2024-05-01T10:07:00Z 8.25 47.5\n");
}

#[test]
fn activities_of_takeout_are_segments_from_end_to_end() {
    let text = r#"{"timelineObjects":[{"activitySegment":{
        "startLocation":{"latitudeE7":475000000,"longitudeE7":82500000},
        "endLocation":{"latitudeE7":477000000,"longitudeE7":82500000},
        "duration":{"startTimestampMs":"1714564800000","endTimestamp":"2024-05-01T12:10:00Z"},
        "simplifiedRawPath":{"points":[{"latE7":476000000,"lngE7":82500000,"timestampMs":"1714564860000"}]}}},
        {"placeVisit":{"location":{"latitudeE7":1,"longitudeE7":2},
         "duration":{"startTimestamp":"2024-05-01T12:10:00Z","endTimestamp":"2024-05-01T12:20:00Z"}}}]}"#;
    let recording = read_text(text);
    assert_eq!(recording.waypoints.len(), 2);
    assert_eq!(
        told(recording),
        "2024-05-01T12:00:00Z 8.25 47.5\n2024-05-01T12:01:00Z 8.25 47.6\n2024-05-01T12:10:00Z 8.25 47.7\n"
    );
}

#[test]
fn a_text_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = r#"{"locations":[{"timestampMs":"1714564800250","latitudeE7":475000000,"longitudeE7":-8}],
        "semanticSegments":[{"startTime":"2024-05-01T12:00:00Z","timelinePath":[{"point":"geo:1,2",
        "durationMinutesOffsetFromStartTime":"7"}]}],"rawSignals":[{"position":{"LatLng":"1°, 2°"}}]}"#;
    for end in 1..whole.len() {
        if let Some(cut) = whole.get(..end) {
            assert!(read(cut.as_bytes()).is_err(), "{end}");
        }
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3_000 {
        let mut bytes = whole.as_bytes().to_vec();
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(32..127);
        let _ = read(&bytes);
    }
}

#[test]
fn a_list_of_a_phone_has_times_and_one_of_its_keys() {
    for key in ["timelinePath", "visit", "activity", "timelineMemory"] {
        assert!(is_list(&format!(" [ {{\"startTime\":\"x\",\"{key}\":1")), "{key}");
    }
    for text in [
        "[{\"startTime\":\"x\",\"other\":1",
        "[{\"endTime\":\"x\",\"visit\":1",
        "[1,{\"startTime\":\"x\",\"visit\":1",
        "{\"startTime\":\"x\",\"visit\":1",
        "[",
    ] {
        assert!(!is_list(text), "{text}");
    }
}

#[test]
fn a_position_is_coarse_beyond_a_hundred_metres() {
    for (accuracy, count) in [("100", 0), ("100.5", 1), ("101", 1), ("null", 0), ("\"900\"", 0)] {
        let text = format!(
            r#"{{"locations":[{{"timestamp":"2024-05-01T12:00:00Z","latitudeE7":1,"longitudeE7":2,"accuracy":{accuracy}}}]}}"#
        );
        let recording = read_text(&text);
        assert_eq!((recording.fixes(), recording.remarks.len()), (1, count), "{accuracy}");
    }
}

#[test]
fn features_among_the_locations_of_other_programs_are_read() {
    let text = r#"{"locations":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[8.25,47.5]},
         "properties":{"timestamp":"2024-05-01T14:00:00+02:00","altitude":431.5}},
        {"type":"Feature","geometry":{"type":"Point","coordinates":[8.25,47.5]},"properties":{}}]}"#;
    let recording = read_text(text);
    let fix = recording.segments[0][0];
    assert_eq!((fix.time_ms, fix.ele_m.get()), (1_714_564_800_000, Some(431.5)));
    assert_eq!((recording.offsets, recording.fixes()), (1, 1));
    assert_eq!(recording.remarks[0].to_string(), "points without a time left out in entry 2");
}

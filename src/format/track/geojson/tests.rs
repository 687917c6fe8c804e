use super::*;
use crate::value::instant::format_instant;

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn times_of(recording: &Recording) -> Vec<String> {
    let fixes = recording.segments.iter().flatten();
    fixes.map(|fix| format_instant(fix.time_ms).unwrap()).collect()
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

const LINE: &str = r#"{"type":"Feature","properties":{"name":"a","#;
const PLACES: &str =
    r#""geometry":{"type":"LineString","coordinates":[[8.25,47.5,431.5],[8.26,47.6]]}}"#;

#[test]
fn lines_have_times_under_any_of_their_names() {
    let iso = r#"["2024-05-01T12:00:00Z","2024-05-01T14:00:01.5+02:00"]"#;
    for times in [
        format!(r#""coordTimes":{iso}}},"#),
        format!(r#""times":{iso}}},"#),
        format!(r#""coordinateProperties":{{"times":{iso}}}}},"#),
        r#""timestamps":[1714564800,1714564801.5]},"#.into(),
        r#""times":["1714564800000","1714564801500"]},"#.into(),
    ] {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{LINE}{times}{PLACES}]}}"#);
        let recording = read_text(&text);
        let expected = ["2024-05-01T12:00:00Z", "2024-05-01T12:00:01.500Z"];
        assert_eq!(times_of(&recording), expected, "{text}");
        assert_eq!(recording.segments[0][0].ele_m.get(), Some(431.5));
        assert_eq!(recording.segments[0][1].position.lon_deg(), 8.26);
        assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    }
}

#[test]
fn parts_of_a_line_and_fourth_coordinates_have_times() {
    let parts = r#"{"type":"Feature","properties":{"coordTimes":[["2024-05-01T12:00:00Z"],
        ["2024-05-01T12:00:01Z"]]},"geometry":{"type":"MultiLineString",
        "coordinates":[[[8,47]],[[9,47]]]}}"#;
    assert_eq!(read_text(parts).segments.len(), 2);
    let trip = r#"{"type":"LineString","coordinates":[[8,47,0,1714564800],[9,47,0,1714564801]]}"#;
    assert_eq!(times_of(&read_text(trip))[1], "2024-05-01T12:00:01Z");
    let measures = trip.replace("1714564801", "17").replace("1714564800", "16");
    assert_eq!(
        remarks(&read_text(&measures)),
        ["points without a time left out: 2, first in line 1"]
    );
}

#[test]
fn points_with_a_time_are_segments_by_their_sequence() {
    let point = |properties: &str| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[8.25,47.5,7]}},"properties":{{{properties}}}}}"#
        )
    };
    let lines = [
        point(r#""captured_at":1714564800250,"seq_id":"b""#),
        point(r#""Time":"2024-05-01T12:00:01Z","seq_id":"a""#),
        point(r#""timestamp":"2024-05-01 12:00:02Z","seq_id":"b""#),
        point(r#""name":"bench""#),
        point(r#""time":"noon""#),
        r#"{"type":"Feature","geometry":null,"properties":{}}"#.to_string(),
    ]
    .join("\n");
    let recording = read_text(&lines);
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(times_of(&recording)[1], "2024-05-01T12:00:00.250Z");
    assert_eq!(
        remarks(&recording),
        [
            "points without a time left out in line 4",
            "points left out, since their time cannot be read in line 5"
        ]
    );
}

#[test]
fn uneven_lists_are_said_and_not_paired() {
    let text = format!(r#"{LINE}"times":["2024-05-01T12:00:00Z"]}},{PLACES}"#);
    let recording = read_text(&text);
    assert_eq!((recording.fixes(), recording.remarks[0].what.as_str()), (0, UNEVEN));
}

#[test]
fn a_text_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = format!(
        r#"{{"type":"FeatureCollection","features":[{LINE}"times":[1714564800,1714564801]}},{PLACES}]}}"#
    );
    for end in 1..whole.len() {
        assert!(read(&whole.as_bytes()[..end]).is_err(), "{end}");
    }
    let cut = read(&whole.as_bytes()[..whole.len() - 1]).unwrap_err().to_string();
    assert_eq!(cut, "the JSON is cut off in line 1");
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3_000 {
        let mut bytes = whole.clone().into_bytes();
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(32..127);
        let _ = read(&bytes);
    }
    let deep = "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(60) + &"]}".repeat(60);
    assert!(read(deep.as_bytes()).is_err());
}

mod contradictions;

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

/// A point with these properties.
fn point(properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[8.25,47.5]}},"properties":{{{properties}}}}}"#
    )
}

#[test]
fn a_point_without_a_height_in_its_coordinates_has_that_of_its_properties() {
    for (properties, ele_m) in [
        (r#""altitude":431.5"#, Some(431.5)),
        (r#""ele":"431.5","altitude":null"#, Some(431.5)),
        (r#""elevation":-1"#, Some(-1.0)),
        (r#""ele":"high""#, None),
        (r#""name":"431.5""#, None),
    ] {
        let text = point(&format!(r#""time":1714564800,{properties}"#));
        assert_eq!(read_text(&text).segments[0][0].ele_m.get(), ele_m, "{properties}");
        let three = text.replace("47.5]", "47.5,7]");
        assert_eq!(read_text(&three).segments[0][0].ele_m.get(), Some(7.0), "{properties}");
    }
}

#[test]
fn the_measures_of_our_rows_are_read_and_speeds_without_a_unit_are_not() {
    let read = |properties: &str| {
        let fix = read_text(&point(&format!(r#""time":1714564800,{properties}"#))).segments[0][0];
        (fix.hdop.get(), fix.speed_kmh.get(), fix.course_deg.get())
    };
    let all = r#""hdop":0.9,"speed_kmh":"18.5","track_deg":359.5"#;
    assert_eq!(read(all), (Some(0.9), Some(18.5), Some(359.5)));
    assert_eq!(read(r#""course":0,"hdop":0,"speed_kmh":0"#), (Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!(read(r#""course":361,"hdop":-1,"speed_kmh":-1,"speed":5"#), (None, None, None));
}

#[test]
fn points_are_parted_by_numbers_and_by_the_segments_of_gdal() {
    let parts = |properties: [&str; 4]| -> Vec<usize> {
        let one = |properties: &str| point(&format!(r#""time":1714564800,{properties}"#));
        let recording = read_text(&properties.map(one).join("\n"));
        recording.segments.iter().map(Vec::len).collect()
    };
    let of = |name: &str| {
        let numbers = [1, 1, 2, 1].map(|number| format!(r#""{name}":{number}"#));
        parts(numbers.each_ref().map(String::as_str))
    };
    for name in ["seq_id", "sequence", "sequence_id", "track_fid", "track_seg_id"] {
        assert_eq!(of(name), [3, 1], "{name}");
    }
    assert_eq!(of("id"), [4]);
    let gdal = [
        r#""track_fid":0,"track_seg_id":0,"track_seg_point_id":0,"time":"2024/05/01 12:00:00+00""#,
        r#""track_fid":0,"track_seg_id":1,"track_seg_point_id":0"#,
        r#""track_fid":1,"track_seg_id":0,"track_seg_point_id":0"#,
        r#""track_fid":0,"track_seg_id":1,"track_seg_point_id":1"#,
    ];
    assert_eq!(parts(gdal), [1, 2, 1]);
    let gdal = point(r#""track_fid":0,"time":"2024/05/01 14:00:00+02","ele":431.5"#);
    assert_eq!(times_of(&read_text(&gdal)), ["2024-05-01T12:00:00Z"]);
}

#[test]
fn the_lines_of_a_collection_have_a_list_of_times_each() {
    let feature = |times: &str, geometries: &[&str]| {
        format!(
            r#"{{"type":"Feature","properties":{{"coordinateProperties":{{"times":{times}}}}},
            "geometry":{{"type":"GeometryCollection","geometries":[{}]}}}}"#,
            geometries.join(",")
        )
    };
    let (a, b) = (
        r#"{"type":"LineString","coordinates":[[8,47,1],[9,47,2]]}"#,
        r#"{"type":"LineString","coordinates":[[10,47,3]]}"#,
    );
    let place = r#"{"type":"Polygon","coordinates":[]}"#;
    let lists = "[[1714564800,1714564801],[1714564802]]";
    let both = read_text(&feature(lists, &[a, place, b]));
    assert_eq!(both.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(both.segments[1][0].time_ms, 1_714_564_802_000);
    assert_eq!((both.segments[1][0].position.lon_deg(), both.remarks.len()), (10.0, 0));
    let one = read_text(&feature("[1714564800,1714564801]", &[a]));
    assert_eq!((one.segments[0][1].position.lon_deg(), one.fixes()), (9.0, 2));
    for (times, geometries) in [(lists, &[a][..]), (lists, &[b, a]), ("[1714564802]", &[a, b])] {
        let recording = read_text(&feature(times, geometries));
        assert_eq!(recording.remarks[0].what, UNEVEN, "{times}");
        assert_eq!(recording.fixes(), 0, "{times}");
    }
    let point = r#"{"type":"Point","coordinates":[8,47]}"#;
    let timed =
        feature("null", &[point]).replace("\"times\":null", "\"a\":1}, \"time\":1714564800");
    let timed = timed.replace("1714564800}}", "1714564800}");
    assert_eq!(read_text(&timed).fixes(), 1, "{timed}");
    let nested = feature("null", &[r#"{"type":"MultiPoint","coordinates":[]}"#, "7"]);
    assert_eq!(remarks(&read_text(&nested)), [format!("{PLACE}: 2, first in line 2")]);
}

#[test]
fn each_kind_of_geometry_is_used_or_said_and_collections_may_be_nested() {
    let feature = |geometry: &str, times: &str| {
        format!(r#"{{"type":"Feature","properties":{{"times":{times}}},"geometry":{geometry}}}"#)
    };
    let several = feature(
        r#"{"type":"MultiPoint","coordinates":[[8,47],[9,47]]}"#,
        "[1714564800,1714564801]",
    );
    assert_eq!(read_text(&several).segments[0][1].position.lon_deg(), 9.0);
    for area in ["Polygon", "MultiPolygon"] {
        let text = feature(&format!(r#"{{"type":"{area}","coordinates":[]}}"#), "[]");
        assert_eq!(read_text(&text), Recording::default(), "{area}");
    }
    assert_eq!(read_text(&feature("null", "[]")), Recording::default());
    for unknown in [r#"{"type":"Circle"}"#, "{}", "7"] {
        assert_eq!(remarks(&read_text(&feature(unknown, "[]"))), [format!("{PLACE} in line 1")]);
    }
    let nested = |depth: usize| {
        let open = r#"{"type":"FeatureCollection","features":["#;
        open.repeat(depth) + &several + &"]}".repeat(depth)
    };
    assert_eq!(read_text(&nested(MAX_DEPTH)).fixes(), 2);
    let said = read(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err().to_string();
    assert_eq!(said, format!("more than {MAX_DEPTH} collections deep in line 1"));
}

//! Two values of one point or line that differ.

use super::super::properties::HEIGHTS_DIFFER;
use super::*;

fn said_of_points(used: &str, other: &str) -> Vec<String> {
    vec![format!(
        "points whose times in '{used}' and '{other}' differ, of which '{used}' is used in line 1"
    )]
}

#[test]
fn two_times_of_a_point_that_differ_are_said() {
    let noon = "2024-05-01T12:00:00Z";
    for (properties, said) in [
        (r#""captured_at":1714568400000"#, said_of_points("time", "captured_at")),
        (r#""timestamp":1714568400"#, said_of_points("time", "timestamp")),
        (r#""Recorded_At":"2024-05-01 12:00:01Z""#, said_of_points("time", "recorded_at")),
        (r#""captured_at":1714564800999"#, vec![]),
        (r#""timestamp":"2024-05-01T14:00:00+02:00""#, vec![]),
        (r#""timestamp":"noon","when":null,"datetime":7"#, vec![]),
    ] {
        let recording = read_text(&point(&format!(r#""time":"{noon}",{properties}"#)));
        assert_eq!((times_of(&recording), remarks(&recording)), (vec![noon.into()], said));
    }
}

#[test]
fn two_lists_of_times_that_differ_are_said() {
    let line = |properties: &str| {
        read_text(&format!(r#"{LINE}"times":[1714564800,1714564801],{properties}}},{PLACES}"#))
    };
    let expected = ["2024-05-01T12:00:00Z", "2024-05-01T12:00:01Z"];
    for (properties, used, other) in [
        (r#""timestamps":[1714564800,1714564901]"#, "times", "timestamps"),
        (r#""timestamps":[1714564800]"#, "times", "timestamps"),
        (r#""timestamps":[[1714564800,1714564801]]"#, "times", "timestamps"),
        (r#""coordTimes":["2024-05-01T12:00:00Z","2024-05-01T12:00:01Z"]"#, "", ""),
        (r#""timestamps":[1714564800,1714564801.5],"time":"2024""#, "", ""),
    ] {
        let recording = line(properties);
        let said = format!(
            "lines whose times in '{used}' and '{other}' differ, of which '{used}' is used in line 1"
        );
        let said = if used.is_empty() { vec![] } else { vec![said] };
        assert_eq!(remarks(&recording), said, "{properties}");
        assert_eq!(times_of(&recording), expected, "{properties}");
    }
}

#[test]
fn fourth_coordinates_that_are_other_times_than_the_list_are_said() {
    let line = |fourth: [i64; 2]| {
        let places = format!("[[8,47,1,{}],[9,47,1,{}]]", fourth[0], fourth[1]);
        let text = format!(
            r#"{LINE}"times":[1714564800,1714564801]}},"geometry":{{"type":"LineString","coordinates":{places}}}}}"#
        );
        remarks(&read_text(&text))
    };
    assert_eq!(line([1_714_564_800, 1_714_564_801]), [""; 0]);
    assert_eq!(line([16, 17]), [""; 0]);
    assert_eq!(line([1_714_564_800, 1_714_568_400]), [format!("{FOURTH} in line 1")]);
}

#[test]
fn two_heights_of_a_point_that_differ_are_said() {
    for (height, is_said) in [("7", false), ("7.9", false), ("8", true), ("\"-7\"", true)] {
        let text = point(&format!(r#""time":1714564800,"ele":{height}"#));
        let recording = read_text(&text.replace("47.5]", "47.5,7]"));
        assert_eq!(recording.segments[0][0].ele_m.get(), Some(7.0));
        assert_eq!(recording.remarks.len(), usize::from(is_said), "{height}");
        assert!(recording.remarks.iter().all(|remark| remark.what == HEIGHTS_DIFFER));
    }
}

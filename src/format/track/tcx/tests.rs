use super::*;

fn point(second: u32, position: &str) -> String {
    format!(
        "<Trackpoint><Time>2024-05-01T12:00:{second:02}.250Z</Time>{position}\
         <AltitudeMeters>431.5</AltitudeMeters><Extensions><ns3:TPX><ns3:Speed>10</ns3:Speed>\
         </ns3:TPX></Extensions></Trackpoint>\n"
    )
}

const PLACE: &str = "<Position><LatitudeDegrees>47.5</LatitudeDegrees>\
    <LongitudeDegrees>8.25</LongitudeDegrees></Position>";

fn file() -> String {
    let (a, b, c) = (point(1, PLACE), point(2, PLACE), point(3, PLACE));
    let none = point(4, "") + &point(5, &PLACE.replace("47.5", "97.5"));
    let lap = |inner: &str| format!("<Lap><Track>{inner}</Track></Lap>");
    format!(
        "<TrainingCenterDatabase><Activities><Activity>\n<Id>2024-05-01T12:00:00Z</Id>{}{}\
         </Activity><Activity>{}</Activity></Activities></TrainingCenterDatabase>\n",
        lap(&a),
        lap(&b),
        lap(&(c + &none))
    )
}

#[test]
fn laps_are_no_breaks_and_activities_are() {
    let recording = read(file().as_bytes()).unwrap();
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let fix = recording.segments[0][0];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.5));
    assert_eq!((fix.time_ms, fix.ele_m.get()), (1_714_564_801_250, Some(431.5)));
    assert_eq!(fix.speed_kmh.get(), Some(36.0));
    let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "trackpoints without a place left out in line 5",
            "points left out, since their position cannot be read in line 6",
        ]
    );
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = file();
    let all = read(whole.as_bytes()).unwrap().segments.concat();
    for end in 0..whole.len() {
        let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
        let fixes = cut.segments.concat();
        let same = fixes.iter().zip(&all).all(|(a, b)| a.position == b.position);
        assert!(fixes.len() <= all.len() && same, "{end}");
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn said(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

/// A file with these elements in it.
fn database(inner: &str) -> String {
    format!("<TrainingCenterDatabase>{inner}</TrainingCenterDatabase>\n")
}

fn lengths(recording: &Recording) -> Vec<usize> {
    recording.segments.iter().map(Vec::len).collect()
}

#[test]
fn each_activity_and_each_course_is_a_segment_also_without_its_end_tag() {
    let [a, b, c] = [1, 2, 3].map(|second| point(second, PLACE));
    for (text, expected) in [
        (format!("<Course>{a}{b}</Course><Activity>{c}</Activity>"), vec![2, 1]),
        (format!("<Activity>{a}<Activity>{b}{c}</Activity>"), vec![1, 2]),
        (format!("<Activity>{a}</Activity>{b}<Course>{c}"), vec![1, 1, 1]),
        (format!("{a}</Course>{b}</Activity>{c}"), vec![1, 1, 1]),
    ] {
        let recording = read_text(&database(&text));
        assert_eq!((lengths(&recording), said(&recording)), (expected, vec![]), "{text}");
    }
}

#[test]
fn a_trackpoint_ends_with_its_tag_or_where_the_next_one_begins() {
    let [a, b] = [1, 2].map(|second| point(second, PLACE));
    let open = a.replace("</Trackpoint>", "");
    let recording = read_text(&database(&(open + &b)));
    assert_eq!((lengths(&recording), said(&recording)), (vec![2], vec![]));
    // What is behind a point is none of it.
    let late = a.replace("<AltitudeMeters>431.5</AltitudeMeters>", "")
        + "<AltitudeMeters>7</AltitudeMeters><Time>2001-01-01T00:00:00Z</Time>";
    let fix = read_text(&database(&late)).segments[0][0];
    assert_eq!((fix.time_ms, fix.ele_m.get()), (1_714_564_801_250, None));
}

#[test]
fn what_a_trackpoint_lacks_is_said() {
    let whole = point(1, PLACE);
    let time = "<Time>2024-05-01T12:00:01.250Z</Time>";
    for (text, expected) in [
        (whole.replace(time, ""), "points without a time left out"),
        (whole.replace(time, "<Time/>"), "points without a time left out"),
        (
            whole.replace(time, "<Time>noon</Time>"),
            "points left out, since their time cannot be read",
        ),
        (whole.replace("8.25", ""), "points left out, since their position cannot be read"),
        (whole.replace("8.25", "east"), "points left out, since their position cannot be read"),
        (whole.replace("8.25", "188.25"), "points left out, since their position cannot be read"),
        (whole.replace(PLACE, ""), NO_PLACE),
        (whole.replace("250Z", "250"), "times without a zone taken as UTC"),
    ] {
        let recording = read_text(&database(&text));
        assert_eq!(said(&recording), [format!("{expected} in line 1")], "{text}");
        assert_eq!(recording.fixes(), usize::from(expected.contains("zone")), "{text}");
    }
}

#[test]
fn a_point_that_is_cut_off_counts_if_its_time_and_its_place_are_complete() {
    let [a, b] = [1, 2].map(|second| point(second, PLACE));
    let begin = format!("<TrainingCenterDatabase>\n<Activity>{a}");
    let time = "<Time>2024-05-01T12:00:02.250Z</Time>";
    let place = "<Position><LatitudeDegrees>47.5</LatitudeDegrees>";
    for (cut, fixes) in [
        (b.replace("</Trackpoint>", ""), 2),
        (format!("<Trackpoint>{time}{PLACE}"), 2),
        (format!("<Trackpoint>{PLACE}"), 1),
        (format!("<Trackpoint>{time}{place}"), 1),
        (format!("<Trackpoint>{time}"), 1),
    ] {
        let recording = read_text(&(begin.clone() + &cut));
        assert_eq!(recording.fixes(), fixes, "{cut}");
        let line = 3 + cut.matches('\n').count();
        let expected = format!("the file is cut off; what is there was used in line {line}");
        assert_eq!(said(&recording), [expected], "{cut}");
    }
}

#[test]
fn a_damaged_place_costs_its_point_and_is_said() {
    let [a, b, c] = [1, 2, 3].map(|second| point(second, PLACE));
    let recording = read_text(&database(&(a + &b.replace("<Position>", "<![x") + &c)));
    let times: Vec<i64> = recording.segments.concat().iter().map(|fix| fix.time_ms).collect();
    assert_eq!(times, [1_714_564_801_250, 1_714_564_803_250]);
    assert_eq!(said(&recording), ["damaged places in line 2"]);
}

#[test]
fn what_is_no_tcx_is_refused_and_an_empty_one_is_not() {
    assert_eq!(read_text("<TrainingCenterDatabase/>"), Recording::default());
    for text in ["", "<gpx/>", "<Trackpoint/>"] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("not TCX"), "{error}");
    }
    // What a pipe lost of the beginning is not needed.
    assert_eq!(read_text(&point(1, PLACE)).fixes(), 1);
}

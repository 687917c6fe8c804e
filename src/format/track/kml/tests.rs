use super::*;
use crate::value::instant::format_instant;

fn file(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<kml xmlns:gx=\"http://www.google.com/kml/ext/2.2\"><Document>\n{inner}</Document></kml>\n"
    )
}

fn track(prefix: &str, seconds: std::ops::Range<u32>) -> String {
    let whens = seconds.clone().map(|s| format!("<when>2024-05-01T12:00:{s:02}Z</when>\n"));
    let coords = seconds.map(|s| format!("<{prefix}coord>8.25 47.{s:02} 431.5</{prefix}coord>\n"));
    let parts: String = whens.chain(coords).collect();
    format!("<{prefix}Track>{parts}</{prefix}Track>")
}

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn tracks_pair_times_and_places_in_their_order() {
    for prefix in ["gx:", ""] {
        let parts = track(prefix, 0..3) + &track(prefix, 5..6);
        let multi = format!("<Placemark><gx:MultiTrack>{parts}</gx:MultiTrack></Placemark>");
        let recording = read_text(&file(&multi));
        let fix = recording.segments[0][2];
        assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(format_instant(fix.time_ms).unwrap(), "2024-05-01T12:00:02Z");
        assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.02));
        assert_eq!(fix.ele_m.get(), Some(431.5));
        assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    }
}

#[test]
fn blanks_and_what_has_no_partner_are_counted() {
    let inner = "<gx:Track><when>2024-05-01T12:00:00Z</when><when/>\n\
        <when>2024-05-01T12:00:02Z</when><when>2024-05-01T12:00:03Z</when>\
        <gx:coord>8 47</gx:coord><gx:coord>8 47</gx:coord><gx:coord/></gx:Track>";
    let recording = read_text(&file(inner));
    assert_eq!(recording.fixes(), 1);
    assert_eq!(
        remarks(&recording),
        [
            "points without a time left out in line 3",
            "points left out, since their position cannot be read in line 4",
            "times of a track without a place left out in line 4",
        ]
    );
}

#[test]
fn placemarks_with_an_instant_are_segments_of_their_folders_and_beside_a_track_waypoints() {
    let mark = |s: u32| {
        format!(
            "<Placemark><TimeStamp><when>2024-05-01T12:00:{s:02}Z</when></TimeStamp><LookAt>\
             <longitude>0</longitude></LookAt><Point><coordinates> 8.25,47.{s:02},400 \
             </coordinates></Point></Placemark>"
        )
    };
    let [a, b] = [mark(1) + &mark(2), mark(3)];
    let rest = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>\
        <Placemark><LineString><coordinates>1,2 3,4\n5,6</coordinates></LineString></Placemark>\
        <Placemark><TimeSpan><begin>2024</begin></TimeSpan><Point><coordinates>1,2</coordinates>\
        </Point></Placemark>";
    let folders = format!("<Folder>{a}</Folder><Folder>{b}{rest}</Folder>");
    let recording = read_text(&file(&folders));
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(recording.segments[1][0].position.lat_deg(), 47.03);
    assert_eq!(
        remarks(&recording),
        [
            "points of lines, which have no times, left out: 3, first in line 3",
            "placemarks with a time span instead of an instant left out in line 4",
        ]
    );
    let both = read_text(&file(&(folders + &track("gx:", 0..2))));
    assert_eq!((both.segments.len(), both.waypoints.len()), (1, 3));
}

#[test]
fn heights_above_ground_are_none_of_the_sea_level() {
    let inner = track("gx:", 0..1)
        .replace("<gx:Track>", "<gx:Track><altitudeMode>relativeToGround</altitudeMode>");
    let recording = read_text(&file(&inner));
    assert_eq!(recording.segments[0][0].ele_m.get(), None);
    assert_eq!(remarks(&recording), ["heights above ground left out in line 3"]);
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let whole = file(&track("gx:", 0..5));
    let all = read_text(&whole).segments.concat();
    for end in 0..whole.len() {
        let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
        let fixes = cut.segments.concat();
        assert_eq!(fixes, all[..fixes.len()]);
        assert!(fixes.len() >= whole[..end].matches("</gx:coord>").count());
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

#[test]
fn the_time_of_a_view_is_not_the_time_of_its_placemark() {
    let view = |name: &str| {
        format!(
            "<{name}><gx:TimeStamp><when>2001-01-01T00:00:00Z</when></gx:TimeStamp>\
             <altitudeMode>relativeToGround</altitudeMode></{name}>"
        )
    };
    let own = "<TimeStamp><when>2024-05-01T12:00:00Z</when></TimeStamp>";
    let place = "<Point><coordinates>8.25,47.5,400</coordinates></Point>";
    for name in ["LookAt", "Camera"] {
        let marks = [
            format!("<Placemark>{}{place}</Placemark>", view(name)),
            format!("<Placemark>{}{own}{place}</Placemark>", view(name)),
            format!("<Placemark>{own}{place}{}</Placemark>", view(name)),
        ];
        let recording = read_text(&file(&marks.concat()));
        let times: Vec<i64> = recording.segments.concat().iter().map(|fix| fix.time_ms).collect();
        assert_eq!(times, [1_714_564_800_000; 2], "{name}");
        assert_eq!(recording.segments[0][1].ele_m.get(), Some(400.0), "{name}");
    }
}

#[test]
fn a_place_of_a_track_may_have_decimal_commas_or_be_written_like_coordinates() {
    for (text, lon_deg, lat_deg, ele_m) in [
        ("8.25 47.5 431.5", 8.25, 47.5, Some(431.5)),
        (" 8.25\t47.5 ", 8.25, 47.5, None),
        ("8,25 47,5 431,5", 8.25, 47.5, Some(431.5)),
        ("-8,25 47", -8.25, 47.0, None),
        ("8.25,47.5,431.5", 8.25, 47.5, Some(431.5)),
        ("8.25, 47.5, 431.5", 8.25, 47.5, Some(431.5)),
        ("8,47", 8.0, 47.0, None),
    ] {
        let (position, height) = coordinates::parse(text).unwrap();
        assert_eq!((position.lon_deg(), position.lat_deg()), (lon_deg, lat_deg), "{text}");
        assert_eq!(height, ele_m, "{text}");
    }
    for text in ["", "8.25", "181 47", "8 91", "x 47", "8.25 y"] {
        assert_eq!(coordinates::parse(text), None, "{text}");
    }
}

#[test]
fn heights_above_ground_or_sea_floor_are_none_of_the_sea_level_and_others_are() {
    for (mode, ele_m) in [
        ("absolute", Some(431.5)),
        ("clampToGround", Some(431.5)),
        ("relativeToGround", None),
        ("relativeToSeaFloor", None),
    ] {
        let mode = format!("<gx:Track><gx:altitudeMode>{mode}</gx:altitudeMode>");
        let recording = read_text(&file(&track("gx:", 0..1).replace("<gx:Track>", &mode)));
        assert_eq!(recording.segments[0][0].ele_m.get(), ele_m, "{mode}");
    }
}

#[test]
fn indented_text_counts_without_its_indents() {
    let indent = "\n".to_string() + &" ".repeat(90);
    let inner = track("gx:", 0..1)
        .replace("coord>8", &format!("coord>{indent}8"))
        .replace("Z</when>", &format!("Z{indent}</when>"));
    let recording = read_text(&file(&inner));
    assert_eq!((recording.fixes(), recording.remarks.len()), (1, 0), "{:?}", recording.remarks);
}

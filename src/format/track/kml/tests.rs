mod pairs;

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
fn blanks_are_counted() {
    let inner = "<gx:Track><when>2024-05-01T12:00:00Z</when><when/>\n\
        <when>2024-05-01T12:00:02Z</when>\
        <gx:coord>8 47</gx:coord><gx:coord>8 47</gx:coord><gx:coord/></gx:Track>";
    let recording = read_text(&file(inner));
    assert_eq!(recording.fixes(), 1);
    assert_eq!(
        remarks(&recording),
        [
            "points without a time left out in line 3",
            "points left out, since their position cannot be read in line 4",
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

#[test]
fn the_height_of_a_place_is_told_by_its_own_mode_or_by_that_of_its_multi_track() {
    let mode = |name: &str| format!("<altitudeMode>{name}</altitudeMode>");
    let above = mode("relativeToGround");
    let track =
        |mode: &str| track("gx:", 0..1).replace("<gx:Track>", &("<gx:Track>".to_string() + mode));
    let multi = |mode: &str, tracks: &str| {
        format!("<Placemark><gx:MultiTrack>{mode}{tracks}</gx:MultiTrack></Placemark>")
    };
    let heights = |text: &str| -> Vec<_> {
        read_text(&file(text)).segments.concat().iter().map(|fix| fix.ele_m.get()).collect()
    };
    let both = track("") + &track(&mode("absolute"));
    assert_eq!(heights(&multi(&above, &both)), [None, Some(431.5)]);
    assert_eq!(heights(&multi("", &(track(&above) + &track("")))), [None, Some(431.5)]);
    assert_eq!(heights(&(multi(&above, &track("")) + &track(""))), [None, Some(431.5)]);
    let mark = |own: &str, rest: &str| {
        format!(
            "<Placemark><TimeStamp><when>2024-05-01T12:00:00Z</when></TimeStamp><MultiGeometry>\
             <Point>{own}<coordinates>8,47,400</coordinates></Point>{rest}</MultiGeometry></Placemark>"
        )
    };
    let line = format!("<LineString>{above}</LineString>");
    assert_eq!(heights(&mark("", &line)), [Some(400.0)]);
    assert_eq!(heights(&mark(&above, &line.replace("relativeToGround", "absolute"))), [None]);
}

#[test]
fn a_damaged_place_is_said_and_what_is_around_it_is_read() {
    let mark = |s: u32| {
        format!(
            "<Placemark><TimeStamp><when>2024-05-01T12:00:{s:02}Z</when></TimeStamp>\
             <Point><coordinates>8.25,47.{s:02}</coordinates></Point></Placemark>\n"
        )
    };
    let marks = mark(1) + &mark(2).replace("<Point>", "<![x <Point>") + &mark(3);
    let recording = read_text(&file(&marks));
    let times: Vec<i64> = recording.segments.concat().iter().map(|fix| fix.time_ms).collect();
    assert_eq!(times, [1_714_564_801_000, 1_714_564_803_000]);
    assert_eq!(remarks(&recording), ["damaged places in line 4"]);
}

#[test]
fn placemarks_are_segments_of_the_innermost_folder_or_document() {
    let mark = |s: u32| {
        format!(
            "<Placemark><TimeStamp><when>2024-05-01T12:00:{s:02}Z</when></TimeStamp>\
             <Point><coordinates>8.25,47.{s:02}</coordinates></Point></Placemark>"
        )
    };
    let inner = format!(
        "{}<Folder>{}</Folder>{}<Document>{}</Document>",
        mark(1) + &mark(2),
        mark(3),
        mark(4),
        mark(5)
    );
    let recording = read_text(&file(&inner));
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1, 1]);
    // The times of a track end with it.
    let both = read_text(&file(&(track("gx:", 0..2) + &mark(9))));
    assert_eq!((both.fixes(), both.waypoints.len(), both.remarks.len()), (2, 1, 0));
}

#[test]
fn an_empty_kml_has_no_fixes_and_other_xml_is_refused() {
    for text in ["<kml/>", "<kml></kml>", "<k:kml><Document/></k:kml>"] {
        assert_eq!(read_text(text), Recording::default(), "{text}");
    }
    for text in ["", "<gpx/>", "<html><body/></html>", "<gx:Track/>"] {
        let said = read(text.as_bytes()).unwrap_err().to_string();
        assert!(said.starts_with("not KML: there is no element 'kml'"), "{said}");
    }
    // What a pipe lost of the beginning is not needed.
    let track = read_text(&track("gx:", 0..2));
    assert_eq!(track.fixes(), 2);
}

#[test]
fn coordinates_and_times_may_have_character_references_and_no_zone() {
    let inner = track("gx:", 0..1)
        .replace("8.25 47", "8&#46;25&#x20;47")
        .replace("00Z</when>", "00.5</when>");
    let recording = read_text(&file(&inner));
    let fix = recording.segments[0][0];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.0));
    assert_eq!(fix.time_ms, 1_714_564_800_500);
    assert_eq!(remarks(&recording), ["times without a zone taken as UTC in line 3"]);
}

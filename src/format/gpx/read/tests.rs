use super::*;

/// A file with these points in one segment.
fn file(points: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\"><trk><trkseg>\n{points}</trkseg></trk></gpx>\n"
    )
}

fn point(second: u32, inner: &str) -> String {
    format!(
        "<trkpt lat=\"47.5\" lon=\"8.25\"><time>2024-05-01T12:00:{second:02}Z</time>{inner}</trkpt>\n"
    )
}

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn times_of_extensions_are_not_those_of_the_point() {
    let own = "<time>2024-05-01T10:00:00Z</time>";
    let extension =
        "<extensions><x:time>12.5</x:time><time>2001-01-01T00:00:00Z</time></extensions>";
    for inside in [format!("{own}{extension}"), format!("{extension}{own}")] {
        let text = format!(
            "<gpx><trk><trkseg><trkpt lat=\"1\" lon=\"2\">{inside}</trkpt></trkseg></trk></gpx>"
        );
        let recording = read_text(&text);
        assert_eq!(recording.segments[0][0].time_ms, 1_714_557_600_000, "{inside}");
    }
}

#[test]
fn a_point_has_what_its_elements_say() {
    let inner = "<ele>431.5</ele><hdop>0.9</hdop><extensions><gpxtpx:TrackPointExtension>\
                 <gpxtpx:speed>10</gpxtpx:speed><gpxtpx:course>359.5</gpxtpx:course>\
                 </gpxtpx:TrackPointExtension></extensions>";
    let recording = read_text(&file(&point(0, inner)));
    let fix = recording.segments[0][0];
    assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.5));
    assert_eq!(fix.time_ms, 1_714_564_800_000);
    assert_eq!((fix.ele_m.get(), fix.hdop.get()), (Some(431.5), Some(0.9)));
    assert_eq!((fix.speed_kmh.get(), fix.course_deg.get()), (Some(36.0), Some(359.5)));
    assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
}

#[test]
fn gpx_1_0_and_odd_namespaces_are_read_alike() {
    let inner = "<speed>5</speed><course>90</course><ele>1</ele>";
    let plain = read_text(&file(&point(0, inner)));
    let odd = file(&point(0, inner))
        .replace("version=\"1.1\"", "xmlns:g=\"http://nowhere/\" version=\"9\"")
        .replace("<gpx", "<g:gpx")
        .replace("</gpx", "</g:gpx")
        .replace("<trk", "<g:trk")
        .replace("</trk", "</g:trk")
        .replace("<time>", "<g:time>")
        .replace("</time>", "</g:time>");
    assert_eq!(read_text(&odd), plain);
    assert_eq!(plain.segments[0][0].speed_kmh.get(), Some(18.0));
}

#[test]
fn what_cannot_be_used_is_said_with_its_line() {
    let points = [
        point(1, "<ele>1</ele>"),
        "<trkpt lat=\"47\" lon=\"8\"><ele>1</ele></trkpt>\n".into(),
        "<trkpt lat=\"47\" lon=\"8\"><ele>1</ele><time>noon</time></trkpt>\n".into(),
        "<trkpt lat=\"95\" lon=\"8\"><ele>1</ele></trkpt>\n".into(),
        "<trkpt lat=\"47,5\" lon=\"8,25\"><time>2024-05-01T12:00:00</time></trkpt>\n".into(),
        "<trkpt lat=\"47\" lon=\"8\"/>\n".into(),
    ];
    let recording = read_text(&file(&points.concat()));
    assert_eq!(recording.fixes(), 2);
    assert_eq!(
        remarks(&recording),
        [
            "points without a time left out: 2, first in line 4",
            "points left out, since their time cannot be read in line 5",
            "points left out, since their position cannot be read in line 6",
            "times without a zone taken as UTC in line 7",
            "points without a height in line 7",
        ]
    );
}

#[test]
fn segments_and_tracks_are_kept_apart() {
    let parts = file(&(point(1, "") + "</trkseg><trkseg>" + &point(2, "")))
        .replace("</gpx>", &format!("<trk><trkseg/>{}</trk></gpx>", point(3, "")));
    let recording = read_text(&parts);
    assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn waypoints_with_times_are_a_track_of_last_resort() {
    let single = point(1, "").replace("trkpt", "wpt") + "<wpt lat=\"1\" lon=\"1\"/>";
    let alone = read_text(&format!("<gpx>{single}</gpx>"));
    assert!(alone.remarks.is_empty(), "{:?}", alone.remarks);
    assert_eq!(alone.into_segments()[0].len(), 1);
    let both = read_text(&file(&point(2, "")).replace("<trk>", &format!("{single}<trk>")));
    let said =
        "waypoints and points of routes without a time beside the track are not used in line";
    assert!(remarks(&both).iter().any(|remark| remark.starts_with(said)), "{:?}", both.remarks);
    assert_eq!(both.waypoints.len(), 1);
    assert_eq!(both.into_segments().concat()[0].time_ms % 60_000, 2_000);
}

#[test]
fn a_file_cut_anywhere_gives_the_points_before_the_cut() {
    let points: String = (0..5).map(|s| point(s, "<ele>1</ele>")).collect();
    let whole = file(&points);
    let all = read_text(&whole).segments.concat();
    for end in 0..whole.len() {
        let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
        let fixes = cut.segments.concat();
        assert!(fixes.len() <= all.len());
        for (ours, theirs) in fixes.iter().zip(&all) {
            assert_eq!((ours.time_ms, ours.position), (theirs.time_ms, theirs.position));
        }
        let complete = whole[..end].matches("</trkpt>").count();
        assert!(fixes.len() >= complete, "{end}");
        if end < whole.trim_end().len() {
            assert!(
                remarks(&cut).iter().any(|remark| remark.starts_with("the file is cut off")),
                "{end}"
            );
        }
    }
}

#[test]
fn a_damaged_place_costs_no_more_than_its_points() {
    let points = [point(1, ""), "<trkpt lat=\"4 <<< &&& <!-- \n -- > ]]> ".into(), point(2, "")];
    let damaged = file(&(points.concat() + "<!-- a --> " + &point(3, "") + &point(4, "")));
    let recording = read_text(&damaged);
    assert!(recording.fixes() >= 3, "{recording:?}");
}

#[test]
fn mutated_files_do_no_harm() {
    let points: String = (0..20).map(|s| point(s, "<ele>1</ele><hdop>1</hdop>")).collect();
    let whole = file(&points).into_bytes();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3_000 {
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = if random.bool() {
                random.u8(..)
            } else {
                random.choice(*b"<>&\"'/!-[]?").unwrap_or(b'<')
            };
        }
        if let Ok(recording) = read(&bytes) {
            assert!(recording.fixes() + recording.waypoints.len() <= 40);
        }
    }
}

#[test]
fn what_is_no_gpx_is_refused() {
    for bytes in [&b""[..], b"{}", b"\xff\xd8\xff", b"<html><body/></html>"] {
        assert!(read(bytes).is_err());
    }
}

#[test]
fn a_well_formed_file_reads_as_by_another_reader() {
    let points: String = (0..9).map(|s| point(s, "<ele>1.5</ele>")).collect();
    let text = file(&points).replace("version=\"1.1\"", "version=\"1.1\" creator=\"t\"");
    let theirs = ::gpx::read(text.as_bytes()).unwrap();
    let ours = read_text(&text).segments;
    let theirs = &theirs.tracks[0].segments[0].points;
    assert_eq!(ours[0].len(), theirs.len());
    for (ours, theirs) in ours[0].iter().zip(theirs) {
        assert_eq!(ours.position.lon_deg(), theirs.point().x());
        assert_eq!(ours.ele_m.get(), theirs.elevation);
    }
}

#[test]
fn characters_written_as_numbers_count_and_other_entities_make_a_value_unreadable() {
    let point = |lat: &str, ele: &str| {
        format!(
            "<trkpt lat=\"{lat}\" lon=\"8.25\"><time>2024-05-01T12&#58;00:00&#x5A;</time>\
             <ele>{ele}</ele></trkpt>\n"
        )
    };
    for (lat, ele, ele_m) in [
        ("4&#55;.5", "4&#51;1", Some(431.0)),
        ("&#x34;7.5", "<![CDATA[43]]>1", Some(431.0)),
        ("47.5", "43<!-- m -->1", Some(431.0)),
        ("47.5", "4&three;1", None),
        ("47.5", "4&amp;1", None),
        ("47.5", "4&#xD800;1", None),
    ] {
        let recording = read_text(&file(&point(lat, ele)));
        let fix = recording.segments[0][0];
        assert_eq!(fix.time_ms, 1_714_564_800_000);
        assert_eq!((fix.position.lat_deg(), fix.ele_m.get()), (47.5, ele_m), "{lat} {ele}");
    }
    let unknown = read_text(&file(&point("4&seven;.5", "1")));
    let said = "points left out, since their position cannot be read in line 3";
    assert_eq!((unknown.fixes(), remarks(&unknown)), (0, vec![said.to_string()]));
}

#[test]
fn a_place_is_told_by_attributes_without_a_prefix() {
    for tag in [
        "x:lat=\"1\" lat=\"47.5\" lon=\"8.25\" x:lon=\"2\"",
        "lat='47.5' x:lat='1' lon = '8.25'",
        "g:lat=\"47.5\" g:lon=\"8.25\"",
    ] {
        let text = file(&point(0, "")).replace("lat=\"47.5\" lon=\"8.25\"", tag);
        let position = read_text(&text).segments[0][0].position;
        assert_eq!((position.lon_deg(), position.lat_deg()), (8.25, 47.5), "{tag}");
    }
}

#[test]
fn an_empty_time_is_no_time_and_none_of_extensions_in_extensions_is_one() {
    for time in ["<time/>", "<time></time>", "<time> \n </time>"] {
        let text = format!("<trkpt lat=\"1\" lon=\"2\"><ele>1</ele>{time}</trkpt>\n");
        let recording = read_text(&file(&text));
        assert_eq!(remarks(&recording), ["points without a time left out in line 3"], "{time}");
        let wpt = read_text(&format!("<gpx><wpt lat=\"1\" lon=\"2\">{time}</wpt></gpx>"));
        assert_eq!((wpt.waypoints.len(), remarks(&wpt)), (0, vec![]), "{time}");
    }
    let inner = "<extensions><extensions/><x:time>2001-01-01T00:00:00Z</x:time></extensions>";
    let text = format!("<trkpt lat=\"1\" lon=\"2\"><ele>1</ele>{inner}</trkpt>\n");
    assert_eq!(read_text(&file(&text)).fixes(), 0);
}

#[test]
fn a_route_with_times_is_a_segment_where_there_is_no_track() {
    let route = |seconds: std::ops::Range<u32>| {
        let points: String = seconds.map(|s| point(s, "").replace("trkpt", "rtept")).collect();
        format!("<rte><name>r</name>{points}</rte>")
    };
    let routes = route(1..3) + "<rte><rtept lat=\"1\" lon=\"2\"/></rte>" + &route(5..6);
    let mark = point(9, "").replace("trkpt", "wpt");
    let alone = read_text(&format!("<gpx>{mark}{routes}</gpx>"));
    assert_eq!(alone.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(alone.waypoints.len(), 1);
    let both = read_text(&file(&point(7, "")).replace("</trk>", &("</trk>".to_string() + &routes)));
    assert_eq!((both.segments.len(), both.fixes(), both.waypoints.len()), (1, 1, 3));
}

#[test]
fn documents_behind_each_other_and_other_encodings_are_read() {
    let text = file(&point(1, "<name>Z\u{fc}rich</name>"));
    assert_eq!(read_text(&(text.clone() + &text.replace("00:01Z", "00:02Z"))).segments.len(), 2);
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wide = |mark: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        (mark.to_string() + &text).encode_utf16().flat_map(order).collect()
    };
    for bytes in [
        latin,
        ("\u{feff}".to_string() + &text).into_bytes(),
        wide("\u{feff}", u16::to_le_bytes),
        wide("\u{feff}", u16::to_be_bytes),
        wide("", u16::to_le_bytes),
        wide("", u16::to_be_bytes),
    ] {
        let recording = read(&bytes).unwrap();
        assert_eq!((recording.fixes(), recording.remarks.len()), (1, 1), "{:?}", &bytes[..4]);
    }
}

#[test]
fn segments_end_where_others_begin_also_without_their_end_tags() {
    let [a, b, c] = [1, 2, 3].map(|second| point(second, "<ele>1</ele>"));
    for text in [
        format!("<gpx><trk><trkseg>{a}<trkseg>{b}<trk>{c}</gpx>"),
        format!("<gpx><trk>{a}<trkseg>{b}</trkseg>{c}</trk></gpx>"),
        format!("<gpx>{a}</trk>{b}</trkseg>{c}</gpx>"),
    ] {
        let recording = read_text(&text);
        assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(recording.remarks.is_empty(), "{text}");
    }
    let open = a.replace("</trkpt>", "") + &b;
    assert_eq!(read_text(&file(&open)).segments[0].len(), 2);
}

#[test]
fn a_stray_end_tag_ends_no_value_and_what_is_behind_a_point_is_none_of_it() {
    let stray = read_text(&file(&point(1, "<ele>43</x>1</ele>")));
    assert_eq!(stray.segments[0][0].ele_m.get(), Some(431.0));
    let behind = point(1, "") + "<ele>9</ele><time>2001-01-01T00:00:00Z</time>" + &point(2, "");
    let fixes = read_text(&file(&behind)).segments.concat();
    assert_eq!(fixes.iter().map(|fix| fix.ele_m.get()).collect::<Vec<_>>(), [None, None]);
    assert_eq!(fixes[1].time_ms, 1_714_564_802_000);
}

#[test]
fn a_damaged_place_is_said_with_its_line_and_its_point_is_left_out() {
    let damaged = point(2, "<ele>1</ele>").replace("<time>", "<![x");
    let text = file(&(point(1, "<ele>1</ele>") + &damaged + &point(3, "<ele>1</ele>")));
    let recording = read_text(&text);
    let times: Vec<i64> = recording.segments.concat().iter().map(|fix| fix.time_ms).collect();
    assert_eq!(times, [1_714_564_801_000, 1_714_564_803_000]);
    assert_eq!(remarks(&recording), ["damaged places in line 4"]);
}

#[test]
fn a_file_that_lost_its_beginning_is_read_and_an_empty_one_has_nothing() {
    assert_eq!(read_text("<gpx/>"), Recording::default());
    assert_eq!(read_text(&point(1, "")).fixes(), 1);
    assert_eq!(read_text(&point(1, "").replace("trkpt", "wpt")).waypoints.len(), 1);
    assert_eq!(read_text(&point(1, "").replace("trkpt", "rtept")).fixes(), 1);
}

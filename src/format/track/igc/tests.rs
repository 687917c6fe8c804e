use super::*;
use crate::value::instant::format_instant;

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn times(recording: &Recording) -> Vec<String> {
    let fixes = recording.segments.iter().flatten();
    fixes.map(|fix| format_instant(fix.time_ms).unwrap()).collect()
}

fn remarks(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

const LOG: &str = "AXYZ123 recorder\r\nHFDTE010524\r\n\
    B2359584730000N00815000EA0040000431\r\nB0000013345678S12227684WA-0012-0012\r\n";

#[test]
fn places_have_signs_and_the_date_goes_on_at_midnight() {
    for date in ["HFDTE010524", "HFDTEDATE:010524,01", "HFDTEDATE:010524", "HFDTE: 010524"] {
        let recording = read_text(&LOG.replace("HFDTE010524", date));
        assert_eq!(times(&recording), ["2024-05-01T23:59:58Z", "2024-05-02T00:00:01Z"], "{date}");
        let [a, b] = [0, 1].map(|at| recording.segments[0][at]);
        assert_eq!((a.position.lon_deg(), a.position.lat_deg()), (8.25, 47.5));
        assert_eq!((a.ele_m.get(), b.ele_m.get()), (Some(431.0), Some(-12.0)));
        assert!((b.position.lat_deg() + 33.0 + 45.678 / 60.0).abs() < 1e-9);
        assert!((b.position.lon_deg() + 122.0 + 27.684 / 60.0).abs() < 1e-9);
        assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    }
}

#[test]
fn what_is_not_valid_or_cannot_be_read_is_counted() {
    let more = "B1000004730000N00815000EV0040000431\r\nB1000014760000N00815000EA0040000431\r\n\
        B1000024730000N00815000EA0040000000\r\nB25\r\n";
    let recording = read_text(&(LOG.to_string() + more));
    assert_eq!(recording.fixes(), 3);
    assert_eq!(
        remarks(&recording),
        [
            "fixes left out that the recorder marks as not valid (V) in line 5",
            "B records left out that cannot be read: 2, first in line 6",
            "points without a height by satellites in line 7",
        ]
    );
    let undated = read_text(&LOG.replace("HFDTE010524", "HFPLT"));
    assert_eq!(undated.fixes(), 0);
    assert!(remarks(&undated)[0].starts_with(NO_DATE));
}

#[test]
fn extensions_refine_time_and_place() {
    let log = "AXYZ\nHFDTE010524\nI043637TDS3839LAD4041LOD4244GSP\n\
        B1000004730000N00815000WA0040000431250500 36\n";
    let recording = read_text(log);
    let fix = recording.segments[0][0];
    assert_eq!(fix.time_ms % 1000, 250);
    assert!((fix.position.lat_deg() - 47.5 - 0.00005 / 60.0).abs() < 1e-12);
    assert_eq!(fix.speed_kmh.get(), Some(36.0));
    assert!((fix.position.lon_deg() + 8.25).abs() < 1e-9, "{}", fix.position.lon_deg());
}

#[test]
fn a_log_is_known_by_its_first_lines() {
    assert!(is_igc(LOG) && is_igc("HFDTE010524\n"));
    for text in ["", "A\n", "a,b\n1,2\n", "AXYZ\nlon,lat\n", "$GPRMC,1\n", "AÄ\nB"] {
        assert!(!is_igc(text), "{text}");
        assert!(read(text.as_bytes()).is_err());
    }
}

#[test]
fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
    let log = LOG.replace("HFDTE", "I033637TDS3839LAD4041LOD\r\nHFDTE");
    for end in 0..log.len() {
        let _ = read(&log.as_bytes()[..end]);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = log.clone().into_bytes();
        for _ in 0..random.usize(1..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        let _ = read(&bytes);
    }
}

#[test]
fn a_log_is_known_by_the_name_of_its_recorder_and_a_fix_or_by_its_date() {
    let b = "B1000004730000N00815000EA0040000431";
    for (head, expected) in [
        (format!("AXYZ\n{b}\n"), true),
        (format!("AXYZ 123-x\r\nHOPLT: Ada\r\n{b}\r\n"), true),
        ("HFDTE010524".to_string(), true),
        ("x\nHODTE010524\n".to_string(), true),
        (format!("AXY\n{b}\n"), false),
        (format!("BXYZ\n{b}\n"), false),
        (format!("AXY\tZ\n{b}\n"), false),
        (format!("AXYZ\nHOPLT: Zoë\n{b}\n"), false),
        (format!("x\nAXYZ\n{b}\n"), false),
        (format!("{b}\n"), false),
        ("AXYZ\nB10000\n".to_string(), false),
        ("AXYZ\nXFDTE010524\n".to_string(), false),
        ("AXYZ\nHFDTX010524\n".to_string(), false),
    ] {
        assert_eq!(is_igc(&head), expected, "{head}");
    }
    // Without a date nothing can be used, but the file is what it is.
    assert_eq!(read_text(&format!("AXYZ\n{b}\n")).fixes(), 0);
    for text in [format!("x\nAXYZ\n{b}\n"), "AXYZ\nHFDTE010524\n".to_string()] {
        assert!(read(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_date_is_of_the_years_1980_to_2079_and_a_new_one_begins_anew() {
    for (date, expected) in [
        ("311299", Some("1999-12-31")),
        ("010190", Some("1990-01-01")),
        ("311279", Some("2079-12-31")),
        ("290224", Some("2024-02-29")),
        ("290223", None),
        ("0105", None),
    ] {
        let text = LOG.replace("010524", date);
        let first = times(&read_text(&text)).first().map(|time| time[..10].to_string());
        assert_eq!(first.as_deref(), expected, "{date}");
    }
    let again = LOG.replace("B000001", "HFDTE030524\r\nB000001");
    assert_eq!(times(&read_text(&again)), ["2024-05-01T23:59:58Z", "2024-05-03T00:00:01Z"]);
    // Less than twelve hours back is no midnight.
    let back = LOG.replace("B235958", "B120001");
    assert_eq!(times(&read_text(&back))[1], "2024-05-02T00:00:01Z");
    let back = LOG.replace("B235958", "B120000");
    assert_eq!(times(&read_text(&back))[1], "2024-05-01T00:00:01Z");
}

#[test]
fn further_digits_of_minutes_go_away_from_the_equator_and_from_greenwich() {
    let at = |sides: [char; 2], digits: &str| {
        let text = format!(
            "AXYZ\nHFDTE010524\nI023637LAD3839LOD\n\
             B1000004730123{}00815456{}A0040000431{digits}\n",
            sides[0], sides[1]
        );
        let position = read_text(&text).segments[0][0].position;
        (position.lat_deg(), position.lon_deg())
    };
    let (lat, lon) = (47.0 + 30.12345 / 60.0, 8.0 + 15.45678 / 60.0);
    for (sides, lat_sign, lon_sign) in
        [(['N', 'E'], 1.0, 1.0), (['S', 'E'], -1.0, 1.0), (['N', 'W'], 1.0, -1.0)]
    {
        let found = at(sides, "4578");
        assert!((found.0 - lat * lat_sign).abs() < 1e-10, "{found:?}");
        assert!((found.1 - lon * lon_sign).abs() < 1e-10, "{found:?}");
    }
    // What is no number is not there.
    let found = at(['N', 'E'], "4 +8");
    assert!((found.0 - (47.0 + 30.123 / 60.0)).abs() < 1e-10, "{found:?}");
    assert!((found.1 - (8.0 + 15.456 / 60.0)).abs() < 1e-10, "{found:?}");
}

#[test]
fn a_record_has_a_time_a_place_with_its_sides_and_a_status() {
    let whole = "B1000004730000N00815000EA0040000431";
    let read = |record: &str| fields(record).map(|(_, position, is_valid)| (position, is_valid));
    let place = |lon, lat| Position::new(lon, lat).unwrap();
    assert_eq!(read(whole), Some((place(8.25, 47.5), true)));
    assert_eq!(read(&whole.replace("EA", "EV")), Some((place(8.25, 47.5), false)));
    assert_eq!(read(&whole.replace('N', "S").replace('E', "W")), Some((place(-8.25, -47.5), true)));
    assert_eq!(read(&whole[..25]), Some((place(8.25, 47.5), true)));
    for wrong in [
        whole.replace('N', "E"),
        whole.replace('N', "n"),
        whole.replace('E', "N"),
        whole.replace("EA", "EX"),
        whole.replace("30000N", "60000N"),
        whole.replace("15000E", "60000E"),
        whole.replace("B10", "B24"),
        whole.replace("B10", "B+1"),
        whole.replace("00815", "18015"),
        whole.replace('B', "C"),
        whole[..24].to_string(),
    ] {
        assert_eq!(read(&wrong), None, "{wrong}");
    }
}

#[test]
fn a_course_and_decimals_of_a_second_are_extensions() {
    let of = |extensions: &str, digits: &str| {
        let text = format!(
            "AXYZ\nHFDTE010524\n{extensions}\nB1000004730000N00815000EA0040000431{digits}\n"
        );
        let fix = read_text(&text).segments[0][0];
        (fix.time_ms % 60_000, fix.course_deg.get())
    };
    assert_eq!(of("I023638TRT3941TDS", "359250"), (250, Some(359.0)));
    assert_eq!(of("I013636TDS", "5"), (500, None));
    assert_eq!(of("I013638TRT", "361"), (0, None));
    assert_eq!(of("I013638TRT", "35"), (0, None));
    assert_eq!(of("I020038TRT3638TRT", "359"), (0, None), "bytes are counted from 1");
    assert_eq!(of("Ixx", "359"), (0, None));
}

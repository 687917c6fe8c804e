use super::log::{DATE_OF_RIDE, NO_DATE, ROLLED};
use super::*;
use crate::value::instant::parse_instant_ms;

/// Sentences with their checksums, one per line.
fn log(sentences: &[&str]) -> String {
    let sum = |body: &str| body.bytes().fold(0, |sum, byte| sum ^ byte);
    sentences.iter().map(|body| format!("${body}*{:02X}\r\n", sum(body))).collect()
}

fn read_text(text: &str) -> Recording {
    read(text.as_bytes(), None).unwrap()
}

fn times(recording: &Recording) -> Vec<String> {
    let fixes = recording.segments.iter().flatten();
    fixes.map(|fix| crate::value::instant::format_instant(fix.time_ms).unwrap()).collect()
}

#[test]
fn a_sentence_begins_at_its_mark_whatever_ends_the_line() {
    let lines = log(&[
        "GPRMC,100000,A,5230.000,N,01324.000,E,0,0,010524,,",
        "GPRMC,100001,A,5230.000,N,01324.000,E,0,0,010524,,",
        "GPRMC,100002,A,5230.000,N,01324.000,E,0,0,010524,,",
    ]);
    let ship = "!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23";
    for (before, after) in
        [("\r\n", "\n"), ("\r\n", "\r"), ("\r\n", ""), ("\r\n", ship), ("\r\n", " ")]
    {
        let log = lines.replace(before, after);
        let recording = read(log.as_bytes(), None).unwrap();
        assert_eq!(recording.fixes(), 3, "{after:?}");
        assert_eq!(recording.remarks, [], "{after:?}");
    }
}

#[test]
fn all_sentences_with_a_place_are_read_and_what_is_skipped_is_counted() {
    let recording = read(
        log(&[
            "GPRMC,100000,A,5230.000,N,01324.000,E,0,0,010524,,",
            "GNGNS,100001,5230.000,N,01324.000,E,ANN,08,0.9,40.5,46.0,,",
            "GNGNS,100002,,,,,NNN,00,,,,,",
            "GPGLL,5230.000,N,01324.000,E,100003,A,A",
            "GPGLL,5230.000,N,01324.000,E,100004,V,N",
            "GPGLL,5230.000,N,01324.000,E,1000,A,A",
        ])
        .as_bytes(),
        None,
    )
    .unwrap();
    assert_eq!(recording.fixes(), 3);
    assert_eq!(recording.segments[0][1].ele_m.get(), Some(40.5));
    let said: Vec<String> = recording.remarks.iter().map(|remark| remark.to_string()).collect();
    assert_eq!(
        said,
        [
            "sentences left out that the receiver marks as not valid in line 5",
            "sentences left out that cannot be read in line 6"
        ]
    );
}

#[test]
fn rmc_and_gga_of_one_time_are_one_fix_of_any_talker() {
    for talker in ["GP", "GN", "GL", "GA", "BD", "GB"] {
        let lines = [
            format!("{talker}GGA,120000.250,4730.000,N,00815.000,W,1,08,0.9,431.5,M,47.0,M,,"),
            format!("{talker}RMC,120000.250,A,4730.000,N,00815.000,W,10.0,359.5,010524,,,A"),
            format!("{talker}GSV,3,1,11,,,,"),
        ];
        let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
        let fix = recording.segments[0][0];
        assert_eq!(recording.fixes(), 1);
        assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (-8.25, 47.5));
        assert_eq!(fix.time_ms, 1_714_564_800_250);
        assert_eq!((fix.ele_m.get(), fix.hdop.get()), (Some(431.5), Some(0.9)));
        assert_eq!((fix.speed_kmh.get(), fix.course_deg.get()), (Some(18.52), Some(359.5)));
        assert!(recording.remarks.is_empty());
    }
}

#[test]
fn a_log_without_dates_is_of_the_day_of_the_ride() {
    let places = |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,0.9,431.5,M,47.0,M,,");
    let lines = ["235900", "000100"].map(places);
    let text = log(&lines.each_ref().map(|line| line.as_str()));
    let near_ms = parse_instant_ms("2024-05-02T08:00:00Z").unwrap();
    let recording = read(text.as_bytes(), Some(near_ms)).unwrap();
    assert_eq!(times(&recording), ["2024-05-01T23:59:00Z", "2024-05-02T00:01:00Z"]);
    assert!(recording.remarks[0].to_string().starts_with(DATE_OF_RIDE));
    assert_eq!(read_text(&text).fixes(), 0);
}

#[test]
fn a_wrong_checksum_and_a_missing_fix_are_left_out() {
    let mut text = log(&[
        "GPRMC,120000,A,4730.0,N,00815.0,E,,,010524",
        "GPRMC,120001,V,,,,,,,010524",
        "GPGGA,120002,,,,,0,,,,M,,M,,",
        "GPRMC,120003,A,4730.0,N,00815.0,E,,,010524",
    ]);
    text += "$GPRMC,120004,A,4730.0,N,00815.0,E,,,010524*00\n";
    text += "10:00 $GPRMC,120005,A,4730.0,N,00815.0,E,,,010524\n$GPRMC,1200";
    let recording = read_text(&text);
    assert_eq!(recording.fixes(), 3);
    let remarks: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
    let wanted = [
        "sentences with a wrong checksum left out in line 5",
        "sentences without a checksum taken as they are: 2, first in line 6",
    ];
    assert_eq!(remarks, wanted);
}

#[test]
fn midnight_begins_a_new_day_even_without_a_date() {
    let gga = |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,1,1,M,,M,,");
    let lines = [
        gga("235957"),
        "GPZDA,235958,30,04,2024,00,00".into(),
        gga("235959"),
        gga("000001"),
        gga("000002"),
    ];
    let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
    assert_eq!(
        times(&recording),
        [
            "2024-04-30T23:59:57Z",
            "2024-04-30T23:59:59Z",
            "2024-05-01T00:00:01Z",
            "2024-05-01T00:00:02Z"
        ]
    );
    let lines = [gga("235959"), "GPRMC,000000,A,4730.0,N,00815.0,E,,,010524".into()];
    let recording = read_text(&log(&lines.each_ref().map(|line| line.as_str())));
    assert_eq!(times(&recording), ["2024-04-30T23:59:59Z", "2024-05-01T00:00:00Z"]);
}

#[test]
fn a_log_without_any_date_says_so() {
    let recording = read_text(&log(&["GPGGA,120000,4730.0,N,00815.0,E,1,08,1,1,M,,M,,"]));
    assert_eq!((recording.fixes(), recording.remarks[0].what.as_str()), (0, NO_DATE));
}

#[test]
fn a_week_number_that_rolled_over_is_brought_back() {
    // 1024 weeks before 2024-05-01.
    let text = log(&["GPRMC,120000,A,4730.0,N,00815.0,E,,,150904"]);
    assert_eq!(times(&read_text(&text)), ["2004-09-15T12:00:00Z"]);
    let near = read(text.as_bytes(), Some(1_714_500_000_000)).unwrap();
    assert_eq!(times(&near), ["2024-05-01T12:00:00Z"]);
    assert_eq!(near.remarks[0].what, ROLLED);
    assert_eq!(
        times(&read(text.as_bytes(), Some(1_095_200_000_000)).unwrap()),
        ["2004-09-15T12:00:00Z"]
    );
}

#[test]
fn a_log_cut_or_mutated_anywhere_does_no_harm() {
    let whole = log(&[
        "GPGGA,120000.00,4730.0,N,00815.0,E,1,08,1,1,M,,M,,",
        "GPRMC,120000.00,A,4730.0,N,00815.0,E,1,2,010524,,,A",
        "GPVTG,2,T,,M,1,N,1.852,K",
        "GPZDA,120001.00,01,05,2024,00,00",
    ])
    .into_bytes();
    for end in 0..whole.len() {
        assert!(read(&whole[..end], None).map_or(0, |recording| recording.fixes()) <= 1);
    }
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        // Without asterisks there are no checksums that protect the fields.
        bytes.iter_mut().filter(|byte| **byte == b'*').for_each(|byte| *byte = b',');
        let _ = read(&bytes, Some(random.i64(..) / 4096));
    }
}

#[test]
fn a_receiver_that_looks_for_satellites_has_nothing_that_is_left_out() {
    let mut lines = vec![
        "GNRMC,,V,,,,,,,,,,N",
        "GNVTG,,,,,,,,,N",
        "GNGGA,,,,,,0,00,99.99,,,,,,",
        "GNGLL,,,,,,V,N",
        "GNZDA,,,,,,",
    ];
    assert_eq!(read_text(&log(&lines)), Recording::default());
    lines.push("GNRMC,120000,A,4730.0,N,00815.0,E,,,010524,,,A");
    lines.push("GNVTG,2.5,T,,M,1,N,1.852,K");
    let recording = read_text(&log(&lines));
    let fix = recording.segments[0][0];
    assert_eq!((fix.course_deg.get(), fix.speed_kmh.get()), (Some(2.5), Some(1.852)));
    assert_eq!((recording.fixes(), recording.remarks), (1, vec![]));
}

#[test]
fn a_speed_or_a_course_that_cannot_be_is_absent() {
    for (speed, course, kmh, deg) in [
        ("10.0", "360.0", Some(18.52), Some(360.0)),
        ("-1", "-0.5", None, None),
        ("", "360.5", None, None),
    ] {
        let rmc = format!("GPRMC,120000,A,4730.0,N,00815.0,E,{speed},{course},010524");
        let fix = read_text(&log(&[&rmc])).segments[0][0];
        assert_eq!((fix.speed_kmh.get(), fix.course_deg.get()), (kmh, deg), "{rmc}");
    }
}

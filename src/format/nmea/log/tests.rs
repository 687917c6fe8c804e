use super::*;
use crate::format::nmea::read;
use crate::value::instant::format_instant;

const RMC: &str = "GPRMC,120000,A,4730.0,N,00815.0,E,10,90,010524,,,A";

/// Sentences with their checksums, one per line.
fn log(sentences: &[&str]) -> String {
    let sum = |body: &str| body.bytes().fold(0, |sum, byte| sum ^ byte);
    sentences.iter().map(|body| format!("${body}*{:02X}\n", sum(body))).collect()
}

fn recording(sentences: &[&str]) -> Recording {
    read(log(sentences).as_bytes(), None).unwrap()
}

fn said(recording: &Recording) -> Vec<String> {
    recording.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn a_measure_of_one_sentence_is_not_lost_to_an_empty_field_of_another() {
    let gga = "GPGGA,120000,4730.0,N,00815.0,E,1,08,,,M,,M,,";
    let gns = "GNGNS,120000,4730.0,N,00815.0,E,AA,08,0.9,431.5,47.0,,";
    let rmc = "GPRMC,120000,A,4730.0,N,00815.0,E,,,010524,,,A";
    let vtg = "GPVTG,90.5,T,,M,10.0,N,18.52,K,A";
    for sentences in [[gns, vtg, gga, rmc], [rmc, gga, gns, vtg], [gga, gns, vtg, rmc]] {
        let found = recording(&sentences);
        let fix = found.segments[0][0];
        assert_eq!((found.fixes(), said(&found)), (1, vec![]), "{sentences:?}");
        assert_eq!((fix.ele_m.get(), fix.hdop.get()), (Some(431.5), Some(0.9)), "{sentences:?}");
        let motion = (fix.speed_kmh.get(), fix.course_deg.get());
        assert_eq!(motion, (Some(18.52), Some(90.5)), "{sentences:?}");
    }
}

#[test]
fn a_speed_is_in_knots_where_there_is_none_in_kilometres_per_hour() {
    let rmc = "GPRMC,120000,A,4730.0,N,00815.0,E,,,010524,,,A";
    for (vtg, speed_kmh) in [
        ("GPVTG,,T,,M,10.0,N,20.0,K", Some(20.0)),
        ("GPVTG,,T,,M,10.0,N,,K", Some(18.52)),
        ("GPVTG,,T,,M,10.0,N", Some(18.52)),
        ("GPVTG,,T,,M,,N,,K", None),
    ] {
        assert_eq!(recording(&[rmc, vtg]).segments[0][0].speed_kmh.get(), speed_kmh, "{vtg}");
    }
    assert_eq!(recording(&[RMC]).segments[0][0].speed_kmh.get(), Some(18.52));
}

#[test]
fn a_mode_or_a_status_of_no_fix_counts_in_each_sentence() {
    for sentence in [
        "GPRMC,120001,V,4730.0,N,00815.0,E,10,90,010524,,,A",
        "GPRMC,120001,A,4730.0,N,00815.0,E,10,90,010524,,,N",
        "GPGGA,120001,4730.0,N,00815.0,E,0,08,1,1,M,,M,,",
        "GPGGA,120001,4730.0,N,00815.0,E,,08,1,1,M,,M,,",
        "GNGNS,120001,4730.0,N,00815.0,E,NN,08,1,1,,,",
        "GNGNS,120001,4730.0,N,00815.0,E,,08,1,1,,,",
        "GPGLL,4730.0,N,00815.0,E,120001,V,A",
        "GPGLL,4730.0,N,00815.0,E,120001,A,N",
    ] {
        let found = recording(&[RMC, sentence]);
        let expected = "sentences left out that the receiver marks as not valid in line 2";
        assert_eq!((found.fixes(), said(&found)), (1, vec![expected.to_string()]), "{sentence}");
    }
    for sentence in [
        "GPRMC,120001,A,4730.0,N,00815.0,E,10,90,010524,,,D",
        "GPRMC,120001,A,4730.0,N,00815.0,E,10,90,010524,,",
        "GPGGA,120001,4730.0,N,00815.0,E,6,08,1,1,M,,M,,",
        "GNGNS,120001,4730.0,N,00815.0,E,NA,08,1,1,,,",
        "GPGLL,4730.0,N,00815.0,E,120001,A",
        "GPGLL,4730.0,N,00815.0,E,120001",
    ] {
        let found = recording(&[RMC, sentence]);
        assert_eq!((found.fixes(), said(&found)), (2, vec![]), "{sentence}");
    }
}

#[test]
fn a_place_without_a_time_or_with_a_wrong_date_cannot_be_read() {
    for sentence in [
        "GPGLL,4730.0,N,00815.0,E",
        "GPGLL,4730.0,N,00815.0,E,,A",
        "GPRMC,,A,4730.0,N,00815.0,E,10,90,010524",
        "GPRMC,120001,A,4730.0,N,00815.0,E,10,90,320524",
        "GPRMC,120001,A,4730.0,N,00815.0",
        "GPGGA,120001,4730.0,N,,E,1,08,1,1,M,,M,,",
        "GNGNS,12001,4730.0,N,00815.0,E,A,08,1,1,,,",
        "GPZDA,120001,31,06,2024,,",
        "GPZDA,120001,01,05,24000000000,,",
    ] {
        let found = recording(&[RMC, sentence]);
        let expected = "sentences left out that cannot be read in line 2";
        assert_eq!((found.fixes(), said(&found)), (1, vec![expected.to_string()]), "{sentence}");
    }
}

#[test]
fn a_sentence_without_a_date_takes_that_of_its_time() {
    let dateless = "GPRMC,120000,A,4730.0,N,00815.0,E,10,90,,,,A";
    for sentences in [
        [dateless, "GPZDA,120000,01,05,2024,,"],
        ["GPZDA,120000,01,05,2024,,", dateless],
        [dateless, "GPZDA,120000,,,,,"],
        [dateless, "GPRMC,120001,V,,,,,,,010524"],
    ] {
        let found = recording(&sentences);
        let times: Vec<_> = found.segments.iter().flatten().map(|fix| fix.time_ms).collect();
        let is_dated = sentences.iter().any(|sentence| sentence.contains("ZDA,120000,01"));
        assert!(!said(&found).iter().any(|said| said.contains("cannot be read")));
        let expected: &[i64] = if is_dated { &[1_714_564_800_000] } else { &[] };
        assert_eq!(times, expected, "{sentences:?}");
        assert_eq!(found.remarks.iter().any(|remark| remark.what == NO_DATE), !is_dated);
    }
}

#[test]
fn a_checksum_has_two_hexadecimal_digits() {
    let body = "GPRMC,120000,A,4730.0,N,00815.0,E,10,90,010524";
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    for (written, fixes) in [
        (format!("{sum:02X}"), 1),
        (format!("{sum:02x}"), 1),
        (format!("{sum:02X} 12:00:00"), 1),
        (format!("{:02X}", sum ^ 1), 0),
        (format!("{sum:X}").chars().take(1).collect(), 0),
        (String::new(), 0),
    ] {
        let found = read(format!("${body}*{written}\n").as_bytes(), None);
        assert_eq!(found.map_or(0, |found| found.fixes()), fixes, "{written}");
    }
    // 0x0a would be "+A" to a parser of numbers.
    assert!(right(b"\x0a", b"0A") && right(b"\x0a", b"0a"));
    assert!(!right(b"\x0a", b"+A") && !right(b"\x0a", b"A") && !right(b"\x0a", b" A"));
}

#[test]
fn other_talkers_and_proprietary_sentences_and_tags_do_no_harm() {
    let found = recording(&[RMC, "PGRMZ,246,f,3", "PGRMC,1,2,3", "GPRMCX,1", "RMC,1", "GPTXT,01"]);
    assert_eq!((found.fixes(), said(&found)), (1, vec![]));
    let tagged = log(&[RMC]).replace('$', "\\s:GPS1,c:1714564800*5A\\$");
    let found = read(tagged.as_bytes(), None).unwrap();
    assert_eq!((found.fixes(), said(&found)), (1, vec![]));
    assert!(read(b"$PGRMC,120000,A\n", None).is_err());
}

#[test]
fn fixes_before_the_first_date_have_it_or_the_day_before() {
    let gga = |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,1,1,M,,M,,");
    let sentences =
        [gga("235959"), gga("000000"), "GPRMC,000001,A,4730.0,N,00815.0,E,1,9,010524".into()];
    let found = recording(&sentences.each_ref().map(|sentence| sentence.as_str()));
    let times = found.segments[0].iter().map(|fix| format_instant(fix.time_ms).unwrap());
    assert_eq!(
        times.collect::<Vec<_>>(),
        ["2024-04-30T23:59:59Z", "2024-05-01T00:00:00Z", "2024-05-01T00:00:01Z"]
    );
}

#[test]
fn a_log_in_utf_16_is_read() {
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = "\u{feff}".to_string() + &log(&[RMC]);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        assert!(crate::format::nmea::is_nmea(&bytes));
        assert_eq!(read(&bytes, None).unwrap(), recording(&[RMC]));
    }
}

#[test]
fn what_has_no_date_is_said_with_the_line_of_its_first_sentence() {
    let gga = |time: &str| format!("GPGGA,{time},4730.0,N,00815.0,E,1,08,1,1,M,,M,,");
    let sentences = ["GPGSV,1".to_string(), gga("120000"), gga("120001"), gga("120001")];
    let text = log(&sentences.each_ref().map(|sentence| sentence.as_str()));
    let undated = read(text.as_bytes(), None).unwrap();
    assert_eq!(said(&undated), [format!("{NO_DATE}: 2, first in line 2")]);
    let near_ms = 1_714_564_800_000;
    let dated = read(text.as_bytes(), Some(near_ms)).unwrap();
    assert_eq!(said(&dated), [format!("{DATE_OF_RIDE}: 2, first in line 2")]);
    assert_eq!(dated.segments[0][0].time_ms, near_ms);
}

#[test]
fn a_log_is_known_by_a_sentence_that_is_used() {
    for (text, expected) in [
        ("$GPRMC,", true),
        ("x $GNVTG,1", true),
        ("\r$BDZDA,1", true),
        ("$GPGSV,1", false),
        ("$PGRMC,1", false),
        ("$GPRMCX", false),
        ("$GPRM,", false),
        ("GPRMC,1", false),
        ("!GPRMC,1", false),
        ("$", false),
        ("", false),
    ] {
        assert_eq!(crate::format::nmea::is_nmea(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn sentences_of_one_time_at_two_places_are_said_and_noise_is_not() {
    let rmc = |lat: &str| format!("GPRMC,120000,A,{lat},N,00815.0,E,10,90,010524,,,A");
    let gll = |lat: &str| format!("GPGLL,{lat},N,00815.0,E,120000,A,A");
    let gga = |lat: &str| format!("GPGGA,120000,{lat},N,00815.0,E,1,08,0.9,1,M,,M,,");
    let gns = |lat: &str| format!("GNGNS,120000,{lat},N,00815.0,E,AA,08,0.9,1,47.0,,");
    // A minute of latitude is 1,853 m.
    let (here, near, away) = ("4730.0000", "4730.0050", "4730.6000");
    for (sentences, lat_min, is_said) in [
        ([rmc(here), gga(near), gll(here)], 30.005, false),
        ([rmc(here), gga(away), gll(here)], 30.6, true),
        ([gga(away), rmc(here), gll(away)], 30.6, true),
        ([rmc(here), gll(away), rmc(here)], 30.0, true),
        ([rmc(here), gns(away), gll(away)], 30.6, true),
    ] {
        let sentences = sentences.each_ref().map(String::as_str);
        let found = recording(&sentences);
        let lat_deg = found.segments[0][0].position.lat_deg();
        assert!((lat_deg - 47.0 - lat_min / 60.0).abs() < 1e-9, "{sentences:?}: {lat_deg}");
        let expected: Vec<String> =
            is_said.then(|| format!("{APART} in line 1")).into_iter().collect();
        assert_eq!(said(&found), expected, "{sentences:?}");
    }
}

#[test]
fn a_fix_beside_a_sentence_that_is_not_valid_is_said() {
    let void = |second: u32| format!("GPRMC,12000{second},V,4730.0,N,00815.0,E,10,90,010524,,,N");
    let gga = |second: u32| format!("GPGGA,12000{second},4730.0,N,00815.0,E,1,08,0.9,1,M,,M,,");
    let date = "GPZDA,115959,01,05,2024,00,00";
    for (sentences, line) in [
        ([void(1), gga(1), gga(2), gga(3)], Some(3)),
        ([gga(1), void(1), gga(2), gga(3)], Some(2)),
        ([gga(1), void(2), gga(2), gga(3)], Some(4)),
        ([gga(1), gga(2), gga(3), void(4)], None),
        ([void(1), gga(2), gga(3), gga(4)], None),
    ] {
        let all = [&[date], &sentences.each_ref().map(String::as_str)[..]].concat();
        let found = recording(&all);
        let doubts: Vec<String> =
            said(&found).into_iter().filter(|said| said.starts_with(DOUBTFUL)).collect();
        let expected: Vec<String> =
            line.map(|line| format!("{DOUBTFUL} in line {line}")).into_iter().collect();
        assert_eq!(doubts, expected, "{sentences:?}");
    }
}

//! Tests of the accepted and the rejected spellings.

use super::*;

fn shown(text: &str) -> String {
    match date_time(text) {
        Ok(Some(CameraTime { local, offset })) => {
            let zone = offset.map_or(String::new(), |offset| offset.to_string());
            format!("{}{zone}", local.format("%Y-%m-%dT%H:%M:%S%.f"))
        }
        Ok(None) => "absent".into(),
        Err(reason) => reason.into(),
    }
}

#[test]
fn every_spelling_of_a_known_time_is_read_right() {
    for (text, expected) in [
        ("2024:05:01 12:30:45", "2024-05-01T12:30:45"),
        ("2024-05-01 12:30:45", "2024-05-01T12:30:45"),
        ("2024/05/01 12:30:45\0", "2024-05-01T12:30:45"),
        ("2024.05.01T12:30:45", "2024-05-01T12:30:45"),
        ("2024:05:01  9:05:03", "2024-05-01T09:05:03"),
        ("2024: 5: 1 12:30:45", "2024-05-01T12:30:45"),
        ("2024:05:01 9:05:03", "2024-05-01T09:05:03"),
        ("2024-5-1 12:30:45", "2024-05-01T12:30:45"),
        ("2024:05:01 12:30:45.25", "2024-05-01T12:30:45.250"),
        ("2024:05:01 12:30:45,25", "2024-05-01T12:30:45.250"),
        ("2024:05:01 14:38:40:794", "2024-05-01T14:38:40.794"),
        ("2024:05:01 12:30:45+02:00", "2024-05-01T12:30:45+02:00"),
        ("2024-05-01T12:30:45Z", "2024-05-01T12:30:45+00:00"),
        ("2024-05-01T12:30:45 UTC", "2024-05-01T12:30:45+00:00"),
        ("2024-05-01T12:30:45 GMT+2", "2024-05-01T12:30:45+02:00"),
        ("2024-05-01T12:30:45.5-0330", "2024-05-01T12:30:45.500-03:30"),
        ("2024-05-01T12:30:45.5\u{2212}03:30", "2024-05-01T12:30:45.500-03:30"),
        ("2024-05-01T12:30+02:00[Europe/Brussels]", "2024-05-01T12:30:00+02:00"),
        ("2024-05-01T12:30:45[Europe/Brussels]", "2024-05-01T12:30:45+02:00"),
        ("2024:05:01 12:30", "2024-05-01T12:30:00"),
        ("20240501 123045", "2024-05-01T12:30:45"),
        ("20240501T123045Z", "2024-05-01T12:30:45+00:00"),
        ("20240501123045", "2024-05-01T12:30:45"),
        ("2024:05:01 12:30:60", "2024-05-01T12:31:00"),
        ("2016:12:31 23:59:60", "2017-01-01T00:00:00"),
        ("2024:05:01 12:30:45 PM", "2024-05-01T12:30:45"),
        ("2024:05:01 02:30:45 pm", "2024-05-01T14:30:45"),
        ("2024:05:01 12:00:01 a.m.", "2024-05-01T00:00:01"),
        ("Wed May  1 12:30:45 2024", "2024-05-01T12:30:45"),
        ("Wed, 01 May 2024 12:30:45 +0200", "2024-05-01T12:30:45+02:00"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn a_clock_that_was_never_set_is_absent() {
    for text in
        ["", "   ", "0000:00:00 00:00:00", "    :  :     :  :  ", "\0\0", "0000-00-00T00:00:00"]
    {
        assert_eq!(shown(text), "absent", "{text:?}");
    }
}

#[test]
fn what_would_have_to_be_guessed_is_refused() {
    for (text, reason) in [
        ("2024:05:01 12:30:  ", "has no seconds"),
        ("2024:05:01", "has no time of day"),
        ("2024:05:01 24:15:00", "has the hour 24, which may mean either end of the day"),
        ("0000:00:00 12:30:45", "has a time but no date"),
        ("2024:02:30 12:30:45", "is a day that no calendar has"),
        ("01/05/2024 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("2024:05:01 12:61:45", "is a time no clock shows"),
        ("2024:05:01 12:30:60.5", "is a time no clock shows"),
        ("2024:05:01 12:30:61", "is a time no clock shows"),
        ("2024:05:01 24:00:00", "has the hour 24, which may mean either end of the day"),
        ("24:05:01 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("2024:13:01 12:30:45", "is a day that no calendar has"),
        ("2024:00:01 12:30:45", "is a day that no calendar has"),
        ("2024:05:01 :30:45", "has no hour"),
        ("2024:05:01 12::45", "has no minutes"),
        ("1714566645", "is a day that no calendar has"),
        ("2024:05:01 13:30:45 PM", "is a time no clock shows"),
        ("2024:05:01 12:30:45:7", "has no time of the form HH:MM:SS"),
        ("2024:05:01 12:30:45.", "ends in a decimal point"),
        ("0000:05:01 12:30:45", "is a day that no calendar has"),
        ("  24:05:01 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("2024:005:01 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("2024:+5:01 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("2024:05: x 12:30:45", "is not a date of the form YYYY:MM:DD"),
        ("0000:00:   12:30:45", "has a time but no date"),
        ("2024:05:01x12:30:45", "has no time of day"),
        ("2024:05:01 12:030:45", "has no time of the form HH:MM:SS"),
        ("yesterday", "is not a date and time"),
        ("2024:05:01 12:30:45+25:00", "is an offset that no zone has"),
        ("2024-10-27T02:30:00[Europe/Berlin]", "comes twice in its zone, when summer time ends"),
        ("2024-05-01T02:30:00[Mars/Base]", "names a zone that is not known"),
    ] {
        assert_eq!(shown(text), reason, "{text:?}");
    }
}

#[test]
fn a_sub_second_is_a_decimal_fraction() {
    for text in ["5", "50", "5ms", "5 s", ".5"] {
        assert_eq!(sub_second(text), Ok(Some(500_000_000)), "{text}");
    }
    assert_eq!(sub_second("05 "), Ok(Some(50_000_000)));
    assert_eq!(sub_second("1234567891"), Ok(Some(123_456_789)));
    assert_eq!(sub_second("  "), Ok(None));
    for text in ["-5", "ms", "5-6"] {
        assert!(sub_second(text).is_err(), "{text}");
    }
}

#[test]
fn a_date_alone_may_lack_separators() {
    let first_of_may = NaiveDate::from_ymd_opt(2024, 5, 1);
    for text in ["2024:05:01", "2024-05-01", "20240501", " 2024/5/1"] {
        assert_eq!(date(text), Ok(first_of_may), "{text}");
    }
    assert_eq!(date("0000:00:00"), Ok(None));
    for text in ["2024", "2024:05", "202405011", "2024:05:01 12:00:00", "1.5.2024"] {
        assert!(date(text).is_err(), "{text}");
    }
}

#[test]
fn any_text_is_read_or_refused() {
    let mut random = fastrand::Rng::with_seed(7);
    let alphabet: Vec<char> = "0123456789:-/. TZ+é\0[]apmUG".chars().collect();
    for _ in 0..20_000 {
        let text: String =
            (0..random.usize(..24)).filter_map(|_| random.choice(&alphabet)).collect();
        let _ = (date_time(&text), date(&text), sub_second(&text), offset(&text));
    }
}

#[test]
fn a_time_with_an_offset_is_an_instant() {
    let instant = |text| date_time(text).unwrap().unwrap().captured_ms();
    assert_eq!(instant("1970:01:01 02:00:00.5+02:00"), Some(500));
    assert_eq!(instant("1970:01:01 00:00:00-01:30"), Some(5_400_000));
    assert_eq!(instant("1970:01:01 00:00:00"), None);
    assert_eq!(offset("+14:00").unwrap().unwrap().local_minus_utc(), 14 * 3600);
    assert_eq!(offset("-00:59").unwrap().unwrap().local_minus_utc(), -59 * 60);
    for wrong in ["+:30", "+123:00", "+1:5", "12:00"] {
        assert_eq!(offset(wrong), Err(NO_OFFSET), "{wrong}");
    }
    for wrong in ["+15:00", "+02:60"] {
        assert_eq!(offset(wrong), Err("is an offset that no zone has"), "{wrong}");
    }
}

#[test]
fn a_zone_that_contradicts_the_offset_beside_it_is_named() {
    for (text, offset) in [
        ("2024-07-01T12:00:00+02:00[America/New_York]", "-04:00"),
        // The hour that clocks skip in spring.
        ("2024-03-31T02:30:00+02:00[Europe/Berlin]", "+01:00"),
    ] {
        let why = contradicted_zone(text).unwrap();
        assert!(why.ends_with(&format!("where the offset is {offset} then")), "{text}: {why}");
    }
    for text in [
        "2024-07-01T12:00:00+02:00[Europe/Berlin]",
        "2024-07-01T12:00:00[Europe/Berlin]",
        "2024-07-01T12:00:00+02:00",
        "yesterday [Europe/Berlin]",
        "",
    ] {
        assert_eq!(contradicted_zone(text), None, "{text}");
    }
}

//! The times that cameras write: read right, absent, or refused with the reason; never guessed.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// What a camera's clock showed, and how far it was from UTC if it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraTime {
    pub local: NaiveDateTime,
    pub offset: Option<FixedOffset>,
}

impl CameraTime {
    /// Milliseconds since 1970, UTC; none when the zone is not known.
    pub fn captured_ms(&self) -> Option<i64> {
        Some(
            (self.local - chrono::Duration::seconds(i64::from(self.offset?.local_minus_utc())))
                .and_utc()
                .timestamp_millis(),
        )
    }
}

/// Reads `YYYY:MM:DD HH:MM:SS` (Exif 2.32, 4.6.4) and how cameras and programs
/// bend it: other separators, a `T`, a blank for a leading zero, a fraction, a
/// zone behind it. Blanks or zeros alone mean that the camera did not know:
/// `Ok(None)`. The error is the reason, to stand after the quoted text.
pub fn date_time(text: &str) -> Result<Option<CameraTime>, &'static str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if !text.bytes().any(|b| b.is_ascii_digit() && b != b'0') && text.bytes().all(is_filler) {
        return Ok(None);
    }
    let (day, rest) = text.split_at_checked(10).ok_or("is no date and time")?;
    let Some(day) = date(day)? else { return Err("has a time but no date") };
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or("has no time of day")?;
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let local = day.and_time(time_of_day(clock.trim_end())?);
    Ok(Some(CameraTime { local, offset: offset(zone)? }))
}

/// Reads `YYYY:MM:DD`, also with `-`, `/` or `.`; zeros or blanks alone are absent.
pub fn date(text: &str) -> Result<Option<NaiveDate>, &'static str> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| b.is_ascii_digit() && *b != b'0')
        && bytes.iter().all(|&b| is_filler(b))
    {
        return Ok(None);
    }
    let shaped =
        bytes.len() == 10 && matches!(bytes[4], b':' | b'-' | b'/' | b'.') && bytes[4] == bytes[7];
    if !shaped {
        return Err("is no date of the form YYYY:MM:DD");
    }
    let year = digits(&bytes[..4]).filter(|_| !bytes[0].is_ascii_whitespace());
    let (Some(year), Some(month), Some(day)) = (year, digits(&bytes[5..7]), digits(&bytes[8..]))
    else {
        return Err("is no date of the form YYYY:MM:DD");
    };
    NaiveDate::from_ymd_opt(year as i32, month, day)
        .filter(|_| year > 0)
        .map(Some)
        .ok_or("is a day that no calendar has")
}

/// A fraction of a second as SubSecTime spells it: the digits behind the
/// decimal point, so `5` is half a second and `05` a twentieth. In nanoseconds.
pub fn sub_second(text: &str) -> Result<Option<u32>, &'static str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    match text {
        "" => Ok(None),
        _ if !text.bytes().all(|b| b.is_ascii_digit()) => Err("is no fraction of a second"),
        _ => Ok(digits(format!("{text:0<9.9}").as_bytes())),
    }
}

/// Reads `+HH:MM`, `+HHMM`, `+HH`, `Z`; blanks are absent.
pub fn offset(text: &str) -> Result<Option<FixedOffset>, &'static str> {
    const WRONG: &str = "is no offset of the form +HH:MM";
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.bytes().all(|b| matches!(b, b' ' | b':')) {
        return Ok(None);
    }
    if text.eq_ignore_ascii_case("z") {
        return Ok(FixedOffset::east_opt(0));
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(WRONG),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 => rest.split_at_checked(2).ok_or(WRONG)?,
        None => (rest, "00"),
    };
    if hours.is_empty() || hours.len() > 2 || minutes.len() != 2 {
        return Err(WRONG);
    }
    let hours = digits(hours.as_bytes()).ok_or(WRONG)? as i32;
    let minutes = digits(minutes.as_bytes()).ok_or(WRONG)? as i32;
    // Zones reach from 12 hours west to 14 east.
    if hours > 14 || minutes > 59 {
        return Err("is an offset that no zone has");
    }
    Ok(FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)))
}

fn time_of_day(text: &str) -> Result<NaiveTime, &'static str> {
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err("ends in a decimal point"),
        None => (text, ""),
    };
    let mut parts = whole.split([':', '-']);
    let mut part = |missing| {
        let part = parts.next().filter(|part| !part.trim().is_empty()).ok_or(missing)?;
        let short = part.len() <= 2;
        digits(part.as_bytes()).filter(|_| short).ok_or("has no time of the form HH:MM:SS")
    };
    let (hour, minute) = (part("has no hour")?, part("has no minutes")?);
    let second = part("has no seconds")?;
    if parts.next().is_some() {
        return Err("has no time of the form HH:MM:SS");
    }
    // Some phones write 24:15 for a quarter past midnight of the same day, the
    // ISO means the end of it: a day apart, so neither is taken.
    if hour == 24 {
        return Err("has the hour 24, which may mean either end of the day");
    }
    let time = NaiveTime::from_hms_opt(hour, minute, second).ok_or("is a time no clock shows")?;
    time.with_nanosecond(sub_second(fraction)?.unwrap_or(0)).ok_or("is a time no clock shows")
}

fn is_filler(byte: u8) -> bool {
    matches!(byte, b'0' | b' ' | b':' | b'-' | b'/' | b'.' | b'T' | b'\0')
}

/// Digits with blanks before them, as some cameras write a leading zero.
fn digits(bytes: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches(' ');
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
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
            ("2024:05:01 12:30:45.25", "2024-05-01T12:30:45.250"),
            ("2024:05:01 12:30:45+02:00", "2024-05-01T12:30:45+02:00"),
            ("2024-05-01T12:30:45Z", "2024-05-01T12:30:45+00:00"),
            ("2024-05-01T12:30:45.5-0330", "2024-05-01T12:30:45.500-03:30"),
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
            ("2024:05:01 12:30", "has no seconds"),
            ("2024:05:01 12:30:  ", "has no seconds"),
            ("2024:05:01", "has no time of day"),
            ("2024:05:01 24:15:00", "has the hour 24, which may mean either end of the day"),
            ("0000:00:00 12:30:45", "has a time but no date"),
            ("2024:02:30 12:30:45", "is a day that no calendar has"),
            ("01/05/2024 12:30:45", "is no date of the form YYYY:MM:DD"),
            ("2024:05:01 12:61:45", "is a time no clock shows"),
            ("2016:12:31 23:59:60", "is a time no clock shows"),
            ("2024:05:01 24:00:00", "has the hour 24, which may mean either end of the day"),
            ("24:05:01 12:30:45", "is no date of the form YYYY:MM:DD"),
            ("2024:13:01 12:30:45", "is a day that no calendar has"),
            ("2024:00:01 12:30:45", "is a day that no calendar has"),
            ("2024:05:01 :30:45", "has no hour"),
            ("2024:05:01 12::45", "has no minutes"),
            ("2024:05:0112:30:45", "has no time of day"),
            ("20240501 123045", "is no date of the form YYYY:MM:DD"),
            ("1714566645", "is no date of the form YYYY:MM:DD"),
            ("2024:05:01 12:30:45 PM", "has no time of the form HH:MM:SS"),
            ("2024:05:01 12:30:45.", "ends in a decimal point"),
            ("yesterday", "is no date and time"),
            ("2024:05:01 12:30:45+25:00", "is an offset that no zone has"),
        ] {
            assert_eq!(shown(text), reason, "{text:?}");
        }
    }

    #[test]
    fn a_sub_second_is_a_decimal_fraction() {
        assert_eq!(sub_second("5"), Ok(Some(500_000_000)));
        assert_eq!(sub_second("05 "), Ok(Some(50_000_000)));
        assert_eq!(sub_second("1234567891"), Ok(Some(123_456_789)));
        assert_eq!(sub_second("  "), Ok(None));
        assert!(sub_second("-5").is_err());
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let mut random = fastrand::Rng::with_seed(7);
        let alphabet: Vec<char> = "0123456789:-/. TZ+é\0".chars().collect();
        for _ in 0..20_000 {
            let text: String =
                (0..random.usize(..24)).filter_map(|_| random.choice(&alphabet)).collect();
            let _ = (date_time(&text), date(&text), sub_second(&text), offset(&text));
        }
    }
}

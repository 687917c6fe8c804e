//! The instant of a fix: GPSDateStamp and GPSTimeStamp, in UTC (Exif 2.32, 4.6.6).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::{
    invalid_gps_value::GpsError,
    tag_reader::{TagReader, part},
    tags, times,
    value::{Raw, kind},
};

/// Both tags as one time.
pub(super) fn utc(from: &mut TagReader) -> Option<NaiveDateTime> {
    let text = from.words(tags::GPS_DATE_STAMP);
    if let Some(text) = &text
        && let Some(why) = times::contradicted_zone(text)
    {
        from.remark(tags::GPS_DATE_STAMP, format!("'{text}' {why}"));
    }
    let day = text.map(|text| date_stamp(&text).map_err(|why| GpsError::Date { text, why }));
    let time = from.raw(tags::GPS_TIME_STAMP).map(time_stamp);
    if let Some(Ok(Some((day, _)))) = &day
        && is_epoch(*day)
    {
        let what = format!("is {day}, where a receiver's clock starts: it had no date yet");
        from.remark(tags::GPS_DATE_STAMP, what);
    }
    let utc = match (day.transpose(), time.transpose()) {
        (Err(what), _) => Err(what),
        (_, Err(what)) => Err(what),
        (Ok(day), Ok(time)) => joined(day.flatten(), time.flatten()),
    };
    from.or_fault(tags::GPS_TIME_STAMP, utc)
}

/// The date, and with some programs also the time of day in milliseconds.
type Stamp = (NaiveDate, Option<i64>);

/// A date. Some programs write a date and time, which is UTC unless it has a zone.
fn date_stamp(text: &str) -> Result<Option<Stamp>, &'static str> {
    if let Ok(date) = times::date(text) {
        return Ok(date.map(|date| (date, None)));
    }
    let time = times::date_time(text).map_err(|why| match why {
        // The date is valid, but the time after it cannot be read.
        "has no time of day" => "is not a date of the form YYYY:MM:DD",
        why => why,
    })?;
    Ok(time.map(|time| {
        let offset_s = time.offset.map_or(0, |offset| i64::from(offset.local_minus_utc()));
        let utc = time.local - chrono::TimeDelta::seconds(offset_s);
        let ms = utc.num_seconds_from_midnight() * 1000 + utc.nanosecond() / 1_000_000;
        (utc.date(), Some(i64::from(ms)))
    }))
}

/// Both or neither: a date without a time is not an instant, nor is a time without a date.
fn joined(day: Option<Stamp>, ms: Option<i64>) -> Result<Option<NaiveDateTime>, GpsError> {
    let at = |day: NaiveDate, ms: i64| {
        Ok(Some(day.and_time(NaiveTime::MIN) + chrono::Duration::milliseconds(ms)))
    };
    match (day, ms) {
        (Some((day, _)), _) if is_epoch(day) => Ok(None),
        (Some((day, None)), Some(ms)) | (Some((day, Some(ms))), None) => at(day, ms),
        (Some((day, Some(in_date))), Some(ms)) if in_date / 1000 == ms / 1000 => at(day, ms),
        (Some((_, Some(_))), Some(_)) => Err(GpsError::TwoTimes),
        // Devices without a clock write zeros.
        (None, None | Some(0)) => Ok(None),
        (None, Some(_)) => Err(GpsError::NoDate),
        (Some((day, None)), None) => Err(GpsError::NoTime(day)),
    }
}

/// A receiver that does not know the date yet counts from the epoch of its clock.
fn is_epoch(day: NaiveDate) -> bool {
    let epochs = [NaiveDate::from_ymd_opt(1970, 1, 1), NaiveDate::from_ymd_opt(1980, 1, 6)];
    epochs.contains(&Some(day))
}

/// Hours, minutes and seconds as fractions, or as text with some programs, in milliseconds. A second of 60, produced by
/// rounding, is the next minute.
fn time_stamp(raw: &Raw) -> Result<Option<i64>, GpsError> {
    if raw.kind == kind::ASCII {
        let text = raw.text().unwrap_or_default();
        let read = times::time_of_day(text.trim_end_matches(['Z', 'z']));
        let (time, carry) = read.map_err(|why| GpsError::Time { text: text.clone(), why })?;
        let ms = time.num_seconds_from_midnight() * 1000 + time.nanosecond() / 1_000_000;
        return Ok(Some(i64::from(ms) + carry.num_milliseconds()));
    }
    let [h, m, s] = match [part(raw, 0)?, part(raw, 1)?, part(raw, 2)?] {
        [None, None, None] => return Ok(None),
        [Some(h), Some(m), Some(s)] => [h, m, s],
        _ => return Err(GpsError::UnreadPart),
    };
    let in_range =
        (0.0..24.0).contains(&h) && (0.0..60.0).contains(&m) && (0.0..=60.0).contains(&s);
    if in_range {
        Ok(Some(((h * 3600.0 + m * 60.0 + s) * 1000.0).round() as i64))
    } else {
        Err(GpsError::NoClock { h, m, s })
    }
}

#[cfg(test)]
mod tests;

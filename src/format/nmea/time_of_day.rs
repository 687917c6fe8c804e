//! Which date a time of day belongs to.

use chrono::{Days, NaiveDate, NaiveTime};

/// The date of a time after another: the same day, or the next if the clock passed midnight.
pub fn day_after(date: NaiveDate, last: NaiveTime, time: NaiveTime) -> Option<NaiveDate> {
    let back = last.signed_duration_since(time);
    if back.num_hours() >= 12 { date.checked_add_days(Days::new(1)) } else { Some(date) }
}

/// The date on which this time was within twelve hours of an instant.
pub fn nearest_day(near_ms: i64, time: NaiveTime) -> Option<NaiveDate> {
    let near = chrono::DateTime::from_timestamp_millis(near_ms)?.naive_utc();
    let days = [near.date().pred_opt()?, near.date(), near.date().succ_opt()?];
    days.into_iter().min_by_key(|day| (day.and_time(time) - near).abs())
}

#[cfg(test)]
mod tests;

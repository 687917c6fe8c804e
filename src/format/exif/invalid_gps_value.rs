//! Why a position or a time in the GPS directory is invalid, as a message to put after the name of the tag.

use chrono::NaiveDate;

/// What is wrong with the value of a tag.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GpsError {
    #[error("is {deg}, beyond {limit} degrees")]
    Beyond { deg: f64, limit: f64 },
    #[error("has a part of {0}, minutes and seconds end at 60")]
    PartBeyond60(f64),
    #[error("has a part that cannot be read")]
    UnreadPart,
    #[error("is not a number")]
    NotANumber,
    #[error("is negative and has the reference {0}")]
    NegativeWith(char),
    #[error("has the reference '{found}', not {plus} or {minus}")]
    OtherReference { found: char, plus: char, minus: char },
    #[error("has no reference {plus} or {minus}")]
    NoReference { plus: char, minus: char },
    #[error("has the unknown reference '{0}'")]
    UnknownReference(String),
    #[error("is {0}/0")]
    DividedByZero(i64),
    #[error("has the date '{text}', which {why}")]
    Date { text: String, why: &'static str },
    #[error("'{text}' {why}")]
    Time { text: String, why: &'static str },
    #[error("is {h}:{m}:{s}, which no clock shows")]
    NoClock { h: f64, m: f64, s: f64 },
    #[error("differs from the time after the date in GPSDateStamp")]
    TwoTimes,
    #[error("has no GPSDateStamp beside it")]
    NoDate,
    #[error("is missing beside the GPSDateStamp {0}")]
    NoTime(NaiveDate),
}

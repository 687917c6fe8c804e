//! Why a text is not a valid value, or why values are inconsistent.

use std::borrow::Cow;

use super::instant::LocalTime;
use super::shown::quoted;
use super::zone::Zone;

/// What is wrong with a text or a number.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("'{text}' is none of {}", words.join(", "))]
    UnknownWord { text: String, words: Vec<&'static str> },
    /// It does not have the expected spelling.
    #[error("'{text}' is {}", expected.words())]
    Unreadable { text: String, expected: Expected },
    #[error("{} is not the id of a picture{instead}", quoted(text))]
    NotAPictureId { text: String, instead: Cow<'static, str> },
    #[error("{} is not the id of a sequence{instead}", quoted(text))]
    NotASequenceId { text: String, instead: Cow<'static, str> },
    #[error("'{0}' lacks the camera's time, or a photo, after the '='")]
    SyncWithoutCamera(String),
    #[error("'{0}' has no true time")]
    SyncBeyondCalendar(LocalTime),
    #[error(
        "the sync pairs contradict each other: a later time of the camera is not a later GPS time"
    )]
    SyncContradiction,
    #[error("no clock of {zone} ever shows '{local}'")]
    NeverShown { local: LocalTime, zone: Zone },
    #[error("'{0}' has no date and time in its name")]
    NoTimeInName(String),
    #[error("'{0}' has two dates in its name")]
    TwoTimesInName(String),
    #[error("'{name}' is not named by the pattern '{pattern}'")]
    OtherNamePattern { name: String, pattern: String },
    /// The number, which is in front of this message, is a sentinel for "unknown".
    #[error("is a placeholder for an unknown height")]
    HeightSentinel,
    #[error("is not a height from {min_m} to {max_m} m (--height-range widens that)")]
    HeightOutside { min_m: f64, max_m: f64 },
    /// The polygon is in front of this message.
    #[error("has no points")]
    PolygonWithoutPoints,
    #[error("goes around a pole: cut it at 180 degrees")]
    PolygonAroundPole,
    #[error("crosses 180 degrees and goes around more than half of the earth: cut it there")]
    PolygonTooWide,
}

/// The expected kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    CameraAhead,
    Collection,
    Digest,
    GpsTime,
    HeightRange,
    Instant,
    LocalTime,
    SyncPair,
    Tile,
    Zone,
}

impl Expected {
    /// What the text is instead, with an example of the expected value.
    fn words(self) -> &'static str {
        match self {
            Expected::CameraAhead => "neither a number of seconds nor auto",
            Expected::Collection => {
                "not the name of a collection such as mapillary-USER-original or \
                 mapillary-USER-2048-webp"
            }
            Expected::Digest => "not a SHA-256 digest of 64 hexadecimal digits",
            Expected::GpsTime => "no GPS time such as 2024-05-01T10:00:00Z or 2024-05-01T12:00:00",
            Expected::HeightRange => "not a range of heights such as -500,20000",
            Expected::Instant => {
                "neither a date such as 2024-05-01 nor a time such as 2024-05-01T12:00:00Z"
            }
            Expected::LocalTime => "not a local time such as 2024-05-01T12:00:00.25",
            Expected::SyncPair => "not a pair such as 2024-05-01T10:00:00Z=2024-05-01T12:00:03",
            Expected::Tile => "not a tile z/x/y",
            Expected::Zone => {
                "not a known time zone; give a name such as Europe/Berlin or an offset such as \
                 +02:00"
            }
        }
    }

    /// The error for this text.
    pub fn not(self, text: impl Into<String>) -> Error {
        Error::Unreadable { text: text.into(), expected: self }
    }
}

#[cfg(test)]
mod tests;

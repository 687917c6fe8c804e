//! What the user chose.

use std::{fmt, path::PathBuf, str::FromStr};

use crate::value::whereabouts::Limits;

use super::Clock;

/// Which direction a row gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// A compass stays; where there is none, the track's is taken.
    #[default]
    Keep,
    Track,
    None,
}

impl FromStr for Direction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "keep" => Ok(Direction::Keep),
            "track" => Ok(Direction::Track),
            "none" => Ok(Direction::None),
            _ => Err(format!("'{text}' is no direction; there are keep, track and none")),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Keep => "keep",
            Direction::Track => "track",
            Direction::None => "none",
        })
    }
}

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub files: Vec<PathBuf>,
    pub limits: Limits,
    pub clock: Clock,
    pub direction: Direction,
    pub offset_deg: f64,
    pub overwrite: bool,
    /// The first photo was taken where the track begins.
    pub align_start: bool,
}

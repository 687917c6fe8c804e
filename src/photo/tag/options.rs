//! The options of tagging: which groups, which of two values, and what may be overwritten.

use std::path::PathBuf;
use std::str::FromStr;

use crate::value;
use crate::value::height_validity::Heights;
use crate::value::string_enum::words;
use crate::value::zone::Zone;

/// Tags that are set together, all or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagGroup {
    Position,
    Direction,
    Time,
    Camera,
    Id,
    Rights,
    Pano,
}

words!(TagGroup:
    Position = "position",
    Direction = "direction",
    Time = "time",
    Camera = "camera",
    Id = "id",
    Rights = "rights",
    Pano = "pano",
);

/// Which value is used if the service has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueSource {
    /// As recorded by the camera.
    #[default]
    Raw,
    /// After structure from motion.
    Computed,
    /// Computed if there is one, otherwise raw.
    Best,
}

words!(ValueSource: Raw = "raw", Computed = "computed", Best = "best");

/// The zone in which a known instant is written as a local time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ZoneFor {
    Zone(Zone),
    /// The zone in force at the picture's position.
    Position,
}

impl FromStr for ZoneFor {
    type Err = value::Error;

    fn from_str(text: &str) -> Result<Self, value::Error> {
        match text {
            "position" => Ok(ZoneFor::Position),
            _ => text.parse().map(ZoneFor::Zone),
        }
    }
}

/// Why an instant has no local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoZone {
    #[error("no position to get the zone from: give --zone")]
    NoPosition,
    #[error("the time zone of the position is unknown: give --zone")]
    NotOnTheMap,
}

/// How the sidecar of `a.dng` is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SidecarName {
    /// `a.xmp`, as Adobe's programs expect.
    #[default]
    Stem,
    /// `a.dng.xmp`, as darktable and digiKam expect.
    Full,
}

words!(SidecarName: Stem = "stem", Full = "full");

/// All options of tagging.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// These groups and no others; empty for all.
    pub only: Vec<TagGroup>,
    pub except: Vec<TagGroup>,
    pub position: ValueSource,
    pub altitude: ValueSource,
    pub direction: ValueSource,
    pub zone: ZoneFor,
    /// Recorded values in the file may be overwritten.
    pub overwrite: bool,
    /// The old file is kept under its name with this suffix.
    pub backup: Option<String>,
    /// New files are written here, and the old ones are left unchanged.
    pub into: Option<PathBuf>,
    /// Only XMP sidecars are written, not photos.
    pub sidecar: bool,
    pub sidecar_name: SidecarName,
    /// The plausible altitudes, in files and in rows.
    pub heights: Heights,
    pub force: bool,
    pub dry_run: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            only: Vec::new(),
            except: Vec::new(),
            position: ValueSource::Raw,
            altitude: ValueSource::Raw,
            direction: ValueSource::Raw,
            zone: ZoneFor::Zone(Zone::UTC),
            overwrite: false,
            backup: None,
            into: None,
            sidecar: false,
            sidecar_name: SidecarName::Stem,
            heights: Heights::default(),
            force: false,
            dry_run: false,
        }
    }
}

impl Options {
    pub fn has(&self, group: TagGroup) -> bool {
        (self.only.is_empty() || self.only.contains(&group)) && !self.except.contains(&group)
    }

    /// A file's own date is only replaced if the group is given by name.
    pub fn may_replace_time(&self) -> bool {
        self.overwrite && self.only.contains(&TagGroup::Time)
    }
}

#[cfg(test)]
mod tests;

//! The words of columns that say what became of a row, and how a value was found.

use super::string_enum::words;

/// What a tool did, or found, about a row: the words of the column `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was done now.
    Done,
    /// It would be done, but for `--dry-run`.
    Planned,
    /// It was so already.
    Kept,
    /// Another value stands there, and was left alone.
    Held,
    /// What a check found as it should be.
    Whole,
    /// What a check did not find.
    Missing,
    /// What a check found, and not whole.
    Damaged,
}

words!(Status:
    Done = "done",
    Planned = "planned",
    Kept = "kept",
    Held = "held",
    Whole = "intact",
    Missing = "missing",
    Damaged = "damaged",
);

/// What told the zone of a clock: the words of the column `zone_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneBy {
    /// An offset that the file has.
    Offset,
    /// The place of the photo.
    Place,
    /// The stamp of GPS beside the clock.
    Gps,
    /// Other photos of the camera.
    Camera,
    /// The user, of this photo.
    Given,
    /// The row, which does not say how.
    Photo,
    /// The place of the track at that time.
    Track,
    /// The user, of all photos.
    Flag,
}

words!(ZoneBy:
    Offset = "offset",
    Place = "place",
    Gps = "gps",
    Camera = "camera",
    Given = "given",
    Photo = "photo",
    Track = "track",
    Flag = "flag",
);

impl ZoneBy {
    /// Whether the photo itself does not tell it, so that another zone may be right.
    pub fn is_assumed(self) -> bool {
        matches!(self, ZoneBy::Track | ZoneBy::Flag)
    }
}

/// What told the time of a photo: the words of the column `time_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBy {
    /// DateTimeOriginal.
    Original,
    /// DateTimeDigitized.
    Digitized,
    Xmp,
    Sidecar,
    /// DateTime, which tools change.
    Modified,
    /// The name of the file.
    Name,
    /// The user.
    Given,
}

words!(TimeBy:
    Original = "original",
    Digitized = "digitized",
    Xmp = "xmp",
    Sidecar = "sidecar",
    Modified = "modified",
    Name = "name",
    Given = "given",
);

/// Why a sequence begins: the words of the column `cut_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutBy {
    /// The first photo of all.
    Start,
    /// The time since the photo before.
    Gap,
    /// The distance from the photo before.
    Distance,
    /// The turn from the way before.
    Turn,
    /// As many photos as a sequence may have.
    MaxImages,
    /// The first photo of another camera.
    Camera,
}

words!(CutBy:
    Start = "start",
    Gap = "gap",
    Distance = "distance",
    Turn = "turn",
    MaxImages = "max-images",
    Camera = "camera",
);

/// What `position_by` and `direction_by` say where a tool looked for a value and found none.
pub const NOT_FOUND: &str = "none";

//! Column values for the result of a row, and for how a value was determined.

use super::string_enum::words;

/// The result of a tool or a check for a row, as in the column `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was done now.
    Done,
    /// It would be done without `--dry-run`.
    Planned,
    /// It was already so.
    Kept,
    /// Another value exists, and was left unchanged.
    Held,
    /// Found by a check, as expected.
    Whole,
    /// Not found by a check.
    Missing,
    /// Found by a check, but incomplete.
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

/// How the time zone of a clock was determined, as in the column `zone_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneBy {
    /// An offset in the file.
    Offset,
    /// The position of the photo.
    Place,
    /// The GPS time next to the clock time.
    Gps,
    /// Other photos of the camera.
    Camera,
    /// The user, for this photo.
    Given,
    /// The row, which does not record how.
    Photo,
    /// The position of the track at that time.
    Track,
    /// The user, for all photos.
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
    /// Whether the photo itself does not give the zone, so that another may be right.
    pub fn is_assumed(self) -> bool {
        matches!(self, ZoneBy::Track | ZoneBy::Flag)
    }
}

/// How the time of a photo was determined, as in the column `time_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBy {
    /// DateTimeOriginal.
    Original,
    /// DateTimeDigitized.
    Digitized,
    Xmp,
    Sidecar,
    /// DateTime, which programs change.
    Modified,
    /// The file name.
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

/// Why a sequence begins, as in the column `cut_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutBy {
    /// The first photo of all.
    Start,
    /// The time since the previous photo.
    Gap,
    /// The distance from the previous photo.
    Distance,
    /// The turn from the previous direction.
    Turn,
    /// The maximum number of photos of a sequence.
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

/// The value of `position_by` and `direction_by` if a tool looked for a value and found none.
pub const NOT_FOUND: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_zone_that_the_photo_does_not_give_is_assumed() {
        for by in [ZoneBy::Track, ZoneBy::Flag] {
            assert!(by.is_assumed(), "{by}");
        }
        for by in [
            ZoneBy::Offset,
            ZoneBy::Place,
            ZoneBy::Gps,
            ZoneBy::Camera,
            ZoneBy::Given,
            ZoneBy::Photo,
        ] {
            assert!(!by.is_assumed(), "{by}");
        }
    }
}

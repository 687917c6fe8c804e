//! Why the service would reject a photo, under the error names of mapillary_tools.

use std::fmt;

use crate::row::{Field, Row};

/// A problem of a photo or of its sequence.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    NoPosition,
    /// `has_clock`: there is a camera time, but its zone is unknown.
    NoTime {
        has_clock: bool,
    },
    NullIsland,
    Duplicate {
        distance_m: f64,
        angle_deg: f64,
    },
    TooFast {
        kmh: f64,
        most_kmh: f64,
    },
    ZigZag,
    TooLarge(String),
    TooMany {
        images: usize,
        most: usize,
    },
    Invalid(String),
}

impl Problem {
    /// The name of the error in mapillary_tools. Problems without a name there, because mapillary_tools splits such
    /// sequences itself, are reported as invalid metadata.
    pub fn name(&self) -> &'static str {
        match self {
            Problem::NoPosition | Problem::NoTime { .. } => "MapillaryGeoTaggingError",
            Problem::NullIsland => "MapillaryNullIslandError",
            Problem::Duplicate { .. } => "MapillaryDuplicationError",
            Problem::TooFast { .. } => "MapillaryCaptureSpeedTooFastError",
            Problem::ZigZag => "MapillaryZigZagError",
            Problem::TooLarge(_) => "MapillaryFileTooLargeError",
            Problem::TooMany { .. } | Problem::Invalid(_) => "MapillaryMetadataValidationError",
        }
    }

    /// Writes the problem into the row's `why`, before the remarks of other tools.
    pub fn say(&self, row: &mut Row, remarks: &[String]) {
        put(row, Some(format!("{}: {self}", self.name())), remarks);
    }
}

/// Removes the problem of an earlier description, and adds these remarks.
pub fn say_none(row: &mut Row, remarks: &[String]) {
    put(row, None, remarks);
}

fn put(row: &mut Row, problem: Option<String>, remarks: &[String]) {
    let before = row.get(Field::Why).unwrap_or_default().to_owned();
    let others = before.split("; ").filter(|part| !part.is_empty() && !is_ours(part));
    let mut parts: Vec<&str> = problem.as_deref().into_iter().collect();
    for part in others.chain(remarks.iter().map(String::as_str)) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let why = parts.join("; ");
    if why != before {
        row.set(Field::Why, &why);
    }
}

/// The problem recorded in a row.
pub fn said(row: &Row) -> Option<&str> {
    row.get(Field::Why)?.split("; ").find(|part| is_ours(part))
}

/// `MapillaryZigZagError: ...`
fn is_ours(part: &str) -> bool {
    let name = part.split_once(": ").map_or("", |(name, _)| name);
    name.starts_with("Mapillary")
        && name.ends_with("Error")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoPosition => {
                f.write_str("Unable to extract GPS Longitude or GPS Latitude from the image")
            }
            Problem::NoTime { has_clock: false } => {
                f.write_str("Unable to extract timestamp from the image")
            }
            Problem::NoTime { has_clock: true } => f.write_str(
                "Unable to extract timestamp from the image: the zone of its clock is not known, geotag-gpx --zone tells it",
            ),
            Problem::NullIsland => f.write_str("GPS coordinates in Null Island (0, 0)"),
            Problem::Duplicate { distance_m, angle_deg } => write!(
                f,
                "Duplicate of its previous image in terms of distance <= {distance_m} and angle <= {angle_deg}"
            ),
            Problem::TooFast { kmh, most_kmh } => {
                write!(f, "Capture speed {kmh:.3} km/h exceeds max allowed {most_kmh:.3} km/h")
            }
            Problem::ZigZag => f.write_str("GPS zig-zag deviation detected"),
            Problem::TooLarge(what) | Problem::Invalid(what) => f.write_str(what),
            Problem::TooMany { images, most } => write!(
                f,
                "the sequence has {images} images and may have {most}: time-split --max-images {most} cuts it"
            ),
        }
    }
}

//! The image description format of the service: `MAP*` members as JSON in the EXIF ImageDescription, and in the
//! description file that mapillary_tools writes.

mod number;
mod read;
mod write;

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Timelike};

pub use number::{rounded, written};
pub use read::{Read, Unread, read, read_object};

/// Decimals of a coordinate, an altitude and an angle, as mapillary_tools rounds them.
pub const COORDINATE_DECIMALS: usize = 7;
pub const HEIGHT_DECIMALS: usize = 3;
pub const ANGLE_DECIMALS: usize = 3;

/// Degrees clockwise from true and from magnetic north. The service wants both; mapillary_tools writes the same number
/// twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heading {
    pub true_deg: f64,
    pub magnetic_deg: f64,
}

/// The description of a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Description {
    pub lat_deg: Option<f64>,
    pub lon_deg: Option<f64>,
    pub altitude_m: Option<f64>,
    /// Milliseconds since 1970, UTC.
    pub captured_ms: Option<i64>,
    pub heading: Option<Heading>,
    pub make: Option<String>,
    pub model: Option<String>,
    /// 1 to 8.
    pub orientation: Option<u16>,
    /// Groups pictures; it is not uploaded.
    pub sequence: Option<String>,
    /// The name of the file without its folder.
    pub file_name: Option<String>,
    pub accuracy_m: Option<f64>,
    pub camera_uuid: Option<String>,
}

impl Description {
    /// The text of the ImageDescription, without the sequence.
    pub fn image_description(&self) -> String {
        write::object(&self.members(false))
    }

    /// One element of a description file, for the file with this full path.
    pub fn file_item(&self, path: &str, bytes: Option<u64>) -> String {
        let mut members = self.members(true);
        members.push(("filename", write::string(path)));
        members.push(("filetype", write::string("image")));
        members.extend(bytes.map(|bytes| ("filesize", bytes.to_string())));
        write::object(&members)
    }

    /// The members that have a value, each as JSON.
    pub fn members(&self, with_sequence: bool) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.as_deref().map(write::string);
        let number = |number: Option<f64>, decimals| {
            number.map(|number| number::written(rounded(number, decimals)))
        };
        let heading = self.heading.map(|Heading { true_deg, magnetic_deg }| {
            let [true_deg, magnetic_deg] =
                [true_deg, magnetic_deg].map(|deg| number::written(rounded(deg, ANGLE_DECIMALS)));
            write::object(&[("TrueHeading", true_deg), ("MagneticHeading", magnetic_deg)])
        });
        let members = [
            ("MAPLatitude", number(self.lat_deg, COORDINATE_DECIMALS)),
            ("MAPLongitude", number(self.lon_deg, COORDINATE_DECIMALS)),
            ("MAPAltitude", number(self.altitude_m, HEIGHT_DECIMALS)),
            ("MAPCaptureTime", self.captured_ms.and_then(capture_time).map(|t| write::string(&t))),
            ("MAPCompassHeading", heading),
            ("MAPDeviceMake", text(&self.make)),
            ("MAPDeviceModel", text(&self.model)),
            ("MAPOrientation", self.orientation.map(|number| number.to_string())),
            ("MAPSequenceUUID", text(&self.sequence).filter(|_| with_sequence)),
            ("MAPFilename", text(&self.file_name)),
            ("MAPGPSAccuracyMeters", self.accuracy_m.map(number::written)),
            ("MAPCameraUUID", text(&self.camera_uuid)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// One element of a description file, for a picture without a description.
pub fn error_item(path: &str, kind: &str, message: &str) -> String {
    let error =
        write::object(&[("type", write::string(kind)), ("message", write::string(message))]);
    write::object(&[
        ("error", error),
        ("filename", write::string(path)),
        ("filetype", write::string("image")),
    ])
}

/// `2024_06_01_12_34_56_123`, in UTC; `None` outside the calendar range.
pub fn capture_time(ms: i64) -> Option<String> {
    let time = DateTime::from_timestamp_millis(ms)?;
    let year_has_four_digits = (0..10_000).contains(&chrono::Datelike::year(&time));
    year_has_four_digits.then(|| time.format("%Y_%m_%d_%H_%M_%S_%3f").to_string())
}

/// Parses the same format. The fraction may have one to six digits, as in mapillary_tools.
pub fn parse_capture_time(text: &str) -> Option<NaiveDateTime> {
    let (seconds, fraction) = match text.trim().match_indices('_').nth(5) {
        Some((at, _)) => (&text.trim()[..at], &text.trim()[at + 1..]),
        None => (text.trim(), "0"),
    };
    let time = NaiveDateTime::parse_from_str(seconds, "%Y_%m_%d_%H_%M_%S").ok()?;
    let is_fraction =
        (1..=6).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    let micros: u32 = is_fraction.then(|| format!("{fraction:0<6}").parse().ok()).flatten()?;
    time.with_nanosecond(micros * 1000)
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.image_description())
    }
}

#[cfg(test)]
mod tests;

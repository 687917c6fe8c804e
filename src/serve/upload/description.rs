//! What the client says of a picture: JSON with MAP* members in the EXIF ImageDescription.

use std::fmt;

use chrono::{NaiveDateTime, Timelike};
use serde_json::{Map, Value};

/// What a description says. Members that it does not have are for the rest of the EXIF to tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Description {
    pub lat_deg: Option<f64>,
    pub lon_deg: Option<f64>,
    pub altitude_m: Option<f64>,
    pub captured_ms: Option<i64>,
    pub heading_deg: Option<f64>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub orientation: Option<u16>,
}

/// A member that cannot be read.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{member} {text} is not {wanted}")]
pub struct Unread {
    member: &'static str,
    text: String,
    wanted: &'static str,
}

impl Description {
    /// Reads the text of an ImageDescription. `None` is a text that is no description.
    ///
    /// # Errors
    /// A member that is there and cannot be read.
    pub fn read(text: &str) -> Result<Option<Description>, Unread> {
        let Ok(Value::Object(object)) = serde_json::from_str(text.trim()) else { return Ok(None) };
        if !object.keys().any(|key| key.starts_with("MAP")) {
            return Ok(None);
        }
        let heading = object.get("MAPCompassHeading").and_then(Value::as_object);
        let empty = Map::new();
        let heading = heading.unwrap_or(&empty);
        let orientation = number(&object, "MAPOrientation", |n| (1.0..=8.0).contains(&n))?;
        let heading_deg = match number(heading, "TrueHeading", f64::is_finite)? {
            Some(deg) => Some(deg),
            None => number(heading, "MagneticHeading", f64::is_finite)?,
        };
        Ok(Some(Description {
            lat_deg: number(&object, "MAPLatitude", |n| (-90.0..=90.0).contains(&n))?,
            lon_deg: number(&object, "MAPLongitude", |n| (-180.0..=180.0).contains(&n))?,
            altitude_m: number(&object, "MAPAltitude", f64::is_finite)?,
            captured_ms: captured_ms(&object)?,
            heading_deg,
            make: words(&object, "MAPDeviceMake"),
            model: words(&object, "MAPDeviceModel"),
            orientation: orientation.map(|number| number as u16),
        }))
    }
}

fn unread(member: &'static str, value: impl fmt::Display, wanted: &'static str) -> Unread {
    Unread { member, text: value.to_string(), wanted }
}

/// A number, or the text of one, as old apps write it.
fn number(
    object: &Map<String, Value>,
    member: &'static str,
    is_right: fn(f64) -> bool,
) -> Result<Option<f64>, Unread> {
    let value = match object.get(member) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value,
    };
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    match number.filter(|number| is_right(*number)) {
        Some(number) => Ok(Some(number)),
        None => Err(unread(member, value, "a number of its range")),
    }
}

fn words(object: &Map<String, Value>, member: &str) -> Option<String> {
    let text = object.get(member)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `2024_06_01_12_34_56_123`, in UTC.
fn captured_ms(object: &Map<String, Value>) -> Result<Option<i64>, Unread> {
    let member = "MAPCaptureTime";
    let value = match object.get(member) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value,
    };
    let time = value.as_str().and_then(|text| {
        let (seconds, ms) = match text.match_indices('_').nth(5) {
            Some((at, _)) => (&text[..at], &text[at + 1..]),
            None => (text, "0"),
        };
        let time = NaiveDateTime::parse_from_str(seconds, "%Y_%m_%d_%H_%M_%S").ok()?;
        let ms: u32 = ms.parse().ok().filter(|ms| *ms < 1000)?;
        time.with_nanosecond(ms * 1_000_000)
    });
    let time =
        time.ok_or_else(|| unread(member, value, "a time such as 2024_06_01_12_34_56_123"))?;
    Ok(Some(time.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_as_the_official_tool_and_as_old_apps_write_them() {
        let text = r#"{"MAPAltitude":34.2,"MAPCaptureTime":"2024_06_01_12_34_56_123","MAPCompassHeading":{"MagneticHeading":270.5,"TrueHeading":271.5},"MAPDeviceMake":"Acme","MAPDeviceModel":"One","MAPLatitude":52.5200123,"MAPLongitude":13.4001235,"MAPOrientation":6}"#;
        let read = Description::read(text).expect("it can be read").expect("a description");
        assert_eq!(read.captured_ms, Some(1_717_245_296_123));
        assert_eq!((read.lat_deg, read.lon_deg), (Some(52.5200123), Some(13.4001235)));
        assert_eq!(
            (read.heading_deg, read.altitude_m, read.orientation),
            (Some(271.5), Some(34.2), Some(6))
        );
        assert_eq!((read.make.as_deref(), read.model.as_deref()), (Some("Acme"), Some("One")));
        let old = r#" {"MAPLatitude":"44.8","MAPLongitude":"-0.5","MAPCaptureTime":"2014_01_02_03_04_05_006"} "#;
        let read = Description::read(old).expect("it can be read").expect("a description");
        assert_eq!((read.lat_deg, read.lon_deg), (Some(44.8), Some(-0.5)));
    }

    #[test]
    fn other_texts_are_no_descriptions_and_wrong_members_are_named() {
        for text in ["", "SONY DSC", "{}", "[1]", r#"{"a":1}"#, r#"{"MAP"#] {
            assert_eq!(Description::read(text), Ok(None), "{text}");
        }
        for (member, value) in [
            ("MAPLatitude", "91"),
            ("MAPLatitude", "\"north\""),
            ("MAPLongitude", "[1]"),
            ("MAPCaptureTime", "\"2024-06-01\""),
            ("MAPCaptureTime", "\"2024_13_01_00_00_00_000\""),
            ("MAPCaptureTime", "\"2024_06_01_12_34_56_1234\""),
            ("MAPCaptureTime", "1717245296123"),
            ("MAPOrientation", "9"),
        ] {
            let why = Description::read(&format!("{{\"{member}\":{value}}}")).expect_err(value);
            assert!(why.to_string().starts_with(member), "{why}");
        }
    }

    #[test]
    fn a_description_cut_anywhere_or_changed_at_any_byte_does_no_harm() {
        let text = r#"{"MAPCaptureTime":"2024_06_01_12_34_56_123","MAPCompassHeading":{"TrueHeading":1},"MAPLatitude":52.5}"#;
        for at in 0..text.len() {
            let _ = Description::read(&text[..at]);
            for byte in b"\"_{:9" {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = *byte;
                let _ = Description::read(&String::from_utf8_lossy(&changed));
            }
        }
    }
}

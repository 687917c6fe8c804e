//! Reads descriptions, including those of old apps, which write numbers as strings, times in local time, and
//! user settings.

use serde_json::{Map, Value};

use super::{Description, Heading, parse_capture_time};
use crate::value::zone::Zone;

/// Members that identify the user, or that grant access to anyone who has them: never passed on.
const PERSONAL: [&str; 8] = [
    "MAPSettingsEmail",
    "MAPSettingsUsername",
    "MAPSettingsUserKey",
    "MAPSettingsUploadHash",
    "MAPSettingsProject",
    "MAPSettingsToken",
    "MAPPrivate",
    "MAPOrganizationKey",
];

/// The maximum length. No app was seen with even 300 members, and EXIF cannot hold more than this.
const MOST_BYTES: usize = 1 << 20;

/// The result of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    pub description: Description,
    /// Members that must not be passed on.
    pub personal: Vec<&'static str>,
    /// Members that are present but unreadable.
    pub unread: Vec<Unread>,
    /// The time if it is taken as UTC, ignoring the zone in the description.
    pub if_utc_ms: Option<i64>,
}

/// A member that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member} {text} is not {wanted}")]
pub struct Unread {
    member: &'static str,
    text: String,
    wanted: &'static str,
}

/// Reads the text of an ImageDescription; `None` if it is some other text.
pub fn read(text: &str) -> Option<Read> {
    let text = text.trim();
    if !text.starts_with('{') || text.len() > MOST_BYTES {
        return None;
    }
    let Ok(Value::Object(object)) = serde_json::from_str(text) else { return None };
    object.keys().any(|key| key.starts_with("MAP")).then(|| read_object(&object))
}

/// Reads the members of an object.
pub fn read_object(object: &Map<String, Value>) -> Read {
    let mut from = Members { object, unread: Vec::new() };
    let (captured_ms, if_utc_ms) = from.captured_ms();
    let description = Description {
        lat_deg: from.number("MAPLatitude", "a latitude", |n| (-90.0..=90.0).contains(&n)),
        lon_deg: from.number("MAPLongitude", "a longitude", |n| (-180.0..=180.0).contains(&n)),
        altitude_m: from.number("MAPAltitude", "a number", f64::is_finite),
        captured_ms,
        heading: from.heading(),
        make: from.words("MAPDeviceMake"),
        model: from.words("MAPDeviceModel"),
        orientation: from
            .number("MAPOrientation", "1 to 8", |n| n.fract() == 0.0 && (1.0..=8.0).contains(&n))
            .map(|number| number as u16),
        sequence: from.words("MAPSequenceUUID"),
        file_name: from.words("MAPFilename"),
        accuracy_m: from.number("MAPGPSAccuracyMeters", "a length", |n| (0.0..1e7).contains(&n)),
        camera_uuid: from.words("MAPCameraUUID"),
    };
    let personal = PERSONAL.into_iter().filter(|member| object.contains_key(*member)).collect();
    Read { description, personal, unread: from.unread, if_utc_ms }
}

struct Members<'a> {
    object: &'a Map<String, Value>,
    unread: Vec<Unread>,
}

impl Members<'_> {
    /// A number, or a number as a string.
    fn number(
        &mut self,
        member: &'static str,
        wanted: &'static str,
        is_right: impl Fn(f64) -> bool,
    ) -> Option<f64> {
        let value = self.object.get(member).filter(|value| !is_blank(value))?;
        let found = number_of(value).filter(|number| is_right(*number));
        if found.is_none() {
            self.unread.push(unread(member, value, wanted));
        }
        found
    }

    fn words(&self, member: &str) -> Option<String> {
        let text = match self.object.get(member)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Both directions; if only one is present, it is used for both. An app without a compass writes a negative
    /// number.
    fn heading(&mut self) -> Option<Heading> {
        let member = "MAPCompassHeading";
        let value = self.object.get(member).filter(|value| !is_blank(value))?;
        let Some(both) = value.as_object() else {
            self.unread.push(unread(member, value, "an object of TrueHeading and MagneticHeading"));
            return None;
        };
        let deg =
            |name| both.get(name).and_then(number_of).filter(|deg| (0.0..=360.0).contains(deg));
        let (true_deg, magnetic_deg) = (deg("TrueHeading"), deg("MagneticHeading"));
        let is_said = both
            .values()
            .any(|value| !is_blank(value) && number_of(value).is_none_or(|n| n >= 0.0));
        if true_deg.or(magnetic_deg).is_none() && is_said {
            self.unread.push(unread(member, value, "a direction of 0 to 360 degrees"));
        }
        let one = true_deg.or(magnetic_deg)?;
        Some(Heading { true_deg: one, magnetic_deg: magnetic_deg.unwrap_or(one) })
    }

    /// The capture time: UTC as in today's descriptions, or local time if the app gives its zone. The second
    /// value is the time taken as UTC, if there is a zone.
    fn captured_ms(&mut self) -> (Option<i64>, Option<i64>) {
        let member = "MAPCaptureTime";
        let Some(value) = self.object.get(member).filter(|value| !is_blank(value)) else {
            return (None, None);
        };
        let Some(time) = value.as_str().and_then(parse_capture_time) else {
            self.unread.push(unread(member, value, "a time such as 2024_06_01_12_34_56_123"));
            return (None, None);
        };
        let ms = time.and_utc().timestamp_millis();
        let Some(zone) = self.object.get("MAPLocalTimeZone").filter(|value| !is_blank(value))
        else {
            return (Some(ms), None);
        };
        let offset_s = zone.as_str().and_then(|text| zone_offset_s(text, ms));
        if offset_s.is_none() {
            self.unread.push(unread("MAPLocalTimeZone", zone, "a zone such as +0200"));
        }
        (offset_s.map(|s| ms - i64::from(s) * 1000), Some(ms))
    }
}

/// The offset of a zone such as `+0200` or `GMT+02:00` from UTC at a local time.
fn zone_offset_s(text: &str, local_ms: i64) -> Option<i32> {
    let text = text.trim();
    let text = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC")).unwrap_or(text);
    let zone: Zone = if text.is_empty() { Zone::UTC } else { text.parse().ok()? };
    let near = zone.offset_s(local_ms)?;
    zone.offset_s(local_ms - i64::from(near) * 1000)
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn number_of(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().replace(',', ".").parse().ok());
    number.filter(|number| number.is_finite())
}

fn unread(member: &'static str, value: &Value, wanted: &'static str) -> Unread {
    let text: String = value.to_string().chars().filter(|c| !c.is_control()).take(60).collect();
    Unread { member, text, wanted }
}

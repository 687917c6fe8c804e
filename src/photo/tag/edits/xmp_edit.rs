//! Edits of XMP, and values in XMP syntax.

use chrono::NaiveDateTime;

use crate::format::xmp::{self, Namespace, Set};
use crate::photo::camera::{self};
use crate::value::zone::offset_text;

pub fn set(namespace: Namespace, name: &'static str, value: Option<Set>) -> xmp::Edit {
    xmp::Edit { namespace, name, value }
}

pub fn text(namespace: Namespace, name: &'static str, value: Option<String>) -> xmp::Edit {
    set(namespace, name, value.map(Set::Text))
}

/// XMP has fractions in the same form as EXIF (XMP part 2, 8.5, Rational).
pub fn ratio(number: f64, unit: u32) -> String {
    format!("{}/{unit}", (number * f64::from(unit)).round() as i64)
}

pub fn iso(time: NaiveDateTime, offset_s: Option<i32>) -> String {
    let zone = match offset_s {
        Some(0) => "Z".into(),
        Some(s) => offset_text(s),
        None => String::new(),
    };
    format!("{}{zone}", camera::local_time(time))
}

//! The description as columns of a row, under the service's own names.

use serde_json::{Map, Value};

use crate::format::description::{Description, read_object};
use crate::photo::camera::decimal;
use crate::row::{Column, Field, Row};
use crate::value::geo::rounded_deg;

use super::Error;

/// The columns, in order. The same names are understood in rows made by other programs, such as a description file.
pub const NAMES: [&str; 12] = [
    "MAPLatitude",
    "MAPLongitude",
    "MAPAltitude",
    "MAPCaptureTime",
    "MAPCompassHeading",
    "MAPDeviceMake",
    "MAPDeviceModel",
    "MAPOrientation",
    "MAPSequenceUUID",
    "MAPFilename",
    "MAPGPSAccuracyMeters",
    "MAPCameraUUID",
];

/// Fields that are also filled if a row has no value, so that the other tools can read rows described elsewhere.
pub const FIELDS: [Field; 8] = [
    Field::Path,
    Field::Lon,
    Field::Lat,
    Field::Altitude,
    Field::CapturedAt,
    Field::CompassAngle,
    Field::Make,
    Field::Model,
];

/// Columns of a description file that name the file and its type.
const FILE_NAME: &str = "filename";
const FILE_TYPE: &str = "filetype";

/// The kind of file that a row of a description file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Picture,
    /// Skipped: only pictures are uploaded.
    Video,
}

/// All columns that describing sets.
pub fn columns() -> Vec<Column> {
    let fields = FIELDS.map(Column::from).into_iter();
    fields.chain(NAMES.map(Column::named)).chain([Field::Why.into()]).collect()
}

/// Takes the file name from the column of a description file, and returns the kind of the file.
pub fn adopt(row: &mut Row) -> Kind {
    let text = |row: &Row, name| row.get_column(&Column::named(name)).map(String::from);
    if row.get(Field::Path).is_none()
        && let Some(path) = text(row, FILE_NAME)
    {
        row.set(Field::Path, &path);
    }
    let is_video = text(row, FILE_TYPE).is_some_and(|kind| kind != "image")
        || row.get_column(&Column::named("MAPGPSTrack")).is_some();
    if is_video { Kind::Video } else { Kind::Picture }
}

/// Reads the description from the columns.
///
/// # Errors
/// If a value is unreadable.
pub fn read(row: &Row) -> Result<Description, Error> {
    let mut object = Map::new();
    for name in NAMES {
        let Some(at) = row.columns().place(&Column::named(name)) else { continue };
        let text = row.cell(at);
        if text.is_empty() {
            continue;
        }
        // In CSV all cells are text.
        let value = match name {
            "MAPCompassHeading" => serde_json::from_str(text).unwrap_or(Value::from(text)),
            _ => Value::from(text),
        };
        object.insert(name.into(), value);
    }
    let read = read_object(&object);
    match read.unread.into_iter().next() {
        Some(unread) => Err(unread.into()),
        None => Ok(read.description),
    }
}

/// Sets the columns, and the fields that have no value in the row.
pub fn fill(row: &mut Row, description: &Description) {
    let members = description.members(true);
    for name in NAMES {
        let column = Column::named(name);
        let json = members.iter().find(|(known, _)| *known == name).map(|(_, json)| json.as_str());
        let text = json.map(|json| serde_json::from_str::<String>(json).map_err(|_| json));
        match text {
            Some(Ok(text)) => row.set_column(&column, &text, false),
            Some(Err(json)) => row.set_column(&column, json, true),
            None if row.names_column(&column) => row.set_column(&column, "", false),
            None => {}
        }
    }
    let Description { lon_deg, lat_deg, altitude_m, captured_ms, heading, make, model, .. } =
        description;
    let mut set = |field, text: Option<String>| {
        if let (None, Some(text)) = (row.get(field), text) {
            row.set(field, &text);
        }
    };
    set(Field::Lon, lon_deg.map(|deg| decimal(deg, 8)));
    set(Field::Lat, lat_deg.map(|deg| decimal(deg, 8)));
    set(Field::Altitude, altitude_m.map(|m| decimal(m, 3)));
    set(Field::CapturedAt, captured_ms.map(|ms| ms.to_string()));
    set(Field::CompassAngle, heading.map(|heading| decimal(rounded_deg(heading.true_deg, 3), 3)));
    set(Field::Make, make.clone());
    set(Field::Model, model.clone());
}

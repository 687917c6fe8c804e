//! The fields of a picture to request, as given by `--fields`.

use crate::row::known_fields::{JsonPlace, TABLE, parts};
use crate::row::{Column, Field};
use crate::shape::RowError;

/// The fields that later stages use.
pub const STANDARD: &[&str] = &[
    "sequence",
    "captured_at",
    "geometry",
    "computed_geometry",
    "altitude",
    "computed_altitude",
    "compass_angle",
    "computed_compass_angle",
    "camera_type",
    "is_pano",
    "make",
    "model",
    "exif_orientation",
    "width",
    "height",
    "creator",
    "organization",
];

/// The fields to request.
#[derive(Debug, Clone, Default)]
pub struct RequestFields {
    /// Keys of the Graph API.
    pub(super) keys: Vec<String>,
    /// The columns that they become.
    pub(super) columns: Vec<Column>,
    /// Whether the fields were listed by name, which means only these, without a link.
    pub(super) listed: bool,
}

impl RequestFields {
    /// Parses `standard`, `all`, or names in any spelling.
    pub fn read(names: &[String]) -> Result<RequestFields, RowError> {
        let mut fields = RequestFields { listed: true, ..RequestFields::default() };
        for name in names {
            match name.trim() {
                "standard" => fields.add_all(STANDARD.iter().copied())?,
                "all" => fields.add_all(every())?,
                name => fields.add(name)?,
            }
        }
        Ok(fields)
    }

    fn add_all<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<(), RowError> {
        self.listed = false;
        names.into_iter().try_for_each(|name| self.add(name))
    }

    fn add(&mut self, name: &str) -> Result<(), RowError> {
        let is_name =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        // Only the first fields of the table are fields of the service.
        if !is_name || Field::named(name).is_some_and(|field| field >= Field::RawJson) {
            return Err(no_field(name).into());
        }
        match (parts(name), Field::named(name)) {
            (Some(fields), _) => fields.iter().for_each(|&field| self.add_field(field)),
            (None, Some(field)) => self.add_field(field),
            // The service may have more fields than the table.
            (None, None) => self.push(name, Column::named(name)),
        }
        Ok(())
    }

    pub(super) fn add_field(&mut self, field: Field) {
        self.push(key(field), field.into());
    }

    fn push(&mut self, key: &str, column: Column) {
        if !self.keys.iter().any(|there| there == key) {
            self.keys.push(key.to_string());
        }
        if !self.columns.contains(&column) {
            self.columns.push(column);
        }
    }
}

/// The message about a name that is not a field of the service.
pub(super) fn no_field(name: &str) -> String {
    let mut keys: Vec<&str> = Vec::new();
    every().filter(|key| *key != "id").for_each(|key| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    });
    format!("the service has no field '{name}': fields are standard, all, {}", keys.join(", "))
}

/// The service's key of a field.
fn key(field: Field) -> &'static str {
    match field.entry().stand {
        JsonPlace::Top(key) | JsonPlace::In(key, _) | JsonPlace::Point(key, _) => key,
    }
}

/// All fields of an image on the service.
pub fn every() -> impl Iterator<Item = &'static str> {
    let service = TABLE.iter().take_while(|entry| entry.field < Field::RawJson);
    service.filter(|entry| entry.field != Field::ImgId).map(|entry| key(entry.field))
}

#[cfg(test)]
mod tests;

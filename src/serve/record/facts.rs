//! The values used by searches and tiles, read from the fields of a record.

use crate::value::geo::Position;

use super::{JsonFields, RecordError, fields_of, text};

/// The values used by searches and tiles.
#[derive(Debug, Default, PartialEq)]
pub struct RecordFacts {
    pub sequence: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub captured_ms: Option<i64>,
    /// The recorded position.
    pub place: Option<Position>,
    /// The position computed by structure from motion.
    pub computed: Option<Position>,
    pub compass_deg: Option<f64>,
    pub username: Option<String>,
    /// The id of the user.
    pub creator: Option<String>,
    pub organization: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub is_pano: Option<bool>,
}

impl RecordFacts {
    /// # Errors
    /// A time or a position that cannot be read.
    pub fn read(text: &str) -> Result<RecordFacts, RecordError> {
        let fields = fields_of(text);
        let said = |key: &str| fields.get(key).and_then(|raw| self::text(raw));
        Ok(RecordFacts {
            sequence: said("sequence"),
            captured_ms: captured_ms(&fields)?,
            place: place(&fields, "geometry")?,
            // A wrong value computed by the service is no reason to leave out the image.
            computed: place(&fields, "computed_geometry").unwrap_or_default(),
            compass_deg: said("compass_angle").and_then(|text| text.parse().ok()),
            username: inner(&fields, "creator", "username"),
            creator: inner(&fields, "creator", "id"),
            organization: inner(&fields, "organization", "id"),
            make: said("make"),
            model: said("model"),
            is_pano: said("is_pano").and_then(|text| text.parse().ok()),
        })
    }
}

/// A nested value, such as `creator`, `username`.
pub(super) fn inner(fields: &JsonFields, field: &str, key: &str) -> Option<String> {
    let object: JsonFields = serde_json::from_str(fields.get(field)?.get()).ok()?;
    object.get(key).and_then(|raw| text(raw))
}

fn captured_ms(fields: &JsonFields) -> Result<Option<i64>, RecordError> {
    let Some(text) = fields.get("captured_at").and_then(|raw| text(raw)) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| RecordError::CapturedAt(text))
}

pub fn place(fields: &JsonFields, field: &str) -> Result<Option<Position>, RecordError> {
    let Some(raw) = fields.get(field) else { return Ok(None) };
    let unreadable =
        || RecordError::NotAPoint { field: field.to_string(), text: raw.get().to_string() };
    let object: JsonFields = serde_json::from_str(raw.get()).map_err(|_| unreadable())?;
    let pair = object.get("coordinates").ok_or_else(unreadable)?;
    let pair: Vec<f64> = serde_json::from_str(pair.get()).map_err(|_| unreadable())?;
    match pair[..] {
        [lon_deg, lat_deg, ..] => Ok(Some(Position::new(lon_deg, lat_deg)?)),
        _ => Err(unreadable()),
    }
}

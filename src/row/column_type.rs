//! The type of a column in formats that have types: Parquet, and the description of a CSV file for other
//! programs. CSV itself has only text.

use super::known_fields::Type;
use super::{Column, Field, Row, WrongValue};
use crate::value::geo::Position;

/// The type of all values in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text, ids, JSON, and columns that are not in the table of names.
    Text,
    Double,
    /// Whole numbers.
    Long,
    /// Milliseconds since 1970 UTC.
    Instant,
    Bool,
}

/// One typed value of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TypedValue<'a> {
    Absent,
    Text(&'a str),
    Double(f64),
    /// A whole number, or an instant in milliseconds.
    Long(i64),
    Bool(bool),
}

impl ColumnType {
    pub fn from_column(column: &Column) -> ColumnType {
        let Some(entry) = column.entry() else { return ColumnType::Text };
        match (entry.kind, entry.field) {
            (Type::Text | Type::Id | Type::Json, _) => ColumnType::Text,
            (Type::Bool, _) => ColumnType::Bool,
            (Type::Number, Field::CapturedAt | Field::FirstCapturedAt) => ColumnType::Instant,
            (Type::Number, field) if is_whole(field) => ColumnType::Long,
            (Type::Number, _) => ColumnType::Double,
        }
    }

    /// The value of the row's column at this index.
    ///
    /// # Errors
    /// A text that does not have this type; the error names the column.
    pub fn value<'a>(self, row: &'a Row, at: usize) -> Result<TypedValue<'a>, WrongValue> {
        let text = row.cell(at);
        let field = row.columns().list().get(at).and_then(|column| column.field);
        let (false, Some(field)) = (text.is_empty(), field) else {
            let is_absent = text.is_empty();
            return Ok(if is_absent { TypedValue::Absent } else { TypedValue::Text(text) });
        };
        Ok(match self {
            ColumnType::Text => TypedValue::Text(text),
            ColumnType::Double => row.number(field)?.map_or(TypedValue::Absent, TypedValue::Double),
            ColumnType::Long => row.integer(field)?.map_or(TypedValue::Absent, TypedValue::Long),
            ColumnType::Instant => {
                row.instant_ms(field)?.map_or(TypedValue::Absent, TypedValue::Long)
            }
            ColumnType::Bool => row.flag(field)?.map_or(TypedValue::Absent, TypedValue::Bool),
        })
    }
}

/// Whether the field holds whole numbers.
fn is_whole(field: Field) -> bool {
    matches!(
        field,
        Field::Width
            | Field::Height
            | Field::ExifOrientation
            | Field::MergeCc
            | Field::ImageCount
            | Field::Bytes
            | Field::Offset
    )
}

/// Where the row's picture was taken; `None` if neither the longitude nor the latitude is known.
///
/// # Errors
/// A value that is not a number, that is out of range, or that is one without the other.
pub fn position(row: &Row) -> Result<Option<Position>, WrongValue> {
    match (row.number(Field::Lon)?, row.number(Field::Lat)?) {
        (Some(lon), Some(lat)) => Position::new(lon, lat).map(Some).map_err(|_| {
            let field = if lon.abs() > 180.0 { Field::Lon } else { Field::Lat };
            row.wrong(field, "a place on the earth")
        }),
        (Some(_), None) => Err(row.wrong(Field::Lon, "a place without lat")),
        (None, Some(_)) => Err(row.wrong(Field::Lat, "a place without lon")),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests;

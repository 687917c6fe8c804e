//! The type of a column where a table has types: in Parquet, and in what other programs are told of a
//! CSV file. CSV itself has text alone.

use super::names::Type;
use super::{Column, Field, Row, WrongValue};
use crate::value::geo::Position;

/// What all values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Texts, ids, JSON, and whatever no tool knows.
    Text,
    Double,
    /// Whole numbers.
    Long,
    /// Milliseconds since 1970 UTC.
    Instant,
    Bool,
}

/// One value of a column, of its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TypedValue<'a> {
    Absent,
    Text(&'a str),
    Double(f64),
    /// A whole number, or an instant.
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

    /// The value of the row's column at this place.
    ///
    /// # Errors
    /// A text that is none of this type, with the column's name.
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
            ColumnType::Long | ColumnType::Instant => {
                row.integer(field)?.map_or(TypedValue::Absent, TypedValue::Long)
            }
            ColumnType::Bool => row.flag(field)?.map_or(TypedValue::Absent, TypedValue::Bool),
        })
    }
}

/// Numbers that count something.
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

/// Where the row's picture was taken; half a place is none.
///
/// # Errors
/// A value that cannot be read, or that no place on the earth has.
pub fn position(row: &Row) -> Result<Option<Position>, WrongValue> {
    match (row.number(Field::Lon)?, row.number(Field::Lat)?) {
        (Some(lon), Some(lat)) => Position::new(lon, lat).map(Some).map_err(|_| {
            let field = if lon.abs() > 180.0 { Field::Lon } else { Field::Lat };
            row.wrong(field, "a place on the earth")
        }),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests;

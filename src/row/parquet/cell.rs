//! Converts a Parquet value to the text of a cell.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::data_type::ByteArray;
use parquet::record::Field as Value;
use parquet::schema::types::Type;
use serde_json::json;

use crate::row::column_type::ColumnType;
use crate::row::csv::MORE;
use crate::row::csv::composite_cells::{self, unfold};
use crate::row::known_fields::Type as Kind;
use crate::row::{Column, Error, Row};

/// How the values of one column are read.
pub struct Cells {
    pub column: Column,
    /// Whether the column is an instant, which the table of names stores in milliseconds.
    is_instant: bool,
    /// Whether whole numbers are nanoseconds since 1970, which the library does not report.
    is_nanos: bool,
    is_utc: bool,
}

/// A value that a cell cannot hold.
#[derive(Debug, thiserror::Error)]
pub enum CellError {
    #[error("{0} is a time beyond the calendar")]
    Time(String),
    #[error(
        "'{text}' in column '{column}' is not a point with two coordinates, which the footer promises"
    )]
    NotFlat { text: String, column: String },
    #[error(transparent)]
    Row(#[from] Error),
}

/// A text, and whether it is a JSON value rather than a string.
pub type Text = (String, bool);

impl Cells {
    pub fn new(name: &str, kind: &Type) -> Cells {
        let column = Column::named(name);
        let (is_utc, is_nanos) = match kind.get_basic_info().logical_type_ref() {
            Some(LogicalType::Timestamp(time)) => {
                (time.is_adjusted_to_u_t_c, time.unit == TimeUnit::NANOS)
            }
            _ => (false, false),
        };
        let is_instant = ColumnType::from_column(&column) == ColumnType::Instant;
        Cells { column, is_instant, is_nanos, is_utc }
    }

    /// The text of a value; `None` for null and NaN.
    ///
    /// # Errors
    /// A time that is out of range.
    pub fn text(&self, value: &Value) -> Result<Option<Text>, CellError> {
        let plain = |text: String| Ok(Some((text, false)));
        // A number in an unknown column stays a number in JSON; for a known field, the table of names decides.
        let raw = |text: String| Ok(Some((text, self.column.field.is_none())));
        match value {
            Value::Null => Ok(None),
            Value::Str(text) => plain(text.clone()),
            Value::Bytes(bytes) => plain(bytes_text(bytes)),
            Value::Float16(number) => Ok(self.number(number.to_f32())),
            Value::Float(number) => Ok(self.number(*number)),
            Value::Double(number) => Ok(self.number(*number)),
            Value::Long(nanos) if self.is_nanos => self.time(*nanos, 1_000_000_000),
            Value::TimestampMillis(ms) => self.time(*ms, 1000),
            Value::TimestampMicros(us) => self.time(*us, 1_000_000),
            Value::Date(_) | Value::TimeMillis(_) | Value::TimeMicros(_) => plain(moment(value)?),
            Value::Group(_) | Value::ListInternal(_) | Value::MapInternal(_) => {
                raw(nested(value)?.to_string())
            }
            _ => raw(value.to_string()),
        }
    }

    /// A number in its usual notation. An id stored as a float keeps its `.0`, which shows that it may have
    /// lost digits.
    fn number<T: Into<f64> + Copy + std::fmt::Display + std::fmt::Debug>(
        &self,
        number: T,
    ) -> Option<Text> {
        let as_double: f64 = number.into();
        let is_raw = self.column.field.is_none() && as_double.is_finite();
        let text = match self.column.kind() {
            Kind::Id => format!("{number:?}"),
            _ => number.to_string(),
        };
        // pandas writes NaN for a missing number.
        (!as_double.is_nan()).then_some((text, is_raw))
    }

    fn time(&self, since_1970: i64, per_second: i64) -> Result<Option<Text>, CellError> {
        if self.is_instant {
            return Ok(Some((milliseconds(since_1970, per_second as u64 / 1000), false)));
        }
        let (seconds, rest) =
            (since_1970.div_euclid(per_second), since_1970.rem_euclid(per_second));
        let nanos = rest * (1_000_000_000 / per_second);
        let time =
            u32::try_from(nanos).ok().and_then(|nanos| DateTime::from_timestamp(seconds, nanos));
        let time = time.ok_or_else(|| CellError::Time(since_1970.to_string()))?.naive_utc();
        let zone = if self.is_utc { "Z" } else { "" };
        Ok(Some((format!("{}{zone}", time.format("%Y-%m-%dT%H:%M:%S%.f")), false)))
    }
}

/// Milliseconds as a decimal number with all the digits of a finer unit, of which there are `per_ms` in each.
fn milliseconds(units: i64, per_ms: u64) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (ms, rest) = (units.unsigned_abs() / per_ms, units.unsigned_abs() % per_ms);
    let digits = format!("{:0width$}", rest, width = per_ms.ilog10() as usize);
    match digits.trim_end_matches('0') {
        "" => format!("{sign}{ms}"),
        digits => format!("{sign}{ms}.{digits}"),
    }
}

/// UTF-8 text, which older writers do not mark as such; otherwise hexadecimal.
fn bytes_text(bytes: &ByteArray) -> String {
    match std::str::from_utf8(bytes.data()) {
        Ok(text) if !text.contains('\0') => text.to_string(),
        _ => hex(bytes.data()),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A date, or a time of day.
fn moment(value: &Value) -> Result<String, CellError> {
    let day = || NaiveDate::from_ymd_opt(1970, 1, 1);
    let time = |span: TimeDelta| {
        let (time, days) = NaiveTime::MIN.overflowing_add_signed(span);
        (days == 0).then(|| time.format("%H:%M:%S%.f").to_string())
    };
    let text = match value {
        Value::Date(days) => day()
            .and_then(|day| day.checked_add_signed(TimeDelta::days(i64::from(*days))))
            .map(|day| day.to_string()),
        Value::TimeMillis(ms) => time(TimeDelta::milliseconds(i64::from(*ms))),
        Value::TimeMicros(us) => time(TimeDelta::microseconds(*us)),
        _ => None,
    };
    text.ok_or_else(|| CellError::Time(format!("{value:?}")))
}

/// Structs, lists and maps as JSON.
fn nested(value: &Value) -> Result<serde_json::Value, CellError> {
    Ok(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => json!(value),
        // As a double it would have digits that nobody wrote.
        Value::Float(number) => serde_json::from_str(&format!("{number:?}")).unwrap_or_default(),
        Value::Double(number) => json!(number),
        Value::Str(text) => json!(text),
        Value::Bytes(bytes) => json!(bytes_text(bytes)),
        Value::Group(row) => {
            let members = row.get_column_iter().map(|(name, it)| Ok((name.clone(), nested(it)?)));
            serde_json::Value::Object(members.collect::<Result<_, CellError>>()?)
        }
        Value::ListInternal(list) => {
            let items = list.elements().iter().map(nested);
            serde_json::Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::MapInternal(map) => {
            let key = |key: &Value| {
                nested(key).map(|key| match key {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                })
            };
            let members = map.entries().iter().map(|(k, value)| Ok((key(k)?, nested(value)?)));
            serde_json::Value::Object(members.collect::<Result<_, CellError>>()?)
        }
        Value::Date(_) | Value::TimeMillis(_) | Value::TimeMicros(_) => json!(moment(value)?),
        Value::TimestampMillis(_) | Value::TimestampMicros(_) => {
            let cells = Cells {
                column: Column::named(""),
                is_instant: false,
                is_nanos: false,
                is_utc: true,
            };
            json!(cells.text(value)?.map(|(text, _)| text))
        }
        number => {
            serde_json::from_str(&number.to_string()).unwrap_or_else(|_| json!(number.to_string()))
        }
    })
}

/// Sets a cell. If it has a value already, the two must agree.
pub fn put(row: &mut Row, column: &Column, (text, raw): Text) -> Result<(), CellError> {
    if &*column.name == MORE {
        return unfold(row, MORE, &text).map_err(CellError::Row);
    }
    composite_cells::put(row, column, &text, raw).map_err(CellError::Row)
}

#[cfg(test)]
mod tests;

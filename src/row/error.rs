//! Errors in a row, or in one of its values.

use std::borrow::Cow;

use super::columns::MAX_COLUMNS;
use super::json::lex::LexError;
use super::{Field, MAX_ROW_BYTES};
use crate::value::human_format::counted;
use crate::value::shown::{decimal_comma, quoted};
use crate::value::string_enum::words;

/// Why a text is not a row. The reader, which knows the line number, puts it in front.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{} at byte {} of the {of}", cause.what, cause.at)]
    Json { cause: LexError, of: Piece },
    #[error("not a JSON object")]
    NotAnObject,
    #[error("no GeoJSON feature")]
    NotAFeature,
    #[error("more text after the object at byte {at} of the line")]
    TextAfterObject { at: usize },
    #[error("a key that is not text: {}", quoted(key))]
    KeyNotText { key: String },
    #[error("two values for column '{column}': {} and {}", quoted(one), quoted(other))]
    TwoValues { column: String, one: String, other: String },
    #[error("more names than any row has columns")]
    TooManyNames,
    #[error("{found} columns, and no row has more than {MAX_COLUMNS}")]
    TooManyColumns { found: usize },
    #[error("a JSON line in a table of CSV: convert one of the two first, with 'rows -f'")]
    JsonInCsv,
    #[error("{}, but the header has {header}", counted(*found as u64, "cells"))]
    CellCount { found: usize, header: usize },
    #[error("a quote is never closed{}", lines_below(*lines_below_it))]
    OpenQuote { lines_below_it: usize },
    #[error("the line has {bytes} bytes, more than any row")]
    LongLine { bytes: usize },
    /// The line where the row ends, if that is a later line.
    #[error("a row of more than {} MB{}", MAX_ROW_BYTES >> 20, up_to(*last_line))]
    LongRow { last_line: Option<u64> },
    #[error("not UTF-8")]
    NotUtf8,
    #[error("not UTF-8 at byte {at} of the line")]
    LineNotUtf8 { at: usize },
    #[error("not UTF-8 in cell {cell}")]
    CellNotUtf8 { cell: usize },
}

fn lines_below(lines: usize) -> String {
    if lines > 0 { format!(", and {lines} lines below are not rows") } else { String::new() }
}

fn up_to(last_line: Option<u64>) -> String {
    last_line.map(|line| format!(", up to line {line}: is a quote not closed?")).unwrap_or_default()
}

/// The unit that a byte offset in JSON is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Line,
    Element,
    Feature,
}

words!(Piece: Line = "line", Element = "element", Feature = "feature");

/// A value that does not fit its column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} in column '{}' is not {wanted}{}", quoted(text), field.flat(), decimal_comma(text))]
pub struct WrongValue {
    pub text: String,
    pub field: Field,
    pub wanted: Cow<'static, str>,
}

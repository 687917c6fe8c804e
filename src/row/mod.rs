//! One row of a pipe: a sequence, an image or a photo, as flat cells of text
//! under shared columns. Empty, null and absent are one value: absent.
//!
//! A cell keeps the text that it came with, so that a number passes through
//! unharmed as long as nothing computes with it. [`csv`] and [`json`] are the
//! two written forms of a pipe, [`parquet`] is one for other programs, [`row_format`]
//! reads and writes any.

mod cell_conversion;
pub mod column_type;
pub mod columns;
pub mod csv;
pub mod encoding;
mod error;
pub mod json;
pub mod layout;
pub mod names;
mod packed_cells;
pub mod parquet;
pub mod point_parser;
pub mod row_format;
mod stored;

use std::fmt;
use std::sync::Arc;

pub use columns::{Column, Columns};
pub use error::{Error, Piece, WrongValue};
pub use names::{Field, Type};
use names::{FieldInfo, JsonPlace};
use packed_cells::PackedCells;

/// No row of anybody is longer; a length must also fit beside the mark.
pub const MAX_ROW_BYTES: usize = 64 << 20;

/// One row. See the module's text.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<Columns>,
    cells: PackedCells,
    /// The line of the input that it began in, from 1; 0 when it came from no input.
    pub line: u64,
}

impl Row {
    pub fn new(columns: Arc<Columns>) -> Row {
        Row { columns, cells: PackedCells::default(), line: 0 }
    }

    /// A row of known fields.
    pub fn from_cells(cells: &[(Field, &str)]) -> Row {
        let fields: Vec<Field> = cells.iter().map(|cell| cell.0).collect();
        let mut row = Row::new(Columns::from_fields(&fields));
        for (field, text) in cells {
            row.set(*field, text);
        }
        row
    }

    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// The text of the column at this place; empty when absent.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at)
    }

    /// Whether the cell's text is a JSON value rather than a string.
    pub fn is_raw(&self, at: usize) -> bool {
        self.cells.is_raw(at)
    }

    /// Whether the row itself names the column at this place, if with no value. All rows of a table do; a line of JSON
    /// names its own keys alone, so that what is written of it does not depend on the lines before it.
    pub fn names_at(&self, at: usize) -> bool {
        !self.is_raw(at) || !self.cell(at).is_empty()
    }

    /// The same of a field.
    pub fn names(&self, field: Field) -> bool {
        self.columns.at(field).is_some_and(|at| self.names_at(at))
    }

    /// The same of any column.
    pub fn names_column(&self, column: &Column) -> bool {
        self.columns.place(column).is_some_and(|at| self.names_at(at))
    }

    /// The text of a field, if it has a value.
    pub fn get(&self, field: Field) -> Option<&str> {
        let text = self.cell(self.columns.at(field)?);
        (!text.is_empty()).then_some(text)
    }

    /// The text of any column, if it has a value.
    pub fn get_column(&self, column: &Column) -> Option<&str> {
        let text = self.cell(self.columns.place(column)?);
        (!text.is_empty()).then_some(text)
    }

    /// Sets a field; an empty text makes it absent.
    pub fn set(&mut self, field: Field, text: &str) {
        if self.columns.at(field).is_none() {
            self.columns = self.columns.with_field(field);
        }
        // A row as wide as a row may be loses further names rather than growing.
        let Some(at) = self.columns.at(field) else { return };
        if self.cell(at) != text {
            self.outdate(field.entry());
        }
        self.cells.set(at, text, false);
    }

    /// Sets a field to what displays as its text.
    pub fn set_display(&mut self, field: Field, value: impl fmt::Display) {
        self.set(field, &value.to_string());
    }

    pub fn clear(&mut self, field: Field) {
        if self.names(field) {
            self.set(field, "");
        }
    }

    /// Takes the value of a column, and the name: the row looks as if it had never had it.
    pub fn forget(&mut self, column: &Column) {
        if let Some(at) = self.columns.place(column) {
            self.cells.set(at, "", true);
        }
    }

    /// Sets any column, adding it when it is not there yet. `raw` says that
    /// the text is a JSON value of its own.
    pub fn set_column(&mut self, column: &Column, text: &str, raw: bool) {
        if self.columns.place(column).is_none() {
            self.columns = self.columns.with(column);
        }
        // A row as wide as a row may be loses further names rather than growing.
        let Some(at) = self.columns.place(column) else { return };
        if let Some(entry) = column.entry().filter(|_| self.cell(at) != text) {
            self.outdate(entry);
        }
        self.cells.set(at, text, raw);
    }

    /// A point that was kept whole, for its height, ends with the place in it.
    fn outdate(&mut self, entry: &FieldInfo) {
        if let JsonPlace::Point(name, _) = entry.stand
            && let Some(whole) = self.columns.place_of(name).filter(|&at| self.names_at(at))
        {
            self.cells.set(whole, "", false);
        }
    }

    /// The cells that hold a value, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (&Column, &str, bool)> {
        let cells = self.columns.list().iter().enumerate();
        cells
            .map(|(at, column)| (column, self.cell(at), self.is_raw(at)))
            .filter(|(_, text, _)| !text.is_empty())
    }

    /// Takes every value of the other row; what is absent there stays.
    pub fn merge(&mut self, other: &Row) {
        for (column, text, raw) in other.filled() {
            self.set_column(column, text, raw);
        }
    }

    /// The row under these columns, and no others.
    pub fn under(&self, columns: &Arc<Columns>) -> Row {
        let mut row = Row { line: self.line, ..Row::new(Arc::clone(columns)) };
        for column in columns.list() {
            let at = self.columns.place(column).unwrap_or(usize::MAX);
            row.cells.push(self.cell(at), self.is_raw(at));
        }
        row
    }

    /// Gives back what the row has room for and does not hold: for rows that are kept.
    pub fn shrink(&mut self) {
        self.cells.shrink();
    }

    /// What the row weighs in memory, about.
    pub fn weight(&self) -> usize {
        self.cells.heap_bytes() + 96
    }

    /// Empties the row for reading the next one into it.
    fn restart(&mut self, columns: &Arc<Columns>, line: u64) {
        if !Arc::ptr_eq(&self.columns, columns) {
            self.columns = Arc::clone(columns);
        }
        self.cells.clear();
        self.line = line;
    }
}

/// Rows are equal when they hold the same values, whatever their columns' order.
impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.filled().count() == other.filled().count()
            && self.filled().all(|(column, text, _)| other.get_column(column) == Some(text))
    }
}

#[cfg(test)]
mod tests;

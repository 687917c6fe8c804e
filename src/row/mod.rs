//! One row of a pipe: a sequence, an image or a photo, as flat text cells under shared columns. Empty, null and
//! absent are the same: absent.
//!
//! A cell keeps the text it was read from, so that a number is written with the same digits unless a tool
//! changes it. [`csv`] and [`json`] are the two formats of a pipe, [`parquet`] is one for other programs, and
//! [`row_format`] reads and writes all of them.

pub mod altitude;
mod cell_conversion;
pub mod column_type;
pub mod columns;
pub mod csv;
pub mod encoding;
mod error;
pub mod json;
pub mod known_fields;
pub mod layout;
mod packed_cells;
pub mod parquet;
pub mod point_parser;
pub mod row_format;
pub mod stored;

use std::fmt;
use std::sync::Arc;

pub use columns::{Column, Columns};
pub use error::{Error, Piece, WrongValue};
pub use known_fields::{Field, Type};
use known_fields::{FieldInfo, JsonPlace};
use packed_cells::PackedCells;

/// The maximum length of a row. An offset must also leave the flag bit of a cell free.
pub const MAX_ROW_BYTES: usize = 64 << 20;

/// One row. See the documentation of this module.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<Columns>,
    cells: PackedCells,
    /// The line of the input where the row began, from 1; 0 if it did not come from an input.
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

    /// The text of the column at this index; empty if absent.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at)
    }

    /// Whether the cell's text is a JSON value rather than a string.
    pub fn is_raw(&self, at: usize) -> bool {
        self.cells.is_raw(at)
    }

    /// Whether the row itself names the column at this index, perhaps without a value. All rows of a table name
    /// every column; a JSON line names only its own keys, so that it is written the same whatever lines came
    /// before it.
    pub fn names_at(&self, at: usize) -> bool {
        !self.is_raw(at) || !self.cell(at).is_empty()
    }

    /// Like [`Self::names_at`], for a field.
    pub fn names(&self, field: Field) -> bool {
        self.columns.at(field).is_some_and(|at| self.names_at(at))
    }

    /// Like [`Self::names_at`], for any column.
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
        // A row that is already as wide as allowed ignores further columns.
        let Some(at) = self.columns.at(field) else { return };
        if self.changes(at, text) {
            self.outdate(field.entry());
        }
        self.cells.set(at, text, false);
    }

    /// Sets a field to a displayed value.
    pub fn set_display(&mut self, field: Field, value: impl fmt::Display) {
        self.set(field, &value.to_string());
    }

    pub fn clear(&mut self, field: Field) {
        if self.names(field) {
            self.set(field, "");
        }
    }

    /// Removes the value of a column and the name: the row looks as if it never had the column.
    pub fn forget(&mut self, column: &Column) {
        if let Some(at) = self.columns.place(column) {
            self.cells.set(at, "", true);
        }
    }

    /// Sets any column, adding it if it is missing. `raw` means that the text is a JSON value rather than a
    /// string.
    pub fn set_column(&mut self, column: &Column, text: &str, raw: bool) {
        if self.columns.place(column).is_none() {
            self.columns = self.columns.with(column);
        }
        // A row that is already as wide as allowed ignores further columns.
        let Some(at) = self.columns.place(column) else { return };
        if let Some(entry) = column.entry().filter(|_| self.changes(at, text)) {
            self.outdate(entry);
        }
        self.cells.set(at, text, raw);
    }

    /// Whether the text takes the place of another one. A coordinate that had none is not that of a point, so that what
    /// stands under the point's name is a text of its own.
    fn changes(&self, at: usize, text: &str) -> bool {
        let before = self.cell(at);
        !before.is_empty() && before != text
    }

    /// Clears a point that was kept whole (because it has an altitude) when one of its coordinates changes.
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

    /// Copies every value of the other row; where the other has none, the own value stays.
    pub fn merge(&mut self, other: &Row) {
        for (column, text, raw) in other.filled() {
            self.set_column(column, text, raw);
        }
    }

    /// The row with exactly these columns.
    pub fn under(&self, columns: &Arc<Columns>) -> Row {
        let mut row = Row { line: self.line, ..Row::new(Arc::clone(columns)) };
        for column in columns.list() {
            let at = self.columns.place(column).unwrap_or(usize::MAX);
            row.cells.push(self.cell(at), self.is_raw(at));
        }
        row
    }

    /// Frees unused memory, for rows that are kept.
    pub fn shrink(&mut self) {
        self.cells.shrink();
    }

    /// The approximate size of the row in memory, in bytes.
    pub fn weight(&self) -> usize {
        self.cells.heap_bytes() + 96
    }

    /// Clears the row so that the next one can be read into it.
    fn restart(&mut self, columns: &Arc<Columns>, line: u64) {
        if !Arc::ptr_eq(&self.columns, columns) {
            self.columns = Arc::clone(columns);
        }
        self.cells.clear();
        self.line = line;
    }
}

/// Rows are equal if they have the same values, whatever the order of their columns.
impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.filled().count() == other.filled().count()
            && self.filled().all(|(column, text, _)| other.get_column(column) == Some(text))
    }
}

#[cfg(test)]
mod tests;

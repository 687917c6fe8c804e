//! The cells of a JSON line while it is read. Their texts stay in the line; strings with escapes are unescaped
//! into a scratch buffer.

use super::lex;
use crate::row::{Error, Piece, Row};

/// The location of a cell's text: in the line or in the scratch buffer.
#[derive(Clone, Copy)]
pub struct Cell {
    pub start: usize,
    pub end: usize,
    scratch: bool,
    /// Whether the text is a JSON value rather than a string.
    raw: bool,
}

/// The cell of a column that the line does not name: an empty text marked as a JSON value.
pub const UNNAMED: Cell = Cell { start: 0, end: 0, scratch: false, raw: true };
/// The cell of a JSON null.
pub const NULL: Cell = Cell { raw: false, ..UNNAMED };

impl Cell {
    /// A number, `true` or `false`, as written in the line.
    pub fn bare(start: usize, end: usize) -> Cell {
        Cell { start, end, scratch: false, raw: true }
    }
}

/// The cells of the columns seen so far, in their order.
#[derive(Default)]
pub struct Cells {
    list: Vec<Cell>,
    /// Texts that differ from those in the line.
    scratch: String,
}

impl Cells {
    /// Clears the cells of the previous line.
    pub fn restart(&mut self, columns: usize) {
        self.list.clear();
        self.list.resize(columns, UNNAMED);
        self.scratch.clear();
    }

    /// Adds a cell for a new column.
    pub fn include(&mut self, at: usize) {
        if self.list.len() <= at {
            self.list.resize(at + 1, UNNAMED);
        }
    }

    pub fn get(&self, at: usize) -> Cell {
        self.list[at]
    }

    pub fn set(&mut self, at: usize, cell: Cell) {
        self.list[at] = cell;
    }

    /// A string whose text is at these offsets of the line.
    pub fn string(&mut self, line: &str, start: usize, end: usize) -> Result<Cell, Error> {
        if memchr::memchr(b'\\', &line.as_bytes()[start..end]).is_none() {
            return Ok(Cell { start, end, scratch: false, raw: false });
        }
        let from = self.scratch.len();
        lex::unescape(&line[start..end], &mut self.scratch)
            .map_err(|cause| Error::Json { cause: cause.behind(start), of: Piece::Line })?;
        Ok(Cell { start: from, end: self.scratch.len(), scratch: true, raw: false })
    }

    /// An array or an object, without white space.
    pub fn compact(&mut self, line: &str, start: usize, end: usize) -> Cell {
        let from = self.scratch.len();
        lex::compact(&line[start..end], &mut self.scratch);
        Cell { start: from, end: self.scratch.len(), scratch: true, raw: true }
    }

    pub fn text<'a>(&'a self, line: &'a str, cell: Cell) -> &'a str {
        let source = if cell.scratch { &self.scratch } else { line };
        &source[cell.start..cell.end]
    }

    /// Appends the cells to a row.
    pub fn append_to(&self, line: &str, row: &mut Row) {
        row.cells.reserve(self.list.len(), line.len());
        for &cell in &self.list {
            row.cells.push(self.text(line, cell), cell.raw);
        }
    }
}

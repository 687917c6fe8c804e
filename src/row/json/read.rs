//! A JSON line to a row. Objects and points of the Graph API become flat
//! cells; what the table does not know is kept as it is.

use std::sync::Arc;

use super::cells::{Cell, Cells, NULL};
use super::flatten::{self, parts_name};
use super::lex::{self, JsonKind};
use crate::row::names::parts;
use crate::row::{Column, Columns, Error, Field, MAX_ROW_BYTES, Piece, Row};

/// How another client marks that its file is complete.
const END_MARKER: &str = "{\"__complete__\"";

/// One object to a row with columns of its own.
pub fn parse(text: &str) -> Result<Row, Error> {
    let mut row = Row::new(Columns::from_fields(&[]));
    Parser::default().read(text, &mut row).map(|_| row)
}

/// The same of a text that is one object, and no marker or blank.
pub fn object(text: &str) -> Option<Row> {
    let mut row = Row::new(Columns::from_fields(&[]));
    Parser::default().read(text, &mut row).ok()?.then_some(row)
}

/// Reads line after line. It keeps the columns that were seen, so that the
/// rows of a stream share them.
pub struct Parser {
    columns: Arc<Columns>,
    /// The keys of the line before, in order: most lines have the same.
    shape: Vec<(Box<str>, KeyTarget)>,
    cells: Cells,
    /// Values do not matter, only the columns that their keys name.
    keys_only: bool,
}

/// What a key stands for.
#[derive(Clone)]
enum KeyTarget {
    Column(usize),
    /// An object or a point of several fields, and the column for other shapes of it.
    Parts(&'static str),
}

impl Default for Parser {
    fn default() -> Self {
        Parser::new(Columns::from_fields(&[]))
    }
}

impl Parser {
    /// A parser whose rows begin with these columns.
    pub fn new(columns: Arc<Columns>) -> Self {
        Parser { columns, shape: Vec::new(), cells: Cells::default(), keys_only: false }
    }

    /// The columns seen so far.
    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Reads one line into the row. False when it is no row: a blank line, or
    /// the marker with which another client ends its file.
    pub fn read(&mut self, line: &str, row: &mut Row) -> Result<bool, Error> {
        let Some(start) = begin(line)? else { return Ok(false) };
        self.keys_only = false;
        self.members(line, start)?;
        self.assemble(line, row);
        Ok(true)
    }

    /// Looks at the keys of one line, for the columns that they name.
    pub fn look(&mut self, line: &str) -> Result<(), Error> {
        let Some(start) = begin(line)? else { return Ok(()) };
        self.keys_only = true;
        self.members(line, start)
    }

    fn members(&mut self, line: &str, start: usize) -> Result<(), Error> {
        self.cells.restart(self.columns.list().len());
        let (mut ordinal, mut wrong) = (0, None);
        let end = lex::object(line.as_bytes(), start, 0, &mut |key, kind, value| {
            let key = &line[key.0 + 1..key.1 - 1];
            let taken = self.member(line, ordinal, key, kind, value);
            ordinal += 1;
            wrong = wrong.take().or(taken.err());
        });
        let end = end.map_err(|cause| Error::Json { cause, of: Piece::Line })?;
        match wrong {
            Some(what) => Err(what),
            None if lex::blank(line.as_bytes(), end) < line.len() => {
                Err(Error::TextAfterObject { at: end })
            }
            None => Ok(()),
        }
    }

    fn member(
        &mut self,
        line: &str,
        ordinal: usize,
        key: &str,
        kind: JsonKind,
        value: (usize, usize),
    ) -> Result<(), Error> {
        match self.target(ordinal, key)? {
            KeyTarget::Column(_) if self.keys_only => Ok(()),
            KeyTarget::Column(at) => self.put(line, at, kind, value),
            KeyTarget::Parts(name) => self.parts(line, name, kind, value),
        }
    }

    /// What the key stands for; the line before is asked first.
    fn target(&mut self, ordinal: usize, key: &str) -> Result<KeyTarget, Error> {
        if let Some((name, target)) = self.shape.get(ordinal)
            && **name == *key
        {
            return Ok(target.clone());
        }
        let mut name = String::new();
        lex::unescape(key, &mut name).map_err(|_| Error::KeyNotText { key: key.to_string() })?;
        let target = match (parts(&name), Field::named(&name)) {
            (Some(_), _) => KeyTarget::Parts(parts_name(&name)),
            (None, Some(field)) => KeyTarget::Column(self.column(&field.into())?),
            (None, None) => KeyTarget::Column(self.column(&Column::named(&name))?),
        };
        self.shape.truncate(ordinal);
        if self.shape.len() == ordinal {
            self.shape.push((key.into(), target.clone()));
        }
        Ok(target)
    }

    /// The place of a column, added to those seen when it is new.
    fn column(&mut self, column: &Column) -> Result<usize, Error> {
        if self.columns.place(column).is_none() {
            Columns::grow(&mut self.columns, column);
        }
        let at = self.columns.place(column).ok_or(Error::TooManyNames)?;
        self.cells.include(at);
        Ok(at)
    }

    fn put(
        &mut self,
        line: &str,
        at: usize,
        kind: JsonKind,
        (start, end): (usize, usize),
    ) -> Result<(), Error> {
        let cell = match kind {
            JsonKind::Null => NULL,
            JsonKind::Bare => Cell::bare(start, end),
            JsonKind::String => self.cells.string(line, start + 1, end - 1)?,
            JsonKind::Array | JsonKind::Object => self.cells.compact(line, start, end),
        };
        self.keep(line, at, cell)
    }

    /// Two spellings of one field may stand in a line when they agree.
    fn keep(&mut self, line: &str, at: usize, cell: Cell) -> Result<(), Error> {
        let before = self.cells.get(at);
        let (old, new) = (self.cells.text(line, before), self.cells.text(line, cell));
        if !old.is_empty() && !new.is_empty() {
            return self.columns.list()[at].agree(old, new);
        }
        if old.is_empty() {
            self.cells.set(at, cell);
        }
        Ok(())
    }

    /// The values of an object or a point. What the flat columns cannot hold
    /// stays whole, under the key's own name.
    fn parts(
        &mut self,
        line: &str,
        name: &'static str,
        kind: JsonKind,
        value: (usize, usize),
    ) -> Result<(), Error> {
        if kind == JsonKind::Null {
            return self.name_parts(line, name);
        }
        let (found, is_all) = flatten::read(line, name, kind, value).unwrap_or_default();
        for (field, kind, value) in found {
            let at = self.column(&field.into())?;
            self.put(line, at, kind, value)?;
        }
        if is_all {
            return Ok(());
        }
        let at = self.column(&Column::named(name))?;
        self.put(line, at, kind, value)
    }

    /// A null names the columns of all its parts.
    fn name_parts(&mut self, line: &str, name: &str) -> Result<(), Error> {
        for &field in parts(name).unwrap_or_default() {
            let at = self.column(&field.into())?;
            self.keep(line, at, NULL)?;
        }
        Ok(())
    }

    fn assemble(&mut self, line: &str, row: &mut Row) {
        let number = row.line;
        row.restart(&self.columns, number);
        self.cells.append_to(line, row);
    }
}

/// Where the object of a line begins; `None` when the line holds no row.
fn begin(line: &str) -> Result<Option<usize>, Error> {
    let start = lex::blank(line.as_bytes(), 0);
    if start == line.len() || line[start..].starts_with(END_MARKER) {
        return Ok(None);
    }
    if line.len() > MAX_ROW_BYTES {
        Err(Error::LongLine { bytes: line.len() })
    } else {
        Ok(Some(start))
    }
}

#[cfg(test)]
mod tests;

//! Reads a JSON line as a row. Objects and points of the Graph API become flat cells; unknown values are kept
//! unchanged.

use std::sync::Arc;

use super::cells::{Cell, Cells, NULL};
use super::flatten::{self, parts_name};
use super::lex::{self, JsonKind};
use crate::row::columns::bare_name;
use crate::row::known_fields::parts;
use crate::row::{Column, Columns, Error, MAX_ROW_BYTES, Piece, Row};

/// The parts of the line with which another client marks its file as complete, with white space between them.
const END_MARKER: [&str; 5] = ["{", "\"__complete__\"", ":", "true", "}"];

/// Parses one object as a row with columns of its own.
pub fn parse(text: &str) -> Result<Row, Error> {
    let mut row = Row::new(Columns::from_fields(&[]));
    Parser::default().read(text, &mut row).map(|_| row)
}

/// Like [`parse`], for a text that must be an object, not blank and not an end marker.
pub fn object(text: &str) -> Option<Row> {
    let mut row = Row::new(Columns::from_fields(&[]));
    Parser::default().read(text, &mut row).ok()?.then_some(row)
}

/// Reads lines one by one. Keeps the columns seen so far, so that the rows of a stream share them.
pub struct Parser {
    columns: Arc<Columns>,
    /// The keys of the previous line, in order, because most lines have the same ones.
    shape: Vec<(Box<str>, KeyTarget)>,
    cells: Cells,
    /// Whether only the columns are wanted, not the values.
    keys_only: bool,
}

/// What a key refers to.
#[derive(Clone)]
enum KeyTarget {
    Column(usize),
    /// An object or a point of several fields; also the column for values of another shape.
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

    /// Reads one line into the row. Returns false for a line that is not a row: a blank one, or the end marker
    /// of another client.
    pub fn read(&mut self, line: &str, row: &mut Row) -> Result<bool, Error> {
        let Some(start) = begin(line)? else { return Ok(false) };
        self.keys_only = false;
        self.members(line, start)?;
        self.assemble(line, row);
        Ok(true)
    }

    /// Adds the columns that the keys of this line name, without reading the values.
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

    /// What the key refers to. Looked up in the previous line first.
    fn target(&mut self, ordinal: usize, key: &str) -> Result<KeyTarget, Error> {
        if let Some((name, target)) = self.shape.get(ordinal)
            && **name == *key
        {
            return Ok(target.clone());
        }
        let mut name = String::new();
        lex::unescape(key, &mut name).map_err(|_| Error::KeyNotText { key: key.to_string() })?;
        let name = bare_name(&name);
        let target = match parts(name) {
            Some(_) => KeyTarget::Parts(parts_name(name)),
            None => KeyTarget::Column(self.column(&Column::named(name))?),
        };
        self.shape.truncate(ordinal);
        if self.shape.len() == ordinal {
            self.shape.push((key.into(), target.clone()));
        }
        Ok(target)
    }

    /// The index of a column, which is added if it is new.
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

    /// Two spellings of one field may be in a line if their values agree.
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

    /// Sets the fields inside an object or a point. A value that the flat columns cannot hold is also kept
    /// whole, under its own key.
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

    /// A null names all the columns of the object.
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

/// Whether the line is the marker and nothing else: a table may have a column of this name.
fn is_end_marker(line: &str) -> bool {
    let rest =
        END_MARKER.iter().try_fold(line, |rest, part| Some(rest.strip_prefix(part)?.trim_start()));
    rest == Some("")
}

/// The offset where the object of a line begins; `None` if the line is not a row. Concatenated files may each begin
/// with a byte order mark.
fn begin(line: &str) -> Result<Option<usize>, Error> {
    let marks = line.len() - line.trim_start_matches('\u{feff}').len();
    let start = lex::blank(line.as_bytes(), marks);
    if start == line.len() || is_end_marker(&line[start..]) {
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

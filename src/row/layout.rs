//! The columns of a table whose header is written before its first row, and the index of each in a row. Columns
//! that are found later are written to one more column, as JSON.

use std::sync::Arc;

use super::csv::MORE;
use super::csv::composite_cells::object;
use super::{Column, Columns, Row, json};

/// The columns of a table.
pub struct Layout {
    pub header: Vec<Column>,
    /// The header and the columns that are left out.
    known: Arc<Columns>,
    /// Whether rows may have columns that are not in the header.
    pub more: bool,
    /// The indices for rows of these columns; only the latest are kept.
    places: Option<(Arc<Columns>, Places)>,
}

/// The index of each cell of a table in a row.
#[derive(Default)]
pub struct Places {
    /// The columns of the header; an index beyond the end means that the row lacks the column.
    pub header: Vec<usize>,
    rest: Vec<usize>,
}

impl Layout {
    /// `more` means that rows may have columns that are not in the header. It is implied if the header has a
    /// column `more`.
    pub fn new(header: &[Column], omit: &[Column], more: bool) -> Layout {
        let more = more || header.iter().any(|column| &*column.name == MORE);
        let is_there = |column: &&Column| !omit.contains(column) && &*column.name != MORE;
        let header: Vec<Column> = header.iter().filter(is_there).cloned().collect();
        let known = Columns::new(header.iter().chain(omit).cloned());
        Layout { header, known, more, places: None }
    }

    /// The names of all columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let more = self.more.then_some(MORE);
        self.header.iter().map(|column| &*column.name).chain(more)
    }

    /// The indices of the cells in this row.
    pub fn places(&mut self, row: &Row) -> &Places {
        let is_known = |columns: &Arc<Columns>| Arc::ptr_eq(columns, row.columns());
        let places = self.places.take().filter(|(columns, _)| is_known(columns));
        let places = places.unwrap_or_else(|| (Arc::clone(row.columns()), self.places_in(row)));
        &self.places.insert(places).1
    }

    fn places_in(&self, row: &Row) -> Places {
        let columns = row.columns();
        let is_rest = |column: &Column| self.known.place(column).is_none();
        Places {
            header: self.header.iter().map(|it| columns.place(it).unwrap_or(usize::MAX)).collect(),
            rest: (0..columns.list().len()).filter(|&at| is_rest(&columns.list()[at])).collect(),
        }
    }
}

impl Places {
    /// The values of columns that are not in the header, as one JSON object; empty if there are none. A text in
    /// the column `more` that is not an object is kept unchanged.
    pub fn more(&self, row: &Row) -> String {
        let list = row.columns().list();
        let filled: Vec<usize> =
            self.rest.iter().copied().filter(|&at| !row.cell(at).is_empty()).collect();
        match filled[..] {
            [] => return String::new(),
            [only] if &*list[only].name == MORE && object(MORE, row.cell(only)).is_none() => {
                return row.cell(only).to_string();
            }
            _ => {}
        }
        let mut rest = Row::new(Columns::from_fields(&[]));
        for at in filled {
            rest.set_column(&list[at], row.cell(at), row.is_raw(at));
        }
        let mut line = Vec::new();
        json::Writer::new(&[], &[]).write(&rest, &mut line);
        String::from_utf8_lossy(&line).trim_end().to_string()
    }
}

#[cfg(test)]
mod tests;

//! Cells that hold several values: objects and points of the Graph API, and `more`. Any other cell stays text.

use std::sync::Arc;

use super::MORE;
use super::header::{Header, Slot};
use crate::row::json::lex;
use crate::row::{Column, Columns, Error, Field, Row, json, known_fields, point_parser};

/// Sets a cell. If it has a value already, the two must agree.
pub fn put(row: &mut Row, column: &Column, text: &str, raw: bool) -> Result<(), Error> {
    if let Some(before) = row.get_column(column) {
        return column.agree(before, text);
    }
    row.set_column(column, text, raw);
    match row.columns().place(column) {
        Some(_) => Ok(()),
        None => Err(Error::TooManyNames),
    }
}

/// Sets the values of a cell in the column of this name: those inside an object or a point, or the text itself.
pub fn unfold(row: &mut Row, name: &str, text: &str) -> Result<(), Error> {
    match object(name, text) {
        Some(object) => {
            object.filled().try_for_each(|(column, text, raw)| put(row, column, text, raw))
        }
        None => put(row, &Column::named(name), text, false),
    }
}

/// The values in a cell, if it is an object or a point.
pub fn object(name: &str, text: &str) -> Option<Row> {
    let mut key = Vec::new();
    lex::quote(name, &mut key);
    let mut line = b"{".to_vec();
    match text.trim_start().starts_with('{') {
        true if name == MORE => line = text.into(),
        true => line = [&line[..], &key, b":", text.as_bytes(), b"}"].concat(),
        false if name != MORE && point_parser::of_wkt(text).is_some() => {
            line.extend_from_slice(&key);
            line.push(b':');
            lex::quote(text, &mut line);
            line.push(b'}');
        }
        false => return None,
    }
    let object = json::object(std::str::from_utf8(&line).ok()?)?;
    // A marker of another client, or an empty object, carries no information.
    let says = object.filled().next().is_some();
    says.then_some(object)
}

/// Which columns of composite cells had a value. There are few, and only rows with such cells are examined.
pub struct SeenColumns {
    folded: Vec<Folded>,
}

struct Folded {
    whole: Column,
    /// Its parts, including those that are not columns of their own.
    parts: Vec<Field>,
    has_whole: bool,
    has_parts: bool,
}

impl SeenColumns {
    pub fn new(header: &Header) -> SeenColumns {
        let is_column = |field: &Field| {
            let at = header.columns.at(*field);
            header.all.iter().any(|slot| matches!(slot, Slot::Column(own) if Some(*own) == at))
        };
        let folded = header.all.iter().filter_map(|slot| match slot {
            Slot::Folded(name) if **name != *MORE => Some(Folded {
                whole: Column::named(name),
                parts: known_fields::parts(name)?
                    .iter()
                    .copied()
                    .filter(|f| !is_column(f))
                    .collect(),
                has_whole: false,
                has_parts: false,
            }),
            _ => None,
        });
        SeenColumns { folded: folded.collect() }
    }

    pub fn look(&mut self, row: &Row) {
        for folded in &mut self.folded {
            folded.has_whole |= row.get_column(&folded.whole).is_some();
            folded.has_parts |= folded.parts.iter().any(|&field| row.get(field).is_some());
        }
    }

    pub fn is_open(&self) -> bool {
        !self.folded.is_empty()
    }

    /// The columns that were needed: for a composite column its parts, unless it held only other text.
    pub fn columns(&self, all: &Arc<Columns>) -> Arc<Columns> {
        if self.folded.is_empty() {
            return Arc::clone(all);
        }
        let is_needed = |column: &&Column| {
            self.folded.iter().all(|folded| match column.field {
                None => folded.whole != **column || folded.has_whole,
                Some(field) => {
                    !folded.parts.contains(&field) || folded.has_parts || !folded.has_whole
                }
            })
        };
        Columns::new(all.list().iter().filter(is_needed).cloned())
    }
}

#[cfg(test)]
mod tests;

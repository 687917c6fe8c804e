//! The header of a table: which column each cell of a line belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use super::MORE;
use crate::row::columns::bare_name;
use crate::row::{Column, Columns, Type, known_fields};
use crate::value::instant::{LocalTime, parse_instant_ms};
use crate::value::picture_endings;

/// The meaning of each cell of a line.
#[derive(Clone, PartialEq)]
pub enum Slot {
    Column(usize),
    /// An object or a point of the Graph API, or `more`: expanded.
    Folded(Arc<str>),
}

pub struct Header {
    pub columns: Arc<Columns>,
    pub all: Vec<Slot>,
    /// The slots of a line that has each duplicate name only once.
    pub short: Option<Vec<Slot>>,
    /// Whether the header names more columns than a row may have.
    pub is_too_wide: bool,
}

impl Header {
    pub fn new(names: &csv::StringRecord) -> Header {
        let mut named = Named::default();
        let (mut all, mut short) = (Vec::new(), Vec::new());
        for name in names.iter().map(bare_name) {
            let (slot, is_double) = named.slot(name);
            if !is_double {
                short.push(slot.clone());
            }
            all.push(slot);
        }
        let columns = Columns::new(named.list.iter().cloned());
        let is_too_wide = named.list.iter().any(|column| columns.place(column).is_none());
        // `more` and points may have added a column of this name earlier: look each up again.
        let settle = |slots: Vec<Slot>| {
            slots
                .into_iter()
                .map(|slot| match slot {
                    Slot::Column(at) => Slot::Column(columns.place(&named.list[at]).unwrap_or(at)),
                    folded => folded,
                })
                .collect()
        };
        let has_doubles = short.len() < all.len();
        let (all, short) = (settle(all), settle(short));
        Header { all, short: has_doubles.then_some(short), columns, is_too_wide }
    }

    /// The slots of this header for rows with these columns, which include all of its own.
    pub fn slots_in(&self, columns: &Columns) -> Vec<Slot> {
        let slot = |slot: &Slot| match slot {
            Slot::Column(at) => {
                Slot::Column(columns.place(&self.columns.list()[*at]).unwrap_or(usize::MAX))
            }
            folded => folded.clone(),
        };
        self.all.iter().map(slot).collect()
    }

    pub fn is_folded(&self) -> bool {
        self.all.iter().any(|slot| matches!(slot, Slot::Folded(_)))
    }
}

/// The columns that a header has named so far. They are looked up in a map, because a damaged file may name a
/// million.
#[derive(Default)]
struct Named {
    list: Vec<Column>,
    places: HashMap<Arc<str>, usize>,
}

impl Named {
    /// The slot of the cells below this name, and whether the name occurred before.
    fn slot(&mut self, name: &str) -> (Slot, bool) {
        if name != MORE && known_fields::parts(name).is_none() {
            let before = self.list.len();
            let at = self.put(Column::named(name));
            return (Slot::Column(at), at < before);
        }
        for &field in known_fields::parts(name).unwrap_or_default() {
            self.put(field.into());
        }
        self.put(Column::named(name));
        (Slot::Folded(name.into()), false)
    }

    fn put(&mut self, column: Column) -> usize {
        let at = *self.places.entry(Arc::clone(&column.name)).or_insert(self.list.len());
        if at == self.list.len() {
            self.list.push(column);
        }
        at
    }
}

/// Whether a line below the header is itself a header. Each cell has to be a column name, and at least one has
/// to be in the table of names. A single name may be an ordinary text: it counts only in a table of that one
/// column, if the column is not of type text. Each such line is reported in a note with its number.
pub fn is(record: &csv::StringRecord, columns: &Columns) -> bool {
    let (mut names, mut known) = (0, 0);
    for name in record.iter().map(bare_name).filter(|name| !name.is_empty()) {
        let column = Column::named(name);
        let is_known =
            column.field.is_some() || name == MORE || known_fields::parts(name).is_some();
        if !is_known && columns.place(&column).is_none() {
            return false;
        }
        (names, known) = (names + 1, known + usize::from(is_known));
    }
    let is_typed = || match (record.len(), columns.list()) {
        (1, [column]) => column.kind() != Type::Text && bare_name(&record[0]) == &*column.name,
        _ => false,
    };
    known > 0 && (names > 1 || is_typed())
}

/// The value in a first line that is a row and not a header: no cell is a known column name, and one is a
/// number, a date, a link or a picture. A user may be called `path` and a camera `model`: if no more cells are column
/// names than are ids, times, links or pictures, it is a row, too.
pub fn value_in(record: &csv::StringRecord) -> Option<&str> {
    let is_known = |name: &&str| {
        Column::named(name).field.is_some() || *name == MORE || known_fields::parts(name).is_some()
    };
    let cells = || record.iter().map(bare_name);
    let known = cells().filter(is_known).count();
    let never_names = cells().filter(|cell| never_names(cell));
    match known {
        0 => cells().find(|cell| is_value(cell)),
        _ if never_names.clone().count() >= known => never_names.into_iter().next(),
        _ => None,
    }
}

/// The least digits of an id of the service, and of a time in milliseconds. No table has so long a number as a
/// name, but a year is one where a table has a column for each.
const ID_DIGITS: usize = 10;

fn never_names(cell: &str) -> bool {
    let is_time = || cell.contains(':') && parse_instant_ms(cell).is_ok();
    let is_local = || cell.contains(':') && cell.parse::<LocalTime>().is_ok();
    is_id(cell) || is_link(cell) || is_picture(cell) || is_time() || is_local()
}

fn is_picture(cell: &str) -> bool {
    picture_endings::has(cell, &picture_endings::READ)
}

fn is_id(cell: &str) -> bool {
    cell.len() >= ID_DIGITS && cell.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_link(cell: &str) -> bool {
    cell.starts_with("https://") || cell.starts_with("http://")
}

fn is_value(cell: &str) -> bool {
    let is_number = || cell.contains(|c: char| c.is_ascii_digit()) && cell.parse::<f64>().is_ok();
    let digits = || cell.bytes().take_while(u8::is_ascii_digit).count();
    let is_date = || digits() == 4 && matches!(cell.as_bytes().get(4), Some(b'-' | b':' | b'/'));
    is_number() || is_date() || is_link(cell) || is_picture(cell)
}

#[cfg(test)]
mod tests;

//! The columns of a row: an immutable list of names, shared by rows. Adding a column makes a longer list.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::csv::MORE;
use super::known_fields::{Field, FieldInfo, TABLE, Type};
use super::{Error, Row};

/// The maximum number of columns in a row; without a limit, arbitrary keys could fill the memory.
pub const MAX_COLUMNS: usize = 4096;

/// Lists up to this width are cached, each with the lists that are one column wider.
const MAX_SHARED: usize = 256;

/// One column: a known field under its flat name, or an unknown name that passes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Arc<str>,
    pub field: Option<Field>,
}

/// A name without white space, control characters and byte order marks around it, which tables have after a separator
/// or where files were joined. It is the same in all forms, so that a column keeps its meaning from one to another.
pub fn bare_name(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
}

impl Column {
    /// The column with this name, in any spelling. What surrounds the name is not part of it.
    pub fn named(name: &str) -> Column {
        let name = bare_name(name);
        match Field::named(name) {
            Some(field) => field.into(),
            None => Column { name: name.into(), field: None },
        }
    }

    pub fn entry(&self) -> Option<&'static FieldInfo> {
        self.field.map(Field::entry)
    }

    /// The type in JSON; an unknown name is text.
    pub fn kind(&self) -> Type {
        self.entry().map_or(Type::Text, |entry| entry.kind)
    }

    /// An error if the two texts are not the same value of this column. Numbers may be spelled differently.
    pub fn agree(&self, one: &str, other: &str) -> Result<(), Error> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        let same = one == other
            || (self.kind() == Type::Number
                && number(one).is_some()
                && number(one) == number(other));
        if same {
            Ok(())
        } else {
            Err(Error::TwoValues {
                column: self.name.to_string(),
                one: one.to_string(),
                other: other.to_string(),
            })
        }
    }
}

impl From<Field> for Column {
    fn from(field: Field) -> Column {
        Column { name: field.flat().into(), field: Some(field) }
    }
}

/// A list of distinct columns, shared by the rows that have it.
#[derive(Debug)]
pub struct Columns {
    list: Vec<Column>,
    known: Vec<Option<u16>>,
    others: HashMap<Arc<str>, u16>,
    /// The first wider list, which is nearly always the one requested again; found without a lock.
    first_wider: OnceLock<(Column, Arc<Columns>)>,
    wider: Mutex<HashMap<Arc<str>, Arc<Columns>>>,
}

impl Columns {
    pub fn new(list: impl IntoIterator<Item = Column>) -> Arc<Columns> {
        let mut columns = Columns {
            list: Vec::new(),
            known: vec![None; TABLE.len()],
            others: HashMap::new(),
            first_wider: OnceLock::new(),
            wider: Mutex::default(),
        };
        for column in list {
            columns.push(column);
        }
        Arc::new(columns)
    }

    pub fn from_fields(fields: &[Field]) -> Arc<Columns> {
        Columns::new(fields.iter().map(|&field| field.into()))
    }

    /// Whether rows may have columns that are not in this list: CSV has those of later rows in a column `more`.
    pub fn is_open(&self) -> bool {
        self.list().iter().any(|column| &*column.name == MORE)
    }

    pub fn list(&self) -> &[Column] {
        &self.list
    }

    pub fn at(&self, field: Field) -> Option<usize> {
        self.known[field as usize].map(usize::from)
    }

    /// The position of a column, if it is in the list.
    pub fn place(&self, column: &Column) -> Option<usize> {
        match column.field {
            Some(field) => self.at(field),
            None => self.others.get(&column.name).map(|&at| at.into()),
        }
    }

    /// These columns plus this one. Each call returns the same list, so that all rows of a stream share it.
    pub fn with(self: &Arc<Self>, column: &Column) -> Arc<Columns> {
        if self.place(column).is_some() {
            return Arc::clone(self);
        }
        if let Some(wider) = self.known_wider(|first| first == column) {
            return wider;
        }
        let mut wider = self.wider.lock().unwrap_or_else(|broken| broken.into_inner());
        let list = || self.list.iter().cloned().chain([column.clone()]);
        let wider = wider.entry(Arc::clone(&column.name)).or_insert_with(|| Columns::new(list()));
        self.first_wider.get_or_init(|| (column.clone(), Arc::clone(wider)));
        Arc::clone(wider)
    }

    /// Like [`Self::with`], for a field; creates no column if the wider list is cached.
    pub fn with_field(self: &Arc<Self>, field: Field) -> Arc<Columns> {
        let known = self.known_wider(|first| first.field == Some(field));
        known.unwrap_or_else(|| self.with(&field.into()))
    }

    fn known_wider(&self, is_wanted: impl Fn(&Column) -> bool) -> Option<Arc<Columns>> {
        let (column, wider) = self.first_wider.get()?;
        is_wanted(column).then(|| Arc::clone(wider))
    }

    /// The position of the column with this name, in any of its spellings.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        match Field::named(name) {
            Some(field) => self.at(field),
            None => self.others.get(name).map(|&at| at.into()),
        }
    }

    /// Adds a column, for a reader that finds names one by one. A wide list is not cached: thousands of lists,
    /// each one column longer than the last, would fill the memory.
    pub fn grow(columns: &mut Arc<Columns>, column: &Column) {
        if columns.list.len() < MAX_SHARED {
            *columns = columns.with(column);
            return;
        }
        let own = Arc::get_mut(columns);
        match own.filter(|own| own.wider.lock().is_ok_and(|wider| wider.is_empty())) {
            Some(own) => own.push(column.clone()),
            None => *columns = Columns::new(columns.list.iter().cloned().chain([column.clone()])),
        }
    }

    /// These columns, plus those in which the row has a value.
    pub fn with_all(self: &Arc<Self>, row: &Row) -> Arc<Columns> {
        row.filled().fold(Arc::clone(self), |columns, (column, ..)| columns.with(column))
    }

    fn take_wider(&mut self) -> Vec<Arc<Columns>> {
        // It is also among the others.
        self.first_wider.take();
        let wider = self.wider.get_mut().unwrap_or_else(|broken| broken.into_inner());
        wider.drain().map(|(_, columns)| columns).collect()
    }

    fn push(&mut self, column: Column) {
        if self.place(&column).is_some() || self.list.len() >= MAX_COLUMNS {
            return;
        }
        let at = self.list.len() as u16;
        match column.field {
            Some(field) => self.known[field as usize] = Some(at),
            None => _ = self.others.insert(Arc::clone(&column.name), at),
        }
        self.list.push(column);
    }
}

/// Each list holds the lists that are one column wider, which may be thousands deep: they are dropped in a
/// loop, not recursively.
impl Drop for Columns {
    fn drop(&mut self) {
        let mut left = self.take_wider();
        while let Some(columns) = left.pop() {
            left.extend(
                Arc::into_inner(columns).map(|mut last| last.take_wider()).unwrap_or_default(),
            );
        }
    }
}

#[cfg(test)]
mod tests;

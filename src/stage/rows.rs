//! rows: passes rows on, unchanged or with other columns.

pub mod schema;

use std::sync::Arc;

use crate::row::csv::MORE;
use crate::row::known_fields::unknown_column;
use crate::row::{Column, Columns, Row};

use crate::shape::{Diagnostics, EarlierError, FatalError, InputHeader, Outcome, Scan, Shape};

/// Passes rows on; with a list of columns, only those.
pub struct Rows {
    wanted: Option<Arc<Columns>>,
    /// Names that are not in the table, and that no row has had yet.
    missing: Vec<Column>,
    /// The columns that were checked last.
    seen: Arc<Columns>,
    /// Whether rows without a named column are fine, as in a part of a table whose other parts have it.
    is_part: bool,
}

impl Rows {
    /// `columns` are names in any spelling; an empty list leaves the rows as they are. `is_part`: the rows may be
    /// part of a table, so that it is no error if none of them has a named column.
    pub fn new(columns: &[String], is_part: bool) -> Result<Rows, FatalError> {
        let wanted: Vec<Column> = columns.iter().map(|name| Column::named(name.trim())).collect();
        if wanted.iter().any(|column| &*column.name == MORE) {
            return Err(FatalError(format!(
                "'{MORE}' holds columns that turned up late: name those"
            )));
        }
        Ok(Rows {
            missing: wanted.iter().filter(|column| column.field.is_none()).cloned().collect(),
            wanted: (!columns.is_empty()).then(|| Columns::new(wanted)),
            seen: Columns::from_fields(&[]),
            is_part,
        })
    }

    fn look(&mut self, columns: &Arc<Columns>) {
        if !self.missing.is_empty() && !Arc::ptr_eq(columns, &self.seen) {
            self.missing.retain(|column| columns.place(column).is_none());
            self.seen = Arc::clone(columns);
        }
    }
}

impl Scan for Rows {
    fn shape(&self, input: &InputHeader) -> Shape {
        let is_any = self.is_part && input.is_open;
        match &self.wanted {
            None => Shape { earlier_error: EarlierError::Kept, ..Shape::default() },
            Some(wanted) => Shape {
                sets: wanted.list().to_vec(),
                only_sets: true,
                named: if is_any { Vec::new() } else { self.missing.clone() },
                ..Shape::default()
            },
        }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        _: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.look(row.columns());
        out.push(Outcome::Rows(vec![match &self.wanted {
            None => row,
            Some(wanted) => row.under(wanted),
        }]));
        Ok(())
    }

    /// In JSON lines, a column may first occur in the last row.
    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        match self.missing.first() {
            Some(column) if self.is_part && !self.seen.list().is_empty() => {
                notes.once(&unknown_column(column, &self.seen));
                Ok(())
            }
            Some(column) if !self.seen.list().is_empty() => {
                Err(FatalError(unknown_column(column, &self.seen)))
            }
            _ => Ok(()),
        }
    }
}

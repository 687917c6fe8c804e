//! rows: the rows as they are, or with other columns.

use std::sync::Arc;

use crate::row::{Column, Columns, Row};

use super::{Fault, Notes, Outcome, Scan, Shape};

/// Passes rows on; with a list of columns, those and no others.
pub struct Rows {
    wanted: Option<Arc<Columns>>,
}

impl Rows {
    /// `columns` are names in any of their spellings; none leaves the rows as they are.
    pub fn new(columns: &[String]) -> Rows {
        let wanted = columns.iter().map(|name| Column::named(name.trim()));
        Rows { wanted: (!columns.is_empty()).then(|| Columns::new(wanted)) }
    }
}

impl Scan for Rows {
    fn shape(&self) -> Shape {
        match &self.wanted {
            None => Shape::default(),
            Some(wanted) => {
                Shape { sets: wanted.list().to_vec(), only_sets: true, ..Shape::default() }
            }
        }
    }

    fn push(&mut self, row: Row, out: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        out.push(Outcome::Rows(vec![match &self.wanted {
            None => row,
            Some(wanted) => row.under(wanted),
        }]));
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Notes) -> Result<(), Fault> {
        Ok(())
    }
}

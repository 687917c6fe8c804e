//! Rows that become one document, such as a map: a file for other programs, which ends the pipe.

use crate::row::{Field, Row};
use crate::value::height::Heights;

use super::{Diagnostics, FatalError, InputHeader, Outcome, RowError, Scan, Shape};

/// Takes all rows and is then written whole.
pub trait Document: Send {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    /// Whether it has something to show without any row: then none are waited for on standard input.
    fn stands_alone(&self) -> bool {
        false
    }

    /// # Errors
    /// Why the row has no part in it: it fails, and no other.
    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), RowError>;

    /// # Errors
    /// What keeps the whole from being made.
    fn finish(self, notes: &dyn Diagnostics) -> Result<Vec<u8>, FatalError>;
}

/// A row's height; a number that is none is left out and said.
///
/// # Errors
/// A text that is not a number.
pub fn height(
    row: &Row,
    heights: Heights,
    notes: &dyn Diagnostics,
) -> Result<Option<f64>, RowError> {
    let altitude = row.number(Field::Altitude)?;
    let height =
        altitude.map(|m| heights.read(m, None).map_err(|why| format!("altitude {m} {why}")));
    Ok(height.and_then(|height| {
        height
            .map_err(|what| {
                notes.once(&format!("heights are left out: {what}"));
                notes.count("without a height", 1);
            })
            .ok()
    }))
}

/// A document that rows are gathered for.
pub struct DocumentScan<D: Document> {
    document: Option<D>,
    pub bytes: Vec<u8>,
}

impl<D: Document> DocumentScan<D> {
    pub fn new(document: D) -> Self {
        DocumentScan { document: Some(document), bytes: Vec::new() }
    }
}

impl<D: Document> Scan for DocumentScan<D> {
    fn shape(&self, input: &InputHeader) -> Shape {
        self.document.as_ref().map(|document| document.shape(input)).unwrap_or_default()
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let Some(document) = &mut self.document else { return Ok(()) };
        out.push(match document.add(&row, notes) {
            Ok(()) => Outcome::Rows(vec![row]),
            Err(what) => Outcome::failed(row, what),
        });
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        if let Some(document) = self.document.take() {
            self.bytes = document.finish(notes)?;
        }
        Ok(())
    }
}

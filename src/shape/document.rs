//! The trait of tools that make one document from all rows, such as a map for other programs; it is the end of
//! a pipe.

use std::io::{BufWriter, Write};

use crate::row::Row;
use crate::row::altitude::{Altitude, TWO_HEIGHTS};
use crate::value::height_validity::Heights;

use super::{Diagnostics, Error, FatalError, InputHeader, Outcome, RowError, Scan, Shape};

/// Takes all rows. The document is kept until it is complete, then written.
pub trait Document: Send {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape::default()
    }

    /// Whether there is output even without rows: then the tool does not wait for standard input.
    fn stands_alone(&self) -> bool {
        false
    }

    /// Adds a row. Writes the part of the document that is known by then to `out`.
    ///
    /// # Errors
    /// An error of this row, which fails alone; or one that ends the run.
    fn add(&mut self, row: &Row, out: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error>;

    /// Writes the rest.
    ///
    /// # Errors
    /// The document cannot be made.
    fn finish(self, out: &mut dyn Write, notes: &dyn Diagnostics) -> Result<(), FatalError>;
}

/// Writes a part of a document.
///
/// # Errors
/// An error of the output, with its name.
pub fn put(out: &mut dyn Write, part: impl AsRef<[u8]>) -> Result<(), FatalError> {
    out.write_all(part.as_ref()).map_err(FatalError::new)
}

/// The altitude of a row. An invalid one is left out and reported.
///
/// # Errors
/// A text that is not a number.
pub fn height(
    row: &Row,
    heights: Heights,
    notes: &dyn Diagnostics,
) -> Result<Option<f64>, RowError> {
    let altitude = Altitude::of(row)?;
    if altitude.other_m.is_some() {
        notes.once(TWO_HEIGHTS);
        notes.count("with another height in their geometry", 1);
    }
    let height =
        altitude.m.map(|m| heights.read(m, None).map_err(|why| format!("altitude {m} {why}")));
    Ok(height.and_then(|height| {
        height
            .map_err(|what| {
                notes.once(&format!("heights are left out: {what}"));
                notes.count("without a height", 1);
            })
            .ok()
    }))
}

/// The number of bytes written at once.
const CHUNK: usize = 128 << 10;

/// A document that collects rows, and its output.
pub struct DocumentScan<D: Document, W: Write> {
    document: Option<D>,
    /// The part that is not written yet.
    part: Vec<u8>,
    pub out: W,
}

impl<D: Document, W: Write> DocumentScan<D, W> {
    pub fn new(document: D, out: W) -> Self {
        DocumentScan { document: Some(document), part: Vec::new(), out }
    }
}

impl<D: Document, W: Write + Send> Scan for DocumentScan<D, W> {
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
        out.push(match document.add(&row, &mut self.part, notes) {
            Ok(()) => Outcome::Rows(vec![row]),
            Err(what) => what.fail(row)?,
        });
        if self.part.len() >= CHUNK {
            put(&mut self.out, &self.part)?;
            self.part.clear();
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let Some(document) = self.document.take() else { return Ok(()) };
        put(&mut self.out, &self.part)?;
        let mut out = BufWriter::with_capacity(CHUNK, &mut self.out);
        document.finish(&mut out, notes)?;
        out.flush().map_err(FatalError::new)
    }
}

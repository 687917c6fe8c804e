//! The formats in which rows are written.

/// The output formats of rows. The first two are those of a pipe; the others are for other programs, and are
/// only read back from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    Csv,
    Jsonl,
    Parquet,
    /// With a geometry for each row.
    Geoparquet,
    /// The first column as it is, a line for each row: JSON texts of a document that is written as it grows.
    Lines,
    /// The same with a record separator before each (RFC 7464).
    TextSequence,
}

impl RowFormat {
    /// Whether all columns must be known before the first row.
    pub fn has_header(self) -> bool {
        matches!(self, RowFormat::Csv | RowFormat::Parquet | RowFormat::Geoparquet)
    }

    pub fn is_text(self) -> bool {
        !matches!(self, RowFormat::Parquet | RowFormat::Geoparquet)
    }
}

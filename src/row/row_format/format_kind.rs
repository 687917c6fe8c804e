//! The output formats of rows.

/// An output format of rows. The first two are for pipes; the others are for other programs, and are only read
/// back from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    Csv,
    Jsonl,
    Parquet,
    /// Parquet with a geometry for each row.
    Geoparquet,
    /// The first column, one line for each row: JSON texts of a document that is written incrementally.
    Lines,
    /// The same with a record separator before each line (RFC 7464).
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

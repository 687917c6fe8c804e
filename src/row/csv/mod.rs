//! CSV rows. Input: any dialect, any line ending, with or without a BOM. Output: one plain dialect (comma,
//! LF, quotes where needed).

mod bounded;
pub mod composite_cells;
mod dialect;
mod header;
pub mod read;
mod records;
pub mod write;

pub use read::Reader;
pub use write::Writer;

/// The column that holds, as one JSON object, the values of columns that were found after the header was
/// written.
pub const MORE: &str = "more";

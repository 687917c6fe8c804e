//! Rows as JSON lines, with the Graph API's own names and shapes.

pub mod array;
mod cells;
mod flatten;
pub mod lex;
pub mod read;
pub mod write;

pub use read::{Parser, object, parse};
pub use write::Writer;

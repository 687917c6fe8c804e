//! Rows as JSON lines, with the keys and nested objects of the Graph API.

pub mod array;
mod cells;
mod flatten;
pub mod lex;
pub mod read;
pub mod write;

pub use read::{Parser, object, parse};
pub use write::Writer;

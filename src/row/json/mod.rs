//! Rows as JSON lines, with the Graph API's own names and shapes.

pub mod array;
pub mod lex;
mod parts;
pub mod read;
pub mod write;

pub use read::{Parser, object, parse};
pub use write::Writer;

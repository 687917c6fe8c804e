//! GPX 1.0 and 1.1 as receivers and programs write it, and as a flat battery leaves it.
//!
//! Not a validator: namespaces, versions and unknown elements are not looked at.

mod leaf;
mod read;

pub use read::read;

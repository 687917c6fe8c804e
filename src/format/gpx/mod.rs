//! GPX 1.0 and 1.1 as receivers and programs write it, including files cut off by a flat battery.
//!
//! Does not validate: namespaces, versions and unknown elements are ignored.

mod leaf;
mod read;

pub use read::read;

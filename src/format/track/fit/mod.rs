//! Activities and courses in Garmin's FIT: `record` messages, and the `gps_metadata` of cameras.
//!
//! Own code, for the crate `fitparser` brings 100,000 lines of profile, and panics on some headers.

mod message;
mod read;

pub use read::{is_fit, read};
